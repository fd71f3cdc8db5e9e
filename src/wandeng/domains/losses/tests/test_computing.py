"""Days of areas from stored readings: what is kept, what becomes a revision, what is told when it cannot be computed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.models import AreaLoss
from wandeng.domains.losses.tests import make
from wandeng.domains.losses.tests.make import AT, DAY, SYSTEM
from wandeng.domains.losses.types import Computed, LossCause
from wandeng.domains.metering import actions as metering
from wandeng.domains.metering.tests import make as meters
from wandeng.domains.network.models import UsagePoint
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = DAY + timedelta(days=1)


def _compute(first: Any = DAY, days: int = 1, **other: Any) -> Computed:
    given: dict[str, Any] = {"unit_code": "BS", "actor": SYSTEM, "at": AT} | other
    return actions.compute(from_on=first, to_on=first + timedelta(days=days), **given)


def _row(code: str = "T2", day: Any = DAY) -> AreaLoss:
    return AreaLoss.objects.get(transformer__code=code, day=day, is_current=True)


def test_the_loss_of_a_day_is_the_supply_meter_less_the_customers_meters() -> None:
    make.town()
    # M8 × 100: 100 kWh supplied; M3 15 kWh, M4 × 20: 80 kWh sold; 5 % lost.
    make.freezes(DAY, M8=(10, 11), M3=(5, 20), M4=(2, 6))
    assert _compute() == Computed(1, 3, 3, 0)
    row = _row()
    assert (row.supplied_ckwh, row.sold_ckwh, row.loss_ckwh, row.rate_e4, row.status) == (
        10_000,
        9_500,
        500,
        500,
        "NORMAL",
    )
    assert (row.points, row.read, row.hints) == (2, 2, "")


def test_computing_again_changes_nothing_and_a_late_reading_makes_a_revision() -> None:
    make.town()
    make.freezes(DAY, M8=(10, 11), M3=(5, 20), M4=(2, -1))
    _compute()
    assert _row().reason == "COLLECTION_LOW"
    assert _compute() == Computed(1, 3, 0, 0)
    make.freezes(NEXT, M4=(6,))
    assert _compute() == Computed(1, 3, 1, 1)
    now, was = AreaLoss.objects.filter(transformer__code="T2").order_by("-revision")
    assert (now.revision, now.is_current, now.status) == (2, True, "NORMAL")
    assert (was.revision, was.is_current, was.reason) == (1, False, "COLLECTION_LOW")
    page = queries.area(Scope("BS/"), "T2", from_on=DAY, to_on=NEXT)
    assert [one.revision for one in page.days] == [2]
    assert [one.revision for one in page.former] == [1]


def test_whole_quarter_hours_stand_in_for_registers_and_a_day_with_a_gap_does_not() -> None:
    make.town()
    # 96 × 10.4 Wh × 100 = 99.84 kWh of the supply meter.
    make.curves(2, {"M8": np.full(192, 10), "M3": np.full(192, 150), "M4": np.full(192, 40)})
    _compute()
    row = _row()
    assert (row.supplied_ckwh, row.sold_ckwh) == (9_600, 1_440 + 7_680)
    assert row.status == "NORMAL"
    assert _compute(DAY + timedelta(days=2)).written == 3
    assert _row(day=DAY + timedelta(days=2)).reason == "SUPPLY_UNREAD"


def test_an_area_without_a_supply_meter_says_so_and_customers_own_transformers_are_no_areas() -> None:
    make.town()
    _compute()
    assert _row("T1").reason == "NO_SUPPLY_METER"
    assert not AreaLoss.objects.filter(transformer__code="T4").exists()


def test_a_point_moved_to_another_area_makes_that_day_incomparable_and_not_the_next() -> None:
    make.town()
    make.freezes(DAY, M8=(10, 11, 12), M3=(5, 20, 35), M4=(2, 6, 10))
    _compute()
    UsagePoint.objects.filter(code="P1").update(transformer_id=make.area("T2"))
    make.freezes(NEXT, M1=(1, 1, 1))
    _compute(NEXT)
    assert _row(day=NEXT).reason == "RELATION_CHANGED"


def test_a_typed_reading_is_not_of_midnight() -> None:
    make.town()
    make.freezes(DAY, M8=(10, 11), M3=(5, -1), M4=(2, 6))
    metering.record_readings(
        batch=meters.batch(("M3", NEXT, 20, make.PERIODS)).to_arrow(),
        source="MANUAL",
        limits=meters.LIMITS,
        actor=SYSTEM,
        at=AT,
    )
    _compute()
    assert _row().reason == "TIMES_NOT_ALIGNED"


def test_sums_count_the_same_days_of_supplied_and_sold() -> None:
    make.town()
    make.freezes(DAY, M8=(10, 11, 12), M3=(5, 20, 20), M4=(2, 6, -1))
    _compute(days=2)
    (west,) = [
        one
        for one in queries.sums(Scope("BS/"), unit_code="BS", from_on=DAY, to_on=NEXT + timedelta(days=1))
        if one.code == "BS-W"
    ]
    assert (west.supplied_ckwh, west.sold_ckwh, west.rate_e4, west.days, west.without) == (10_000, 9_500, 500, 1, 3)
    areas = queries.sums(Scope("BS/"), unit_code="BS", from_on=DAY, to_on=NEXT, by=queries.By.AREA, feeder_code="F1")
    assert [one.code for one in areas] == ["T2", "T1"]
    assert queries.last_day(Scope("BS/")) == NEXT


def test_meters_of_an_area_are_told_with_those_that_were_not_read_first() -> None:
    make.town()
    make.freezes(DAY, M8=(10, 11), M3=(5, 20), M4=(2, -1))
    found = queries.area_points(Scope("BS/"), "T2", on=DAY)
    assert [(one.code, one.energy_ckwh) for one in found] == [("P4", None), ("P8", 10_000), ("P3", 1_500)]


def test_a_future_day_another_office_and_a_wrong_role_are_refused() -> None:
    make.town()
    with pytest.raises(InvalidInput):
        _compute(AT.date())
    with pytest.raises(NotFound):
        _compute(actor=make.READER)
    with pytest.raises(NotAllowed):
        _compute(actor=Actor("call", unit_path="BS/", roles=frozenset({"CALL_CLERK"})))
    with pytest.raises(NotFound):
        queries.area(Scope("BS/BS-E/"), "T2", from_on=DAY, to_on=NEXT)
    assert not AreaLoss.objects.exists()


def test_an_area_high_on_three_days_is_followed_up_once_until_it_is_done() -> None:
    make.town()
    make.freezes(DAY, M8=(10, 11, 12, 13), M3=(5, 10, 15, 20), M4=(2, 6, 10, 14))  # 85 of 100: 15 %
    _compute(days=3)
    last = DAY + timedelta(days=2)
    assert actions.open_due(unit_code="BS", on=last, actor=SYSTEM, at=AT) == 1
    assert actions.open_due(unit_code="BS", on=last, actor=SYSTEM, at=AT) == 0
    (work,) = queries.work_rows(Scope("BS/"))
    assert (work["kind"], work["odd_days"], work["rate_e4"], work["state"]) == ("HIGH", 3, 1500, "OPEN")
    actions.take(work_id=work["id"], actor=make.READER, at=AT)
    with pytest.raises(InvalidInput):
        actions.find_cause(work_id=work["id"], cause=LossCause.RATIO, finding=" ", actor=make.READER, at=AT)
    actions.find_cause(
        work_id=work["id"], cause=LossCause.RATIO, finding="互感器变比登记错误", actor=make.READER, at=AT
    )
    with pytest.raises(InvalidInput):
        actions.look_again(work_id=work["id"], reason="", actor=make.READER, at=AT)
    actions.look_again(work_id=work["id"], reason="更换后仍高", actor=make.READER, at=AT)
    actions.find_cause(work_id=work["id"], cause=LossCause.RATIO, finding="再次核对变比", actor=make.READER, at=AT)
    actions.finish(work_id=work["id"], actor=make.READER, at=AT)
    assert actions.open_due(unit_code="BS", on=last, actor=SYSTEM, at=AT) == 1


def test_a_month_is_computed_from_registers_at_both_its_ends_by_the_arithmetic_of_a_day() -> None:
    make.town()
    # T2 in December: its supply meter M8 (× 100) 3 kWh = 300; M3 240, the hospital's M4 2 kWh × 20 = 40: 20 of 300 lost.
    first, last = date(2025, 12, 1), date(2026, 1, 1)
    meters.record(
        ("M8", first, 5), ("M8", last, 8),
        ("M3", first, 100, make.PERIODS), ("M3", last, 340, make.PERIODS), ("M4", first, 5, make.PERIODS), ("M4", last, 7, make.PERIODS),
    )  # fmt: skip
    by_area = queries.month_sums(Scope("BS/"), unit_code="BS", month=Month(2025, 12), by=queries.By.AREA)
    area = next(one for one in by_area if one.code == "T2")
    assert (area.supplied_ckwh, area.sold_ckwh, area.loss_ckwh, area.rate_e4) == (30_000, 28_000, 2_000, 667)
    assert (area.status, area.reason, area.days, area.without) == ("NORMAL", "", 1, 0)
    assert next(one for one in by_area if one.code == "T1").reason == "NO_SUPPLY_METER"
    (west,) = queries.month_sums(Scope("BS/BS-W/"), unit_code="BS-W", month=Month(2025, 12))
    assert (west.rate_e4, west.days, west.without, west.status) == (667, 1, 1, "")
    (feeder,) = queries.month_sums(
        Scope("BS/"), unit_code="BS", month=Month(2025, 12), by=queries.By.FEEDER, feeder_code="F1"
    )
    assert (feeder.code, feeder.rate_e4) == ("F1", 667)
    january = queries.month_sums(Scope("BS/"), unit_code="BS", month=Month(2026, 1), by=queries.By.AREA)
    unread = next(one for one in january if one.code == "T2")
    assert (unread.rate_e4, unread.reason) == (None, "SUPPLY_UNREAD")
    with pytest.raises(NotFound):
        queries.month_sums(Scope("BS/BS-E/"), unit_code="BS-W", month=Month(2026, 1))
