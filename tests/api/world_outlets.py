"""An outlet, roads and a payment circle of the west, for the world of the tests of the API."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from wandeng.domains.boards import actions as boards
from wandeng.domains.halls import actions as halls
from wandeng.domains.halls.actions import TicketWanted
from wandeng.domains.network.queries import labels
from wandeng.domains.organization.models import Unit
from wandeng.domains.outlets import actions as circles
from wandeng.domains.outlets.models import Outlet, OutletException, RoadMap, RoadNode, Settlement
from wandeng.infra import ids
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor

KEEPER = Actor("adm-w", unit_path="BS/BS-W/", roles=frozenset({"CELL_MANAGER"}))


def build() -> dict[str, Any]:
    """An outlet of the west with an exception, its roads and village, and a payment circle of it."""
    west, place = Unit.objects.get(code="BS-W"), {"longitude_e6": 111_600_000, "latitude_e6": 26_500_000}
    outlet = Outlet.objects.create(
        id=ids.reserve(Outlet, 1), code="WD-W", name="网点", kind="AGENT", unit=west, address="路边", services="PAY",
        hours="1234567 07:00-21:00", open_on="EVERY_DAY", valid_from=date(2025, 1, 1), **place,
    )  # fmt: skip
    hall = Outlet.objects.create(
        id=ids.reserve(Outlet, 1), code="YYT-W", name="营业厅", kind="HALL", unit=west, address="路边", services="PAY",
        hours="1234567 07:00-21:00", open_on="EVERY_DAY", valid_from=date(2025, 1, 1), **place,
    )  # fmt: skip
    ticket = halls.take(outlet_code=hall.code, wanted=TicketWanted("PAY"), actor=SYSTEM, at=datetime.now(UTC))
    halls.open_counter(outlet_code=hall.code, counter="1", is_accessible=False, actor=SYSTEM, at=datetime.now(UTC))
    exception = OutletException.objects.create(
        id=ids.reserve(OutletException, 1), outlet=outlet, from_on=date(2030, 1, 1), to_on=date(2030, 1, 2), reason="盘点",
        set_by="system", set_at=datetime.now(UTC),
    )  # fmt: skip
    roads = RoadMap.objects.create(
        id=ids.reserve(RoadMap, 1), code="LW-W", name="路网", unit=west, valid_from=date(2025, 1, 1), source="测试"
    )
    RoadNode.objects.create(id=ids.reserve(RoadNode, 1), road_map=roads, code="J1", **place)
    Settlement.objects.create(
        id=ids.reserve(Settlement, 1), code="C-W", name="新华村", unit=west, village="X1", area="RURAL", people=10,
        customers=4, **place,
    )  # fmt: skip
    circle = circles.compute(unit_code="BS-W", on=date(2026, 3, 5), stops=(), actor=SYSTEM, at=datetime.now(UTC))
    board = boards.put_up(area=labels.public_areas(Scope(west.path))[0].code, actor=KEEPER, at=datetime.now(UTC))
    boards.set_card(person="hall-w", title="营业员", phone="95598", actor=KEEPER, at=datetime.now(UTC))
    return {
        "board": board,
        "hall": hall.code,
        "queue_ticket": ticket,
        "outlet": outlet.code,
        "outlet_exception": exception.pk,
        "circle": circle,
    }
