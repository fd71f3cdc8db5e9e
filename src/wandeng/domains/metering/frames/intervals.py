"""The store of 96-point curves: Parquet below the installation's column folder, a row in the database for each file.

Files lie in ``intervals/unit=<code>/month=YYYY-MM/``; only files that a row names exist for readers, so a killed
append leaves nothing to see. Where two files hold the same quarter hour of an installation, the later file's counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wandeng.calc.curves import CURVES, POINTS_PER_DAY
from wandeng.domains.metering.events import CurvesStored
from wandeng.domains.metering.models import IntervalFile
from wandeng.infra import events, files
from wandeng.infra.columns import ColumnStore, cast, moments
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import Month

INTERVALS = CURVES
"""One row per installation and quarter hour, sorted by the first three columns."""

_KEY = ["installation_id", "day", "point"]
_CHANNELS = ["export_wh", "reactive_varh", "reactive_export_varh"]


def append_intervals(store: ColumnStore, table: pa.Table, *, unit_id: int, month: Month, at: datetime) -> int:
    """Add curves of one unit and month; returns the rows added, 0 when this very content is already there. What is added
    is told as ``CurvesStored``.

    ``table`` has the columns of :data:`INTERVALS`; channels may be missing. Opens its own transaction on ``store``.

    Raises :class:`InvalidInput` for a day outside the month, a point outside 0..95, a null energy or one quarter hour
    given twice; :class:`NotFound` for an unknown unit.
    """
    rows = _in_order(table, month)
    if not rows.num_rows:
        return 0
    fingerprint = files.content_hash(rows)
    with store.transaction():
        unit = store.read("SELECT code, path FROM organization_unit WHERE id = ?", (unit_id,)).to_pylist()
        if not unit:
            raise NotFound(f"no unit {unit_id}")
        known = "SELECT COUNT(*) FROM metering_intervalfile WHERE unit_id = ? AND month = ? AND content_hash = ?"
        if store.scalar(known, (unit_id, str(month), fingerprint)):
            return 0
        highest = "SELECT COALESCE(MAX(sequence), 0) FROM metering_intervalfile WHERE unit_id = ? AND month = ?"
        sequence = int(store.scalar(highest, (unit_id, str(month)))) + 1
        # The hash in the name keeps two writers that take the same number from writing over each other: one of the
        # two rows is refused, and its file is nobody's.
        path = f"intervals/unit={unit[0]['code']}/month={month}/{sequence:05d}-{fingerprint[:16]}.parquet"
        files.write_whole(files.columns_folder() / path, lambda target: _write(rows, target))
        row = {
            "unit_id": [unit_id],
            "month": [str(month)],
            "sequence": [sequence],
            "path": [path],
            "content_hash": [fingerprint],
            "rows": [rows.num_rows],
            "recorded_at": moments(at),
        }
        store.append(IntervalFile, pa.table(row))
        events.publish_columns(store, _stored_event(rows, unit[0]["path"]), at=at)
    return int(rows.num_rows)


def _stored_event(rows: pa.Table, unit_path: str) -> CurvesStored:
    installations, days = (pc.min_max(rows.column(name)).as_py() for name in ("installation_id", "day"))
    return CurvesStored(unit_path, installations["min"], installations["max"], days["min"], days["max"])


def intervals(
    store: ColumnStore,
    *,
    from_on: date,
    to_on: date,
    unit_path: str = "",
    installation_ids: Sequence[int] | None = None,
) -> pl.LazyFrame:
    """Curves of the days ``from_on`` ≤ day < ``to_on`` as a lazy scan with the columns of :data:`INTERVALS`.

    Limited to the files of a unit's subtree (empty: everything) and to some installations. A quarter hour in a later
    file replaces the same one in an earlier file.
    """
    found = store.read(
        "SELECT f.unit_id, f.month, f.sequence, f.path FROM metering_intervalfile f "
        "JOIN organization_unit u ON u.id = f.unit_id "
        f"WHERE f.month >= ? AND f.month <= ? AND substr(u.path, 1, {len(unit_path)}) = ? "
        "ORDER BY f.unit_id, f.month, f.sequence",
        (str(Month.of(from_on)), str(Month.of(to_on)), unit_path),
        schema=pa.schema(
            [("unit_id", pa.int64()), ("month", pa.string()), ("sequence", pa.int32()), ("path", pa.string())]
        ),
    )
    partitions: dict[tuple[int, str], list[_Stored]] = {}
    for row in found.to_pylist():
        path = files.columns_folder() / row["path"]
        partitions.setdefault((row["unit_id"], row["month"]), []).append(_Stored(path, *_edges(path)))
    wanted = (pl.col("day") >= from_on) & (pl.col("day") < to_on)
    if installation_ids is not None:
        low, high = min(installation_ids, default=0), max(installation_ids, default=-1)
        wanted &= pl.col("installation_id").is_between(low, high)  # lets whole row groups be passed over
        wanted &= pl.col("installation_id").is_in(list(installation_ids))
        partitions = {
            key: [file for file in stored if file.low <= high and low <= file.high]
            for key, stored in partitions.items()
        }
    scans = [scan for stored in partitions.values() for scan in _latest(stored, wanted)]
    return pl.concat(scans) if scans else pl.DataFrame(INTERVALS.empty_table()).lazy()


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file of curves and the lowest and highest installation in it."""

    path: Path
    low: int
    high: int


@lru_cache(maxsize=10_000)
def _edges(path: Path) -> tuple[int, int]:
    """The lowest and highest installation of a file, from its footer. A file never changes: its name has its hash."""
    footer = pq.read_metadata(path)
    found = [footer.row_group(group).column(0).statistics for group in range(footer.num_row_groups)]
    return min(group.min for group in found), max(group.max for group in found)


def _latest(stored: list[_Stored], wanted: pl.Expr) -> Iterator[pl.LazyFrame]:
    """One unit and month, its files in order: of each what no later file has. Most files share no installation, or only
    the one at which a long import was cut in two."""
    for place, file in enumerate(stored):
        scan = _scan(file, wanted)
        newer = [
            _scan(later, wanted & pl.col("installation_id").is_between(file.low, file.high)).select(_KEY)
            for later in stored[place + 1 :]
            if later.low <= file.high and file.low <= later.high
        ]
        yield scan.join(pl.concat(newer), on=_KEY, how="anti") if newer else scan


def _scan(file: _Stored, wanted: pl.Expr) -> pl.LazyFrame:
    return pl.scan_parquet(file.path, hive_partitioning=False).filter(wanted).select(INTERVALS.names)


def _in_order(table: pa.Table, month: Month) -> pa.Table:
    for name in _CHANNELS:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.int32()))
    rows = pl.DataFrame(cast(table, INTERVALS))
    period = month.period
    _refuse(rows, pl.any_horizontal(pl.col(*_KEY, "active_wh").is_null()), "has no installation, day, point or energy")
    _refuse(rows, ~pl.col("point").is_between(0, POINTS_PER_DAY - 1), "is no quarter hour of a day (0 to 95)")
    outside = (pl.col("day") < period.from_on) | (pl.col("day") >= period.to_on)
    _refuse(rows, outside, f"is not a day of {month}")
    # One number for the three columns: comparing and sorting it is many times faster than sorting by three.
    slot = (pl.col("day") - period.from_on).dt.total_days() * POINTS_PER_DAY + pl.col("point")
    places = rows.select(pl.col("installation_id") * (31 * POINTS_PER_DAY) + slot).to_series()
    if not places.is_sorted():
        order = places.arg_sort()
        rows, places = rows[order], places.gather(order)
    _refuse(rows, places == places.shift(1), "is given twice")
    return rows.select(INTERVALS.names).to_arrow().cast(INTERVALS).combine_chunks()


def _refuse(rows: pl.DataFrame, condition: pl.Expr | pl.Series, complaint: str) -> None:
    """Raise :class:`InvalidInput` about the first row, by installation and time, for which a condition holds."""
    wrong = rows.filter(condition).sort(_KEY).head(1)
    if wrong.height:
        row = wrong.row(0, named=True)
        raise InvalidInput(
            f"curve of installation {row['installation_id']}: {row['day']} point {row['point']} {complaint}"
        )


def _write(rows: pa.Table, target: object) -> None:
    """int32 and int16 with delta encoding and zstd, the smallest of those measured for sorted curves."""
    encoded = {
        field.name: "DELTA_BINARY_PACKED"
        for field in rows.schema
        if pc.count(rows.column(field.name)).as_py()  # an all-null channel costs nothing as it is
    }
    plain = {field.name: "PLAIN" for field in rows.schema if field.name not in encoded}
    pq.write_table(
        rows,
        target,
        compression="zstd",
        compression_level=1,
        use_dictionary=False,
        column_encoding=encoded | plain,
        row_group_size=1_000_000,
    )
