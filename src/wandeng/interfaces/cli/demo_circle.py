"""What a demonstration shows of outlets: the payment circle of the county as it is, the same with the next three points, and a hall that is
closed for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from wandeng.domains.outlets import actions, queries
from wandeng.domains.outlets.types import OutletKind
from wandeng.flows import payment_circle
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()


def leave_circles(now: datetime, library: RuleLibrary) -> int:
    """The circle, a scenario of it, a day with other hours; returns how many circles there are. Done once."""
    on = now.astimezone(BILLING_ZONE).date()
    roads = queries.units_with_roads(on=on)
    if roads and not queries.circles_rows(EVERYWHERE).exists():
        made = payment_circle.compute(unit_code=roads[0], actor=SYSTEM, at=now, library=library)
        proposed = [one.settlement_code for one in queries.circle(EVERYWHERE, made).points]
        if proposed:
            payment_circle.compute(
                unit_code=roads[0], actor=SYSTEM, at=now, name="增设建议的网点", added=proposed, library=library
            )
        halls = queries.outlets_rows(EVERYWHERE).filter(kind=OutletKind.HALL.value, valid_to__isnull=True)
        hall = halls.order_by("-code").values_list("code", flat=True).first()
        if hall is not None:
            day = on + timedelta(days=2)
            actions.set_exception(
                code=hall, from_on=day, to_on=day + timedelta(days=1), hours_text="", reason="线路检修，停电一天",
                actor=SYSTEM, at=now,
            )  # fmt: skip
    return queries.circles_rows(EVERYWHERE).count()
