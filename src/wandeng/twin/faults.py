"""The faults that real files have, planted at fixed rates so that the demonstration shows what happens to them.

Each function takes the rows of one file as text and returns them with some spoiled. Which rows is drawn from the plan's
seed; the counts are what the demonstration can say it planted.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from wandeng.twin.county import Plan


def in_customers(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """A transformer nobody knows, an impossible date, an unknown class, an account twice."""
    picks = plan.rng("faults:customers").permutation(int(rows.height * 0.9))[:8]
    place = pl.int_range(pl.len())
    spoiled = rows.with_columns(
        transformer=pl.when(place.is_in(picks[:3].tolist())).then(pl.lit("T??-0000")).otherwise("transformer"),
        opened_on=pl.when(place.is_in(picks[3:5].tolist())).then(pl.lit("2019-02-30")).otherwise("opened_on"),
        customer_class=pl.when(place.is_in(picks[5:6].tolist())).then(pl.lit("居明")).otherwise("customer_class"),
    )
    doubled: pl.DataFrame = pl.concat([spoiled, rows[picks[6:].tolist()]])
    return doubled


def in_meters(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """CT ratios never written down: the multiplier is unknown, and a bill by it must wait."""
    with_ct = rows.with_row_index("place").filter(pl.col("ct_primary_a") != "")["place"].to_numpy()
    rng = plan.rng("faults:meters")
    picks = rng.permutation(with_ct)[: max(2, len(with_ct) // 100)].tolist()
    here = pl.int_range(pl.len()).is_in(picks)
    blank = ["ct_primary_a", "ct_secondary_a", "pt_primary_v", "pt_secondary_v", "multiplier"]
    return rows.with_columns(pl.when(here).then(pl.lit("")).otherwise(pl.col(name)).alias(name) for name in blank)


def in_readings(plan: Plan, rows: pl.DataFrame, freeze: int) -> pl.DataFrame:
    """Readings that never came, came with a digit too many or with letters, or came twice."""
    rng = plan.rng(f"faults:readings:{freeze}")
    chance = pl.Series(rng.random(rows.height))
    if freeze == 0:
        return rows
    garbled = pl.when(chance < 0.0001).then(pl.lit("---")).otherwise("total")
    mistyped = pl.when((chance >= 0.0001) & (chance < 0.0004)).then(pl.lit("9") + pl.col("total")).otherwise(garbled)
    low = pl.when((chance >= 0.0004) & (chance < 0.0006)).then(pl.lit("1.00")).otherwise(mistyped)
    missing = (chance >= 0.0006) & (chance < 0.0026)
    kept = rows.with_columns(total=low).filter(~missing)
    return pl.concat([kept, kept[: max(1, rows.height // 5000)]])


def in_curves(plan: Plan, rows: pl.DataFrame, meters: pl.DataFrame, billed: np.ndarray) -> pl.DataFrame:
    """Meters billed by their curves of which a day, or the last quarter hours of one, never came."""
    rng = plan.rng("faults:curves")
    picks = rng.permutation(billed)[: len(billed) // 40 + 1]
    numbers = meters["asset_number"].gather(picks.tolist()).to_list()
    days = [
        plan.curve_month.first + timedelta(days=int(day)) for day in rng.integers(0, plan.curve_month.days, len(picks))
    ]
    lost = pl.struct("asset_number", "day").is_in(
        [{"asset_number": number, "day": day.isoformat()} for number, day in zip(numbers, days, strict=True)]
    )
    evening = [f"p{point:02d}" for point in range(80, 96)]
    whole_day = lost & pl.col("asset_number").is_in(numbers[::2])
    return rows.filter(~whole_day).with_columns(
        pl.when(lost).then(pl.lit("")).otherwise(pl.col(name)).alias(name) for name in evening
    )


def in_assignments(plan: Plan, rows: pl.DataFrame) -> pl.DataFrame:
    """Usage points whose price was never assigned, and one with a price no book knows."""
    rng = plan.rng("faults:assignments")
    picks = rng.permutation(rows.height)[: max(3, rows.height // 5000)]
    place = pl.int_range(pl.len())
    renamed = rows.with_columns(
        price_code=pl.when(place == int(picks[0])).then(pl.lit("demo.commercial.lv2")).otherwise("price_code")
    )
    return renamed.filter(~place.is_in(np.asarray(picks[1:]).tolist()))
