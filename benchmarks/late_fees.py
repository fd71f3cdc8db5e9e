"""Late fees of millions of debts at a month's end: columns against a loop over the row function, the same figures.

    python benchmarks/late_fees.py [--debts 5700000] [--loop 100000]

Prints JSON: seconds of the columns over all debts, of the loop over its share, and the ratio of their rates.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date

import numpy as np
import polars as pl

from wandeng.calc.late_fee import Arrears, CrossYear, LateFeeTerms, Payment, late_fee
from wandeng.calc.late_fees import late_fees

HOME = LateFeeTerms(10, 10, 0, None, CrossYear.SPLIT_AT_YEAR_END)
OTHER = LateFeeTerms(20, 30, 0, None, CrossYear.SPLIT_AT_YEAR_END)
UNTIL = date(2026, 3, 31)


def make(count: int, seed: int = 11) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Debts due in the last 15 months, six in seven of households, one in five paid in part."""
    dice = np.random.default_rng(seed)
    due = dice.integers(0, 450, count)
    home = dice.random(count) < 6 / 7
    amount = dice.integers(1_00, 3_000_00, count)
    debts = pl.DataFrame(
        {
            "debt": np.arange(count), "amount_fen": amount,
            "due_on": pl.Series(np.datetime64(UNTIL) - due.astype("timedelta64[D]")).cast(pl.Date),
            "rate_e4": np.where(home, 10, 20).astype(np.int32),
            "carried_rate_e4": np.where(home, 10, 30).astype(np.int32),
        }
    ).with_columns(
        until=pl.lit(UNTIL), minimum_fen=pl.lit(0, pl.Int64), cap_share_e4=pl.lit(None, pl.Int32),
        cross_year=pl.lit(CrossYear.SPLIT_AT_YEAR_END.value),
    )  # fmt: skip
    part = np.flatnonzero(dice.random(count) < 0.2)
    days = (due[part] * dice.random(len(part))).astype(np.int64)
    paid = pl.DataFrame(
        {
            "debt": part,
            "paid_on": pl.Series(np.datetime64(UNTIL) - days.astype("timedelta64[D]")).cast(pl.Date),
            "paid_fen": amount[part] // 2,
        }
    )
    return debts, paid.filter(pl.col("paid_fen") > 0)


def loop(debts: pl.DataFrame, paid: pl.DataFrame) -> list[int]:
    """The same by rows."""
    payments: dict[int, list[Payment]] = {}
    for debt, on, fen in paid.rows():
        payments.setdefault(debt, []).append(Payment(on, fen))
    fees = []
    for debt, amount, due_on, rate in debts.select("debt", "amount_fen", "due_on", "rate_e4").rows():
        owed = Arrears(amount, due_on, tuple(payments.get(debt, ())))
        fees.append(late_fee(owed, UNTIL, HOME if rate == 10 else OTHER).amount_fen)
    return fees


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--debts", type=int, default=5_700_000)
    parser.add_argument("--loop", type=int, default=100_000)
    given = parser.parse_args()
    debts, paid = make(given.debts)
    begun = time.perf_counter()
    found = late_fees(debts, paid)
    columns = time.perf_counter() - begun
    some = debts.head(given.loop)
    part = paid.filter(pl.col("debt") < given.loop)
    begun = time.perf_counter()
    expected = loop(some, part)
    rows = time.perf_counter() - begun
    assert found["fee_fen"].head(given.loop).to_list() == expected
    told = {
        "debts": given.debts, "columns_s": round(columns, 3), "loop_debts": given.loop, "loop_s": round(rows, 3),
        "loop_s_for_all": round(rows * given.debts / given.loop, 1),
        "ratio": round((given.debts / columns) / (given.loop / rows), 1), "fees_fen": int(found["fee_fen"].sum()),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
