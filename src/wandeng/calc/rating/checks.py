"""What must hold before an account is billed: a price for everything it needs, and figures a person would believe.

Findings here come after measuring; those of single readings are in ``calc.usage``, those of gaps in ``inputs``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from wandeng.calc.rating.book import ANY_ENERGY, TOPICS, PriceWindow
from wandeng.calc.rating.exact import elapsed
from wandeng.calc.rating.frames import BasicMethod, Conventions, FindingCode, LossMethod
from wandeng.calc.rating.inputs import KEYS
from wandeng.calc.rating.losses import FORMULA_GUARDS
from wandeng.kernel.money import MONEY_GUARD
from wandeng.kernel.units import E4_PER_ONE

FINDING = {"account_id": pl.Int64, "usage_point_id": pl.Int64, "code": pl.String, "found": pl.Int64,
           "limit": pl.Int64, "on": pl.Date}  # fmt: skip
_NOTHING = pl.lit(None, pl.Int64)


def nothing() -> pl.DataFrame:
    """No finding."""
    return pl.DataFrame(schema=FINDING)


def of_formula_terms(terms: pl.DataFrame) -> pl.DataFrame:
    """Loss terms beyond what the formula can be computed for, or without the transformer's size."""
    formula = terms.filter(pl.col("loss_method") == LossMethod.FORMULA)
    beyond = pl.any_horizontal((pl.col(name) > most) | (pl.col(name) < 0) for name, most in FORMULA_GUARDS.items())
    return pl.concat(
        [
            _found(formula.filter(beyond), FindingCode.OVERFLOW, _NOTHING, _NOTHING, "valid_from"),
            _found(formula.filter(pl.col("loss_sn_ckva") == 0), FindingCode.NO_TERMS, _NOTHING, _NOTHING, "valid_from"),
        ]
    )


def of_pieces(pieces: pl.DataFrame, window: PriceWindow) -> pl.DataFrame:
    """Terms without their quantity, registers that the terms need and the meter lacks, and prices not in force."""
    method = pl.col("basic_method")
    no_capacity = (method == BasicMethod.CAPACITY) & pl.col("running_capacity_ckva").is_null()
    no_contract = (method == BasicMethod.CONTRACT_DEMAND) & (pl.col("contract_demand_ckw").fill_null(0) <= 0)
    no_demand = method.is_in([BasicMethod.CONTRACT_DEMAND, BasicMethod.ACTUAL_DEMAND]) & pl.col("no_demand")
    no_reactive = (pl.col("pf_standard") > 0) & pl.col("no_reactive")
    return pl.concat(
        [
            _found(pieces.filter(no_capacity | no_contract), FindingCode.NO_TERMS, method, _NOTHING, "valid_from"),
            _found(pieces.filter(no_demand), FindingCode.DEMAND_MISSING, _NOTHING, _NOTHING, "valid_to"),
            _found(pieces.filter(no_reactive), FindingCode.MISSING_READING, _NOTHING, _NOTHING, "valid_to"),
            *_unpriced(pieces, window),
        ]
    )


def _unpriced(pieces: pl.DataFrame, window: PriceWindow) -> Iterator[pl.DataFrame]:
    """Pieces that need a price on a day on which no version of it is in force."""
    method = pl.col("basic_method")
    needs = {topic: pl.col(topic) != 0 for topic in TOPICS if topic in pieces.columns} | {
        ANY_ENERGY: pl.lit(True),
        "capacity": method == BasicMethod.CAPACITY,
        "demand": method.is_in([BasicMethod.CONTRACT_DEMAND, BasicMethod.ACTUAL_DEMAND]),
        "power_factor": pl.col("pf_standard") > 0,
        "free": pl.col("free_ckwh") > 0,
    }
    keys = pieces["rate_key"].unique().to_list()
    for topic in TOPICS:
        suspects = window.keys_with_gaps(topic, keys)
        if not suspects:
            continue
        doubtful = pieces.filter(pl.col("rate_key").is_in(suspects), needs[topic])
        if topic == "power_factor":
            doubtful = doubtful.with_columns(valid_from=pl.col("valid_to").dt.offset_by("-1d"))
        cases = doubtful.select("rate_key", "valid_from", "valid_to").unique()
        gaps = [
            (key, start, end, window.first_gap(key, topic, start, end))
            for key, start, end in cases.iter_rows()
            if not window.is_priced(key, topic, start, end)
        ]
        yield _found(_beside(doubtful, gaps), FindingCode.NO_RULE_IN_FORCE, pl.col("structure_id"), _NOTHING, "gap_on")


def _beside(doubtful: pl.DataFrame, gaps: list[tuple[int, date, date, date]]) -> pl.DataFrame:
    schema = {"rate_key": pl.Int64, "valid_from": pl.Date, "valid_to": pl.Date, "gap_on": pl.Date}
    return doubtful.join(pl.DataFrame(gaps, schema, orient="row"), on=["rate_key", "valid_from", "valid_to"])


def of_points(by_point: pl.DataFrame, conventions: Conventions) -> pl.DataFrame:
    """Negative energy, which cannot be billed; and zero, jump and over-capacity, which wait for a person.

    ``by_point``: measured energies with the point's previous_ckwh, contract_capacity_ckva, accepted and period.
    """
    total, previous = pl.col("total_ckwh"), pl.col("previous_ckwh")
    registers = [pl.col(f"{name}_ckwh") for name in ("total", "sharp", "peak", "flat", "valley", "deep", "export")]
    most = (
        pl.col("contract_capacity_ckva").fill_null(0)
        * conventions.capacity_hours_per_day
        * elapsed(pl.col("period_from"), pl.col("period_to"))
    )
    open_points = by_point.filter(~pl.col("accepted").fill_null(False))
    jumped = (
        previous.is_not_null()
        & (total.cast(pl.Int128) * E4_PER_ONE > previous.cast(pl.Int128) * conventions.jump_factor_e4)
        & (total - previous >= conventions.jump_floor_ckwh)
    )
    stopped = (total == 0) & (previous.fill_null(0) > 0) & pl.lit(conventions.zero_held)
    lowest = pl.min_horizontal(registers)
    return pl.concat(
        [
            _found(by_point.filter(lowest < 0), FindingCode.NEGATIVE, lowest, pl.lit(0, pl.Int64), "period_to"),
            _found(open_points.filter(stopped), FindingCode.ZERO, total, previous, "period_to"),
            _found(open_points.filter(jumped), FindingCode.JUMP, total, previous, "period_to"),
            _found(
                open_points.filter((most > 0) & (total > most)), FindingCode.OVER_CAPACITY, total, most, "period_to"
            ),
        ]
    )


def of_reactive(pieces: pl.DataFrame, by_point: pl.DataFrame) -> pl.DataFrame:
    """Points with a power-factor standard whose meters counted energy and no reactive energy at all: cos φ would be 1, and
    the customer paid for it. More often the register is dead or was not sent, so a person looks first.

    ``found`` is the active energy read. Points whose register is missing have their own finding.
    """
    assessed = pieces.filter(pl.col("pf_standard") > 0)
    still = (
        assessed.group_by(KEYS)
        .agg(pl.col("read", "read_reactive").sum(), pl.col("no_reactive").any())
        .filter(pl.col("read") > 0, pl.col("read_reactive") == 0, ~pl.col("no_reactive"))
    )
    open_points = by_point.filter(~pl.col("accepted").fill_null(False)).select(*KEYS, "period_to")
    return _found(
        still.join(open_points, on=KEYS), FindingCode.NO_REACTIVE, pl.col("read"), pl.lit(0, pl.Int64), "period_to"
    )


def of_missing_rates(groups: pl.DataFrame) -> pl.DataFrame:
    """Power-factor standards that the table in force does not have."""
    missing = groups.filter(pl.col("rate_e8").is_null(), pl.col("pf_hundredths").is_not_null())
    on = pl.col("group_to").dt.offset_by("-1d")
    return missing.select(
        *KEYS, code=pl.lit(FindingCode.NO_RULE_IN_FORCE), found=pl.col("pf_standard"), limit=_NOTHING, on=on
    )


def of_amounts(charges: pl.DataFrame, month_days: int) -> pl.DataFrame:
    """seg_ix, found, limit of the charges whose product with the price does not fit in 62 bits.

    One look at the largest values of the shard clears nearly every shard.
    """
    weight = pl.when(pl.col("days") > 0).then("days").otherwise(1)
    worst = charges.select(
        pl.col("quantity").abs().max().alias("q"), pl.col("price_e8").abs().max().alias("p"), weight.max().alias("d")
    ).row(0)
    if charges.is_empty() or worst[0] * worst[1] * max(worst[2], month_days) * 2 < MONEY_GUARD:
        return charges.head(0).select("seg_ix", found="quantity", limit="quantity")
    limit = (MONEY_GUARD - 1) // (pl.col("price_e8").abs().clip(lower_bound=1) * weight)
    return charges.filter(pl.col("quantity").abs() > limit).select("seg_ix", found="quantity", limit=limit)


def _found(rows: pl.DataFrame, code: str, found: pl.Expr, limit: pl.Expr, on: str) -> pl.DataFrame:
    return rows.select(*KEYS, code=pl.lit(code), found=found.cast(pl.Int64), limit=limit.cast(pl.Int64), on=pl.col(on))
