"""Quarter hours of one area: its supply meter and its customers, the days on which none of them is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from wandeng.domains.metering import frames as metering
from wandeng.infra.columns import ColumnStore

POINTS_A_DAY = 96
_HUNG = pa.schema(
    [
        ("usage_point_id", pa.int64()), ("account_id", pa.int64()), ("kind", pa.string()), ("installation_id", pa.int64()),
        ("multiplier", pa.int64()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Series:
    """``supply`` and one column of ``customers`` for each of ``points``, in Wh, day by day of ``days``. ``left_out`` are the points
    without a whole day in the window: their energy stands in the loss, and nobody can be told from it."""

    days: tuple[date, ...]
    supply: npt.NDArray[np.float64]
    customers: npt.NDArray[np.float64]
    points: tuple[tuple[int, int], ...]
    left_out: int
    has_roofs: bool = False


def of_area(store: ColumnStore, *, transformer_id: int, unit_path: str, from_on: date, to_on: date) -> Series | None:
    """The quarter hours of an area; ``None`` where its supply meter has none. A customer must have most of the supply's days,
    and a day on which one of those misses a quarter hour is left out."""
    hung = _hung(store, transformer_id, from_on, to_on)
    ids = hung["installation_id"].to_list()
    if not ids:
        return None
    found = metering.intervals(store, from_on=from_on, to_on=to_on, unit_path=unit_path, installation_ids=ids)
    curves = found.select("installation_id", "day", "point", "active_wh").collect().join(hung, on="installation_id")
    wh = curves.with_columns(wh=pl.col("active_wh").cast(pl.Int64) * pl.col("multiplier"))
    whole = wh.group_by("usage_point_id", "kind", "day").agg(pl.len().alias("n")).filter(pl.col("n") == POINTS_A_DAY)
    supplied = whole.filter(pl.col("kind") == "SUPPLY")["day"].unique()
    if supplied.is_empty():
        return None
    loads = whole.filter((pl.col("kind") == "LOAD") & pl.col("day").is_in(supplied.implode()))
    count = loads.group_by("usage_point_id").agg(pl.len().alias("n")).filter(pl.col("n") * 2 > len(supplied))
    points = count["usage_point_id"].sort()
    common = (
        loads.filter(pl.col("usage_point_id").is_in(points.implode()))
        .group_by("day")
        .agg(pl.len().alias("n"))
        .filter(pl.col("n") == len(points))["day"]
        .sort()
    )
    if common.is_empty() or points.is_empty():
        return None
    return replace(_series(wh, hung, points, common), has_roofs=_has_roofs(store, transformer_id, to_on))


def _has_roofs(store: ColumnStore, transformer_id: int, to_on: date) -> bool:
    """Whether somebody feeds in behind the transformer."""
    found = store.read(
        "SELECT COUNT(*) AS n FROM network_usagepoint WHERE transformer_id = ? AND kind = 'FEED_IN' AND connected_on < ? "
        "AND (disconnected_on IS NULL OR disconnected_on >= ?)",
        (transformer_id, to_on, to_on),
        schema=pa.schema([("n", pa.int64())]),
    )
    return bool(found.column("n")[0].as_py())


def _series(wh: pl.DataFrame, hung: pl.DataFrame, points: pl.Series, days: pl.Series) -> Series:
    used = wh.filter(pl.col("day").is_in(days.implode()))
    supply = (
        used.filter(pl.col("kind") == "SUPPLY").group_by("day", "point").agg(pl.col("wh").sum()).sort("day", "point")
    )
    slots = len(days) * POINTS_A_DAY
    loads = used.filter(pl.col("usage_point_id").is_in(points.implode())).sort("usage_point_id", "day", "point")
    matrix = loads["wh"].to_numpy().astype(np.float64).reshape(len(points), slots).T
    account = dict(hung.select("usage_point_id", "account_id").iter_rows())
    behind = hung.filter(pl.col("kind") == "LOAD")["usage_point_id"].n_unique()
    return Series(
        tuple(days.to_list()), supply["wh"].to_numpy().astype(np.float64), matrix,
        tuple((point, account[point]) for point in points.to_list()), behind - len(points),
    )  # fmt: skip


def _hung(store: ColumnStore, transformer_id: int, from_on: date, to_on: date) -> pl.DataFrame:
    """Meters that hung at the area's points all through the window with a known multiplier."""
    found = store.read(
        "SELECT p.id AS usage_point_id, p.account_id, p.kind, i.id AS installation_id, i.multiplier "
        "FROM network_usagepoint p JOIN metering_meterinstallation i ON i.usage_point_id = p.id "
        "WHERE p.transformer_id = ? AND p.kind IN ('SUPPLY', 'LOAD') AND i.multiplier IS NOT NULL "
        "AND i.installed_on <= ? AND (i.removed_on IS NULL OR i.removed_on >= ?) ORDER BY p.id",
        (transformer_id, from_on, to_on),
        schema=_HUNG,
    )
    return pl.DataFrame(found)
