"""Voltage from files: points, readings judged by the rule of their day, sums of devices; and the work that follows from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wandeng.domains.network.tests import make
from wandeng.domains.organization import actions as organization
from wandeng.domains.voltage import actions, queries
from wandeng.domains.voltage.actions import RemedyAtWork
from wandeng.domains.voltage.models import VoltageDay, VoltageRemedy
from wandeng.domains.voltage.types import Defect, Swept, VoltageArea, VoltageCause
from wandeng.flows.imports import intake
from wandeng.infra.models import ParkedRow
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
EVERYWHERE = Scope.everywhere()
MARCH = Month.parse("2026-03")
POINT_HEAD = (
    "监测点编号,监测点名称,单位,监测点类别,地区,标称电压,电压上限,电压下限,台区编码,计量点编号,投运日期,退运日期\n"
)
POINTS = (
    "A1,母线,BS-W,A类,城市,10000,,,,,2025-01-01,\n"
    "D1,末端,BS-W,D类,农村,220,,,T1,P1,2025-01-01,\n"
    "D2,首端,BS-E,D类,城市,380,,,T3,,2025-01-01,\n"
)
TIMES = ",".join(f"{i // 4:02d}:{i % 4 * 15:02d}" for i in range(96))
READING_HEAD = f"监测点编号,日期,{TIMES}\n"
SUM_HEAD = "监测点编号,日期,监测分钟,超上限分钟,超下限分钟,最高电压,最低电压\n"
DISPATCHER = make.DISPATCHER
PERSON = "fitter"


@pytest.fixture(autouse=True)
def town() -> None:
    make.town()
    organization.add_person(code=PERSON, name="某人", unit_code="BS-W", actor=SYSTEM, at=NOW)


def bring(folder: Path, kind: str, text: str, actor: Actor = SYSTEM, at: datetime = NOW) -> tuple[int, int, int, int]:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    counts = intake.take_in(kind, path, actor=actor, clock=lambda: at).counts
    return counts.created, counts.changed, counts.unchanged, counts.parked


def day(point: str, on: str, *volts: object) -> str:
    """A day's row: these readings first, then one that wanders a little around the first good one."""
    wander = [f"{225 + (i % 7) / 10:.1f}" for i in range(96 - len(volts))]
    return f"{point},{on},{','.join([*map(str, volts), *wander])}\n"


def low(point: str, on: date, slots: int = 6) -> str:
    return day(point, on.isoformat(), *[f"{190 + i / 10:.1f}" for i in range(slots)])


def test_readings_are_judged_and_told_apart(tmp_path: Path) -> None:
    assert bring(tmp_path, "voltage-points", POINT_HEAD + POINTS) == (3, 0, 0, 0)
    told = day("D1", "2026-03-01", 190, "197.9", 240.1, 0, -1.2, 440, "", 230)
    assert bring(tmp_path, "voltage-readings", READING_HEAD + told) == (1, 0, 0, 0)
    row = VoltageDay.objects.get()
    # 190 and 197.9 V below 198, 240.1 above 235.4; nothing, below zero, counted twice and missing are none of it.
    assert (row.under, row.over, row.dead, row.negative, row.doubled, row.missing) == (30, 15, 15, 15, 15, 15)
    assert (row.monitored, row.min_dv, row.max_dv, row.upper_dv, row.lower_dv) == (1440 - 60, 1900, 2401, 2354, 1980)
    assert bring(tmp_path, "voltage-readings", READING_HEAD + told) == (0, 0, 1, 0)
    better = day("D1", "2026-03-01", 200, 201, 202)
    assert bring(tmp_path, "voltage-readings", READING_HEAD + better) == (0, 1, 0, 0)
    found = queries.point(EVERYWHERE, "D1", month=MARCH)
    assert (found.share_e5, found.days[0].under, found.days[0].readings[:2]) == (100_000, 0, (2000, 2010))
    assert (found.account_number, found.transformer_code) == ("1001", "T1")


def test_the_share_of_a_unit_by_class_and_promise(tmp_path: Path) -> None:
    bring(tmp_path, "voltage-points", POINT_HEAD + POINTS)
    sums = "A1,2026-03-01,1440,0,0,10200,9900\nD1,2026-03-01,1000,0,100,236,190\nD2,2026-03-01,1000,10,10,410,350\n"
    assert bring(tmp_path, "voltage-days", SUM_HEAD + sums) == (3, 0, 0, 0)
    found = queries.qualification(EVERYWHERE, unit_code="BS", period=MARCH.period)
    # A 1; D (0.9 + 0.98) / 2 = 0.94; 0.5 · 1 + 0.5 · 0.94.
    assert found.composite_e5 == 97_000
    assert [one.share_e5 for one in found.classes] == [100_000, None, None, 94_000]
    promised = {(one.area, one.source): one.is_kept for one in found.targets}
    assert promised[VoltageArea.RURAL, "国家电网"] is False  # 90 % < 97.5 %
    assert promised[VoltageArea.CITY, "南方电网"] is True  # 98 %
    assert [(one.unit_code, one.share_e5) for one in found.units] == [
        ("BS-W", 95_000),
        ("BS-E", 98_000),
    ]
    assert queries.months(EVERYWHERE, unit_code="BS", year=2026, up_to=date(2026, 3, 20)) == [
        ("2026-01", None), ("2026-02", None), ("2026-03", 97_000),
    ]  # fmt: skip
    assert found.without_data == 0
    west = queries.qualification(Scope.of(DISPATCHER), unit_code="BS-W", period=Month.parse("2026-02").period)
    assert (west.composite_e5, west.without_data) == (None, 2)
    with pytest.raises(NotFound):
        queries.point(Scope("BS/BS-E/"), "D1", month=MARCH)


def test_bad_rows_are_parked_and_good_ones_kept(tmp_path: Path) -> None:
    odd = (
        "B1,专线,BS-W,B类,城市,35000,,,,,2025-01-01,\n"  # no limits from 35 kV
        "B2,专线,BS-W,B类,城市,35000,38000,34000,,,2025-01-01,\n"  # 8.6 % and 2.9 % together
        "B3,专线,BS-W,B类,城市,35000,36000,,,,2025-01-01,\n"  # one limit
        "B4,专线,XX,B类,城市,35000,36500,34000,,,2025-01-01,\n"  # no such unit
        "B5,专线,BS-W,B类,城市,35000,36500,34000,,,2025-01-01,2024-01-01\n"
        "B6,专线,BS-W,B类,城市,35000,36500,34000,,,2025-01-01,2026-02-01\n"
    )
    assert bring(tmp_path, "voltage-points", POINT_HEAD + odd) == (1, 0, 0, 5)
    assert bring(tmp_path, "voltage-points", POINT_HEAD + POINTS) == (3, 0, 0, 0)
    sums = (
        "B6,2026-02-01,1440,0,0,,\n"  # out of service from that day
        "D9,2026-03-01,1440,0,0,,\n"
        "D1,2026-03-21,1440,0,0,,\n"  # tomorrow
        "D1,2026-03-01,10,6,6,,\n"
        "D1,2026-03-02,10,5,5,,\n"
    )
    assert bring(tmp_path, "voltage-days", SUM_HEAD + sums) == (1, 0, 0, 4)
    assert bring(tmp_path, "voltage-readings", READING_HEAD + f"D2,2026-03-01,{',' * 95}\n") == (0, 0, 0, 1)
    bring(tmp_path, "voltage-readings", READING_HEAD + day("D1", "2026-03-03"))
    assert bring(tmp_path, "voltage-days", SUM_HEAD + "D1,2026-03-03,1440,0,0,,\n") == (0, 0, 0, 1)
    assert ParkedRow.objects.count() == 11


def test_low_voltage_that_lasts_gets_a_remedy_that_readings_verify(tmp_path: Path) -> None:
    bring(tmp_path, "voltage-points", POINT_HEAD + POINTS)
    bad = "".join(low("D1", date(2026, 3, 10 + i)) for i in range(2))
    bring(tmp_path, "voltage-readings", READING_HEAD + bad)
    assert actions.sweep(actor=SYSTEM, at=NOW) == Swept(0, 0, 0)  # two days of 90 minutes
    bring(tmp_path, "voltage-readings", READING_HEAD + low("D1", date(2026, 3, 15)) + low("D2", date(2026, 3, 15), 3))
    assert actions.sweep(actor=SYSTEM, at=NOW) == Swept(1, 0, 0)
    assert actions.sweep(actor=SYSTEM, at=NOW) == Swept(0, 0, 0)
    row = VoltageRemedy.objects.get()
    assert (row.point.code, row.defect, row.days, row.minutes, row.extreme_dv) == ("D1", "LOW", 3, 270, 1900)
    with pytest.raises(RemedyAtWork):
        actions.open_remedy(code="D1", defect=Defect.LOW, actor=DISPATCHER, at=NOW)
    done: dict[str, Any] = {
        "remedy": row.pk,
        "cause": VoltageCause.LONG_LINE,
        "measure": "更换导线",
        "actor": DISPATCHER,
    }
    with pytest.raises(MoveRefused):
        actions.finish(**done, done_on=date(2026, 3, 19), at=NOW)  # nobody has it
    with pytest.raises(InvalidInput):
        actions.assign(remedy=row.pk, handler=PERSON, due_on=date(2026, 3, 1), actor=DISPATCHER, at=NOW)
    actions.assign(remedy=row.pk, handler=PERSON, due_on=date(2026, 4, 1), actor=DISPATCHER, at=NOW)
    with pytest.raises(InvalidInput):
        actions.finish(**done | {"measure": " "}, done_on=date(2026, 3, 19), at=NOW)
    actions.finish(**done, done_on=date(2026, 3, 19), at=NOW)
    later = NOW + timedelta(days=12)
    bring(tmp_path, "voltage-readings", READING_HEAD + low("D1", date(2026, 3, 21)), at=later)
    assert actions.sweep(actor=SYSTEM, at=later) == Swept(0, 0, 1)
    actions.assign(remedy=row.pk, handler=PERSON, due_on=date(2026, 4, 9), actor=DISPATCHER, at=later)
    actions.finish(**done, done_on=date(2026, 3, 22), at=later)
    good = [day("D1", (date(2026, 3, 23) + timedelta(days=i)).isoformat()) for i in range(7)]
    bring(tmp_path, "voltage-readings", READING_HEAD + "".join(good[:6]), at=later)
    assert actions.sweep(actor=SYSTEM, at=later) == Swept(0, 0, 0)
    bring(tmp_path, "voltage-readings", READING_HEAD + good[6], at=later)
    assert actions.sweep(actor=SYSTEM, at=later) == Swept(0, 1, 0)
    assert VoltageRemedy.objects.get().state == "VERIFIED"


def test_who_may_not_touch_a_remedy(tmp_path: Path) -> None:
    bring(tmp_path, "voltage-points", POINT_HEAD + POINTS)
    made = actions.open_remedy(code="D1", defect=Defect.HIGH, actor=DISPATCHER, at=NOW)
    reader = Actor("r", unit_path=DISPATCHER.unit_path, roles=frozenset({"METER_READER"}))
    with pytest.raises(NotAllowed):
        actions.drop(remedy=made, reason="x", actor=reader, at=NOW)
    with pytest.raises(InvalidInput):
        actions.drop(remedy=made, reason=" ", actor=DISPATCHER, at=NOW)
    actions.drop(remedy=made, reason="装置故障", actor=DISPATCHER, at=NOW)
    assert VoltageRemedy.objects.get().state == "DROPPED"
