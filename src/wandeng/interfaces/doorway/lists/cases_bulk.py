"""What is done to many cases at once: each is an action of its own, and one that is refused does not hold up the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wandeng.domains.cases.actions import steering, work
from wandeng.domains.cases.queries import rows as queries
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.words import administration as words
from wandeng.kernel.errors import Refused

WORKERS = frozenset(
    {
        Role.CALL_CLERK, Role.HALL_CLERK, Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.METER_READER,
        Role.BILLING_CLERK, Role.AUDITOR,
    }
)  # fmt: skip
"""Roles that have steps of cases to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many it was done to, and which cases were refused with what sentence."""

    done: int
    refused: tuple[tuple[str, Refused], ...]


def watches(asking: Asking) -> bool:
    """Whether somebody has no step of their own in the cases of any kind."""
    return asking.actor.roles.isdisjoint(WORKERS)


def people(asking: Asking) -> Sequence[tuple[str, str]]:
    """Who can be given a case: the people of the scope whose role has steps, with role and unit."""
    posts = organization.post_rows(asking.scope, on=asking.today).filter(role__in=sorted(WORKERS))
    found: dict[str, str] = {}
    for post in posts:
        found.setdefault(
            post["person_code"], f"{post['person_name']} · {words.ROLES[post['role']]} · {post['unit_name']}"
        )
    return list(found.items())


def each(name: str, asking: Asking, keys: Sequence[str], told: str) -> Outcome:
    """Do the action called ``name`` to every case; ``told`` is the reason or the person."""
    charter = rulebook.charter()
    actor, at = asking.actor, asking.now
    doing: dict[str, Callable[[str], object]] = {
        "take": lambda number: work.assign(number=number, handler=actor.code, actor=actor, at=at, charter=charter),
        "assign": lambda number: work.assign(number=number, handler=told, actor=actor, at=at, charter=charter),
        "supervise": lambda number: steering.supervise(number=number, reason=told, actor=actor, at=at, charter=charter),
    }
    done, refused = 0, []
    for number in queries.numbers(asking.scope, [int(key) for key in keys]):
        try:
            doing[name](number)
            done += 1
        except Refused as refusal:
            refused.append((number, refusal))
    return Outcome(done, tuple(refused))


def take(asking: Asking, keys: list[str], told: str) -> int:
    """Take these cases oneself."""
    return _count(each("take", asking, keys, told))


def assign(asking: Asking, keys: list[str], told: str) -> int:
    """Give these cases to somebody."""
    return _count(each("assign", asking, keys, told))


def supervise(asking: Asking, keys: list[str], told: str) -> int:
    """Put these cases under supervision."""
    return _count(each("supervise", asking, keys, told))


def _count(outcome: Outcome) -> int:
    """How many it was done to. Raises the first refusal when it was done to none."""
    if outcome.refused and not outcome.done:
        raise outcome.refused[0][1]
    return outcome.done
