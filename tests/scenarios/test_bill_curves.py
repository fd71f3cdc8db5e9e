"""Points billed from curves: quarter hours in, a bill out, the same as a register with the same energy gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from rich.console import Console
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.calc.rating.frames import Kind, Measure
from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import exceptions
from wandeng.domains.billing.models import Bill, BillLine
from wandeng.domains.billing.queries import incomplete
from wandeng.domains.metering import frames as metering
from wandeng.domains.metering.models import MeterInstallation, ReadingRoute
from wandeng.domains.organization.models import Unit
from wandeng.domains.tariffs.frames import schedules, timetables
from wandeng.domains.tariffs.types import TouSchedule
from wandeng.flows import bill_run
from wandeng.flows.bill_documents import pages
from wandeng.infra import events
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Delivery
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import bill_explain
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

SEPTEMBER = Month(2026, 9)
SEP1, OCT1 = date(2026, 9, 1), date(2026, 10, 1)
EVEN = 1000
"""Wh of every quarter hour, 4 kWh an hour. A day of the demonstration's September has valley 0–6, flat 6–12, deep 12–14,
flat 14–16 and peak 16–24; the 8th was a sharp day: valley instead of deep, sharp instead of peak from 20 on."""

PERIODS = {"sharp": 16, "peak": 29 * 32 + 16, "valley": 30 * 24 + 8, "deep": 29 * 8}


@pytest.fixture(autouse=True)
def county(settings, tmp_path):
    settings.HOME = tmp_path
    world.found()


def curve(made: world.Made, wh: int = EVEN, days: int = 30, highest: int | None = None) -> None:
    """Quarter hours of September for a point, from now on billed by them; the last of the month is ``highest``."""
    MeterInstallation.objects.filter(pk=made.installation_id).update(source="INTERVAL")
    rows = pl.DataFrame(
        [(made.installation_id, SEP1 + timedelta(days=day), point, wh) for day in range(days) for point in range(96)],
        schema=["installation_id", "day", "point", "active_wh"],
        orient="row",
    )
    last = (pl.col("day") == pl.col("day").max()) & (pl.col("point") == 95)
    rows = rows.with_columns(active_wh=pl.when(last).then(highest or wh).otherwise("active_wh"))
    with ColumnStore() as store:
        unit = Unit.objects.get(code=world.UNIT).pk
        metering.append_intervals(store, rows.to_arrow(), unit_id=unit, month=SEPTEMBER, at=world.NOW)


def lines(number: str) -> list[tuple[object, ...]]:
    found = BillLine.objects.filter(bill__account__account_number=number).order_by("id")
    return list(
        found.values_list(
            "charge__item", "charge__kind", "charge__measure", "quantity", "charge__price_e8", "amount_fen"
        )
    )


def test_a_household_without_periods_is_billed_by_the_total_of_its_curve() -> None:
    curve(world.add_account("1", total={}), wh=87)  # 87 Wh × 2,880 = 250.56 kWh
    steps.bill_month(SEPTEMBER)
    # 200 × 0.588 = 117.60 and 50.56 × 0.638 = 32.25728
    assert Bill.objects.get(account__account_number="1").amount_fen == 11760 + 3226


def test_a_curve_and_the_registers_it_adds_up_to_give_the_same_bill() -> None:
    curve(world.add_account("1", code=world.COMMERCIAL_TOU, total={}))
    world.add_account(
        "2",
        code=world.COMMERCIAL_TOU,
        total={SEP1: 0, OCT1: 2880},
        registers={name: {SEP1: 0, OCT1: kwh} for name, kwh in PERIODS.items()},
    )
    steps.bill_month(SEPTEMBER)
    quantities = {(kind, measure): quantity for _, kind, measure, quantity, _, _ in lines("1")}
    assert {measure: quantity for (kind, measure), quantity in quantities.items() if kind == Kind.ENERGY} == {
        Measure.TOTAL: 288_000,
        Measure.SHARP: 1_600, Measure.PEAK: 94_400, Measure.FLAT: 96_000, Measure.VALLEY: 72_800, Measure.DEEP: 23_200,
    }  # fmt: skip
    assert lines("1") == lines("2")


def test_demand_is_the_highest_quarter_hour_times_the_multiplier() -> None:
    terms = {"basic_method": 3, "running_capacity_ckva": 63_000}
    curve(world.add_account("1", code=world.TWO_PART, total={}, multiplier=20, terms=terms), highest=1_250)
    steps.bill_month(SEPTEMBER)
    # 1.25 kWh in a quarter of an hour = 5 kW on the meter, 100 kW behind it
    (demand,) = [row for row in lines("1") if row[1] == Kind.DEMAND]
    assert demand[3] == 10_000


def test_a_gap_is_a_missing_reading_until_the_late_curve_mends_it() -> None:
    made = world.add_account("1", total={})
    world.add_account("2", total={SEP1: 100})  # waits for a register, which no curve brings
    curve(made, wh=87, days=28)
    run = RunId(steps.run_to_check(SEPTEMBER).run_id)

    def parked() -> list[tuple[str, str, str]]:
        return [(one.account_number, one.code, one.state) for one in queries.exceptions(Scope.everywhere(), run)]

    waiting = [("1", "MISSING_READING", "PARKED"), ("2", "MISSING_READING", "PARKED")]
    assert parked() == waiting
    curve(made, wh=87, days=29)
    while events.deliver_due(now=world.NOW):
        assert parked() == waiting  # the last day is still missing
    curve(made, wh=87)
    while events.deliver_due(now=world.NOW):
        assert parked() == [("1", "MISSING_READING", "MENDED"), waiting[1]]
    Delivery.objects.update(state="PENDING")
    assert events.deliver_due(now=world.NOW)  # the same news again changes nothing
    assert exceptions.retake(run=run, actor=world.MAKER, at=world.NOW) == 1
    view = bill_run.advance(run, actor=world.MAKER, at=world.NOW, shop=steps.shop())
    # 87 Wh × 2,880 = 250.56 kWh: 200 × 0.588 = 117.60 and 50.56 × 0.638 = 32.25728
    assert (view.totals.bills, view.totals.amount_fen) == (1, 11760 + 3226)


def test_a_curve_of_the_month_before_mends_a_bill_whose_reading_day_reaches_back_into_it() -> None:
    ReadingRoute.objects.update(reading_day=25)
    made = world.add_account("1", total={})
    curve(made)
    october = RunId(steps.run_to_check(Month(2026, 10)).run_id)
    for month, first, days in ((Month(2026, 10), OCT1, 24), (SEPTEMBER, SEP1, 30)):
        rows = [(made.installation_id, first + timedelta(days=day), p, 100) for day in range(days) for p in range(96)]
        table = pl.DataFrame(rows, schema=["installation_id", "day", "point", "active_wh"], orient="row").to_arrow()
        with ColumnStore() as store:
            unit = Unit.objects.get(code=world.UNIT).pk
            metering.append_intervals(store, table, unit_id=unit, month=month, at=world.NOW)
    while events.deliver_due(now=world.NOW):
        pass
    assert [one.state for one in queries.exceptions(Scope.everywhere(), october)] == ["MENDED"]


def test_a_bill_from_a_curve_is_explained_and_verified() -> None:
    curve(world.add_account("1", code=world.COMMERCIAL_TOU, total={}, multiplier=20))
    view = steps.bill_month(SEPTEMBER)
    assert bill_run.verify(RunId(view.run_id), actor=world.MAKER) == []
    found = queries.explain(Scope.everywhere(), account_number="1", month=SEPTEMBER)
    (total, *_) = found.points[0].readings
    assert total.arithmetic == "曲线 2880.00 × 20 = 57600.00 kWh"
    assert (total.from_curve, total.start_ckwh, total.end_ckwh) == (True, 0, 288_000)
    flat = 2_880 - sum(PERIODS.values())
    assert {name: ckwh for name, _, ckwh in found.points[0].periods} == {
        name: kwh * 20 * 100 for name, kwh in (PERIODS | {"flat": flat}).items()
    }


def test_a_list_of_special_days_that_may_lack_some_is_told_where_curves_were_counted_by_it(monkeypatch, capsys) -> None:
    def doubtful(*args: object, **window: object) -> TouSchedule:
        return replace(schedules.tou_schedule(*args, **window), special_days_complete=False)

    monkeypatch.setattr(timetables, "tou_schedule", doubtful)
    curve(world.add_account("1", code=world.COMMERCIAL_TOU, total={}))
    world.add_account(
        "2", code=world.COMMERCIAL_TOU, total={SEP1: 0, OCT1: 2880},
        registers={name: {SEP1: 0, OCT1: kwh} for name, kwh in PERIODS.items()},
    )  # fmt: skip
    view = steps.bill_month(SEPTEMBER)
    curved, read = (queries.explain(Scope.everywhere(), account_number=one, month=SEPTEMBER) for one in "12")
    assert incomplete.days_of(curved) == (world.COMMERCIAL_TOU,)
    assert incomplete.days_of(read) == ()  # its meter counted the periods, whatever our list says
    assert "特殊日" in pages.data(curved, [])["note"]
    assert world.COMMERCIAL_TOU in incomplete.codes_of_run(Scope.everywhere(), RunId(view.run_id))
    bill_explain.tell_incomplete_days(Console(), incomplete.days_of(curved))
    assert world.COMMERCIAL_TOU in capsys.readouterr().out
    assert bill_run.verify(RunId(view.run_id), actor=world.MAKER) == []
