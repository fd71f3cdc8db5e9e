"""Crews: where they are, what they have in hand, who is proposed for what waits, and how many proposals were taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from wandeng.domains.cases import proposing, reach
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import Case, Crew, CrewJob, CrewMember, CrewProposal, IncidentCase, RepairIncident
from wandeng.domains.cases.queries.rows import BURNING
from wandeng.infra.scope import Scope, the_one
from wandeng.kernel.errors import NotFound

Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class JobShown:
    """Something a crew has or had in hand: a case or an incident by its number."""

    number: str
    is_incident: bool
    step: str
    sent_at: datetime
    due_at: datetime | None
    outcome: str
    place: int | None


@dataclass(frozen=True, slots=True)
class CrewShown:
    """A crew with its people and what it has in hand, the oldest first."""

    code: str
    name: str
    unit_code: str
    unit_name: str
    leader: str
    members: tuple[str, ...]
    skills: tuple[str, ...]
    state: str
    on_duty_from: datetime | None
    on_duty_to: datetime | None
    longitude_e6: int | None
    latitude_e6: int | None
    placed_at: datetime | None
    jobs: tuple[JobShown, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A crew's place in a ranking, with its reasons as ``calc.dispatch`` gives them."""

    code: str
    name: str
    state: str
    place: int
    minutes: int
    travel_m: int | None
    is_able: bool
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """Of the jobs given in a time: how many, and for how many the first of the proposal was taken."""

    sent: int
    taken: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down; ``None`` where nobody was sent."""
        return self.taken * 100 // self.sent if self.sent else None


def crew_rows(scope: Scope) -> Rows:
    """Crews: code, name, unit_id, unit_name, leader, skills, state, on_duty_from, on_duty_to, longitude_e6, latitude_e6,
    placed_at, in_hand. Lazy."""
    rows = scope.limit(Crew.objects.all(), "unit__path")
    return rows.values(
        "id", "code", "name", "unit_id", "leader", "skills", "state", "on_duty_from", "on_duty_to", "longitude_e6",
        "latitude_e6", "placed_at", unit_name=F("unit__name"),
        in_hand=Count("jobs", filter=Q(jobs__ended_at__isnull=True)),
    )  # fmt: skip


def crew(scope: Scope, code: str) -> CrewShown:
    """One crew. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(Crew.objects.select_related("unit"), "unit__path", "crew", code=code)
    jobs = (
        CrewJob.objects.filter(crew=row, ended_at__isnull=True)
        .select_related("case", "incident")
        .order_by("sent_at", "id")
    )
    people = CrewMember.objects.filter(crew=row, until__isnull=True).order_by("person")
    return CrewShown(
        row.code, row.name, row.unit.code, row.unit.name, row.leader, tuple(people.values_list("person", flat=True)),
        tuple(row.skills.split()), row.state, row.on_duty_from, row.on_duty_to, row.longitude_e6, row.latitude_e6,
        row.placed_at, tuple(_job(one) for one in jobs),
    )  # fmt: skip


def crew_of(person: str) -> str:
    """The code of the crew somebody is in now; empty for none."""
    rows = CrewMember.objects.filter(person=person, until__isnull=True)
    return rows.values_list("crew__code", flat=True).first() or ""


def ranking_for_case(scope: Scope, number: str, *, charter: Charter, now: datetime) -> tuple[Place, ...]:
    """The crews on duty for a case that waits for one, the proposed one first; nothing for one that does not wait.

    Raises :class:`NotFound`, also out of reach.
    """
    row = reach.one(scope, Case.objects.select_related("unit"), number)
    rule = proposing.rule_if_any(charter, row.unit.territory, now)
    if rule is None or row.process != rule.steps.process or row.state != "OPEN" or row.step != rule.steps.dispatch:
        return ()
    if IncidentCase.objects.filter(case=row, incident__state="OPEN").exists():
        return ()
    return _places(proposing.of_case(row), row.unit.path, charter, row.unit.territory, now)


def ranking_for_incident(scope: Scope, number: str, *, charter: Charter, now: datetime) -> tuple[Place, ...]:
    """The crews on duty for an open incident. Raises as :func:`ranking_for_case`."""
    rows = reach.limit_incidents(scope, RepairIncident.objects.select_related("unit").filter(number=number))
    row = the_one(rows, "incident", number)
    if row.state != "OPEN" or row.jobs.filter(ended_at__isnull=True).exists():
        return ()
    return _places(proposing.of_incident(row), row.unit.path, charter, row.unit.territory, now)


def proposals_of(scope: Scope, number: str) -> tuple[tuple[datetime, str, str, int | None], ...]:
    """Which crew was proposed for a case or incident when, why it was looked at again, and within how many minutes it could
    be there, in order. Raises :class:`NotFound`."""
    cases = reach.limit(scope, Case.objects.filter(number=number)).values_list("pk", flat=True)
    incidents = reach.limit_incidents(scope, RepairIncident.objects.filter(number=number)).values_list("pk", flat=True)
    case, incident = cases.first(), incidents.first()
    if case is None and incident is None:
        raise NotFound(f"there is no case or incident {number}")
    rows = (
        CrewProposal.objects.filter(case_id=case)
        if case is not None
        else CrewProposal.objects.filter(incident_id=incident)
    )
    return tuple(
        (at, crew or "", because, minutes)
        for at, crew, because, minutes in rows.order_by("id").values_list("at", "crew__code", "because", "minutes")
    )


def taken(scope: Scope, *, since: datetime, until: datetime) -> Taken:
    """How many of the proposals were taken, of the crews sent in a time (自动派单采纳率)."""
    rows = scope.limit(CrewJob.objects.filter(sent_at__gte=since, sent_at__lt=until), "crew__unit__path")
    return Taken(**rows.aggregate(sent=Count("id"), taken=Count("id", filter=Q(place=1))))


def waiting_rows(scope: Scope, *, process: str = "fault_repair", step: str = "DISPATCH") -> Rows:
    """Open faults that wait for a crew of their own: number, urgency, urgency_rank, locality, opened_at, due_at, matter,
    unit_name, transformer_name, transformer_code, proposed (crew's code or null). The most urgent first, then what ends
    first."""
    latest = CrewProposal.objects.filter(case=OuterRef("pk")).order_by("-id")
    rows = scope.limit(Case.objects.filter(process=process, state="OPEN", step=step), "unit__path")
    rows = rows.exclude(incident_member__incident__state="OPEN").order_by("-urgency_rank", *BURNING)
    return rows.values(
        "number", "urgency", "urgency_rank", "locality", "opened_at", "due_at", "matter", unit_name=F("unit__name"),
        transformer_name=F("transformer__name"), transformer_code=F("transformer__code"),
        proposed=Subquery(latest.values("crew__code")[:1]), proposed_minutes=Subquery(latest.values("minutes")[:1]),
    )  # fmt: skip


def _places(
    one: proposing.Waiting, unit_path: str, charter: Charter, territory: str, now: datetime
) -> tuple[Place, ...]:  # fmt: skip
    rule = proposing.rule_for(charter, territory, now)
    crews = proposing.crews_on_duty(unit_path, now)
    known = {row.code: row for row in crews}
    return tuple(
        Place(
            each.code, known[each.code].name, known[each.code].state, each.place, each.minutes, each.travel_m,
            each.is_able, each.reasons,
        )
        for each in proposing.ranking(one, proposing.standings(crews, now), rule, proposing.spots_of([one]))
    )  # fmt: skip


def _job(one: CrewJob) -> JobShown:
    if one.incident:
        return JobShown(one.incident.number, True, one.incident.step, one.sent_at, None, one.outcome, one.place)
    case = one.case
    return JobShown(
        case.number if case else "", False, case.step if case else "", one.sent_at, case.due_at if case else None,
        one.outcome, one.place,
    )  # fmt: skip
