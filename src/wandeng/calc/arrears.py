"""What is overdue (欠费) of many accounts on a day: open items and credit in, one row an account out.

Credit and cancellations that nothing has netted yet are laid on the oldest items first: nobody is dunned for what the
utility owes them.
"""

from __future__ import annotations

from datetime import date

import polars as pl

ITEMS = pl.Schema({"account_id": pl.Int64, "bill_id": pl.Int64, "due_on": pl.Date, "open_fen": pl.Int64})
CREDITS = pl.Schema({"account_id": pl.Int64, "credit_fen": pl.Int64})
OVERDUE = pl.Schema({"account_id": pl.Int64, "open_fen": pl.Int64, "bills": pl.Int32, "oldest_due_on": pl.Date})


def overdue(items: pl.DataFrame, credits: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """Accounts with something overdue on ``on`` (the due date itself is not late): :data:`OVERDUE`, by ``account_id``.

    ``items``: :data:`ITEMS`, negative ones are what the utility owes; ``credits``: :data:`CREDITS`, above 0.
    """
    owed_to_them = pl.concat(
        [
            credits.select("account_id", "credit_fen"),
            items.filter(pl.col("open_fen") < 0).select("account_id", credit_fen=-pl.col("open_fen")),
        ]
    ).group_by("account_id").agg(pl.col("credit_fen").sum())  # fmt: skip
    late = (
        items.filter((pl.col("open_fen") > 0) & (pl.col("due_on") < pl.lit(on)))
        .sort("account_id", "due_on", "bill_id")
        .join(owed_to_them, on="account_id", how="left", maintain_order="left")
    )
    along = pl.col("open_fen").cum_sum().over("account_id") - pl.col("credit_fen").fill_null(0)
    left = late.with_columns(left_fen=pl.min_horizontal(along, "open_fen")).filter(pl.col("left_fen") > 0)
    return (
        left.group_by("account_id")
        .agg(
            open_fen=pl.col("left_fen").sum(), bills=pl.len().cast(pl.Int32), oldest_due_on=pl.col("due_on").min()
        )
        .sort("account_id")
    )  # fmt: skip
