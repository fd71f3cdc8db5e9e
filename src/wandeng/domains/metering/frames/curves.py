"""Installations billed from curves: their quarter hours read from the store, summed by ``calc.curves``, and given as the
readings of a register that starts at 0."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.calc import curves as calc
from wandeng.calc.timetable import Timetable
from wandeng.domains.metering.frames.intervals import intervals
from wandeng.domains.metering.types import CurveSchedules
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.errors import InvalidInput

INSTALLATIONS_AT_ONCE = 1_000
"""A month of so many is three million rows, about 200 MB while they are summed."""


def energies(store: ColumnStore, spans: pl.DataFrame, schedules: CurveSchedules | None) -> pl.DataFrame:
    """Sum the curves of each span.

    ``spans``: installation_id, usage_point_id, from_on, to_on. Adds the energies and the demand of
    ``calc.curves.REGISTERS``. A span with a quarter hour missing has none of them, nor has one whose price goes by
    periods that no rule tells: a missing reading (:func:`~wandeng.domains.metering.frames.gaps.interval_gaps` lists
    the gaps).

    Raises :class:`InvalidInput` for a schedule that leaves a quarter hour of a span without a period.
    """
    assigned, timetable = _assigned(spans, schedules)
    _require_covered(spans, assigned, timetable)
    parts = []
    for some in spans.sort("installation_id", "from_on").iter_slices(INSTALLATIONS_AT_ONCE):
        keyed = _as(some, calc.SPANS)
        first, end = calc.span_window(keyed)
        ids = some["installation_id"].unique().to_list()
        points = intervals(store, from_on=first, to_on=end, installation_ids=ids).collect()
        ours = assigned.filter(pl.col("installation_id").is_in(ids))
        parts.append(pl.DataFrame(calc.registers(points.to_arrow(), keyed, _as(ours, calc.ASSIGNED), timetable)))
    return spans.join(pl.concat(parts), on=["installation_id", "from_on", "to_on"], how="left", maintain_order="left")


def _assigned(spans: pl.DataFrame, schedules: CurveSchedules | None) -> tuple[pl.DataFrame, Timetable]:
    """The schedules of points as those of their installations."""
    if schedules is None:
        return pl.DataFrame(calc.ASSIGNED.empty_table()), Timetable()
    hung = spans.select("installation_id", "usage_point_id").unique()
    return hung.join(pl.DataFrame(schedules.of_point), on="usage_point_id"), schedules.timetable


def _require_covered(spans: pl.DataFrame, assigned: pl.DataFrame, timetable: Timetable) -> None:
    gaps = calc.uncovered(_as(spans, calc.SPANS), _as(assigned, calc.ASSIGNED), timetable)
    if gaps.num_rows:
        gap = gaps.slice(0, 1).to_pylist()[0]
        raise InvalidInput(f"schedule {gap['schedule']} has no period for point {gap['point']} of {gap['day']}")


def _as(rows: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    return rows.select(schema.names).to_arrow().cast(schema)


def as_ends(summed: pl.DataFrame) -> pl.DataFrame:
    """Energies as readings at both ends: 0 at the start, the energy at the end, null where it is not known."""
    names = calc.ENERGIES
    return summed.with_columns(
        *[pl.when(pl.col(name).is_not_null()).then(pl.lit(0, pl.Int64)).alias(f"{name}_start") for name in names],
        *[pl.col(name).alias(f"{name}_end") for name in names],
    ).drop(names)
