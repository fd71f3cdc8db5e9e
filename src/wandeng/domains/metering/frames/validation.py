"""Is a reading to be believed? Column checks of a batch against what each meter showed before. Pure: no store."""

from __future__ import annotations

from datetime import date

import polars as pl

from wandeng.domains.metering.types import REGISTERS, HoldReason, ReadingLimits
from wandeng.kernel.units import CKWH_PER_KWH, E4_PER_ONE

_PERIODS = ("sharp_ckwh", "peak_ckwh", "valley_ckwh", "deep_ckwh")
JUDGED_COLUMNS = ("installation_id", "read_on", *REGISTERS, "demand_e4")
LAST_COLUMNS = ("installation_id", "read_on", *REGISTERS, "rate_num", "rate_days")


def modulus() -> pl.Expr:
    """Where the registers of a meter with ``digits`` whole digits roll over, 0.01 kWh."""
    return pl.lit(10, pl.Int64).pow(pl.col("digits").cast(pl.UInt32)) * CKWH_PER_KWH


def judge(batch: pl.DataFrame, last: pl.DataFrame, *, limits: ReadingLimits, today: date) -> pl.DataFrame:
    """Give every row of a batch its ``hold_reason``, empty for a sound one.

    ``batch`` has JUDGED_COLUMNS with ``digits`` and ``multiplier``, no day of an installation twice. ``last`` has at
    most one row an installation: its last accepted reading, with the advance of the total before it (``rate_num``
    0.01 kWh in ``rate_days`` days; null where there was none). Days are judged in order, and only accepted rows move
    the last reading on, so one wrong month does not condemn the next.
    """
    judged: list[pl.DataFrame] = []
    state = last.select(LAST_COLUMNS)
    for (_,), day in batch.sort("read_on").group_by("read_on", maintain_order=True):
        result = _judge_day(day, state, limits, today)
        judged.append(result.select(*batch.columns, "hold_reason"))
        state = _moved_on(state, result)
    if not judged:
        return batch.with_columns(pl.lit("").alias("hold_reason"))
    return pl.concat(judged)


def _judge_day(day: pl.DataFrame, last: pl.DataFrame, limits: ReadingLimits, today: date) -> pl.DataFrame:
    """One day's rows beside the last reading (``*_last``), with ``advance``, ``days`` and the verdict."""
    before = last.rename({name: f"{name}_last" for name in LAST_COLUMNS[1:]})
    rows = (
        day.join(before, on="installation_id", how="left")
        .with_columns(modulus().alias("modulus"))
        .with_columns(
            (pl.col("read_on") - pl.col("read_on_last")).dt.total_days().alias("days"),
            *[_advance(name).alias(f"_{name}") for name in REGISTERS],
            *[(pl.col(name) < pl.col(f"{name}_last")).alias(f"_{name}_fell") for name in REGISTERS],
        )
        .with_columns(
            pl.col("_total_ckwh").alias("advance"),
            pl.any_horizontal(f"_{name}_fell" for name in REGISTERS).fill_null(False).alias("fell"),
            _jumped(limits).alias("jumped"),
        )
    )
    reasons = [
        (pl.col("read_on") > today, HoldReason.FUTURE_DATE),
        (pl.col("days") <= 0, HoldReason.BEFORE_LAST),
        (_period_missing(), HoldReason.PERIOD_MISSING),
        (pl.any_horizontal(pl.col(name) >= pl.col("modulus") for name in REGISTERS), HoldReason.OVER_MODULUS),
        # A roll-over is believed when the energy it means is: no jump, and a rate to hold it against.
        (
            pl.col("fell") & (pl.col("jumped").is_null() | pl.col("jumped") | ~_fell_together()),
            HoldReason.LOWER_THAN_LAST,
        ),
        (pl.sum_horizontal(f"_{name}" for name in _PERIODS) > pl.col("_total_ckwh"), HoldReason.PERIODS_EXCEED_TOTAL),
        (pl.col("jumped"), HoldReason.JUMP),
    ]
    verdict = pl.lit("")
    for condition, reason in reversed(reasons):
        verdict = pl.when(condition.fill_null(False)).then(pl.lit(reason)).otherwise(verdict)
    return rows.with_columns(verdict.alias("hold_reason"))


def _advance(name: str) -> pl.Expr:
    delta = pl.col(name) - pl.col(f"{name}_last")
    return pl.when(delta < 0).then(delta + pl.col("modulus")).otherwise(delta)


def _fell_together() -> pl.Expr:
    """A period register rolls over only when its own advance fits into the total's."""
    return pl.all_horizontal(
        (pl.col(f"_{name}") <= pl.col("_total_ckwh")) | ~pl.col(f"_{name}_fell") for name in _PERIODS
    ).fill_null(True)


def _period_missing() -> pl.Expr:
    """A register that the meter showed last time is not in this reading."""
    return pl.any_horizontal(
        pl.col(name).is_null() & pl.col(f"{name}_last").is_not_null() for name in REGISTERS if name != "total_ckwh"
    )


def _jumped(limits: ReadingLimits) -> pl.Expr:
    """Both conditions of the limits; null where the meter has no rate yet. Whole numbers only:
    advance/days > factor × rate_num/rate_days, and (advance − rate × days) × multiplier ≥ floor."""
    # 128 bits: a ten-digit register × days × 10⁴ passes 64.
    advance = pl.col("_total_ckwh").cast(pl.Int128)
    scaled = pl.col("rate_num_last").cast(pl.Int128) * pl.col("days")
    over = advance * pl.col("rate_days_last") * E4_PER_ONE > scaled * limits.jump_factor_e4
    above = (advance * pl.col("rate_days_last") - scaled) * pl.col("multiplier").fill_null(1)
    return over & (above >= pl.col("rate_days_last") * limits.jump_floor_ckwh)


def _moved_on(last: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """The last readings after a day: accepted rows take the place of what they followed."""
    sound = judged.filter(pl.col("hold_reason") == "").select(
        "installation_id",
        "read_on",
        *REGISTERS,
        pl.col("advance").alias("rate_num"),
        pl.col("days").alias("rate_days"),
    )
    return pl.concat([last.join(sound, on="installation_id", how="anti"), sound.cast(last.schema)])
