"""Who does a thing. Every action takes an actor; nothing is done by nobody."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.kernel.ids import PersonId


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with a post, or a named machine account (``person_id`` is then ``None``).

    ``code`` is what histories and audits store; ``unit_path`` is the root of what the actor may see and touch;
    ``roles`` are the role codes held there.
    """

    code: str
    person_id: PersonId | None = None
    unit_path: str = ""
    roles: frozenset[str] = frozenset()

    def has(self, role: str) -> bool:
        return role in self.roles or "ADMINISTRATOR" in self.roles


SYSTEM = Actor("system", roles=frozenset({"ADMINISTRATOR"}))
"""Jobs, imports from the shell and the demonstration act under this name."""
