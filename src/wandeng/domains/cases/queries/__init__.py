"""What people ask of cases, one module a subject: ``rows`` (lists and counts), ``one`` (a case with everything about it),
``known`` (what stands beside a caller: open cases, probable duplicates, what the form can be filled with), ``kinds`` (what can
be opened, and a definition with its promises)."""
