"""Register readings become energy: roll-over, multiplier, and flat as what the other periods leave of the total.

One row per reading stays one row; what is wrong with a row is said in its ``fault`` column, never raised, and a faulty
row carries no energy.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from wandeng.calc.rating.exact import ENERGY_GUARD, half_up_positive
from wandeng.calc.rating.frames import REGISTER_NAMES, FindingCode

DELTA_GUARD = 2**36
"""0.01 units a register may advance in one period, and …"""
MULTIPLIER_GUARD = 2**26
"""… the largest CT × PT: their product stays below 2⁶², so it can be formed before it is judged."""

READ_PERIODS = ("sharp", "peak", "valley", "deep")


def energies(reads: pl.DataFrame) -> pl.DataFrame:
    """Energy of every reading row.

    Input has the columns of ``frames.READS``. Added per register name: its energy in 0.01 kWh (0.01 kvarh for the
    reactive ones) after roll-over and multiplier, 0 where the meter has no such register; ``flat``; ``demand_ckw``
    (0.01 kW after the multiplier, null where not read); ``no_reactive`` (no reactive register was read);
    ``complaint``, 0 for a sound row. A row with a complaint carries no energy; :func:`faults` words it.

    A register that went down rolled over once at the modulus. Flat is total minus the other periods
    (``rules.md`` 3.2), so the periods always add up to the total.
    """
    present = _registers(reads)
    return (
        reads.lazy()
        .with_columns(_advance(name).alias(f"_{name}") for name in present)
        .with_columns(_complaint(present).alias("complaint"))
        .with_columns(
            _if_sound((pl.col(f"_{name}") * pl.col("multiplier")).fill_null(0), 0).alias(name)
            if name in present
            else pl.lit(0, pl.Int64).alias(name)
            for name in REGISTER_NAMES
        )
        .with_columns(
            (pl.col("total") - pl.sum_horizontal(READ_PERIODS)).alias("flat"),
            _if_sound(half_up_positive(pl.col("demand_e4") * pl.col("multiplier"), 100), None).alias("demand_ckw"),
            (pl.col("reactive_start").is_null() | pl.col("reactive_end").is_null()).alias("no_reactive"),
        )
        .drop(f"_{name}" for name in present)
        .collect()
    )


def faults(measured: pl.DataFrame) -> pl.DataFrame:
    """The findings of the rows :func:`energies` could not use: account, point, code, found, limit, on."""
    wrong = measured.filter(pl.col("complaint") > 0)
    present = _registers(measured)
    columns = {"code": pl.String, "found": pl.Int64, "limit": pl.Int64, "on": pl.Date}
    chosen: list[pl.Expr] = [pl.lit(None, dtype) for dtype in columns.values()]
    for place, (_, *told) in enumerate(_complaints(present), 1):
        said = pl.col("complaint") == place
        chosen = [pl.when(said).then(new).otherwise(old) for new, old in zip(told, chosen, strict=True)]
    return wrong.with_columns(_advance(name).alias(f"_{name}") for name in present).select(
        "account_id", "usage_point_id", *(expr.alias(name) for expr, name in zip(chosen, columns, strict=True))
    )


def _registers(reads: pl.DataFrame) -> list[str]:
    """The registers that at least one meter of the shard has."""
    return [
        name
        for name in REGISTER_NAMES
        if name == "total" or any(reads[f"{name}_{end}"].null_count() < reads.height for end in ("start", "end"))
    ]


def _advance(name: str) -> pl.Expr:
    delta = pl.col(f"{name}_end") - pl.col(f"{name}_start")
    return pl.when(delta < 0).then(delta + pl.col("modulus_ckwh").fill_null(0)).otherwise(delta)


def _if_sound(value: pl.Expr, otherwise: int | None) -> pl.Expr:
    return pl.when(pl.col("complaint") == 0).then(value).otherwise(pl.lit(otherwise, pl.Int64))


def _complaint(present: list[str]) -> pl.Expr:
    """The number of the first complaint about a row, in the order in which a person would have to mend them."""
    number = pl.lit(0, pl.Int8)
    for place, (wrong, *_) in reversed(list(enumerate(_complaints(present), 1))):
        number = pl.when(wrong).then(pl.lit(place, pl.Int8)).otherwise(number)
    return number


def _complaints(present: list[str]) -> Iterator[tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr, pl.Expr]]:
    """(is it so, code, found, limit, on) for each thing that can be wrong with a row."""
    nothing, zero = pl.lit(None, pl.Int64), pl.lit(0, pl.Int64)
    registers = [pl.col(f"_{name}") for name in present]
    half_read = [
        pl.col(f"{name}_start").is_null() != pl.col(f"{name}_end").is_null() for name in present if name != "total"
    ]
    first_missing = pl.col("total_start").is_null() & pl.col("total_end").is_not_null()
    yield (
        pl.any_horizontal(pl.col("_total").is_null(), pl.col("to_on") <= pl.col("from_on"), *half_read),
        pl.lit(FindingCode.MISSING_READING),
        nothing,
        nothing,
        pl.when(first_missing).then(pl.col("from_on")).otherwise(pl.col("to_on")),
    )
    yield (
        pl.col("multiplier").is_null() | (pl.col("multiplier") <= 0),
        pl.lit(FindingCode.MULTIPLIER_MISSING),
        pl.col("multiplier"),
        nothing,
        pl.col("from_on"),
    )
    yield (
        pl.any_horizontal(*[register < 0 for register in registers]),
        pl.lit(FindingCode.NEGATIVE),
        pl.min_horizontal(registers),
        zero,
        pl.col("to_on"),
    )
    largest = pl.max_horizontal(registers)
    yield (
        (largest >= DELTA_GUARD)
        | (pl.col("multiplier") >= MULTIPLIER_GUARD)
        | (largest * pl.col("multiplier") > ENERGY_GUARD)
        | (pl.col("demand_e4").fill_null(0) >= DELTA_GUARD),
        pl.lit(FindingCode.OVERFLOW),
        largest,
        pl.lit(ENERGY_GUARD, pl.Int64),
        pl.col("to_on"),
    )
    periods = [name for name in READ_PERIODS if name in present]
    if periods:
        together = pl.sum_horizontal([pl.col(f"_{name}") for name in periods])
        yield (
            together > pl.col("_total"),
            pl.lit(FindingCode.PERIODS_EXCEED_TOTAL),
            together * pl.col("multiplier"),
            pl.col("_total") * pl.col("multiplier"),
            pl.col("to_on"),
        )
