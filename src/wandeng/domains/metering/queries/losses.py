"""Line loss of transformer areas (台区线损): what the master meter shows beside what the meters behind it show."""

from __future__ import annotations

import polars as pl

from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering.frames import registers, supply
from wandeng.domains.metering.types import AreaLoss
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import Month
from wandeng.kernel.units import E4_PER_ONE


def area_losses(unit_path: str, month: Month) -> tuple[AreaLoss, ...]:
    """The areas of a unit that have a master meter, the highest loss rate first, those without a figure last.

    Natural month, readings of its first day and of the day after it; energy is what the meters showed, times their
    multipliers, before anything that bills add. What photovoltaic accounts feed in behind the master counts as supply.
    For an office or a county: the work grows with its meters.
    """
    period = month.period
    with ColumnStore() as store:
        masters = pl.DataFrame(
            supply.supply_energy(store, unit_path=unit_path, from_on=period.from_on, to_on=period.to_on)
        )
        if masters.is_empty():
            return ()
        reads = registers.reads_for_period(
            store, accounts=AccountSet(unit_path=unit_path), from_on=period.from_on, to_on=period.to_on
        )
        points = store.read("SELECT id AS usage_point_id, transformer_id, kind FROM network_usagepoint")
    behind = _behind(pl.DataFrame(reads), pl.DataFrame(points).select(pl.exclude("kind"), point_kind="kind"))
    supplied = masters.group_by("transformer_id").agg(
        pl.when(pl.col("energy_ckwh").null_count() == 0).then(pl.col("energy_ckwh").sum()).alias("supplied")
    )
    rows = supplied.join(behind, on="transformer_id", how="left").with_columns(
        pl.col("sold", "fed", "unread").fill_null(0)
    )
    losses = [_loss(row) for row in rows.sort("transformer_id").to_dicts()]
    return tuple(sorted(losses, key=lambda loss: -(loss.rate_e4 if loss.rate_e4 is not None else -E4_PER_ONE * 100)))


def _behind(reads: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Energy drawn and fed in behind each transformer, and the meters that are not read at both ends."""

    def energy(name: str) -> pl.Expr:
        advance = pl.col(f"{name}_end") - pl.col(f"{name}_start")
        return pl.when(advance < 0).then(advance + pl.col("modulus_ckwh")).otherwise(advance) * pl.col("multiplier")

    placed = reads.join(points, on="usage_point_id").filter(pl.col("point_kind").is_in(["LOAD", "FEED_IN"]))
    drawn, fed = energy("total"), energy("export")
    is_load = pl.col("point_kind") == "LOAD"
    return placed.group_by("transformer_id").agg(
        drawn.filter(is_load).fill_null(0).sum().alias("sold"),
        fed.fill_null(0).sum().alias("fed"),
        (is_load & drawn.is_null()).sum().cast(pl.Int64).alias("unread"),
    )


def _loss(row: dict[str, int | None]) -> AreaLoss:
    supplied, sold, unread = row["supplied"], row["sold"] or 0, row["unread"] or 0
    whole = None if supplied is None else supplied + (row["fed"] or 0)
    loss = None if whole is None or unread else whole - sold
    rate = divide_half_up(loss * E4_PER_ONE, whole) if loss is not None and whole else None
    return AreaLoss(int(row["transformer_id"] or 0), whole, sold, unread, loss, rate)
