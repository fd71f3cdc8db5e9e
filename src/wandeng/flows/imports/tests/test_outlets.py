"""Outlets, roads and settlements from files, computed with the vehicles; the good rows kept, the bad ones told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from wandeng.domains.network.tests import make
from wandeng.domains.outlets import queries
from wandeng.domains.outlets.models import Outlet, PaymentCircle, RoadEdge
from wandeng.flows import payment_circle
from wandeng.flows.imports import intake
from wandeng.infra.models import ParkedRow
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
ROADS = (
    "类型,编码,名称,单位,启用日期,来源,路网编号,经度,纬度,起点,终点,长度,道路等级,单行\n"
    "路网,LW,全县路网,BS,2026-01-01,测试,,,,,,,,\n"
    "节点,J0,,,,,LW,111.6,26.5,,,,,\n"
    "节点,J1,,,,,LW,111.63,26.5,,,,,\n"
    "路段,R0,,,,,LW,,,J0,J1,3000,村道,是\n"
    "路段,R1,,,,,LW,,,J0,J9,3000,村道,否\n"
    "路段,R2,,,,,XX,,,J0,J1,3000,村道,否\n"
)
SETTLEMENTS = (
    "居民点编号,居民点名称,单位,行政村编号,地区,经度,纬度,人口,用电户数\n"
    "C0,新华村,BS-W,X0,农村,111.6,26.5,300,100\n"
    "C1,河西村,BS-E,X1,农村,111.63,26.5,200,70\n"
)
OUTLETS = (
    "网点编号,网点名称,网点类型,单位,地址,经度,纬度,服务,营业时间,启用日期,停用日期\n"
    "P1,便民超市,代收点,BS-E,河西,111.63,26.5,购电、缴费,每天 07:00-21:00,2026-01-01,\n"
    "P2,营业厅,营业厅,BS-E,河西,111.63,26.5,缴费,上午,2026-01-01,\n"
    "P3,营业厅,营业厅,BS-E,河西,111.63,26.5,理发,24小时,2026-01-01,\n"
    "P4,营业厅,营业厅,BS-E,河西,111.63,26.5,缴费,24小时,2026-01-01,2025-01-01\n"
)


@pytest.fixture(autouse=True)
def town() -> None:
    make.offices()


def bring(folder: Path, kind: str, text: str, actor: Actor = SYSTEM) -> tuple[int, int, int, int]:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    counts = intake.take_in(kind, path, actor=actor, clock=lambda: NOW).counts
    return counts.created, counts.changed, counts.unchanged, counts.parked


def parked() -> set[tuple[str, str]]:
    rows: list[Any] = [finding for row in ParkedRow.objects.all() for finding in json.loads(row.findings)]
    return {(one["column"], one["code"]) for one in rows}


def test_files_make_a_circle(tmp_path: Path) -> None:
    assert bring(tmp_path, "road-maps", ROADS) == (4, 0, 0, 2)
    assert bring(tmp_path, "settlements", SETTLEMENTS) == (2, 0, 0, 0)
    assert bring(tmp_path, "outlets", OUTLETS) == (1, 0, 0, 3)
    assert (Outlet.objects.get().services, Outlet.objects.get().hours) == ("PAY,PREPAY", "1234567 07:00-21:00")
    assert RoadEdge.objects.get().is_one_way
    found = queries.circle(Scope.everywhere(), payment_circle.compute(unit_code="BS", actor=SYSTEM, at=NOW))
    # J0 reaches J1 in 540 s; nobody could come back, and nobody has to.
    assert (found.people, found.people_inside, [one.village for one in found.without]) == (500, 500, ["X0"])


def test_the_same_files_again_change_nothing_and_a_move_changes_one(tmp_path: Path) -> None:
    for kind, text in (("road-maps", ROADS), ("settlements", SETTLEMENTS), ("outlets", OUTLETS)):
        bring(tmp_path, kind, text)
    assert bring(tmp_path, "road-maps", ROADS) == (0, 0, 4, 2)
    assert bring(tmp_path, "outlets", OUTLETS.replace("便民超市", "百货店")) == (0, 1, 0, 3)
    assert Outlet.objects.get().name == "百货店"


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    bring(tmp_path, "road-maps", ROADS)
    assert parked() == {("head", "UNKNOWN_REFERENCE"), ("road_map", "UNKNOWN_REFERENCE")}
    bring(tmp_path, "outlets", OUTLETS)
    assert {("hours", "NOT_HOURS"), ("services", "UNKNOWN_VALUE"), ("valid_to", "NOT_FORWARD")} <= parked()


def test_an_office_cannot_take_what_is_another_s(tmp_path: Path) -> None:
    bring(tmp_path, "settlements", SETTLEMENTS)
    west = Actor("west", unit_path="BS/BS-W/", roles=frozenset({"COUNTY_MANAGER"}))
    taken = SETTLEMENTS.replace("BS-E", "BS-W")
    assert bring(tmp_path, "settlements", taken, west) == (0, 0, 1, 1)
    assert ("code", "OUTSIDE_UNIT") in parked()


def test_each_month_computes_once(tmp_path: Path) -> None:
    assert payment_circle.monthly(at=NOW) == ()
    bring(tmp_path, "road-maps", ROADS)
    assert payment_circle.monthly(at=NOW) == ()
    bring(tmp_path, "settlements", SETTLEMENTS)
    assert len(payment_circle.monthly(at=NOW)) == 1
    assert payment_circle.monthly(at=NOW) == ()
    assert len(payment_circle.monthly(at=datetime(2026, 4, 1, 1, 0, tzinfo=UTC))) == 1
    assert [one.on for one in PaymentCircle.objects.order_by("id")] == [date(2026, 3, 20), date(2026, 4, 1)]


def test_without_roads_it_says_so() -> None:
    with pytest.raises(InvalidInput, match="no road map"):
        payment_circle.compute(unit_code="BS", actor=SYSTEM, at=NOW)
