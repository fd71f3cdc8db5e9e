"""The refusals of the product.

An action that cannot do what was asked raises a subclass of :class:`Refused`; its message is written for the person
who asked, its ``code`` for programs. Anything else that escapes an action is a defect of ours.
"""

from __future__ import annotations

from datetime import date


class Refused(Exception):
    """Base of every anticipated refusal.

    ``code`` is stable and documented; ``facts`` are the values behind the sentence, for API answers and logs.
    """

    code = "REFUSED"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return self.message


class NotFound(Refused):
    """The named thing does not exist, or lies outside the asker's scope: the two answer alike."""

    code = "NOT_FOUND"


class Conflict(Refused):
    """Somebody moved first: the row is no longer in the state the action expected."""

    code = "CONFLICT"


class NotAllowed(Refused):
    """The actor lacks the role, or would approve their own work."""

    code = "NOT_ALLOWED"


class InvalidInput(Refused):
    """A value the caller gave is not of the expected form or range."""

    code = "INVALID_INPUT"


class NoRuleInForce(Refused):
    """No version of a dated rule covers the day. Never replaced by a default."""

    code = "NO_RULE_IN_FORCE"

    def __init__(self, topic: str, on: date, territory: str = "") -> None:
        where = f" in {territory}" if territory else ""
        super().__init__(
            f"no version of rule '{topic}' is in force{where} on {on.isoformat()}",
            topic=topic,
            on=on.isoformat(),
            territory=territory,
        )
