from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from wandeng.calc.curves import ASSIGNED
from wandeng.calc.rating.frames import READS, Measure
from wandeng.calc.timetable import SCHEDULE, SPECIAL_DAYS, Timetable
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering import frames
from wandeng.domains.metering.frames import curves as metering_curves
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.metering.tests import make
from wandeng.domains.metering.types import CurveSchedules
from wandeng.domains.network.models import UsagePoint
from wandeng.domains.organization.models import Unit
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import FAR_FUTURE, FAR_PAST, Month

pytestmark = pytest.mark.django_db(transaction=True)
BS = AccountSet(unit_path="BS/")
FROM, TO = date(2026, 1, 1), date(2026, 1, 4)
SHARP_DAY = date(2026, 1, 2)
ORDINARY = ((0, 32, Measure.VALLEY), (32, 48, Measure.PEAK), (48, 96, Measure.FLAT))


@pytest.fixture(autouse=True)
def _town(settings: Any, tmp_path: Path) -> None:
    make.town()
    settings.HOME = tmp_path
    MeterInstallation.objects.filter(meter__asset_number="M4").update(source="INTERVAL")


def curve(*, skip: int | None = None, reactive: bool = False) -> pl.DataFrame:
    """Three days of M4: quarter hour p of day d takes 7 p + d + 3 Wh."""
    rows = [
        (make.installation("M4"), FROM + timedelta(days=day), point, 7 * point + day + 3)
        for day in range(3)
        for point in range(96)
        if day * 96 + point != skip
    ]
    frame = pl.DataFrame(rows, ["installation_id", "day", "point", "active_wh"], orient="row")
    return frame.with_columns(reactive_varh=pl.col("active_wh") // 2) if reactive else frame


def append(rows: pl.DataFrame) -> None:
    with ColumnStore() as store:
        frames.append_intervals(
            store, rows.to_arrow(), unit_id=Unit.objects.get(code="BS-E").pk, month=Month(2026, 1), at=make.AT
        )


def schedules(
    spans: tuple[tuple[int, int, Measure], ...] = ORDINARY,
    mask: int = 4095,
    number: int | None = 5,
    until: date = FAR_FUTURE,
) -> CurveSchedules:
    """P4 follows ``spans`` until a day; the sharp day is sharp from 68 to 72 and flat the rest."""
    special = ((0, 68, Measure.FLAT), (68, 72, Measure.SHARP), (72, 96, Measure.FLAT))
    holds = {"schedule": 5, "valid_from": FAR_PAST, "valid_to": FAR_FUTURE, "month_mask": mask}
    on = {"schedule": 5, "on": SHARP_DAY}
    assigned = {"usage_point_id": UsagePoint.objects.get(code="P4").pk, "schedule": number}
    return CurveSchedules(
        of_point=pa.Table.from_pylist(
            [assigned | {"valid_from": FAR_PAST, "valid_to": until}],
            schema=pa.schema([("usage_point_id", pa.int64()), *list(ASSIGNED)[1:]]),
        ),
        timetable=Timetable(
            pa.Table.from_pylist([holds | _span(*span) for span in spans], schema=SCHEDULE),
            pa.Table.from_pylist([on | _span(*span) for span in special], schema=SPECIAL_DAYS),
        ),
    )


def _span(start: int, end: int, period: Measure) -> dict[str, int]:
    return {"start_point": start, "end_point": end, "period": int(period)}


def read(by: CurveSchedules | None = None) -> dict[str, Any]:
    with ColumnStore() as store:
        table = frames.reads_for_period(store, accounts=BS, from_on=FROM, to_on=TO, schedules=by)
    assert table.schema == READS
    (row,) = [row for row in table.to_pylist() if row["installation_id"] == make.installation("M4")]
    return row


def wh(day: int, points: range) -> int:
    return sum(7 * point + day + 3 for point in points)


def test_a_curve_becomes_a_register_that_starts_at_zero_before_the_multiplier() -> None:
    append(curve())
    row = read()
    total = sum(wh(day, range(96)) for day in range(3))
    assert total == 3 * 7 * 4560 + 96 * (3 + 4 + 5)  # Σ p = 4560 a day: 96 912 Wh
    assert (row["total_start"], row["total_end"], row["multiplier"]) == (0, 9_691, 20)  # 96.912 kWh, half up
    assert (row["peak_end"], row["reactive_end"], row["export_end"], row["estimated"]) == (None, None, None, False)
    assert row["demand_e4"] == (7 * 95 + 2 + 3) * 40  # the last quarter hour: 670 Wh, 2.68 kW


def test_quarter_hours_fall_into_the_periods_of_the_schedule_and_of_its_special_days() -> None:
    append(curve())
    row = read(schedules())
    sharp = wh(1, range(68, 72))
    peak = wh(0, range(32, 48)) + wh(2, range(32, 48))
    valley = wh(0, range(32)) + wh(2, range(32))
    assert (sharp, peak, valley) == (1_962, 8_976, 7_200)
    # running sums are rounded: 196, 1093.8 → 1094, 1813.8 → 1814
    assert (row["sharp_end"], row["peak_end"], row["valley_end"], row["deep_end"]) == (196, 898, 720, 0)
    assert row["total_end"] == 9_691
    assert (row["sharp_start"], row["deep_start"]) == (0, 0)


def test_days_without_a_schedule_are_flat_and_days_without_a_rule_a_missing_reading() -> None:
    append(curve())
    row = read(schedules(until=SHARP_DAY))  # the first day has periods, the others none
    assert (row["peak_end"], row["valley_end"]) == (
        (wh(0, range(32, 48)) + 5) // 10,
        (wh(0, range(32, 48)) + wh(0, range(32)) + 5) // 10 - (wh(0, range(32, 48)) + 5) // 10,
    )
    assert row["total_end"] == 9_691
    unruled = read(schedules(number=None))
    assert (unruled["total_start"], unruled["total_end"], unruled["demand_e4"]) == (None, None, None)


def test_many_installations_are_summed_in_parts_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    MeterInstallation.objects.update(source="INTERVAL")
    others = [make.installation(number) for number in ("M1", "M2")]
    append(pl.concat([curve(), *(curve().with_columns(installation_id=pl.lit(pk, pl.Int64)) for pk in others)]))
    with ColumnStore() as store:
        whole = frames.reads_for_period(store, accounts=BS, from_on=FROM, to_on=TO)
        monkeypatch.setattr(metering_curves, "INSTALLATIONS_AT_ONCE", 1)
        assert frames.reads_for_period(store, accounts=BS, from_on=FROM, to_on=TO) == whole
    assert [row["total_end"] for row in whole.to_pylist() if row["installation_id"] in others] == [9_691] * 2


def test_periods_never_pass_the_total_however_they_round() -> None:
    # 5 Wh in each of peak and valley: rounded one by one they would be 1 + 1 against a total of 1
    rows = curve().with_columns(
        active_wh=pl.when(pl.col("point").is_in([10, 40]) & (pl.col("day") == FROM)).then(5).otherwise(0)
    )
    append(rows)
    row = read(schedules())
    assert (row["peak_end"], row["valley_end"], row["total_end"]) == (1, 0, 1)


def test_a_quarter_hour_missing_is_a_missing_reading() -> None:
    append(curve(skip=100))
    row = read(schedules())
    assert (row["total_start"], row["total_end"], row["peak_end"], row["demand_e4"]) == (None, None, None, None)
    append(curve())
    assert read()["total_end"] == 9_691


def test_no_curve_at_all_is_a_missing_reading() -> None:
    assert (read()["total_start"], read(schedules())["total_end"]) == (None, None)


def test_a_channel_counts_when_every_quarter_hour_has_it() -> None:
    append(curve(reactive=True))
    each = sum((7 * point + day + 3) // 2 for day in range(3) for point in range(96))
    assert each == 48_384
    assert (read()["reactive_start"], read()["reactive_end"]) == (0, 4_838)


def test_a_schedule_that_leaves_a_quarter_hour_out_is_refused() -> None:
    append(curve())
    with pytest.raises(InvalidInput, match="no period for point"):
        read(schedules(ORDINARY[:2]))
    with pytest.raises(InvalidInput, match="no period for point"):
        read(schedules(mask=4095 - 1))  # every month but January


def test_registers_and_curves_lie_in_one_table() -> None:
    append(curve())
    make.record(("M1", FROM, 10), ("M1", TO, 20))
    with ColumnStore() as store:
        table = frames.reads_for_period(store, accounts=BS, from_on=FROM, to_on=TO)
    ends = dict(zip(table["installation_id"].to_pylist(), table["total_end"].to_pylist(), strict=True))
    assert (ends[make.installation("M1")], ends[make.installation("M4")]) == (2_000, 9_691)
    accounts = table["account_id"].to_pylist()
    assert accounts == sorted(accounts)
