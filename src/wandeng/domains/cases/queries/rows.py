"""Lists and counts of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from wandeng.domains.cases.models import CallBack, Case, CaseClock
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]
UNIT = "unit__path"


def case_rows(scope: Scope, *, states: tuple[str, ...] = (), handler: str = "", owner: str = "") -> Rows:
    """Cases: number, process, state, stage, step, role, channel, first_class, second_class, grade, urgency, urgency_rank,
    matter (empty for a confidential case), unit_id, unit_name, account_number, transformer_name, owner, handler, rounds, returned,
    pressed, is_paused, is_confidential, is_supervised, due_at, due_clock, result, opened_at, finished_at, ended_at. Limited by
    states, by whose hands they are in, or by who took them first, where these are named. Lazy."""
    units = [one.unit_id for one in organization.unit_tree(scope)]
    rows = Case.objects.filter(unit_id__in=units) if scope.prefix else Case.objects.all()
    if states:
        rows = rows.filter(state__in=states)
    if handler:
        rows = rows.filter(handler=handler)
    if owner:
        rows = rows.filter(owner=owner)
    return rows.values(
        "id", "number", "process", "state", "stage", "step", "role", "channel", "first_class", "second_class", "grade",
        "urgency", "urgency_rank", "unit_id", "owner", "handler", "rounds", "returned", "pressed", "is_paused",
        "is_confidential", "due_at", "due_clock", "result", "opened_at", "finished_at", "ended_at", "supervised_at",
        unit_name=F("unit__name"), account_number=Coalesce(F("account__account_number"), Value("")),
        transformer_name=Coalesce(F("transformer__name"), Value("")),
        matter=Choose(When(is_confidential=True, then=Value("")), default=F("matter")),
    )  # fmt: skip


def queue_rows(scope: Scope, *, roles: frozenset[str], person: str, mine: bool = False) -> Rows:
    """The work queue (待办) of somebody: open cases whose step is theirs by role and lies in nobody's hands, or lies in
    theirs; ``mine`` only the latter. Columns as :func:`case_rows`; sort by :data:`BURNING`."""
    rows = case_rows(scope, states=("OPEN",))
    if mine:
        return rows.filter(handler=person)
    return rows.filter(Q(handler=person) | Q(handler="", role__in=sorted(roles)))


BURNING = ("due_at", "id")
"""What burns first: the next end of a limit. A paused case has none and comes last on both databases' own terms, so lists
put nulls last."""


def call_back_rows(scope: Scope, *, now: datetime | None = None) -> Rows:
    """Call-backs that are wanted: number, process, matter, unit_id, unit_name, account_number, owner, round, due_at, next_at, attempts, finished_at;
    with ``now`` those that may be made at this moment."""
    rows = scope.limit(CallBack.objects.filter(state="WANTED"), "case__unit__path")
    if now is not None:
        rows = rows.filter(next_at__lte=now)
    return rows.values(
        "id", "round", "due_at", "next_at", "attempts", number=F("case__number"), process=F("case__process"),
        matter=F("case__matter"), unit_id=F("case__unit_id"), unit_name=F("case__unit__name"), owner=F("case__owner"),
        finished_at=F("case__finished_at"), result=F("case__result"),
        account_number=Coalesce(F("case__account__account_number"), Value("")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is to do: open cases, of these late, soon late (their limit ends within ``soon_minutes`` of the question),
    paused, supervised, in nobody's hands; and call-backs that wait."""

    open: int
    late: int
    soon: int
    paused: int
    supervised: int
    unassigned: int
    call_backs: int


def counts(scope: Scope, *, now: datetime, soon: datetime) -> Counts:
    """The counts of a queue's head; ``soon`` is the end of what counts as soon. Two queries."""
    units = [one.unit_id for one in organization.unit_tree(scope)]
    rows = Case.objects.filter(state="OPEN")
    rows = rows.filter(unit_id__in=units) if scope.prefix else rows
    found = rows.aggregate(
        open=Count("id"),
        late=Count("id", filter=Q(due_at__lt=now)),
        soon=Count("id", filter=Q(due_at__gte=now, due_at__lt=soon)),
        paused=Count("id", filter=Q(is_paused=True)),
        supervised=Count("id", filter=Q(supervised_at__isnull=False)),
        unassigned=Count("id", filter=Q(handler="")),
    )
    waiting = scope.limit(CallBack.objects.filter(state="WANTED"), "case__unit__path").count()
    return Counts(**found, call_backs=waiting)


def clock_rows(scope: Scope, *, now: datetime) -> Rows:
    """Every clock that runs or ran: number, process, clock, round, started_at, due_at, stopped_at, amount, measure, commitment,
    is_broken (ended late, or late by now), unit_id, unit_name."""
    late = Q(stopped_at__isnull=True, due_at__lt=now) | Q(stopped_at__gt=F("due_at"))
    rows = scope.limit(CaseClock.objects.all(), "case__unit__path")
    return rows.values(
        "id", "clock", "round", "started_at", "due_at", "stopped_at", "amount", "measure", "commitment",
        number=F("case__number"), process=F("case__process"), unit_id=F("case__unit_id"), unit_name=F("case__unit__name"),
        is_broken=Choose(When(late, then=Value(True)), default=Value(False)),
    )  # fmt: skip
