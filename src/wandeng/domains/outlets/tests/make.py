"""A small county on a road: a town with a hall, villages along the way, one beyond the river without any road."""

from __future__ import annotations

from datetime import date

from wandeng.domains.organization.models import Unit
from wandeng.domains.outlets.models import Outlet, RoadEdge, RoadMap, RoadNode, Settlement
from wandeng.infra import ids

SINCE = date(2025, 1, 1)
NORTH = 26_500_000
STEP = 30_000
"""Degrees 10⁻⁶ between two nodes: 2,985 m as the crow flies at that latitude."""
SETTLEMENTS = (
    ("C0", "县城社区", "X0", "CITY", 0, 5_000, 1_700),
    ("C1", "新华村", "X1", "RURAL", 1, 400, 130),
    ("C2", "河西村", "X2", "RURAL", 2, 300, 100),
    ("C3", "高岭村", "X3", "RURAL", 3, 200, 60),
    ("C4", "对岸村", "X4", "RURAL", 4, 100, 30),
)  # fmt: skip


def county() -> None:
    """Nodes J0 to J4 from west to east, 3 km of village road between them, none to J4; a hall at J0, an agent at J1 that sells
    nothing but advice. C0 and C1 belong to BS-W, the others to BS-E."""
    units = {one.code: one for one in Unit.objects.all()}
    made = RoadMap(id=1, code="LW", name="路网", unit=units["BS"], valid_from=SINCE, source="测试")
    made.save(force_insert=True)
    for at in range(5):
        place = {"longitude_e6": 111_600_000 + at * STEP, "latitude_e6": NORTH}
        RoadNode(id=at + 1, road_map=made, code=f"J{at}", **place).save(force_insert=True)
    for at in range(3):
        RoadEdge(
            id=at + 1, road_map=made, code=f"R{at}", tail_id=at + 1, head_id=at + 2, length_m=3_000,
            road_class="MAIN" if at == 0 else "VILLAGE",
        ).save(force_insert=True)  # fmt: skip
    first = ids.reserve(Settlement, len(SETTLEMENTS))
    for number, (code, name, village, area, at, people, customers) in enumerate(SETTLEMENTS):
        Settlement(
            id=first + number, code=code, name=name, unit=units["BS-W" if at < 2 else "BS-E"], village=village, area=area,
            longitude_e6=111_600_000 + at * STEP, latitude_e6=NORTH, people=people, customers=customers,
        ).save(force_insert=True)  # fmt: skip
    outlet("P0", units["BS-W"], 0, "PAY,PREPAY,INVOICE", kind="HALL", hours="12345 08:30-12:00,14:00-17:30;6 09:00-12:00",
           open_on="WORKING_DAYS")  # fmt: skip
    outlet("P1", units["BS-W"], 1, "PREPAY,ADVICE")


def outlet(
    code: str, unit: Unit, at: int, services: str, *, kind: str = "AGENT", hours: str = "1234567 07:00-21:00",
    open_on: str = "EVERY_DAY",
) -> Outlet:  # fmt: skip
    """An outlet at a node."""
    row = Outlet(
        id=ids.reserve(Outlet, 1), code=code, name=f"网点{code}", kind=kind, unit=unit, address="路边", services=services,
        longitude_e6=111_600_000 + at * STEP, latitude_e6=NORTH, hours=hours, open_on=open_on, valid_from=SINCE,
    )  # fmt: skip
    row.save(force_insert=True)
    return row
