"""Price assignments of the synthetic county, with what changes in two years: price, class, capacity."""

from __future__ import annotations

import itertools

import polars as pl

from wandeng.twin.county import CLASSES, Plan

SINCE = "2024-11-01"
TO_TIME_OF_USE = "2026-03-16"
SUSPENDED = ("2026-04-11", "2026-06-21")
RECLASSED = "2026-08-12"


def assignments(plan: Plan, points: pl.DataFrame) -> pl.DataFrame:
    """One row per usage point and dated piece of its terms, in the columns of the price-assignments file."""
    classes = pl.DataFrame(
        {
            "class_name": [c.name for c in CLASSES] + ["roof", "dormitory"],
            "price_code": [c.price_code for c in CLASSES] + ["demo.feed_in.pv", "demo.residential.shared"],
            "basic_method": [c.basic_method for c in CLASSES] + [0, 0],
        }
    )
    capacity = pl.col("contract_capacity_kva")
    own_low = pl.col("own") & (pl.col("metered_side") == "LOW") & (pl.col("usage_point_kind") == "LOAD")
    base = (
        points.filter(pl.col("usage_point_kind") != "SUPPLY")
        .join(classes, on="class_name", maintain_order="left")
        .select(
            "usage_point", "serial", "class_name",
            pl.lit(SINCE).alias("valid_from"), pl.lit("").alias("valid_to"), "price_code",
            capacity.alias("running_capacity_kva"), "basic_method",
            pl.when(pl.col("basic_method") == 2).then(capacity * 7 // 10).otherwise(0).alias("contract_demand_kw"),
            "pf_standard",
            pl.when(pl.col("class_name") == "home_large").then(100).otherwise(0).alias("household_shift_kwh"),
            pl.when(pl.col("class_name") == "home_granted").then(10).otherwise(0).alias("free_kwh"),
            # A customer's own transformer metered on its low side: the losses are added, agreed or by the formula.
            pl.when(own_low & (pl.col("serial") % 2 == 0)).then(1).when(own_low).then(2).otherwise(0).alias("loss_method"),
            pl.when(own_low & (pl.col("serial") % 2 == 0)).then(capacity * 3).otherwise(0).alias("loss_active_kwh"),
            pl.when(own_low & (pl.col("serial") % 2 == 0)).then(capacity * 5).otherwise(0).alias("loss_reactive_kvarh"),
            pl.when(own_low & (pl.col("serial") % 2 == 1)).then(capacity * 15 // 10).otherwise(0).alias("loss_p0_w"),
            pl.when(own_low & (pl.col("serial") % 2 == 1)).then(capacity * 105 // 10).otherwise(0).alias("loss_pk_w"),
            pl.when(own_low & (pl.col("serial") % 2 == 1)).then(capacity).otherwise(0).alias("loss_sn_kva"),
            pl.when(own_low & (pl.col("serial") % 2 == 1)).then(pl.lit("0.0110")).otherwise(pl.lit("0")).alias("loss_i0"),
            pl.when(own_low & (pl.col("serial") % 2 == 1)).then(pl.lit("0.0400")).otherwise(pl.lit("0")).alias("loss_uk"),
            pl.when(own_low & (pl.col("serial") % 2 == 1)).then(pl.lit("1.50")).otherwise(pl.lit("1")).alias("loss_k"),
            pl.lit("0").alias("line_loss"),
        )
    )  # fmt: skip
    return _changed(base).sort("usage_point", "valid_from").drop("serial", "class_name")


def _changed(base: pl.DataFrame) -> pl.DataFrame:
    """Cut the rows of those who changed something: the old piece ends the day the new one begins."""
    serial = pl.col("serial")
    regrouped = (pl.col("class_name") == "shop") & (serial % 29 == 0)
    suspended = (pl.col("basic_method") == 1) & (serial % 3 == 0)
    grown = (pl.col("class_name") == "home") & (serial % 211 == 0)
    kept = base.filter(~(regrouped | suspended | grown))
    pieces = [
        kept,
        *_split(base.filter(regrouped), [RECLASSED], {"price_code": pl.lit("demo.temporary")}),
        *_split(base.filter(grown), [TO_TIME_OF_USE], {"household_shift_kwh": pl.lit(100, pl.Int64)}),
        *_split(base.filter(suspended), list(SUSPENDED), {"running_capacity_kva": pl.col("running_capacity_kva") // 2}),
    ]
    return pl.concat([piece.cast(base.schema) for piece in pieces])


def _split(rows: pl.DataFrame, cuts: list[str], change: dict[str, pl.Expr]) -> list[pl.DataFrame]:
    """The rows cut at each date; every second piece carries the change."""
    edges = [SINCE, *cuts, ""]
    return [
        rows.with_columns(
            valid_from=pl.lit(start), valid_to=pl.lit(end), **(change if number % 2 else {})
        )
        for number, (start, end) in enumerate(itertools.pairwise(edges))
    ]  # fmt: skip
