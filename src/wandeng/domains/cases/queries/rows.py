"""Lists and counts of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat

from wandeng.domains.cases import reach
from wandeng.domains.cases.models import CallBack, Case, CaseClock
from wandeng.domains.organization import queries as organization
from wandeng.infra.counts import totals
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.infra.statements import Reading

Rows = QuerySet[Any, Any]
UNIT = "unit__path"


def case_rows(scope: Scope, *, states: tuple[str, ...] = (), handler: str = "", owner: str = "") -> Rows:
    """Cases: number, process, state, stage, step, role, channel, first_class, second_class, grade, urgency, urgency_rank,
    summary (the beginning of the matter) and account_number (both empty for a confidential case), unit_id, unit_name,
    transformer_name, owner, handler, rounds, returned, pressed, is_paused, is_confidential, supervised_at, asked_again_at, due_at, due_clock, result, opened_at, finished_at, ended_at. Limited by
    states, by whose hands they are in, or by who took them first, where these are named. Lazy."""
    units = [one.unit_id for one in organization.unit_tree(scope)]
    rows = Case.objects.filter(unit_id__in=units) if scope.prefix else Case.objects.all()
    if states:
        rows = rows.filter(state__in=states)
    if handler:
        rows = rows.filter(handler=handler)
    if owner:
        rows = rows.filter(owner=owner)
    return _columns(rows)


def open_rows(scope: Scope) -> Rows:
    """Open cases, and among them those of other offices that were handed to who asks (跨所支援). Columns as
    :func:`case_rows`. Lazy."""
    units = [one.unit_id for one in organization.unit_tree(scope)]
    rows = Case.objects.filter(state="OPEN")
    if not scope.prefix:
        return _columns(rows)
    lent = [pk for pk, unit in _BY_NAME(scope.person) if unit not in units] if scope.person else []
    # Told apart before: for one office an index of the unit gives the page at once, which it does not beside another condition.
    return _columns(rows.filter(Q(unit_id__in=units) | Q(pk__in=lent) if lent else Q(unit_id__in=units)))


_BY_NAME: Reading[tuple[int, int]] = Reading(
    lambda person: Case.objects.filter(reach.by_name(person)).values_list("pk", "unit_id"), str
)


def _columns(rows: QuerySet[Case]) -> Rows:
    return rows.values(
        "id", "number", "process", "state", "stage", "step", "role", "channel", "first_class", "second_class", "grade",
        "urgency", "urgency_rank", "unit_id", "owner", "handler", "rounds", "returned", "pressed", "is_paused",
        "is_confidential", "due_at", "due_clock", "result", "opened_at", "finished_at", "ended_at", "supervised_at",
        "asked_again_at", unit_name=F("unit__name"),
        account_number=Choose(
            When(is_confidential=True, then=Value("")), default=Coalesce(F("account__account_number"), Value(""))
        ),
        transformer_name=Coalesce(F("transformer__name"), Value("")),
        summary=Choose(When(is_confidential=True, then=Value("")), default=F("matter")),
    )  # fmt: skip


def queue_rows(scope: Scope, *, roles: frozenset[str], person: str, mine: bool = False) -> Rows:
    """The work queue (待办) of somebody: open cases whose step is theirs by role and lies in nobody's hands, or lies in
    theirs, of whichever office; ``mine`` only the latter. Columns as :func:`case_rows`; sort by :data:`BURNING`."""
    rows = open_rows(scope)
    return rows.filter(handler=person) if mine else rows.filter(theirs(person, roles))


def field_rows(scope: Scope, *, roles: frozenset[str], person: str) -> Rows:
    """The queue of somebody in the field, what burns first above: as :func:`queue_rows`, with the address of the account
    (empty for a confidential case). Lazy."""
    rows = queue_rows(scope, roles=roles, person=person).annotate(
        address=Choose(
            When(is_confidential=True, then=Value("")), default=Coalesce(F("account__address"), Value("")),
            output_field=CharField(),
        )
    )  # fmt: skip
    ordered: Rows = rows.order_by(F("due_at").asc(nulls_last=True), "id")
    return ordered


def numbers(scope: Scope, case_ids: Sequence[int]) -> list[str]:
    """The numbers of cases, those left out that lie outside the scope; in the order in which their limits end."""
    rows = scope.limit(Case.objects.filter(pk__in=case_ids), UNIT)
    return list(rows.order_by(F("due_at").asc(nulls_last=True), "id").values_list("number", flat=True))


def joined_by(person: str, *, since: datetime, until: datetime) -> tuple[str, ...]:
    """The numbers of cases that somebody joined a customer to within a time, both ends included."""
    found = Operation.objects.filter(actor=person, action="case.join", at__gte=since, at__lte=until)
    return tuple(dict.fromkeys(found.order_by("id").values_list("subject_code", flat=True)))


BURNING = (F("due_at").asc(nulls_last=True), "id")
"""What burns first: the next end of a limit. A paused case has none and comes last, on both databases alike."""


def call_back_rows(scope: Scope, *, now: datetime | None = None) -> Rows:
    """Call-backs that are wanted: number, process, summary, unit_id, unit_name, account_number, owner, round, due_at, next_at,
    attempts, finished_at; with ``now`` those that may be made at this moment."""
    rows = scope.limit(CallBack.objects.filter(state="WANTED"), "case__unit__path")
    if now is not None:
        rows = rows.filter(next_at__lte=now)
    return rows.values(
        "id", "round", "due_at", "next_at", "attempts", number=F("case__number"), process=F("case__process"),
        summary=Choose(When(case__is_confidential=True, then=Value("")), default=F("case__matter")),
        unit_id=F("case__unit_id"), unit_name=F("case__unit__name"), owner=F("case__owner"),
        finished_at=F("case__finished_at"), result=F("case__result"),
        account_number=Coalesce(F("case__account__account_number"), Value("")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is to do: open cases, of these in the hands of the person asked about (``mine``), theirs by role
    (``of_role``), late, soon late, paused, supervised, in nobody's hands, of which they were the first contact (``owned``), about which a customer
    who came again waits for an answer (``waiting``); and call-backs that wait."""

    open: int
    mine: int
    of_role: int
    late: int
    soon: int
    paused: int
    supervised: int
    unassigned: int
    owned: int
    waiting: int
    call_backs: int


FEW_UNITS = 64
"""Up to so many units the text of the counts is written once for each number of them."""


def counts(
    scope: Scope, *, now: datetime, soon: datetime, person: str = "", roles: frozenset[str] = frozenset()
) -> Counts:
    """The counts of a queue's head, over :func:`open_rows`; ``soon`` is the end of what counts as soon. Two queries, and one
    of the units."""
    units = [one.unit_id for one in organization.unit_tree(scope)] if scope.prefix else []
    if scope.prefix and not units:
        return Counts(*[0] * 11)
    held = sorted(roles - {""})
    if len(units) <= FEW_UNITS:
        found = _written_head(len(held), len(units)).first(now, soon, person, scope.person, *held, *units)
        waiting = _written_waiting(len(units)).first(*units)
    else:
        found, waiting = _head(now, soon, person, scope.person, held, units).first(), _waiting(units).first()
    return Counts(*(found or [0] * 10), *(waiting or [0]))


@lru_cache(maxsize=4 * FEW_UNITS)
def _written_head(roles: int, units: int) -> Reading[tuple[int, ...]]:
    def make(now: datetime, soon: datetime, person: str, asks: str, *given: Any) -> Rows:
        return _head(now, soon, person, asks, given[:roles], given[roles:])

    return Reading(make, datetime, datetime, str, str, *[str] * roles, *[int] * units, planned_once=True)


@lru_cache(maxsize=FEW_UNITS)
def _written_waiting(units: int) -> Reading[tuple[int, ...]]:
    return Reading(lambda *ids: _waiting(ids), *[int] * units, planned_once=True)


def _head(
    now: datetime, soon: datetime, person: str, asks: str, roles: Sequence[str], units: Sequence[int]
) -> Rows:  # fmt: skip
    """What :class:`Counts` holds of open cases, of these units and in the hands of who asks, or of all."""
    rows = Case.objects.filter(state="OPEN")
    return totals(
        rows.filter(Q(unit_id__in=units) | reach.by_name(asks)) if units else rows,
        open=Count("id"),
        mine=Count("id", filter=Q(handler=person) & ~Q(handler="")),
        of_role=Count("id", filter=theirs(person, frozenset(roles))),
        late=Count("id", filter=Q(due_at__lt=now)),
        soon=Count("id", filter=Q(due_at__gte=now, due_at__lt=soon)),
        paused=Count("id", filter=Q(is_paused=True)),
        supervised=Count("id", filter=Q(supervised_at__isnull=False)),
        unassigned=Count("id", filter=Q(handler="")),
        owned=Count("id", filter=Q(owner=person)),
        waiting=Count("id", filter=Q(asked_again_at__isnull=False)),
    )


def _waiting(units: Sequence[int]) -> Rows:
    """Call-backs that wait, of these units or of all."""
    rows = CallBack.objects.filter(state="WANTED")
    return totals(rows.filter(case__unit_id__in=units) if units else rows, call_backs=Count("id"))


def theirs(person: str, roles: frozenset[str]) -> Q:
    """Cases in somebody's hands, or in nobody's and theirs by role: a condition for rows of open cases."""
    return Q(handler=person) & ~Q(handler="") | Q(handler="", role__in=sorted(roles - {""}))


def clock_rows(scope: Scope, *, now: datetime) -> Rows:
    """Every clock that runs or ran to its end: number, process, clock, round, started_at, due_at, stopped_at, amount, measure,
    commitment, standing (RUNNING, PAUSED, LATE, KEPT, BROKEN), is_broken (ended late, or late by now), unit_id, unit_name.
    Clocks that were dropped, because their step was never done, are no promise and left out."""
    return _clocks(scope).values(
        "id", "clock", "round", "started_at", "due_at", "stopped_at", "amount", "measure", "commitment",
        number=F("case__number"), process=F("case__process"), unit_id=F("case__unit_id"), unit_name=F("case__unit__name"),
        is_broken=Choose(When(_is_late(now), then=Value(True)), default=Value(False)),
        standing=Choose(
            When(Q(stopped_at__isnull=False, due_at__isnull=False, stopped_at__gt=F("due_at")), then=Value("BROKEN")),
            When(Q(stopped_at__isnull=False), then=Value("KEPT")),
            When(Q(due_at__lt=now), then=Value("LATE")),
            When(Q(is_paused=True), then=Value("PAUSED")),
            default=Value("RUNNING"), output_field=CharField(),
        ),
    )  # fmt: skip


def promise_rows(scope: Scope, *, now: datetime) -> Rows:
    """Promises kept and broken by kind and unit: key (``process/unit``), process, unit_code, unit_name, kept, broken (those
    that are late by now among them), running, share_e2 (kept of those decided, 10⁻⁴; null while none is)."""
    broken = Count("id", filter=_is_late(now))
    kept = Count("id", filter=Q(stopped_at__isnull=False) & ~Q(stopped_at__gt=F("due_at")))
    grouped = _clocks(scope).annotate(
        key=Concat(F("case__process"), Value("/"), F("case__unit__code"), output_field=CharField()),
        process=F("case__process"), unit_code=F("case__unit__code"), unit_name=F("case__unit__name"),
    ).values("key", "process", "unit_code", "unit_name")  # fmt: skip
    return grouped.annotate(
        kept=kept, broken=broken, running=Count("id", filter=Q(stopped_at__isnull=True) & ~Q(due_at__lt=now)),
        share_e2=Choose(When(Q(kept__gt=0) | Q(broken__gt=0), then=F("kept") * 10_000 / (F("kept") + F("broken")))),
    )  # fmt: skip


def _clocks(scope: Scope) -> QuerySet[CaseClock]:
    units = [one.unit_id for one in organization.unit_tree(scope)]
    rows = CaseClock.objects.filter(Q(stopped_at__isnull=True) | Q(is_finished=True))
    return rows.filter(case__unit_id__in=units) if scope.prefix else rows


def _is_late(now: datetime) -> Q:
    return Q(stopped_at__isnull=True, due_at__lt=now) | Q(stopped_at__gt=F("due_at"))
