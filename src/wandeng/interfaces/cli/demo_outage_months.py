"""What a demonstration shows of month plans: next month's works of a few feeders, asked for on days of their own, two of them with
one crew at the same time, gathered and searched.

Everything goes through the product's own actions.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.outages.actions import months
from wandeng.domains.outages.queries import months as queries
from wandeng.domains.outages.types import (
    Isolation,
    IsolationKind,
    LiveLine,
    OutageReason,
    PlanRequest,
    Work,
    WorkKind,
)
from wandeng.flows import outage_months, outage_plans
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE, Month

EVERYWHERE = Scope.everywhere()
PLANNER = "dispatch1"
FEEDERS, A_FEEDER = 4, 3
TRIED = 12
WORK, SECONDS = 4, 20
WORKS = (
    ("分段开关更换", "配电一班", WorkKind.GRID, 7),
    ("台区增容改造", "配电二班", WorkKind.GRID, 5),
    ("用户专变接入", "", WorkKind.CUSTOMER, 4),
)
DAYS = (9, 14, 20, 11, 16, 23, 9, 18, 25, 12, 21, 26)


def leave_months(now: datetime, library: RuleLibrary) -> int:
    """A month plan with a searched solution; returns how many outages it places. Done once."""
    today = now.astimezone(BILLING_ZONE).date()
    month, planner = Month.of(today).next(), organization.actor_for(PLANNER, today)
    if not queries.months_rows(EVERYWHERE).exists() and _ask(month, planner, now, library):
        root = organization.unit_tree(Scope.of(planner))[0]
        plan = months.new(
            unit_code=root.code, month=month, announced_on=today + timedelta(days=1), live_crews=1, actor=planner,
            at=now, library=library,
        )  # fmt: skip
        outage_months.solve(
            plan_id=plan, seconds=SECONDS, work=WORK, actor=planner, clock=lambda: now, library=library
        )  # fmt: skip
    return sum(row["placeable"] for row in queries.months_rows(EVERYWHERE))


def _ask(month: Month, planner: Actor, now: datetime, library: RuleLibrary) -> int:
    """Drafts of works on a few feeders; how many."""
    units = {one.unit_id: one.code for one in organization.unit_tree(Scope.of(planner))}
    made = feeders = 0
    for feeder, unit in network.feeders_rows(EVERYWHERE).order_by("code").values_list("code", "unit_id"):
        if feeders == FEEDERS or unit not in units:
            continue
        rows = network.switches_rows(EVERYWHERE).filter(feeder_code=feeder, normal_open=False).order_by("code")
        asked = 0
        for switch in rows.values_list("code", flat=True)[:TRIED]:
            if asked < A_FEEDER and _draft(switch, units[unit], month, made, asked, planner, now, library):
                made, asked = made + 1, asked + 1
        feeders += bool(asked)
    return made


def _draft(
    switch: str, unit: str, month: Month, number: int, kind: int, planner: Actor, now: datetime, library: RuleLibrary
) -> bool:  # fmt: skip
    """A draft of a work behind the switch; whether it interrupts anybody."""
    what, crew, side, hours = WORKS[kind]
    on = date(month.year, month.number, DAYS[number % len(DAYS)])
    begins = datetime.combine(on, time(8, 0), BILLING_ZONE)
    asked = PlanRequest(
        unit_code=unit, title=f"{switch} {what}",
        reason=OutageReason.CUSTOMER if side is WorkKind.CUSTOMER else OutageReason.CONSTRUCTION,
        starts_at=begins, ends_at=begins + timedelta(hours=hours),
        isolation=(Isolation(IsolationKind.OPEN, switch),), works=(Work(side, crew or "用户施工队", what, crew),),
        live_line=LiveLine.POSSIBLE if number % 5 == 1 else LiveLine.NONE,
    )  # fmt: skip
    try:
        outage_plans.draft(request=asked, actor=planner, at=now, library=library)
    except Refused:
        return False
    return True
