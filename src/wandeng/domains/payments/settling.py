"""What payments and credit settle: from a position to ledger lines and allocations, as columns, one account or thousands.

Three steps, each only where there is something to do: negative items (cancelled or corrected bills) are netted against
the bill they correct, and what is left of them becomes credit; credit settles open bills; then the payment does. The
first two are one entry, the payment is another, so that a reversal turns back the payment and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from wandeng.calc import allocation
from wandeng.calc.allocation import AllocationRule, PartKind
from wandeng.domains.ledger.types import CREDIT, LATE_FEE, RECEIVABLE
from wandeng.domains.payments.reading import Position

LINES = pl.Schema({"ledger_account": pl.String, "account_id": pl.Int64, "source": pl.Int64, "amount_fen": pl.Int64})
_NONE = pl.DataFrame(schema=LINES)
_NO_PARTS = pl.DataFrame(schema=allocation.PARTS)


@dataclass(frozen=True, slots=True)
class Settled:
    """Ledger lines that sum to zero, and the parts of credit they laid on bills; what is still open after them."""

    lines: pl.DataFrame
    parts: pl.DataFrame
    items: pl.DataFrame
    credits: pl.DataFrame


def settle_standing(position: Position, rule: AllocationRule) -> Settled:
    """Net negative items and use up credit. ``lines`` is empty where nothing moves, as is usual."""
    netted, items, gained = _net(position.items)
    credits = (
        pl.concat([position.credits, gained])
        .group_by("account_id", maintain_order=True)
        .agg(pl.col("credit_fen").sum())
    )
    money = (
        credits.filter(pl.col("credit_fen") > 0)
        .join(items, on="account_id", how="semi")
        .select("account_id", amount_fen="credit_fen")
    )
    parts = _parts(money, items, rule, chosen=None).filter(pl.col("kind") != PartKind.CREDIT.value)
    used = parts.group_by("account_id", maintain_order=True).agg(used_fen=pl.col("amount_fen").sum())
    spent = used.select(
        ledger_account=pl.lit(CREDIT), account_id="account_id", source=pl.lit(None, pl.Int64), amount_fen="used_fen"
    )
    left = credits.join(used, on="account_id", how="left", maintain_order="left").select(
        "account_id", credit_fen=pl.col("credit_fen") - pl.col("used_fen").fill_null(0)
    )
    lines = pl.concat([netted, spent, part_lines(parts)])
    return Settled(lines, parts, reduced(items, parts), left)


def netted(position: Position) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Items above zero and credit, as they are once corrections are netted: for showing, nothing is posted."""
    _, items, gained = _net(position.items)
    return items, pl.concat([position.credits, gained])


def settle_payments(
    money: pl.DataFrame, settled: Settled, rule: AllocationRule, chosen: tuple[int, ...] = ()
) -> pl.DataFrame:
    """The parts of payments (``account_id``, ``amount_fen``) on what the first step left open; ``chosen`` bills first."""
    return _parts(money, settled.items, rule, chosen=chosen)


def part_lines(parts: pl.DataFrame, *, sign: int = -1) -> pl.DataFrame:
    """The customers' side of parts as ledger lines; ``sign`` 1 turns them back. Parts of CREDIT carry no source."""
    account = (
        pl.when(pl.col("kind") == PartKind.BILL.value)
        .then(pl.lit(RECEIVABLE))
        .when(pl.col("kind") == PartKind.LATE_FEE.value)
        .then(pl.lit(LATE_FEE))
        .otherwise(pl.lit(CREDIT))
    )
    return parts.select(
        ledger_account=account, account_id="account_id", source="bill_id", amount_fen=sign * pl.col("amount_fen")
    )


def reduced(items: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Open items after parts were laid on them; those with nothing left are gone."""
    by = (
        parts.filter(pl.col("bill_id").is_not_null())
        .group_by("bill_id")
        .agg(
            bill_part=pl.col("amount_fen").filter(pl.col("kind") == PartKind.BILL.value).sum(),
            fee_part=pl.col("amount_fen").filter(pl.col("kind") == PartKind.LATE_FEE.value).sum(),
        )
    )
    return (
        items.join(by, on="bill_id", how="left", maintain_order="left")
        .with_columns(
            open_fen=pl.col("open_fen") - pl.col("bill_part").fill_null(0),
            fee_fen=pl.col("fee_fen") - pl.col("fee_part").fill_null(0),
        )
        .filter(pl.col("open_fen") > 0)
        .drop("bill_part", "fee_part")
    )


def _parts(
    money: pl.DataFrame, items: pl.DataFrame, rule: AllocationRule, chosen: tuple[int, ...] | None
) -> pl.DataFrame:
    if money.is_empty():
        return _NO_PARTS
    is_chosen = pl.col("bill_id").is_in(list(chosen)) if chosen else pl.lit(False)
    return allocation.allocate(money, items.with_columns(is_chosen=is_chosen).select(allocation.ITEMS.names()), rule)


def _net(items: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Negative items against the bills they correct: lines, the items above zero that are left, credit gained."""
    negative = items.filter(pl.col("open_fen") < 0)
    if negative.is_empty():
        return _NONE, items, pl.DataFrame(schema={"account_id": pl.Int64, "credit_fen": pl.Int64})
    # Several may correct one bill: the first takes what it finds, as money does along a row of bills.
    paired = negative.join(
        items.filter(pl.col("open_fen") > 0).select(corrects_id="bill_id", owed_fen="open_fen"),
        on="corrects_id", how="left", maintain_order="left",
    )  # fmt: skip
    owed, takes = pl.col("owed_fen").fill_null(0), -pl.col("open_fen")
    before = takes.cum_sum().over("corrects_id") - takes
    matched = paired.with_columns(
        net_fen=pl.min_horizontal(takes, (owed - before).clip(lower_bound=0)), all_fen=takes
    ).with_columns(rest_fen=pl.col("all_fen") - pl.col("net_fen"))
    zeroed = matched.select(
        ledger_account=pl.lit(RECEIVABLE), account_id="account_id", source="bill_id", amount_fen="all_fen"
    )
    lowered = matched.filter(pl.col("net_fen") > 0).select(
        ledger_account=pl.lit(RECEIVABLE), account_id="account_id", source="corrects_id", amount_fen=-pl.col("net_fen")
    )
    gained = matched.filter(pl.col("rest_fen") > 0)
    credited = gained.select(
        ledger_account=pl.lit(CREDIT), account_id="account_id", source="bill_id", amount_fen=-pl.col("rest_fen")
    )
    by = matched.group_by("corrects_id").agg(pl.col("net_fen").sum()).drop_nulls().rename({"corrects_id": "bill_id"})
    left = (
        items.filter(pl.col("open_fen") > 0)
        .join(by, on="bill_id", how="left", maintain_order="left")
        .with_columns(open_fen=pl.col("open_fen") - pl.col("net_fen").fill_null(0))
        .filter(pl.col("open_fen") > 0)
        .drop("net_fen")
    )
    return pl.concat([zeroed, lowered, credited]), left, gained.select("account_id", credit_fen="rest_fen")


def owed_fen(items: pl.DataFrame) -> pl.DataFrame:
    """Bills and late fees open by account: ``account_id``, ``owed_fen``."""
    return items.group_by("account_id").agg(owed_fen=(pl.col("open_fen") + pl.col("fee_fen")).sum())


def month_of(day: date) -> str:
    """The accounting month a day belongs to."""
    return f"{day.year:04d}-{day.month:02d}"
