"""Which crew is proposed for what waits: told from where crews are and what they have in hand, again each time that changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from wandeng.calc.dispatch import CrewStanding, Fault, Pacing, Ranked, Spot, rank
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.models import Case, Crew, CrewProposal, RepairIncident
from wandeng.domains.network.queries import faults
from wandeng.infra.effective.topics.repairs import Repairs
from wandeng.infra.scope import Scope, within
from wandeng.infra.statements import Reading
from wandeng.kernel.errors import NoRuleInForce

MOST_WAITING = 500
"""So many waiting things are looked at again when a crew moves: the oldest; a storm groups the others into incidents."""


def rule_for(charter: Charter, territory: str, at: datetime) -> Repairs:
    """What repairs go by. Raises :class:`NoRuleInForce`, ``TerritoryUnknown``."""
    return charter.rules.version(Repairs, on=local_day(at), territory=territory).body


def rule_if_any(charter: Charter, territory: str, at: datetime) -> Repairs | None:
    """The same; ``None`` in a territory that has no such rule: faults are then taken one by one."""
    try:
        return rule_for(charter, territory, at)
    except NoRuleInForce:
        return None


def district(unit_path: str) -> str:
    """Within which units crews go to each other's faults: the unit above this one, and all below it.

    >>> district("HN/BS/BS-W/"), district("BS/")
    ('HN/BS/', 'BS/')
    """
    parts = unit_path.rstrip("/").split("/")
    return "/".join(parts[:-1] or parts) + "/"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case or an incident that no crew was sent to."""

    case: int | None
    incident: int | None
    transformer: int | None
    locality: str
    first_class: str
    is_wide: bool


def crews_on_duty(unit_path: str, at: datetime) -> tuple[Crew, ...]:
    """Crews of the district that are on duty at the time, with ``in_hand``."""
    return tuple(_ON_DUTY(at, *Scope(district(unit_path)).bounds))


_ON_DUTY: Reading[Crew] = Reading(
    lambda at, length, prefix: (
        within(Crew.objects.exclude(state="OFF"), "unit__path", length, prefix)
        .filter(on_duty_from__lte=at, on_duty_to__gt=at)
        .annotate(in_hand=Count("jobs", filter=Q(jobs__ended_at__isnull=True)))
        .order_by("code")
    ),
    datetime, int, str,
)  # fmt: skip


def standings(crews: Iterable[Crew], at: datetime) -> list[CrewStanding]:
    """Crews as ``calc.dispatch`` takes them; they carry ``in_hand``."""
    return [
        CrewStanding(
            row.code, _spot(row.longitude_e6, row.latitude_e6),
            int((at - row.placed_at).total_seconds() // 60) if row.placed_at else 0,
            frozenset(row.skills.split()), row.in_hand,  # type: ignore[attr-defined]
        )
        for row in crews
    ]  # fmt: skip


def ranking(
    one: Waiting, crews: Sequence[CrewStanding], rule: Repairs, spots: dict[int, Spot | None]
) -> tuple[Ranked, ...]:
    """The crews for what waits, the first the one proposed. What lies behind a switch or a feeder is high voltage."""
    terms = rule.proposing
    pacing = Pacing(
        terms.pace(one.locality), terms.minutes_a_job, terms.minutes_unplaced, terms.place_holds_minutes
    )  # fmt: skip
    skill = "HIGH_VOLTAGE" if one.is_wide else terms.skill(one.first_class)
    spot = spots.get(one.transformer) if one.transformer is not None else None
    return rank(Fault(spot, skill), crews, pacing)


def spots_of(waiting: Iterable[Waiting]) -> dict[int, Spot | None]:
    """Where the transformers of what waits stand."""
    ids = {one.transformer for one in waiting if one.transformer is not None}
    found = faults.transformer_spots(ids) if ids else {}
    return {pk: _spot(one.longitude_e6, one.latitude_e6) for pk, one in found.items()}


def of_case(row: Case) -> Waiting:
    """A case as something that waits."""
    return Waiting(row.pk, None, row.transformer_id, row.locality, row.first_class, is_wide=False)


def of_incident(row: RepairIncident) -> Waiting:
    """An incident as something that waits: where its first case is."""
    first = Case.objects.filter(incident_member__incident=row).order_by("opened_at", "id").first()
    place = row.transformer_id or (first.transformer_id if first else None)
    return Waiting(
        None, row.pk, place, first.locality if first else "", first.first_class if first else "",
        is_wide=row.level != "TRANSFORMER",
    )  # fmt: skip


def propose(waiting: Sequence[Waiting], unit_path: str, rule: Repairs, *, because: str, at: datetime) -> int:
    """Write down the crew now proposed for each of these, where it is another one than before; returns how many are."""
    if not waiting:
        return 0
    crews = crews_on_duty(unit_path, at)
    if not crews and because == "OPENED":
        return 0
    known, standing, spots = {row.code: row.pk for row in crews}, standings(crews, at), spots_of(waiting)
    before = _last(waiting)
    made = []
    for one in waiting:
        ranked = ranking(one, standing, rule, spots)
        first = next((each for each in ranked if each.is_able), None)
        crew = known[first.code] if first else None
        if before.get((one.case, one.incident), _NEVER) != crew:
            made.append(
                CrewProposal(
                    crew_id=crew, case_id=one.case, incident_id=one.incident, at=at, because=because,
                    travel_m=first.travel_m if first else None, minutes=first.minutes if first else None,
                )
            )  # fmt: skip
    CrewProposal.objects.bulk_create(made)
    return len(made)


_NEVER = -1


def propose_again(unit_path: str, charter: Charter, territory: str, *, because: str, at: datetime) -> int:
    """Look again at everything of the district that waits for a crew, because something about crews changed."""
    rule = rule_if_any(charter, territory, at)
    if rule is None:
        return 0
    scope = Scope(district(unit_path))
    cases = scope.limit(
        Case.objects.filter(process=rule.steps.process, state="OPEN", step=rule.steps.dispatch), "unit__path"
    )
    cases = cases.exclude(incident_member__incident__state="OPEN")
    incidents = scope.limit(RepairIncident.objects.filter(state="OPEN"), "unit__path")
    incidents = incidents.exclude(jobs__ended_at__isnull=True, jobs__isnull=False)
    waiting = [of_incident(row) for row in incidents.order_by("opened_at", "id")[:MOST_WAITING]]
    waiting += [of_case(row) for row in cases.order_by("opened_at", "id")[:MOST_WAITING]]
    return propose(waiting, unit_path, rule, because=because, at=at)


def _last(waiting: Sequence[Waiting]) -> dict[tuple[int | None, int | None], int | None]:
    cases = [one.case for one in waiting if one.case is not None]
    incidents = [one.incident for one in waiting if one.incident is not None]
    rows = CrewProposal.objects.filter(Q(case__in=cases) | Q(incident__in=incidents))
    newest = rows.values("case", "incident").annotate(newest=Max("id")).values("newest")
    found = CrewProposal.objects.filter(pk__in=newest).values_list("case", "incident", "crew")
    return {(case, incident): crew for case, incident, crew in found}


def _spot(longitude: int | None, latitude: int | None) -> Spot | None:
    return Spot(longitude, latitude) if longitude is not None and latitude is not None else None
