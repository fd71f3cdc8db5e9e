"""What a morning finds on the desks of the demonstration: work that is under way."""

from __future__ import annotations

from datetime import datetime, timedelta

from wandeng.domains.metering import actions as metering
from wandeng.domains.metering import queries as readings
from wandeng.domains.network import actions as switching
from wandeng.domains.network import queries as network
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

ORDERS = 3
TIE = "-TIE"


def leave_work(now: datetime) -> None:
    """Doubtful readings of the newest days ordered to be read again, and a feeder's end fed from its neighbour since
    yesterday. Twice is once."""
    if not readings.rereads_rows(Scope.everywhere()).exists():
        _order_rereads(now)
    if not network.operations_rows(Scope.everywhere()).exists():
        _feed_an_end_from_its_neighbour(now - timedelta(hours=20))


def _order_rereads(now: datetime) -> None:
    held = readings.held_rows(Scope.everywhere()).order_by("-read_on", "id")
    due_on = now.astimezone(BILLING_ZONE).date() + timedelta(days=2)
    for row in list(held[:ORDERS]):
        metering.order_reread(
            reading_id=row["id"], due_on=due_on, actor=SYSTEM, at=now, reason="示数与往月相差太多，请到现场核对"
        )


def _feed_an_end_from_its_neighbour(at: datetime) -> None:
    """Close a tie, then open the last section switch before it; nobody is without power for a moment."""
    everywhere, on = Scope.everywhere(), at.astimezone(BILLING_ZONE).date()
    rows = network.switches_rows(everywhere).filter(kind="LOAD_BREAK_SWITCH").order_by("code")
    ties = {row["feeder_code"]: row for row in rows if row["code"].endswith(TIE)}
    sections = [row for row in rows if not row["normal_open"] and row["feeder_code"] in ties]
    if not sections:
        return
    feeder = sections[0]["feeder_code"]
    # The section switch with the fewest behind it is the last before the tie.
    last = min(
        (row for row in sections if row["feeder_code"] == feeder),
        key=lambda row: network.switch_view(everywhere, row["code"], on=on).current.transformers,
    )
    for moved, is_open, later in ((ties[feeder], False, 0), (last, True, 2)):
        switching.record_switching(
            switch=network.switch_view(everywhere, moved["code"], on=on).id,
            is_open=is_open,
            at=at + timedelta(minutes=later),
            actor=SYSTEM,
            reason="线路检修，末段转由邻线供电",
        )
