"""Prepay balances at this moment: the newest computed day without what was billed since, and the ledger as it is.

Read through Django's connection, in the transaction of a payment or a dispatch, or through a batch's own connection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from wandeng.domains.collections.types_prepay import BalanceNow
from wandeng.domains.payments import queries as payments
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId

Read = Callable[[str, Sequence[Any], pl.Schema], pl.DataFrame]

LAST = pl.Schema(
    {"account_id": pl.Int64, "agreement_id": pl.Int64, "day": pl.Date, "doubt": pl.String, "warn_fen": pl.Int64,
     "gap": pl.String}
)  # fmt: skip
"""The newest computed day of an active agreement, and the gap of the newest day of all, where that is later."""
UNBILLED = pl.Schema({"account_id": pl.Int64, "estimate_fen": pl.Int64})

IS_POSTED = (
    "EXISTS (SELECT 1 FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id WHERE s.stage = 'POSTED' "
    "AND b.month_index = {of}.month_index AND b.account_id = {of}.account_id AND b.revision = 0)"
)
"""Whether the month of a row is billed: its bill stands in the ledger, so that its estimate is over."""
_LAST = (
    "SELECT d.account_id, d.agreement_id, d.day, d.doubt, d.warn_fen, COALESCE((SELECT x.gap FROM collections_prepayday x "
    "WHERE x.account_id = d.account_id AND x.day > d.day ORDER BY x.day DESC LIMIT 1), '') AS gap "
    "FROM collections_prepayday d JOIN collections_prepayagreement g ON g.id = d.agreement_id AND g.state = 'ACTIVE' "
    "WHERE d.account_id IN ({ids}) AND d.day = (SELECT MAX(y.day) FROM collections_prepayday y "
    "WHERE y.account_id = d.account_id AND y.agreement_id = d.agreement_id AND y.gap = '')"
)
_UNBILLED = (
    "SELECT e.account_id, CAST(SUM(e.amount_fen) AS BIGINT) AS estimate_fen FROM collections_prepayestimate e "
    "WHERE e.account_id IN ({ids}) AND e.day = (SELECT MAX(y.day) FROM collections_prepayday y "
    "WHERE y.account_id = e.account_id AND y.gap = '') "
    f"AND NOT {IS_POSTED.format(of='e')} GROUP BY e.account_id"
)


def by_django(sql: str, params: Sequence[Any], schema: pl.Schema) -> pl.DataFrame:
    """Read in Django's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("%", "%%").replace("?", "%s"), list(params))
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=schema, orient="row")


def estimates(read: Read, account_ids: Sequence[int]) -> pl.DataFrame:
    """:data:`LAST` of accounts with an active agreement and a computed day, and ``estimate_fen`` not billed by now."""
    if not account_ids:
        return pl.DataFrame(schema={**LAST, **UNBILLED})
    ids = ",".join(str(int(one)) for one in account_ids)
    last = read(_LAST.format(ids=ids), (), LAST)
    open_months = read(_UNBILLED.format(ids=ids), (), UNBILLED)
    return last.join(open_months, on="account_id", how="left").with_columns(pl.col("estimate_fen").fill_null(0))


def now_of(account: AccountId, account_number: str, *, on: date, library: RuleLibrary) -> BalanceNow:
    """The balance of one account in Django's transaction, late fees to ``on``. Raises ``NoRuleInForce``."""
    standing = payments.standing(Scope.everywhere(), account_number, on=on, library=library)
    ledger_fen = standing.credit_fen - standing.owed_fen - standing.late_fee_fen
    found = estimates(by_django, [account])
    if found.is_empty():
        return BalanceNow(account, None, 0, ledger_fen, None)
    row = found.row(0, named=True)
    balance = ledger_fen - row["estimate_fen"]
    return BalanceNow(account, row["day"], row["estimate_fen"], ledger_fen, balance, row["doubt"], row["gap"])
