"""Incidents: lists, one with its cases and its crew, and what is known of an outage before a form is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wandeng.domains.cases import reach
from wandeng.domains.cases.models import CaseClock, CrewJob, IncidentCase, RepairIncident
from wandeng.domains.customers.queries import accounts
from wandeng.domains.network.queries import places
from wandeng.infra.scope import Scope, the_one

Rows = QuerySet[Any, Any]
MOST_CASES = 500


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """An open incident at a place, as a caller is told: of what, since when, who is there, when supply is expected back."""

    number: str
    level: str
    what: str
    opened_at: datetime
    step: str
    expected_at: datetime | None
    cases: int


@dataclass(frozen=True, slots=True)
class MemberShown:
    """A case of an incident."""

    number: str
    state: str
    step: str
    account_number: str
    transformer_name: str
    opened_at: datetime
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentShown:
    """An incident with everything about it; ``what`` names the transformer, switch or feeder, ``cases`` at most
    :data:`MOST_CASES` of ``case_count``; ``late`` of their clocks are or were broken."""

    number: str
    state: str
    level: str
    what: str
    feeder_code: str
    feeder_name: str
    unit_name: str
    unit_path: str
    step: str
    customers: int
    transformers: tuple[str, ...]
    opened_at: datetime
    expected_at: datetime | None
    expected_set_at: datetime | None
    expected_set_by: str
    cause: str
    restored_at: datetime | None
    ended_at: datetime | None
    into: str
    crew: str
    crew_name: str
    leader: str
    crew_state: str
    case_count: int
    late: int
    cases: tuple[MemberShown, ...]


def incident_rows(scope: Scope, *, states: tuple[str, ...] = ()) -> Rows:
    """Incidents: number, state, level, what, feeder_code, feeder_name, unit_id, unit_name, customers, cases, step, opened_at,
    expected_at, restored_at, crew (code of who has it now, empty for nobody). Lazy."""
    rows = reach.limit_incidents(scope, RepairIncident.objects.all())
    if states:
        rows = rows.filter(state__in=states)
    return rows.values(
        "id", "number", "state", "level", "unit_id", "customers", "step", "opened_at", "expected_at", "restored_at",
        feeder_code=F("feeder__code"), feeder_name=F("feeder__name"), unit_name=F("unit__name"),
        what=Coalesce(F("transformer__name"), F("switch__name"), F("feeder__name")),
        cases=Count("members", distinct=True),
        crew=Coalesce(_crew_now(), Value("")),
    )  # fmt: skip


def incident(scope: Scope, number: str, *, now: datetime) -> IncidentShown:
    """One incident. Raises :class:`NotFound`, also out of reach."""
    rows = RepairIncident.objects.select_related("unit", "feeder", "switch", "transformer", "into")
    row = the_one(reach.limit_incidents(scope, rows.filter(number=number)), "incident", number)
    job = CrewJob.objects.filter(incident=row).select_related("crew").order_by("-id").first()
    held = job if job and (job.ended_at is None or job.outcome == "DONE") else None
    members = (
        IncidentCase.objects.filter(incident=row)
        .select_related("case__account", "case__transformer")
        .order_by("case_id")
    )
    late = CaseClock.objects.filter(case__incident_member__incident=row).filter(
        Q(stopped_at__isnull=True, due_at__lt=now) | Q(stopped_at__gt=F("due_at"))
    )
    areas = row.areas.order_by("transformer__code").values_list("transformer__name", flat=True)
    return IncidentShown(
        number=row.number, state=row.state, level=row.level, what=_what(row), feeder_code=row.feeder.code,
        feeder_name=row.feeder.name, unit_name=row.unit.name, unit_path=row.unit.path, step=row.step,
        customers=row.customers, transformers=tuple(areas), opened_at=row.opened_at, expected_at=row.expected_at,
        expected_set_at=row.expected_set_at, expected_set_by=row.expected_set_by, cause=row.cause,
        restored_at=row.restored_at, ended_at=row.ended_at, into=row.into.number if row.into else "",
        crew=held.crew.code if held else "", crew_name=held.crew.name if held else "",
        leader=held.crew.leader if held else "", crew_state=held.crew.state if held else "",
        case_count=members.count(), late=late.values("case").distinct().count(),
        cases=tuple(_member(one) for one in members[:MOST_CASES]),
    )  # fmt: skip


def is_reached(scope: Scope, number: str) -> bool:
    """Whether an incident lies in the unit or hands of who asks."""
    return reach.limit_incidents(scope, RepairIncident.objects.filter(number=number)).exists()


def known_incident(scope: Scope, *, account_number: str = "", transformer_code: str = "") -> KnownIncident | None:
    """The open incident at an account's transformer, or at a transformer (已知停电); ``None`` for none.

    Raises :class:`NotFound` for an account or transformer that is not there, or outside.
    """
    if transformer_code:
        transformer = places.transformer_place(scope, transformer_code)
    else:
        found = places.transformer_of(accounts.account(scope, account_number).id)
        if found is None:
            return None
        transformer = found
    # The widest says most; an incident is told to whoever asks about a place of its own, whichever unit leads it.
    rows = RepairIncident.objects.filter(state="OPEN", areas__transformer=transformer.id)
    row = (
        rows.select_related("feeder", "switch", "transformer")
        .annotate(n=Count("members", distinct=True))
        .order_by("level")
        .first()
    )
    if row is None:
        return None
    return KnownIncident(row.number, row.level, _what(row), row.opened_at, row.step, row.expected_at, row.n)


def incident_of(scope: Scope, case: str) -> str:
    """The number of the incident a case goes with; empty for none."""
    rows = reach.limit(scope, IncidentCase.objects.filter(case__number=case), "case__")
    return rows.values_list("incident__number", flat=True).first() or ""


def _what(row: RepairIncident) -> str:
    return row.transformer.name if row.transformer else row.switch.name if row.switch else row.feeder.name


def _member(one: IncidentCase) -> MemberShown:
    row = one.case
    return MemberShown(
        row.number, row.state, row.step, row.account.account_number if row.account else "",
        row.transformer.name if row.transformer else "", row.opened_at, one.joined_at,
    )  # fmt: skip


def _crew_now() -> Any:
    jobs = CrewJob.objects.filter(incident=OuterRef("pk"), ended_at__isnull=True)
    return Subquery(jobs.values("crew__code")[:1])
