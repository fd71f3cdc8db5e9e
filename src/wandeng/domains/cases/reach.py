"""How far somebody reaches: what lies in their unit, and what was handed to them from another (跨所支援), as long as it is theirs.

A county sends whoever is nearest, and in a storm that is the neighbor. A case is in hand while it is open and names them as its
handler, or while a crew they are in has an open job of it, or of the incident it goes with, whenever it joined. An incident is in
hand by the job alone; an issued permit by whoever is in charge of the work until it is closed. All of it is told from the rows as
they stand: nothing is granted, so nothing has to be taken back.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from wandeng.domains.cases.models import (
    Case,
    CaseEntry,
    CrewJob,
    CrewMember,
    IncidentCase,
    RepairIncident,
    WorkPermit,
)
from wandeng.infra.scope import Scope, require_role, the_one
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound

Row = TypeVar("Row", bound=Model)


def is_over(actor: Actor, row: Case | RepairIncident) -> bool:
    """Whether the actor's own unit is over it: only then do their roles say what lies with others."""
    return Scope.of(actor).covers(row.unit.path)


def covers(actor: Actor, row: Case) -> bool:
    """Whether a case lies in the actor's unit or hands. In the unit, and for its handler, without a statement."""
    if is_over(actor, row):
        return True
    if row.state != "OPEN" or not actor.code:
        return False
    return row.handler == actor.code or Case.objects.filter(in_hand(actor.code), pk=row.pk).exists()


def covers_incident(actor: Actor, row: RepairIncident) -> bool:
    """The same for an incident."""
    return is_over(actor, row) or _jobs(actor.code).filter(incident=row).exists()


def covers_permit(actor: Actor, row: WorkPermit) -> bool:
    """The same for a permit: with its case, and for whoever is in charge of the work until that is closed."""
    return covers(actor, row.case) or (row.state == "ISSUED" and row.worker == actor.code)


def did(actor: Actor, row: Case, key: str) -> bool:
    """Whether the actor told this of a case under the key: a telephone that had no answer tells it again, and by then the case
    may be out of their hands."""
    return bool(key) and CaseEntry.objects.filter(case=row, key=key, actor=actor.code).exists()


def require(actor: Actor, *roles: str, row: Case) -> None:
    """As ``infra.scope.require``, for a case in the actor's unit or hands.

    Raises :class:`NotAllowed` for the role and :class:`NotFound` for the case.
    """
    require_role(actor, *roles)
    if not covers(actor, row):
        raise NotFound(f"there is no case {row.number}")


def limit(scope: Scope, rows: QuerySet[Row], case: str = "") -> QuerySet[Row]:
    """The rows whose case lies in the unit or hands of who asks; ``case`` is the lookup of the case, e.g. ``"case__"``."""
    if not scope.prefix:
        return rows
    inside = scope.inside(f"{case}unit__path")
    return rows.filter(inside | in_hand(scope.person, case)) if scope.person else rows.filter(inside)


def limit_incidents(scope: Scope, rows: QuerySet[RepairIncident]) -> QuerySet[RepairIncident]:
    """The incidents that lie in the unit or hands of who asks."""
    if not scope.prefix or not scope.person:
        return scope.limit(rows, "unit__path")
    held = _jobs(scope.person).filter(incident__isnull=False).values("incident")
    return rows.filter(scope.inside("unit__path") | Q(pk__in=held))


def limit_permits(scope: Scope, rows: QuerySet[WorkPermit]) -> QuerySet[WorkPermit]:
    """The permits of such cases, and those under which who asks is in charge of the work."""
    if not scope.prefix or not scope.person:
        return scope.limit(rows, "case__unit__path")
    own = Q(state="ISSUED", worker=scope.person)
    return rows.filter(scope.inside("case__unit__path") | in_hand(scope.person, "case__") | own)


def one(scope: Scope, rows: QuerySet[Case], number: str) -> Case:
    """The case in the unit or hands of who asks. Raises :class:`NotFound`, with the same words as for none at all."""
    return the_one(limit(scope, rows.filter(number=number)), "case", number)


def by_name(person: str, case: str = "") -> Q:
    """Open cases that name somebody as their handler, wherever they lie: what lists show as theirs. A condition, with the
    lookup of the case before each name; the name may be filled in later, so it says itself that an empty one is nobody's."""
    if not person:
        return _NONE
    return Q(**{f"{case}state": "OPEN", f"{case}handler": person}) & ~Q(**{f"{case}handler": ""})


_NONE = Q(pk__in=())


def in_hand(person: str, case: str = "") -> Q:
    """Open cases in somebody's hands, by name or by their crew: a condition as :func:`by_name`."""
    jobs, held = _jobs(person), by_name(person, case)
    for column in ("case", "incident"):
        of_jobs = jobs.filter(**{f"{column}__isnull": False}).values(column)
        cases: Any = of_jobs if column == "case" else IncidentCase.objects.filter(incident__in=of_jobs).values("case")
        held |= Q(**{f"{case}state": "OPEN", f"{case}pk__in": cases})
    return held


def _jobs(person: str) -> QuerySet[CrewJob]:
    """What the crews that somebody leads or is in have in hand."""
    crews = CrewMember.objects.filter(person=person, until__isnull=True).values("crew")
    return CrewJob.objects.filter(Q(crew__leader=person) | Q(crew__in=crews), ended_at__isnull=True)
