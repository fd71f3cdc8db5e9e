"""Open items of accounts as columns, read through Django's connection or a column connection alike.

What is open comes from ledger lines, never from a cache; how late fees run comes from the bill, the account's class, its
agreement and the rule in force on the due date; what was paid on a bill from live allocations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from wandeng.calc import late_fees
from wandeng.calc.late_fee import CrossYear
from wandeng.domains.ledger.types import CREDIT, LATE_FEE, RECEIVABLE
from wandeng.domains.payments import rules
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary

Read = Callable[[str, Sequence[Any], pl.Schema], pl.DataFrame]
"""Runs a query with ``?`` marks and returns its rows in the schema given."""

_BALANCES = pl.Schema(
    {"account_id": pl.Int64, "bill_id": pl.Int64, "open_fen": pl.Int64, "charged_fen": pl.Int64, "credit_fen": pl.Int64}
)
_BILLS = pl.Schema(
    {
        "bill_id": pl.Int64, "month_index": pl.Int32, "due_on": pl.Date, "corrects_id": pl.Int64,
        "amount_fen": pl.Int64, "customer_class": pl.String, "territory": pl.String, "agreed_e4": pl.Int32,
    }
)  # fmt: skip
_PAID = pl.Schema({"bill_id": pl.Int64, "paid_on": pl.Date, "paid_fen": pl.Int64})
_WAIVED = pl.Schema({"bill_id": pl.Int64, "waived_fen": pl.Int64})
ITEMS = pl.Schema(
    {
        "account_id": pl.Int64, "bill_id": pl.Int64, "month_index": pl.Int32, "due_on": pl.Date,
        "corrects_id": pl.Int64, "amount_fen": pl.Int64, "open_fen": pl.Int64, "fee_fen": pl.Int64,
    }
)  # fmt: skip
CREDITS = pl.Schema({"account_id": pl.Int64, "credit_fen": pl.Int64})
_IDS_A_STATEMENT = 5_000


@dataclass(frozen=True, slots=True)
class Position:
    """``items`` (:data:`ITEMS`): bills with something open, negative ones too. ``credits``: accounts with credit, above
    zero where the customer has some."""

    items: pl.DataFrame
    credits: pl.DataFrame


def by_django(sql: str, params: Sequence[Any], schema: pl.Schema) -> pl.DataFrame:
    """Read in Django's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("%", "%%").replace("?", "%s"), list(params))
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=schema, orient="row")


def by_store(store: ColumnStore) -> Read:
    """Read in the store's transaction."""

    def read(sql: str, params: Sequence[Any], schema: pl.Schema) -> pl.DataFrame:
        arrow = pl.DataFrame(schema=schema).to_arrow().schema
        plain = store.read(sql, tuple(params), schema=arrow)
        return pl.DataFrame(plain).cast(schema)

    return read


def of_accounts(account_ids: Sequence[int]) -> tuple[str, tuple[object, ...]]:
    """A condition on ledger lines ``l``. Ids are integers, so they may stand in the text."""
    return f"l.account_id IN ({','.join(str(int(one)) for one in account_ids)})", ()


def of_range(account_from: int, account_to: int) -> tuple[str, tuple[object, ...]]:
    """The same for accounts ``account_from`` ≤ id < ``account_to``."""
    return "l.account_id >= ? AND l.account_id < ?", (account_from, account_to)


def position(
    read: Read, where: tuple[str, tuple[object, ...]], days: date | pl.DataFrame, library: RuleLibrary
) -> Position:
    """What is open on accounts, with late fees to a day: one for all, or by account (``account_id``, ``on``).

    Raises ``NoRuleInForce`` for a late bill of a day or territory without rule.
    """
    balances = read(
        "SELECT l.account_id, CASE WHEN l.ledger_account = ? THEN NULL ELSE l.source END AS bill_id, "
        "CAST(SUM(CASE WHEN l.ledger_account = ? THEN l.amount_fen ELSE 0 END) AS BIGINT) AS open_fen, "
        "CAST(-SUM(CASE WHEN l.ledger_account = ? THEN l.amount_fen ELSE 0 END) AS BIGINT) AS charged_fen, "
        "CAST(-SUM(CASE WHEN l.ledger_account = ? THEN l.amount_fen ELSE 0 END) AS BIGINT) AS credit_fen "
        f"FROM ledger_entryline l WHERE {where[0]} AND l.ledger_account IN (?, ?, ?) GROUP BY 1, 2 "
        "HAVING SUM(CASE WHEN l.ledger_account = ? THEN 0 ELSE l.amount_fen END) <> 0 "
        "ORDER BY 1, 2",
        (CREDIT, RECEIVABLE, LATE_FEE, CREDIT, *where[1], RECEIVABLE, LATE_FEE, CREDIT, LATE_FEE),
        _BALANCES,
    )
    credits = balances.filter(pl.col("credit_fen") != 0).select(CREDITS.names())
    opened = balances.filter(pl.col("open_fen") != 0)
    bills = _bills(read, opened["bill_id"].to_list())
    items = opened.join(bills, on="bill_id", how="inner", maintain_order="left")
    on = pl.lit(days) if isinstance(days, date) else pl.col("on")
    if not isinstance(days, date):
        items = items.join(days, on="account_id", how="left", maintain_order="left")
    return Position(_with_fees(read, items.with_columns(until=on), library).select(ITEMS.names()), credits)


def _bills(read: Read, bill_ids: Sequence[int]) -> pl.DataFrame:
    """Heads of bills with what their late fees go by. The agreement is the one that held on the due date."""
    found = [
        read(
            "SELECT b.id AS bill_id, b.month_index, b.due_on, b.corrects_id, b.amount_fen, a.customer_class, "
            "u.territory, (SELECT MAX(g.late_fee_rate_e4) FROM customers_customeragreement g "
            "WHERE g.account_id = b.account_id AND g.state IN ('SIGNED', 'EXPIRED', 'TERMINATED') "
            "AND g.valid_from <= b.due_on AND g.valid_to > b.due_on) AS agreed_e4 "
            "FROM billing_bill b JOIN customers_customeraccount a ON a.id = b.account_id "
            f"JOIN organization_unit u ON u.id = a.unit_id WHERE b.id IN ({_listed(chosen)}) ORDER BY b.id",
            (),
            _BILLS,
        )
        for chosen in _chunks(bill_ids)
    ]
    return pl.concat(found) if found else pl.DataFrame(schema=_BILLS)


def _with_fees(read: Read, items: pl.DataFrame, library: RuleLibrary) -> pl.DataFrame:
    """``fee_fen``: the fee to the day ``until``, less what was charged and waived, for what is open and late."""
    late = items.filter((pl.col("open_fen") > 0) & (pl.col("until") > pl.col("due_on")))
    if late.is_empty():
        return items.with_columns(fee_fen=pl.lit(0, pl.Int64))
    paid, waived = _paid(read, late["bill_id"].to_list())
    before = paid.group_by("bill_id").agg(pl.col("paid_fen").sum())
    judged = late.join(before, on="bill_id", how="left", maintain_order="left").join(
        terms_of(late, library), on=["territory", "customer_class", "due_on"], how="left", maintain_order="left"
    )
    debts = judged.select(
        debt="bill_id",
        # What a correction took away was never owed; what was paid was.
        amount_fen=pl.col("open_fen") + pl.col("paid_fen").fill_null(0),
        due_on="due_on",
        until="until",
        rate_e4=pl.coalesce("agreed_e4", "rate_e4"),
        carried_rate_e4=pl.coalesce("agreed_e4", "carried_rate_e4"),
        minimum_fen="minimum_fen",
        cap_share_e4="cap_share_e4",
        cross_year="cross_year",
    )
    fees = late_fees.late_fees(debts, paid.rename({"bill_id": "debt"})).select(bill_id="debt", accrued_fen="fee_fen")
    owed = pl.col("accrued_fen").fill_null(0) - pl.col("charged_fen") - pl.col("waived_fen").fill_null(0)
    joined = items.join(fees, on="bill_id", how="left", maintain_order="left").join(
        waived, on="bill_id", how="left", maintain_order="left"
    )
    is_late = pl.col("accrued_fen").is_not_null()
    return joined.with_columns(fee_fen=pl.when(is_late).then(owed.clip(lower_bound=0)).otherwise(0))


def terms_of(late: pl.DataFrame, library: RuleLibrary) -> pl.DataFrame:
    """Late fee terms by ``territory``, ``customer_class`` and ``due_on``: a few rows for any number of bills."""
    rows = []
    for territory, customer_class, due_on in (
        late.select("territory", "customer_class", "due_on").unique(maintain_order=True).iter_rows()
    ):
        terms = rules.late_fee_terms(
            library, on=due_on, territory=territory, residential=customer_class == "RESIDENTIAL"
        )
        rows.append(
            (territory, customer_class, due_on, terms.rate_e4, terms.carried_rate_e4, terms.minimum_fen,
             terms.cap_share_e4, CrossYear(terms.cross_year).value)
        )  # fmt: skip
    schema = {
        "territory": pl.String, "customer_class": pl.String, "due_on": pl.Date, "rate_e4": pl.Int32,
        "carried_rate_e4": pl.Int32, "minimum_fen": pl.Int64, "cap_share_e4": pl.Int32, "cross_year": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _paid(read: Read, bill_ids: Sequence[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Live payments of bills by day, and late fees waived by bill."""
    paid, waived = [pl.DataFrame(schema=_PAID)], [pl.DataFrame(schema=_WAIVED)]
    for chosen in _chunks(bill_ids):
        paid.append(
            read(
                "SELECT bill_id, settled_on AS paid_on, amount_fen AS paid_fen FROM payments_allocation "
                f"WHERE kind = 'BILL' AND released_at IS NULL AND bill_id IN ({_listed(chosen)}) ORDER BY id",
                (),
                _PAID,
            )
        )
        waived.append(
            read(
                "SELECT bill_id, CAST(SUM(amount_fen) AS BIGINT) AS waived_fen FROM payments_paymentdecision "
                f"WHERE kind = 'WAIVER' AND state = 'DONE' AND bill_id IN ({_listed(chosen)}) GROUP BY bill_id "
                "ORDER BY bill_id",
                (),
                _WAIVED,
            )
        )
    return pl.concat(paid), pl.concat(waived)


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _IDS_A_STATEMENT] for start in range(0, len(ids), _IDS_A_STATEMENT)]


def _listed(ids: Sequence[int]) -> str:
    return ",".join(str(int(one)) for one in ids)
