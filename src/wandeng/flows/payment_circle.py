"""The payment circle with the vehicles (十分钟缴费圈与村村设点): where service vehicles stop counts for villages without a point; and each
month's circle of every county computed by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from wandeng.domains.appointments.queries import ahead
from wandeng.domains.organization import queries as organization
from wandeng.domains.outlets import actions, queries
from wandeng.domains.outlets.types import VehicleStop
from wandeng.infra import jobs
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.periods import BILLING_ZONE

MONTHLY = "circle.monthly"
Clock = Callable[[], datetime]


def compute(
    *,
    unit_code: str,
    actor: Actor,
    at: datetime,
    name: str = "",
    added: Sequence[str] = (),
    closed: Sequence[str] = (),
    on: date | None = None,
    library: RuleLibrary | None = None,
) -> int:
    """Compute a unit's circle of a day (default: today), or a scenario of it, and keep it. Returns its id.

    Vehicles count that stop within the days of the rule from now on. Raises as ``outlets.actions.compute``.
    """
    day = on or at.astimezone(BILLING_ZONE).date()
    ahead_days = queries.vehicle_days(day, library=library)
    stops = [
        VehicleStop(one.longitude_e6, one.latitude_e6)
        for one in ahead.stops_ahead(from_at=at, to_at=at + timedelta(days=ahead_days))
        if one.longitude_e6 is not None and one.latitude_e6 is not None
    ]
    return actions.compute(
        unit_code=unit_code, on=day, stops=stops, actor=actor, at=at, name=name, added=added, closed=closed, library=library
    )  # fmt: skip


def monthly(*, at: datetime, library: RuleLibrary | None = None) -> tuple[int, ...]:
    """The circle of every unit that has a road map of its own, once a month: one that was computed in the month is not computed
    again. Returns the ids of those computed now."""
    on = at.astimezone(BILLING_ZONE).date()
    made = []
    for code in queries.units_with_roads(on=on):
        known = queries.latest_circle(Scope.everywhere(), code)
        if known is not None and queries.circle(Scope.everywhere(), known).on >= on.replace(day=1):
            continue
        if queries.has_settlements(Scope(organization.unit(Scope.everywhere(), code).path)):
            made.append(compute(unit_code=code, actor=SYSTEM, at=at, library=library))
    return tuple(made)


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def run(_payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        jobs.extend(held, now=clock())
        return {"circles": len(monthly(at=clock()))}

    return {MONTHLY: run}
