"""What a demonstration shows of outage plans: one published, another that wants the same crew and areas at the same time, two that
want the same tie, one that would be an area's fifth of the year, one changed after it was told, one canceled.

Everything goes through the product's own actions, at the times at which people would have done it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import plans
from wandeng.domains.outages.types import Isolation, IsolationKind, OutageReason, PlanRequest, Work, WorkKind
from wandeng.flows import outage_plans
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
PLANNER = "dispatch1"
BEGINS, ENDS = time(12, 0), time(17, 0)
"""Neither the morning nor the evening peak."""
TRIED = 200
"""Switches that are looked at for plans; most of a county's serve."""
MOST_AREAS = 60


CREW = "配电一班"
"""Wanted twice at once."""
AHEAD = timedelta(days=12)
WANTED = 3
Points = tuple[Isolation, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A switch behind which a plan may be told in good order."""

    switch: str
    feeder_name: str
    unit_code: str


def leave_outages(now: datetime, library: RuleLibrary) -> int:
    """Outage plans in every stage, two of them in conflict; returns how many there are. Done once."""
    if not queries.plans_rows(EVERYWHERE).exists():
        chosen = _switches(now, library)
        for leave in (_conflict, _changed, _canceled):
            if chosen:
                leave(chosen, now, library)
        _tie_twice(now, library)
        _once_more(now, library)
    return queries.plans_rows(EVERYWHERE).count()


def _conflict(chosen: list[Place], now: datetime, library: RuleLibrary) -> None:
    """A published plan, and the draft of another work behind the same switch, which wants the same crew at the same hours."""
    place = chosen.pop(0)
    on = _day(now) + AHEAD
    _published(_request(place, on, "分段开关后段更换避雷器", CREW), now, now, library)
    other = _request(place, on, "低压线路改造接入", CREW, begins=time(14, 0), ends=time(18, 0))
    outage_plans.draft(request=other, actor=_planner(now), at=now, library=library)


def _tie_twice(now: datetime, library: RuleLibrary) -> None:
    """A published plan that feeds the end of a feeder through its tie, and the draft of another that wants the same tie then; in a
    county without a feeder that a tie can help there is none."""
    on = _day(now) + AHEAD + timedelta(days=2)
    found = next(_with_ties(on, now, library), None)
    if found:
        place, points = found
        _published(_request(place, on, "主干线绝缘化改造", "配电三班", points=points), now, now, library)
        other = _request(
            place, on, "分段开关加装", "配电四班", begins=time(15, 0), ends=time(18, 30), points=points
        )  # fmt: skip
        outage_plans.draft(request=other, actor=_planner(now), at=now, library=library)


def _with_ties(on: date, now: datetime, library: RuleLibrary) -> Iterator[tuple[Place, Points]]:
    """Feeders with two switches to open and a tie to close, so that what lies between is off and the end is fed by the tie."""
    units = {one.unit_id: one for one in organization.unit_tree(EVERYWHERE)}
    feeders = dict(network.feeders_rows(EVERYWHERE).values_list("code", "unit_id"))
    rows = network.switches_rows(EVERYWHERE).order_by("code")
    lines: dict[str, tuple[Place, list[str], list[str]]] = {}
    for switch, feeder, name, is_tie in rows.values_list("code", "feeder_code", "feeder_name", "normal_open"):
        place = Place(switch, name, units[feeders[feeder]].code)
        _place, ties, others = lines.setdefault(feeder, (place, [], []))
        (ties if is_tie else others).append(switch)
    tried = 0
    for feeder, (place, ties, others) in lines.items():
        if not ties or not organization.holders(units[feeders[feeder]].path, Role.CELL_MANAGER, _day(now)):
            continue
        for far in others[1:]:
            tried += 1
            points = (*_opened(others[0], far), Isolation(IsolationKind.CLOSE, ties[0]))
            if tried <= TRIED // 4 and _is_fine(_request(place, on, "检修", "", points=points), now, library):
                yield place, points


def _once_more(now: datetime, library: RuleLibrary) -> None:
    """A draft for the area that had most planned outages this year: one too many, where it had as many as are allowed."""
    root = next(one.code for one in organization.unit_tree(Scope.of(_planner(now))))
    shares = queries.fairness(Scope.of(_planner(now)), unit_code=root, on=_day(now), library=library)
    most = next((one for one in shares.rows if one.whole >= shares.most_planned), None)
    if most is None:
        return
    units = {one.unit_id: one.code for one in organization.unit_tree(EVERYWHERE)}
    feeders = {name: units[unit] for name, unit in network.feeders_rows(EVERYWHERE).values_list("name", "unit_id")}
    place = Place("", most.feeder_name, feeders[most.feeder_name])
    points = (Isolation(IsolationKind.OUT, most.code),)
    asked = _request(
        place, _day(now) + AHEAD + timedelta(days=1), f"{most.name}台区更换配变", "配电二班", points=points
    )
    try:
        outage_plans.draft(request=asked, actor=_planner(now), at=now, library=library)
    except Refused:
        return


def _changed(chosen: list[Place], now: datetime, library: RuleLibrary) -> None:
    """A plan that was told and then put off: a change that waits for approval."""
    place = chosen.pop(0)
    on = _day(now) + timedelta(days=16)
    asked = _request(place, on, "柱上开关检修", "配电二班")
    number = _published(asked, now - timedelta(days=2), now, library)
    later = _request(place, on + timedelta(days=3), "柱上开关检修", "配电二班")
    outage_plans.change(
        number=number, request=later, reason="天气预报有雨，顺延三天", actor=_planner(now), at=now, library=library
    )


def _canceled(chosen: list[Place], now: datetime, library: RuleLibrary) -> None:
    """A plan of last week that was called off after it had been told: it counts against fulfilment."""
    place = chosen.pop(0)
    told = now - timedelta(days=20)
    asked = _request(place, _day(now) - timedelta(days=4), "更换跌落式熔断器", "配电二班")
    number = _published(asked, told, now, library)
    plans.cancel(number=number, reason="物资未到货", actor=_planner(now), at=now - timedelta(days=8))


def _published(asked: PlanRequest, at: datetime, now: datetime, library: RuleLibrary) -> str:
    planner = _planner(now)
    number = outage_plans.draft(request=asked, actor=planner, at=at, library=library)
    found = queries.plan(EVERYWHERE, number, on=_day(at), library=library)
    for finding in found.standing.open_warnings:
        plans.acknowledge(number=number, code=finding.code, reason="已与用户和班组核实", actor=planner, at=at)
    plans.submit(number=number, actor=planner, at=at, library=library)
    left: str = found.standing.levels[0]
    while left:
        decider = _decider(left, found.unit_path, _day(now))
        left = plans.approve(number=number, note="同意", actor=decider, at=at, library=library)
    plans.publish(number=number, actor=planner, at=at, library=library)
    return number


def _decider(level: str, unit_path: str, on: date) -> Actor:
    role = {"STATION": Role.CELL_MANAGER, "COUNTY": Role.COUNTY_MANAGER, "CITY": Role.PROVINCIAL_MANAGER}[level]
    return organization.actor_for(organization.holders(unit_path, role, on)[0], on)


def _planner(now: datetime) -> Actor:
    return organization.actor_for(PLANNER, _day(now))


def _switches(now: datetime, library: RuleLibrary) -> list[Place]:
    """Switches with their offices by which a plan may be told in good order: some areas, nothing that forbids it."""
    on = _day(now)
    units = {one.unit_id: one for one in organization.unit_tree(EVERYWHERE)}
    feeders = dict(network.feeders_rows(EVERYWHERE).values_list("code", "unit_id"))
    rows = network.switches_rows(EVERYWHERE).filter(normal_open=False).order_by("-code")
    chosen: list[Place] = []
    taken: set[str] = set()
    for switch, feeder, name in rows.values_list("code", "feeder_code", "feeder_name")[:TRIED]:
        place = Place(switch, name, units[feeders[feeder]].code)
        if feeder in taken or not organization.holders(units[feeders[feeder]].path, Role.CELL_MANAGER, on):
            continue
        if _is_fine(_request(place, on + AHEAD, "检修", ""), now, library):
            taken.add(feeder)
            chosen.append(place)
        if len(chosen) == WANTED:
            break
    return chosen


def _is_fine(asked: PlanRequest, now: datetime, library: RuleLibrary) -> bool:
    """Whether a plan switches some areas off and nothing forbids it."""
    try:
        found = outage_plans.preview(Scope.of(_planner(now)), asked, now=now, library=library)
    except Refused:
        return False
    return len(found.areas) < MOST_AREAS and not any(one.severity == "REFUSES" for one in found.findings)


def _request(
    place: Place, on: date, what: str, crew: str, *, begins: time = BEGINS, ends: time = ENDS, points: Points = ()
) -> PlanRequest:  # fmt: skip
    """A work behind the switch of a place, or between ``points``."""
    return PlanRequest(
        unit_code=place.unit_code, title=f"{place.feeder_name}{what}", reason=OutageReason.MAINTENANCE,
        starts_at=datetime.combine(on, begins, BILLING_ZONE), ends_at=datetime.combine(on, ends, BILLING_ZONE),
        isolation=points or _opened(place.switch), works=(Work(WorkKind.GRID, "配电运检班", what, crew),),
    )  # fmt: skip


def _opened(*switches: str) -> Points:
    return tuple(Isolation(IsolationKind.OPEN, one) for one in switches)


def _day(at: datetime) -> date:
    return at.astimezone(BILLING_ZONE).date()
