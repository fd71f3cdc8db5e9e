from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from wandeng.calc.rating.frames import READS
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering import actions, frames
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.metering.tests import make
from wandeng.domains.metering.types import Registers
from wandeng.domains.network.models import UsagePoint
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
BS = AccountSet(unit_path="BS/")
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def read(from_on: date = JAN, to_on: date = FEB, accounts: AccountSet = BS) -> dict[str, list[dict[str, Any]]]:
    """The READS rows by meter."""
    with ColumnStore() as store:
        table = frames.reads_for_period(store, accounts=accounts, from_on=from_on, to_on=to_on)
    return by_meter(table)


def by_meter(table: pa.Table) -> dict[str, list[dict[str, Any]]]:
    assert table.schema == READS
    asset = dict(MeterInstallation.objects.values_list("pk", "meter__asset_number"))
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        rows.setdefault(asset[row["installation_id"]], []).append(row)
    return rows


def points(month: Month) -> dict[str, tuple[date, date, int]]:
    with ColumnStore() as store:
        table = frames.points(store, accounts=BS, month=month)
    code = dict(UsagePoint.objects.values_list("pk", "code"))
    return {
        code[row["usage_point_id"]]: (row["period_from"], row["period_to"], row["months"]) for row in table.to_pylist()
    }


def test_a_row_has_the_registers_of_both_ends_and_the_facts_of_its_meter() -> None:
    make.record(
        ("M3", JAN, 100, {"peak_ckwh": 4_000, "valley_ckwh": 3_000}),
        ("M3", FEB, 150, {"peak_ckwh": 6_000, "valley_ckwh": 4_000}),
    )
    (row,) = read()["M3"]
    assert (row["from_on"], row["to_on"], row["multiplier"], row["modulus_ckwh"]) == (JAN, FEB, 1, 10**8)
    assert (row["total_start"], row["total_end"]) == (10_000, 15_000)
    assert (row["peak_start"], row["peak_end"], row["valley_end"], row["sharp_end"]) == (4_000, 6_000, 4_000, None)
    assert (row["deducts_from_point"], row["estimated"], row["demand_e4"]) == (None, False, None)


def test_a_missing_reading_is_null_and_the_row_is_there() -> None:
    make.record(("M1", JAN, 100))
    (row,) = read()["M1"]
    assert (row["total_start"], row["total_end"]) == (10_000, None)


def test_held_refused_and_superseded_readings_are_not_billed() -> None:
    make.record(("M1", JAN, 100), ("M1", FEB, 90), ("M2", JAN, 100), ("M2", FEB, 200))
    wrong = make.reading("M2", FEB)
    actions.correct_reading(reading_id=wrong.pk, registers=Registers(15_000), actor=SYSTEM, at=make.AT, reason="看错")
    rows = read()
    assert rows["M1"][0]["total_end"] is None
    assert rows["M2"][0]["total_end"] == 15_000
    held = make.reading("M1", FEB)
    actions.refuse_reading(reading_id=held.pk, actor=SYSTEM, at=make.AT, reason="抄错")
    assert read()["M1"][0]["total_end"] is None


def test_an_exchange_inside_the_period_makes_two_rows_that_meet_on_its_day() -> None:
    on = date(2026, 1, 15)
    make.record(("M4", JAN, 100, {"demand_e4": 30_000}))
    actions.exchange_meter(
        usage_point="P4", removed_reading=Registers(12_000, demand_e4=55_000), new_meter="M20", new_multiplier=40,
        start_reading=Registers(700, demand_e4=0), on=on, actor=SYSTEM, at=make.AT,
    )  # fmt: skip
    make.record(("M20", FEB, 20, {"demand_e4": 41_000}))
    rows = read()
    (old,), (new,) = rows["M4"], rows["M20"]
    assert (old["from_on"], old["to_on"], old["total_start"], old["total_end"]) == (JAN, on, 10_000, 12_000)
    assert (new["from_on"], new["to_on"], new["total_start"], new["total_end"]) == (on, FEB, 700, 2_000)
    assert (old["multiplier"], new["multiplier"]) == (20, 40)
    # each meter's own highest of its share; the reading of 1 January tells of December
    assert (old["demand_e4"], new["demand_e4"]) == (55_000, 41_000)
    assert old["usage_point_id"] == new["usage_point_id"]


def test_an_exchange_on_the_edge_of_the_period_leaves_one_row_on_each_side() -> None:
    make.record(("M1", JAN, 100))
    actions.exchange_meter(
        usage_point="P1", removed_reading=Registers(15_000), new_meter="M20", new_multiplier=1,
        start_reading=Registers(0), on=FEB, actor=SYSTEM, at=make.AT,
    )  # fmt: skip
    assert set(read()) & {"M1", "M20"} == {"M1"}
    assert read()["M1"][0]["total_end"] == 15_000
    assert set(read(FEB, MAR)) & {"M1", "M20"} == {"M20"}


def test_demand_is_the_highest_reading_after_the_start_up_to_the_end() -> None:
    make.record(
        ("M4", JAN, 100, {"demand_e4": 90_000}),
        ("M4", date(2026, 1, 20), 110, {"demand_e4": 70_000}),
        ("M4", FEB, 120, {"demand_e4": 60_000}),
    )
    assert read()["M4"][0]["demand_e4"] == 70_000


def test_an_estimate_at_either_end_marks_the_row() -> None:
    make.record(("M1", date(2025, 11, 1), 40), ("M1", date(2025, 12, 1), 70), ("M2", JAN, 1), ("M2", FEB, 2))
    actions.estimate_missing(unit_path="BS/", read_on=JAN, method="average", actor=SYSTEM, at=make.AT)
    make.record(("M1", FEB, 130))
    rows = read()
    assert (rows["M1"][0]["estimated"], rows["M2"][0]["estimated"]) == (True, False)
    assert rows["M1"][0]["total_start"] == 10_100  # 70 + 31 days at 1 kWh


def test_a_sub_meter_names_the_point_it_takes_from_and_the_master_meter_is_never_billed() -> None:
    make.record(("M9", JAN, 5), ("M9", FEB, 7), ("M8", JAN, 1), ("M8", FEB, 2))
    rows = read()
    assert rows["M9"][0]["deducts_from_point"] == UsagePoint.objects.get(code="P3").pk
    assert "M8" not in rows
    assert "P8" not in points(Month(2026, 1))


def test_rows_are_limited_to_the_accounts_asked_for_and_lie_in_their_order() -> None:
    ids = dict(CustomerAccount.objects.values_list("account_number", "pk"))
    assert set(read(accounts=AccountSet(unit_path="BS/BS-E/"))) == {"M4", "M6", "M7"}
    assert set(read(accounts=AccountSet.one(ids["1003"]))) == {"M3", "M9"}
    both = AccountSet(ids["1003"], ids["1006"], "BS/BS-W/")
    assert set(read(accounts=both)) == {"M3", "M9"}
    with ColumnStore() as store:
        table = frames.reads_for_period(store, accounts=BS, from_on=JAN, to_on=FEB)
    keys = list(zip(table["account_id"].to_pylist(), table["usage_point_id"].to_pylist(), strict=True))
    assert keys == sorted(keys)


@pytest.mark.parametrize("given", [(None, None, ""), (1, None, ""), (None, 5, "BS/")])
def test_a_set_of_accounts_has_both_ends_or_a_unit(given: tuple[int | None, int | None, str]) -> None:
    with pytest.raises(InvalidInput):
        AccountSet(*given)


def test_each_point_is_billed_over_the_period_of_its_route() -> None:
    shown = points(Month(2026, 2))
    assert shown["P1"] == (FEB, MAR, 1)
    assert shown["P2"] == (date(2026, 1, 25), date(2026, 2, 25), 1)
    assert shown["P5"] == (FEB, MAR, 1)  # no meter yet: natural month, and rating misses the reading
    assert shown["P6"] == (JAN, MAR, 2)
    assert "P6" not in points(Month(2026, 1))
    assert points(Month(2026, 1))["P2"] == (date(2025, 12, 25), date(2026, 1, 25), 1)


def test_a_period_is_cut_to_the_days_on_which_the_point_and_the_account_live() -> None:
    UsagePoint.objects.filter(code="P1").update(connected_on=date(2026, 2, 10))
    UsagePoint.objects.filter(code="P2").update(disconnected_on=date(2026, 2, 1))
    CustomerAccount.objects.filter(account_number="1005").update(opened_on=date(2026, 2, 3))
    CustomerAccount.objects.filter(account_number="1003").update(closed_on=FEB)
    shown = points(Month(2026, 2))
    assert shown["P1"] == (date(2026, 2, 10), MAR, 1)
    assert shown["P2"] == (date(2026, 1, 25), FEB, 1)
    assert shown["P6"] == (date(2026, 2, 3), MAR, 1)  # the first of the route's two months lies before the account
    assert "P3" not in shown


def test_reads_follow_the_points_own_periods() -> None:
    make.record(
        ("M1", FEB, 10), ("M1", MAR, 20), ("M2", date(2026, 1, 25), 30), ("M2", date(2026, 2, 25), 40),
        ("M6", JAN, 50), ("M6", MAR, 60),
    )  # fmt: skip
    with ColumnStore() as store:
        billed = frames.points(store, accounts=BS, month=Month(2026, 2))
        rows = by_meter(frames.reads(store, accounts=BS, points=billed))
        nothing = frames.reads(store, accounts=BS, points=billed.slice(0, 0))
    ends = {asset: (row[0]["total_start"], row[0]["total_end"]) for asset, row in rows.items()}
    assert (ends["M1"], ends["M2"], ends["M6"]) == ((1_000, 2_000), (3_000, 4_000), (5_000, 6_000))
    assert nothing.schema == READS


def test_the_mill_of_the_exam_book_is_read_in_two_parts() -> None:
    """WE-02: 25 August 1500, exchanged on 15 September at 1800 for a meter at 0, 25 September 180."""
    august, changed, september = date(2025, 8, 25), date(2025, 9, 15), date(2025, 9, 25)
    make.record(("M2", august, 1_500))
    actions.exchange_meter(
        usage_point="P2", removed_reading=Registers(180_000), new_meter="M20", new_multiplier=200,
        start_reading=Registers(0, peak_ckwh=0, valley_ckwh=0, reactive_ckvarh=0), on=changed, actor=SYSTEM, at=make.AT,
    )  # fmt: skip
    make.record(("M20", september, 180, {"peak_ckwh": 4_000, "valley_ckwh": 3_000, "reactive_ckvarh": 8_100}))
    with ColumnStore() as store:
        billed = frames.points(store, accounts=BS, month=Month(2025, 9))
        rows = by_meter(frames.reads(store, accounts=BS, points=billed))
    old, new = rows["M2"][0], rows["M20"][0]
    assert (old["from_on"], old["to_on"], old["total_end"] - old["total_start"]) == (august, changed, 30_000)
    assert (new["from_on"], new["to_on"], new["total_end"] * new["multiplier"]) == (changed, september, 180 * 200 * 100)


def test_the_master_meter_tells_what_went_into_its_area() -> None:
    def supplied() -> list[dict[str, Any]]:
        with ColumnStore() as store:
            return frames.supply_energy(store, unit_path="BS/", from_on=JAN, to_on=FEB).to_pylist()

    make.record(("M8", JAN, 999_990))
    (row,) = supplied()
    assert row["energy_ckwh"] is None
    make.record(("M8", FEB, 15))
    held = make.reading("M8", FEB)
    if held.state == "HELD":
        actions.release_reading(reading_id=held.pk, actor=SYSTEM, at=make.AT, reason="翻转")
    (row,) = supplied()
    point = UsagePoint.objects.get(code="P8")
    assert (row["transformer_id"], row["usage_point_id"]) == (point.transformer_id, point.pk)
    assert row["energy_ckwh"] == 25 * 100 * 100  # 999 990 → 15 over zero is 25, × 100
    MeterInstallation.objects.filter(meter__asset_number="M8").update(multiplier=None)
    assert supplied()[0]["energy_ckwh"] is None
