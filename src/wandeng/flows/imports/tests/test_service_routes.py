"""Routes of vehicles from a file, a stop a row: what is sound lands, what is not waits with its reason and can be mended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wandeng.domains.appointments.actions import routes, running
from wandeng.domains.appointments.models import RouteRun, RouteStop, ServiceRoute
from wandeng.domains.appointments.tests import make
from wandeng.domains.cases.tests import make as cases
from wandeng.flows.imports import intake
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.models import ImportBatch, ParkedRow
from wandeng.kernel.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "线路编号,线路名称,单位,车辆编号,起始日期,星期,每几周,开行日,站序,停靠点,到达时刻,离开时刻,可约人数,地址,经度,纬度\n"
ROUTE = "R5,石桥线,c01,V1,2026-10-12,{days},1,工作日,"
FIRST = ROUTE + "1,石桥村,09:00,10:00,4,村委会,112.000001,26.5\n"
SECOND = ROUTE + "2,新塘小区,10:30,11:30,6,,,\n"
BOTH = (FIRST + SECOND).format(days="周三")
STORED = ("place", "name", "from_minute", "to_minute", "capacity", "longitude_e6")


@pytest.fixture(autouse=True)
def vehicle() -> None:
    cases.county()
    make.vehicle()  # V1 drives R1 on Tuesdays, 09:00–12:00


def bring(folder: Path, text: str, actor: Actor = SYSTEM) -> Outcome:
    path = folder / "线路.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return intake.take_in("service-routes", path, actor=actor, clock=lambda: make.NOW)


def counted(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.counts.created, outcome.counts.changed, outcome.counts.unchanged, outcome.counts.parked


def stops(route: str = "R5") -> list[tuple[object, ...]]:
    return list(RouteStop.objects.filter(route__code=route).order_by("place").values_list(*STORED))


def test_a_route_comes_in_with_its_stops_and_is_driven(tmp_path: Path) -> None:
    assert counted(bring(tmp_path, BOTH)) == (2, 0, 0, 0)
    assert stops() == [(1, "石桥村", 540, 600, 4, 112_000_001), (2, "新塘小区", 630, 690, 6, None)]
    running.plan_ahead(on=make.TODAY, library=make.rules())
    assert RouteRun.objects.filter(route__code="R5").order_by("on").first().on == date(2026, 10, 14)  # a Wednesday


def test_the_same_rows_again_change_nothing_and_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    bring(tmp_path, BOTH)
    before = list(RouteStop.objects.order_by("id").values()), list(ServiceRoute.objects.order_by("id").values())
    assert counted(bring(tmp_path, BOTH + "\n")) == (0, 0, 2, 0)
    assert counted(bring(tmp_path, BOTH.replace("村委会,112.000001,26.5", ",,"))) == (0, 0, 2, 0)
    assert before == (
        list(RouteStop.objects.order_by("id").values()), list(ServiceRoute.objects.order_by("id").values()),
    )  # fmt: skip


def test_stops_move_together_and_names_change(tmp_path: Path) -> None:
    bring(tmp_path, BOTH)
    # The first stop ends when the second used to be half over: judged by what both would be.
    later = (
        BOTH.replace("10:30,11:30", "11:30,12:30").replace("09:00,10:00", "10:00,11:00").replace("石桥线", "石桥巡回线")
    )
    assert counted(bring(tmp_path, later)) == (0, 2, 0, 0)
    assert [one[2:4] for one in stops()] == [(600, 660), (690, 750)]
    assert ServiceRoute.objects.get(code="R5").name == "石桥巡回线"


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        (FIRST.format(days="周八"), "UNKNOWN_VALUE", "weekdays"),
        (FIRST.format(days="3").replace("09:00", "9点"), "NOT_A_TIME", "from"),
        (FIRST.format(days="3").replace("10:00", "24:30"), "NOT_A_TIME", "to"),
        (FIRST.format(days="3").replace("10:00", "08:30"), "NOT_FORWARD", "to"),
        (FIRST.format(days="3").replace("c01", "xx"), "UNKNOWN_REFERENCE", "unit"),
        (FIRST.format(days="3").replace("V1", "V9"), "UNKNOWN_REFERENCE", "vehicle"),
        (FIRST.format(days="3").replace(",26.5", ","), "REQUIRED", "longitude"),
        (FIRST.format(days="3").replace("村,09", "村,09").replace(",4,", ",0,"), "OUT_OF_RANGE", "capacity"),
        (FIRST.format(days="周二"), "VEHICLE_TAKEN", "vehicle"),
    ],
)
def test_what_is_wrong_is_parked_with_its_reason(tmp_path: Path, line: str, code: str, column: str) -> None:
    assert counted(bring(tmp_path, line)) == (0, 0, 0, 1)
    found = ParkedRow.objects.get().findings
    assert f'"{code}"' in found
    assert f'"{column}"' in found
    assert not ServiceRoute.objects.filter(code="R5").exists()


def test_a_bad_row_waits_alone_and_lands_once_it_is_mended(tmp_path: Path) -> None:
    outcome = bring(tmp_path, BOTH.replace("10:30,11:30", "10:30,11点半"))
    assert counted(outcome) == (1, 0, 0, 1)
    assert [one[1] for one in stops()] == ["石桥村"]
    batch = ImportBatch.objects.get(pk=outcome.batch)
    parked = ParkedRow.objects.get(batch=batch)
    intake.mend(batch.pk, parked.line, {"to": "11:30"}, actor=SYSTEM, clock=lambda: make.NOW)
    intake.retry(batch.pk, actor=SYSTEM, clock=lambda: make.NOW)
    assert [one[1] for one in stops()] == ["石桥村", "新塘小区"]
    assert not ParkedRow.objects.filter(state="PARKED").exists()


def test_a_route_whose_stops_would_overlap_waits_whole_and_leaves_what_stands(tmp_path: Path) -> None:
    bring(tmp_path, BOTH)
    assert counted(bring(tmp_path, BOTH.replace("09:00,10:00", "09:00,11:00"))) == (0, 0, 0, 2)
    # One row alone is judged against the stop that stands: 11:00 lies after 10:30.
    alone = FIRST.format(days="周三").replace("09:00,10:00", "09:00,11:00")
    assert counted(bring(tmp_path, alone)) == (0, 0, 0, 1)
    assert [one[2:4] for one in stops()] == [(540, 600), (630, 690)]
    assert '"OVERLAPS"' in ParkedRow.objects.order_by("-id").first().findings


def test_of_two_new_routes_that_need_one_vehicle_the_later_waits(tmp_path: Path) -> None:
    other = BOTH.replace("R5,石桥线", "R6,长滩线")
    assert counted(bring(tmp_path, BOTH + other)) == (2, 0, 0, 2)
    assert ServiceRoute.objects.filter(code__in=["R5", "R6"]).get().code == "R5"


def test_days_vehicle_and_end_of_a_known_route_are_not_changed_by_a_file(tmp_path: Path) -> None:
    bring(tmp_path, BOTH)
    assert counted(bring(tmp_path, BOTH.replace("周三", "周四"))) == (0, 0, 0, 2)
    assert {"NOT_BY_IMPORT" in one.findings for one in ParkedRow.objects.all()} == {True}
    assert ServiceRoute.objects.get(code="R5").weekdays == "3"


def test_rows_of_a_route_that_contradict_each_other_do_not_both_land(tmp_path: Path) -> None:
    odd = FIRST.format(days="周三") + SECOND.format(days="周四")
    assert counted(bring(tmp_path, odd)) == (1, 0, 0, 1)
    assert "CONTRADICTS" in ParkedRow.objects.get().findings


def test_weekdays_are_read_as_people_write_them(tmp_path: Path) -> None:
    for code, days in (("R7", "周一、周三，星期五"), ("R8", "4 6"), ("R9", "日")):
        line = FIRST.format(days=f'"{days}"').replace("R5", code).replace("09:00,10:00", f"1{code[1]}:00,1{code[1]}:30")
        assert counted(bring(tmp_path, line)) == (1, 0, 0, 0)
    found = dict(ServiceRoute.objects.exclude(code="R1").values_list("code", "weekdays"))
    assert found == {"R7": "135", "R8": "46", "R9": "7"}


def test_a_vehicle_out_of_service_takes_no_new_route_and_another_units_route_stays_theirs(tmp_path: Path) -> None:
    bring(tmp_path, BOTH)
    manager = make.actor("COUNTY_MANAGER")
    for code in ("R1", "R5"):
        routes.end_route(code=code, on=make.TODAY, reason="并线", actor=manager, at=make.NOW)
    routes.retire_vehicle(code="V1", reason="报废", actor=manager, at=make.NOW)
    assert counted(bring(tmp_path, BOTH.replace("R5", "R6"))) == (0, 0, 0, 2)
    # What is there already is not asked again.
    assert counted(bring(tmp_path, BOTH)) == (0, 0, 2, 0)
