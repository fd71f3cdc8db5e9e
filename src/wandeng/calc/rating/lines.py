"""Charges become the lines of a bill: one rounding each, in the order of the book's items, numbered per account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from wandeng.calc.rating import basic, checks, power_factor, quantities
from wandeng.calc.rating.book import PriceWindow
from wandeng.calc.rating.exact import amount_fen, half_up
from wandeng.calc.rating.frames import LINES, FindingCode, Kind
from wandeng.calc.rating.inputs import KEYS
from wandeng.kernel.units import AMOUNT_DIVISOR

ROW_PLACES = 2**24
"""Charges are sorted by ``point_ix × ROW_PLACES + row_ix``: a shard's window has fewer price rows than this."""
CHARGE = ["seg_ix", "row_ix", "point_ix", "quantity", "price_e8", "days"]


HEAD = {
    "account_id": pl.Int64,
    "period_from": pl.Date,
    "period_to": pl.Date,
    "energy_ckwh": pl.Int64,
    "amount_fen": pl.Int64,
    "line_count": pl.Int64,
}


@dataclass(frozen=True)
class Priced:
    """``lines`` with the columns of LINES, and ``overflows``, findings about amounts that do not fit."""

    lines: pl.DataFrame
    overflows: pl.DataFrame


def price(
    segments: pl.DataFrame,
    pieces: pl.DataFrame,
    by_point: pl.DataFrame,
    grouped: pl.DataFrame,
    points: pl.DataFrame,
    window: PriceWindow,
) -> Priced:
    """All lines of a shard. ``grouped`` are the power-factor groups with their rates."""
    month_days = window.conventions.month_days
    metered = [charges.with_columns(days=pl.lit(0, pl.Int64)) for charges in quantities.of_energy(segments, window)]
    by_basic = basic.charges(segments, pieces, by_point, window)
    charges = _with_amounts(pl.concat([*pl.collect_all(metered), by_basic]), month_days)
    adjusted = _power_factor(charges, segments, pieces, grouped, window)
    extents = segments.select("point_ix", "seg_from", "seg_to")
    if adjusted.height:
        charges = pl.concat([charges, _with_amounts(adjusted, month_days)])
        groups = grouped.select("point_ix", seg_from="group_from", seg_to="group_to")
        extents = pl.concat([extents, groups])
    overflows = _overflows(charges, extents, points, month_days)
    return Priced(_lines(charges, extents, points, window), overflows)


def heads(by_point: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """One head per account: the sum of its lines, also where there are none.

    Both frames are sorted by account, so sums are differences of running totals; grouping would cost ten times more.
    """
    owners = by_point["account_id"].to_numpy()
    first = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: owners.size])
    accounts = owners[first]
    line_accounts = lines["account_id"].to_numpy()
    start, end = (np.searchsorted(line_accounts, accounts, side=side) for side in ("left", "right"))
    running = np.append(0, np.cumsum(lines["amount_fen"].to_numpy()))
    days = by_point.select(pl.col("period_from", "period_to").to_physical())
    if not first.size:
        return pl.DataFrame(schema=HEAD)
    return pl.DataFrame(
        {
            "account_id": accounts,
            "period_from": np.minimum.reduceat(days["period_from"].to_numpy(), first),
            "period_to": np.maximum.reduceat(days["period_to"].to_numpy(), first),
            "energy_ckwh": np.add.reduceat(by_point["total_ckwh"].to_numpy(), first),
            "amount_fen": running[end] - running[start],
            "line_count": end - start,
        }
    ).with_columns(pl.col("period_from", "period_to").cast(pl.Date))


def _no_charges() -> pl.DataFrame:
    types = [pl.UInt32, pl.UInt32, pl.UInt32, pl.Int64, pl.Int64, pl.Int64]
    return pl.DataFrame(schema=dict(zip(CHARGE, types, strict=True)))


def _with_amounts(charges: pl.DataFrame, month_days: int) -> pl.DataFrame:
    """``amount_fen``: quantity × price, × days / 30 for part months, rounded once, half away from zero."""
    whole = amount_fen(pl.col("quantity"), pl.col("price_e8"))
    if not (charges["days"] > 0).any():
        return charges.with_columns(amount_fen=whole)
    product = pl.col("quantity") * pl.col("price_e8") * pl.col("days")
    part = half_up(product, AMOUNT_DIVISOR * month_days)
    return charges.with_columns(amount_fen=pl.when(pl.col("days") > 0).then(part).otherwise(whole))


def _power_factor(
    charges: pl.DataFrame, segments: pl.DataFrame, pieces: pl.DataFrame, grouped: pl.DataFrame, window: PriceWindow
) -> pl.DataFrame:
    """Power-factor charges; their ``seg_ix`` counts on after the segments, one per group."""
    if grouped.is_empty():
        return _no_charges()
    members = pieces.join(grouped.select("group_ix", *power_factor.GROUP), on=power_factor.GROUP)
    member_segments = segments.select("seg_ix", "piece_ix").join(members.select("piece_ix", "group_ix"), on="piece_ix")
    flagged = window.rows_of(pl.col("pf_base")).select("row_ix")
    base = charges.join(member_segments.select("seg_ix", "group_ix"), on="seg_ix").join(
        flagged, on="row_ix", how="semi"
    )
    return power_factor.charges(grouped, base, window).select(
        (pl.col("group_ix") + segments.height).cast(pl.UInt32).alias("seg_ix"),
        "row_ix",
        "point_ix",
        "quantity",
        "price_e8",
        days=pl.lit(0, pl.Int64),
    )


def _overflows(charges: pl.DataFrame, extents: pl.DataFrame, points: pl.DataFrame, month_days: int) -> pl.DataFrame:
    beyond = checks.of_amounts(charges, month_days)
    if beyond.is_empty():
        return checks.nothing()
    at = extents[beyond["seg_ix"]]
    return (
        pl.concat([beyond, at], how="horizontal")
        .join(points.select("point_ix", *KEYS), on="point_ix")
        .select(*KEYS, code=pl.lit(FindingCode.OVERFLOW), found="found", limit="limit", on="seg_from")
    )


def _lines(charges: pl.DataFrame, extents: pl.DataFrame, points: pl.DataFrame, window: PriceWindow) -> pl.DataFrame:
    place = pl.col("point_ix").cast(pl.Int64) * ROW_PLACES + pl.col("row_ix").cast(pl.Int64)
    ordered = charges.with_columns(_place=place).sort("_place", maintain_order=True)
    rows = window.rows.select("item_id", "kind", "measure", "tier", "version_id")[ordered["row_ix"]]
    beside = pl.concat(
        [
            ordered.select("quantity", "days", "price_e8", "amount_fen"),
            extents.select("seg_from", "seg_to")[ordered["seg_ix"]],
            points.select(KEYS)[ordered["point_ix"]],
            rows,
        ],
        how="horizontal",
    )
    place_in_shard = pl.int_range(pl.len(), dtype=pl.Int64)
    is_first = pl.col("account_id").ne_missing(pl.col("account_id").shift(1))
    first_place = pl.when(is_first).then(place_in_shard).otherwise(0).cum_max()
    adjusts = pl.col("kind") == Kind.POWER_FACTOR
    table_version = pl.lit(window.conventions.power_factor_version_id, pl.Int32)
    return beside.with_columns(
        line_no=place_in_shard - first_place + 1,
        version_id=pl.when(adjusts).then(table_version).otherwise("version_id"),
    ).select(LINES.names)
