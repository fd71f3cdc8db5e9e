"""Which bills a payment settles (销账): payments and open items as columns, parts as columns; one payment or a million.

An account's items stand in a row in the order of the rule; money is laid along the row, and what each item catches of it
is its part. What reaches beyond the last item is credit (预收). The parts of a payment always add up to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from wandeng.kernel.errors import InvalidInput

MONEY = pl.Schema({"account_id": pl.Int64, "amount_fen": pl.Int64})
"""At most one payment an account, above zero."""

ITEMS = pl.Schema(
    {
        "account_id": pl.Int64,
        "bill_id": pl.Int64,
        "due_on": pl.Date,
        "open_fen": pl.Int64,       # above 0
        "fee_fen": pl.Int64,        # late fee due on the day of payment, 0 or more
        "is_chosen": pl.Boolean,    # named by the payer: settled before the others
    }
)  # fmt: skip
PARTS = pl.Schema({"account_id": pl.Int64, "kind": pl.String, "bill_id": pl.Int64, "amount_fen": pl.Int64})


class PartKind(StrEnum):
    """What a part of a payment settles: a bill (电费), a bill's late fee (违约金), or nothing yet (预收)."""

    BILL = "BILL"
    LATE_FEE = "LATE_FEE"
    CREDIT = "CREDIT"


class BillOrder(StrEnum):
    """Which bill is settled first where the payer names none."""

    OLDEST_FIRST = "oldest_first"
    NEWEST_FIRST = "newest_first"


class FeeOrder(StrEnum):
    """When late fees are settled: each just before its own bill, or all of them before any bill.

    Never after its bill: a fee whose bill is settled would be owed on nothing.
    """

    WITH_EACH_BILL = "with_each_bill"
    BEFORE_ALL_BILLS = "before_all_bills"


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """The dated order of settling. Source: rules/national/payment_allocation."""

    bills: BillOrder
    late_fee: FeeOrder


def allocate(money: pl.DataFrame, items: pl.DataFrame, rule: AllocationRule) -> pl.DataFrame:
    """The parts (:data:`PARTS`, none of them zero) of payments (:data:`MONEY`) on open items (:data:`ITEMS`), by account
    and in the order in which they are settled; CREDIT, with a null bill, comes last.

    Raises :class:`InvalidInput` for two payments of one account, or amounts out of range.
    """
    _refuse_impossible(money, items)
    claims = _claims(items.join(money.select("account_id", paid_fen="amount_fen"), on="account_id"), rule)
    before = pl.col("claim_fen").cum_sum().over("account_id") - pl.col("claim_fen")
    part = pl.min_horizontal("claim_fen", (pl.col("paid_fen") - before).clip(lower_bound=0))
    settled = claims.with_columns(amount_fen=part).filter(pl.col("amount_fen") > 0).select(PARTS.names())
    spent = settled.group_by("account_id").agg(spent_fen=pl.col("amount_fen").sum())
    credit = (
        money.join(spent, on="account_id", how="left")
        .select(
            "account_id",
            kind=pl.lit(PartKind.CREDIT.value),
            bill_id=pl.lit(None, pl.Int64),
            amount_fen=pl.col("amount_fen") - pl.col("spent_fen").fill_null(0),
        )
        .filter(pl.col("amount_fen") > 0)
    )
    return pl.concat([settled, credit]).sort("account_id", maintain_order=True)


def _claims(items: pl.DataFrame, rule: AllocationRule) -> pl.DataFrame:
    """One row a bill and one a late fee, each account's in the order in which they are settled."""
    kept = ["account_id", "bill_id", "due_on", "is_chosen", "paid_fen"]
    fees = items.select(*kept, kind=pl.lit(PartKind.LATE_FEE.value), claim_fen="fee_fen", turn=pl.lit(0))
    bills = items.select(*kept, kind=pl.lit(PartKind.BILL.value), claim_fen="open_fen", turn=pl.lit(1))
    newest = rule.bills is BillOrder.NEWEST_FIRST
    within = ["due_on", "bill_id"], [newest, newest]
    if rule.late_fee is FeeOrder.BEFORE_ALL_BILLS:
        by, descending = ["account_id", "turn", "is_chosen", *within[0]], [False, False, True, *within[1]]
    else:
        by, descending = ["account_id", "is_chosen", *within[0], "turn"], [False, True, *within[1], False]
    return pl.concat([fees, bills]).filter(pl.col("claim_fen") > 0).sort(by, descending=descending)


def _refuse_impossible(money: pl.DataFrame, items: pl.DataFrame) -> None:
    if money.select((pl.col("amount_fen") <= 0).any()).item():
        raise InvalidInput("a payment must be above zero")
    if money["account_id"].is_duplicated().any():
        raise InvalidInput("one payment of an account at a time: the second meets what the first has left")
    if items.select((pl.col("open_fen") <= 0).any() | (pl.col("fee_fen") < 0).any()).item():
        raise InvalidInput("open items must be above zero and late fees not below")
