"""Late fees (电费违约金) of many debts at once: the columns of :func:`wandeng.calc.late_fee.late_fee`, to the fen.

The fee is linear in what is owed: the whole amount over all its days, less each part payment over the days after it. So
every debt needs two numbers of days, at the current and at the carried rate, and no walk through time.
"""

from __future__ import annotations

import polars as pl

from wandeng.calc.late_fee import CrossYear
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import MONEY_GUARD
from wandeng.kernel.units import E4_PER_ONE

DEBTS = pl.Schema(
    {
        "debt": pl.Int64,               # number of the debt, unique
        "amount_fen": pl.Int64,         # what was owed at first, above 0
        "due_on": pl.Date,              # last day without a fee
        "until": pl.Date,               # the day up to and with which the fee runs
        "rate_e4": pl.Int32,            # a day, in 10⁻⁴
        "carried_rate_e4": pl.Int32,    # once carried over a year end
        "minimum_fen": pl.Int64,
        "cap_share_e4": pl.Int32,       # null: no cap
        "cross_year": pl.String,        # a value of CrossYear
    }
)  # fmt: skip
PAID = pl.Schema({"debt": pl.Int64, "paid_on": pl.Date, "paid_fen": pl.Int64})
"""Part payments: the day of payment still bears the fee."""

_DAY = pl.Int64


def late_fees(debts: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """``debt``, ``exact_e4`` (the unrounded fee in 10⁻⁴ fen), ``fee_fen`` and ``bound`` ("minimum", "cap" or ""), in the
    order of ``debts`` (columns of :data:`DEBTS`; ``paid`` of :data:`PAID`).

    Raises :class:`InvalidInput` for amounts that are not positive, payments above a debt, or sums too large for 64 bits.
    """
    _refuse_impossible(debts, paid)
    timed = debts.with_columns(*_edges())
    whole = timed.select("debt", weighed=pl.col("amount_fen") * _weight(pl.col("start")))
    parts = (
        paid.join(timed, on="debt", how="inner")
        .with_columns(after=pl.max_horizontal(pl.col("paid_on").cast(pl.Int32).cast(_DAY) + 1, "start"))
        .group_by("debt")
        .agg(lifted=(pl.col("paid_fen") * _weight(pl.col("after"))).sum())
    )
    exact = whole.join(parts, on="debt", how="left", maintain_order="left").select(
        "debt", exact_e4=pl.col("weighed") - pl.col("lifted").fill_null(0)
    )
    bounded = exact.with_columns(debts.select("minimum_fen", "amount_fen", "cap_share_e4"))
    rounded = (2 * pl.col("exact_e4") + E4_PER_ONE) // (2 * E4_PER_ONE)
    is_least = (pl.col("exact_e4") > 0) & (pl.col("exact_e4") < pl.col("minimum_fen") * E4_PER_ONE)
    cap = pl.col("amount_fen") * pl.col("cap_share_e4") // E4_PER_ONE
    fee = pl.when(is_least).then("minimum_fen").otherwise(rounded)
    is_capped = pl.col("cap_share_e4").is_not_null() & (fee > cap)
    bound = pl.when(is_capped).then(pl.lit("cap")).when(is_least).then(pl.lit("minimum")).otherwise(pl.lit(""))
    return bounded.select("debt", "exact_e4", fee_fen=pl.when(is_capped).then(cap).otherwise(fee), bound=bound)


def _edges() -> list[pl.Expr]:
    """Days as numbers: ``start`` the first with a fee, ``stop`` the first without, ``turn`` 1 January after the due
    date, ``this_year`` 1 January of the year of payment."""
    due, until = pl.col("due_on"), pl.col("until")
    return [
        (due.cast(pl.Int32).cast(_DAY) + 1).alias("start"),
        (until.cast(pl.Int32).cast(_DAY) + 1).alias("stop"),
        pl.date(due.dt.year() + 1, 1, 1).cast(pl.Int32).cast(_DAY).alias("turn"),
        pl.date(until.dt.year(), 1, 1).cast(pl.Int32).cast(_DAY).alias("this_year"),
    ]


def _weight(first: pl.Expr) -> pl.Expr:
    """Σ of the daily rates over the days from ``first`` on, in 10⁻⁴."""
    is_recent = pl.col("cross_year") == CrossYear.PAYMENT_YEAR_ONLY.value
    begin = pl.when(is_recent).then(pl.max_horizontal(first, "this_year")).otherwise(first)
    is_whole = (pl.col("cross_year") == CrossYear.WHOLE_AT_CARRIED_RATE.value) & (pl.col("this_year") >= pl.col("turn"))
    turn = pl.when(is_whole).then(begin).otherwise(pl.col("turn"))
    current = (pl.min_horizontal("stop", turn) - begin).clip(lower_bound=0)
    carried = (pl.col("stop") - pl.max_horizontal(begin, turn)).clip(lower_bound=0)
    return current * pl.col("rate_e4").cast(_DAY) + carried * pl.col("carried_rate_e4").cast(_DAY)


def _refuse_impossible(debts: pl.DataFrame, paid: pl.DataFrame) -> None:
    if debts.is_empty():
        return
    if debts.select((pl.col("amount_fen") <= 0).any()).item():
        raise InvalidInput("arrears must be above zero")
    if paid.select((pl.col("paid_fen") <= 0).any()).item():
        raise InvalidInput("every payment must be above zero")
    sums = paid.group_by("debt").agg(pl.col("paid_fen").sum()).join(debts, on="debt")
    if sums.select((pl.col("paid_fen") > pl.col("amount_fen")).any()).item():
        raise InvalidInput("more was paid than the arrears")
    largest = debts.select(
        amount=pl.col("amount_fen").max(),
        rate=pl.max_horizontal("rate_e4", "carried_rate_e4").max(),
        days=(pl.col("until") - pl.col("due_on")).dt.total_days().max().clip(lower_bound=1),
    ).row(0)
    if largest[0] * largest[1] * largest[2] >= MONEY_GUARD:
        raise InvalidInput("arrears, rate and days are too large to be multiplied exactly")
