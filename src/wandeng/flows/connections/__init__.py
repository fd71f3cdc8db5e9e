"""Cases whose last step makes, moves, changes or closes a supply: the step and its effect are one transaction over all domains.

``finishing`` is what doors call; ``connecting`` makes an account, ``transferring`` gives one to another customer,
``changing`` carries out the other changes of supply (变更用电)."""
