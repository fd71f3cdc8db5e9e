from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering import frames
from wandeng.domains.metering.models import IntervalFile, MeterInstallation
from wandeng.domains.metering.tests import make
from wandeng.domains.organization.models import Unit
from wandeng.infra import files
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
JAN = Month(2026, 1)
DAY = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def _town(settings: Any, tmp_path: Path) -> None:
    make.town()
    settings.HOME = tmp_path


def curve(meter: str = "M1", *days: date, wh: int = 250, points: range = range(96)) -> pl.DataFrame:
    """Flat curves of one meter."""
    rows = [(make.installation(meter), day, point, wh) for day in days or (DAY,) for point in points]
    return pl.DataFrame(rows, ["installation_id", "day", "point", "active_wh"], orient="row")


def append(rows: pl.DataFrame, month: Month = JAN, unit: str = "BS-W") -> int:
    unit_id = Unit.objects.get(code=unit).pk
    with ColumnStore() as store:
        return frames.append_intervals(store, rows.to_arrow(), unit_id=unit_id, month=month, at=make.AT)


def stored(from_on: date = JAN.first, to_on: date = date(2026, 2, 1), **chosen: Any) -> pl.DataFrame:
    with ColumnStore() as store:
        return frames.intervals(store, from_on=from_on, to_on=to_on, **chosen).collect()


def test_curves_come_back_as_they_went_in_sorted() -> None:
    rows = pl.concat([curve("M2"), curve("M1")])
    assert append(rows.sample(fraction=1, shuffle=True, seed=1)) == 192
    assert (
        stored()
        .select(rows.columns)
        .equals(rows.sort("installation_id", "day", "point").cast(stored().select(rows.columns).schema))
    )
    assert stored().columns == frames.INTERVALS.names
    assert stored()["export_wh"].null_count() == 192


def test_the_file_lies_in_its_partition_small_and_delta_encoded() -> None:
    append(curve())
    (row,) = IntervalFile.objects.all()
    assert row.path.startswith("intervals/unit=BS-W/month=2026-01/00001-")
    column = pq.ParquetFile(files.columns_folder() / row.path).metadata.row_group(0).column(3)
    assert column.path_in_schema == "active_wh"
    assert "DELTA_BINARY_PACKED" in column.encodings
    assert column.compression == "ZSTD"
    assert (row.rows, row.sequence, row.recorded_at) == (96, 1, make.AT)


def test_the_same_content_twice_adds_nothing_and_other_content_another_file() -> None:
    rows = curve()
    assert [append(rows), append(rows.reverse()), append(curve("M2"))] == [96, 0, 96]
    assert IntervalFile.objects.count() == 2
    assert append(rows.clear()) == 0


def test_a_quarter_hour_in_a_later_file_counts_and_the_others_stay() -> None:
    append(curve(wh=100))
    append(curve(wh=300, points=range(90, 96)))
    assert stored()["active_wh"].sum() == 90 * 100 + 6 * 300
    assert stored().height == 96


def test_a_scan_is_limited_to_days_units_and_installations() -> None:
    append(curve("M1", DAY, date(2026, 1, 6)))
    append(curve("M2", date(2026, 1, 31)))
    append(curve("M4", DAY), unit="BS-E")
    append(curve("M1", date(2026, 2, 1)), month=Month(2026, 2))
    assert stored().height == 4 * 96
    assert stored(DAY, date(2026, 1, 6)).height == 2 * 96
    assert stored(to_on=date(2026, 2, 2)).height == 5 * 96
    assert stored(unit_path="BS/BS-E/").height == 96
    assert stored(installation_ids=[make.installation("M1")]).height == 2 * 96
    assert stored(unit_path="BS/BS-X/").is_empty()


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"day": date(2026, 2, 1)}, "is not a day of 2026-01"),
        ({"point": 96}, "is no quarter hour"),
        ({"point": -1}, "is no quarter hour"),
        ({"active_wh": None}, "has no installation"),
        ({"point": 1}, "is given twice"),
    ],
)
def test_a_row_that_is_no_quarter_hour_of_the_month_refuses_the_file(wrong: dict[str, Any], complaint: str) -> None:
    first = curve().with_columns(
        [
            pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
            for name, value in wrong.items()
        ]
    )
    with pytest.raises(InvalidInput, match=complaint):
        append(first)
    assert not IntervalFile.objects.exists()


def test_a_file_of_an_unknown_unit_is_refused() -> None:
    with ColumnStore() as store, pytest.raises(NotFound):
        frames.append_intervals(store, curve().to_arrow(), unit_id=999, month=JAN, at=make.AT)


def test_gaps_are_told_by_meter_and_day_for_the_days_it_hung() -> None:
    MeterInstallation.objects.filter(meter__asset_number__in=["M1", "M2"]).update(source="INTERVAL")
    MeterInstallation.objects.filter(meter__asset_number="M2").update(installed_on=date(2026, 1, 7))
    append(curve("M1", DAY))
    append(curve("M1", date(2026, 1, 6), points=range(90)))
    with ColumnStore() as store:
        gaps = frames.interval_gaps(store, accounts=AccountSet(unit_path="BS/"), from_on=DAY, to_on=date(2026, 1, 8))
    one, two = make.installation("M1"), make.installation("M2")
    assert [tuple(row.values()) for row in gaps.to_pylist()] == [
        (one, date(2026, 1, 6), 6),
        (one, date(2026, 1, 7), 96),
        (two, date(2026, 1, 7), 96),
    ]
