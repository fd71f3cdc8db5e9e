"""Who may see what: role × unit, applied here and nowhere else.

Queries for people take a :class:`Scope` and pass their rows through it. There is no scope by default: a query without
one cannot be written, and an actor without a unit has none. What lies outside answers as if it did not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed, NotFound

Row = TypeVar("Row", bound=Model)
_EVERYWHERE = "*"


class ScopeMissing(NotAllowed):
    """A query was asked by somebody who stands nowhere."""

    code = "SCOPE_MISSING"


@dataclass(frozen=True, slots=True)
class Scope:
    """A unit and all below it. ``Scope.of(actor)`` is the usual way to get one.

    ``person`` is who asks: where a domain hands something to somebody of another unit, its queries show them that as well. Two
    scopes of the same unit are the same.
    """

    unit_path: str
    person: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.unit_path != _EVERYWHERE and not self.unit_path.endswith("/"):
            raise ScopeMissing("no unit is given: nothing can be shown without one")

    @classmethod
    def everywhere(cls) -> Scope:
        """The whole installation: for jobs, audits and the shell."""
        return cls(_EVERYWHERE)

    @classmethod
    def of(cls, actor: Actor) -> Scope:
        """What the actor may see: its unit's subtree; everything for a machine account that administers.

        Raises :class:`ScopeMissing` for a person without a post.
        """
        if not actor.unit_path and actor.person_id is None and actor.has("ADMINISTRATOR"):
            return cls.everywhere()
        return cls(actor.unit_path, actor.code)

    @property
    def prefix(self) -> str:
        """The path that every visible unit's path starts with; empty for everything."""
        return "" if self.unit_path == _EVERYWHERE else self.unit_path

    @property
    def is_root(self) -> bool:
        """Whether this is a root unit or everything: who may see what belongs to the whole installation."""
        return self.prefix.count("/") <= 1

    def covers(self, unit_path: str) -> bool:
        return unit_path.startswith(self.prefix)

    def narrowed(self, unit_path: str) -> Scope:
        """A smaller scope below this one, of nobody in particular.

        Raises :class:`NotFound` for a unit outside.
        """
        if not self.covers(unit_path):
            raise NotFound(f"there is no unit {unit_path}")
        return Scope(unit_path)

    def limit(self, rows: QuerySet[Row], path: str) -> QuerySet[Row]:
        """The rows whose unit lies inside; ``path`` is the lookup of the unit's path, e.g. ``"account__unit__path"``.

        Compared byte by byte on both databases: SQLite's LIKE would not tell 'hn/' from 'HN/'.
        """
        return rows.filter(self.inside(path)) if self.prefix else rows

    def inside(self, path: str) -> Q:
        """The condition of :meth:`limit`, for rows that may be shown for another reason too."""
        return Q(Exact(Left(F(path), len(self.prefix)), self.prefix))

    @property
    def bounds(self) -> tuple[int, str]:
        """What :func:`within` is told of this scope."""
        return len(self.prefix), self.prefix

    def one(self, rows: QuerySet[Row], path: str, what: str, **by: Any) -> Row:
        """The one row with these values inside the scope.

        Raises :class:`NotFound`, with the same words for a row elsewhere and for none at all.
        """
        return the_one(self.limit(rows.filter(**by), path), what, *by.values())


def the_one(rows: QuerySet[Row], what: str, *named: object) -> Row:
    """The row that is left. Raises :class:`NotFound`, with the same words whatever it was left out for."""
    row = rows.first()
    if row is None:
        raise NotFound(f"there is no {what} {', '.join(str(value) for value in named)}")
    return row


def within(rows: QuerySet[Row], path: str, length: int, prefix: str) -> QuerySet[Row]:
    """The rows whose unit lies inside a scope of which only the ``bounds`` are known: for statements whose text is written
    once, whoever asks. The whole installation has an empty prefix, which every path begins with."""
    return rows.filter(Exact(Left(F(path), length), prefix))


def require(actor: Actor, *roles: str, unit_path: str) -> None:
    """Refuse unless the actor holds one of the roles and the unit lies in its scope.

    Raises :class:`NotAllowed` for the role and :class:`NotFound` for the unit.
    """
    require_role(actor, *roles)
    if not Scope.of(actor).covers(unit_path):
        raise NotFound(f"there is no unit {unit_path}")


def require_role(actor: Actor, *roles: str) -> None:
    """Refuse unless the actor holds one of the roles, over whichever unit: where the thing itself was looked up as theirs.

    Raises :class:`NotAllowed`.
    """
    if not any(actor.has(role) for role in roles):
        raise NotAllowed(f"{actor.code} needs the role {' or '.join(roles)} for this")


def require_root(actor: Actor, *roles: str) -> None:
    """Refuse unless the actor holds one of the roles over a root unit: for what is the whole installation's.

    Raises :class:`NotAllowed`.
    """
    require_role(actor, *roles)
    if not Scope.of(actor).is_root:
        raise NotAllowed("this concerns the whole installation: only the root unit may do it")
