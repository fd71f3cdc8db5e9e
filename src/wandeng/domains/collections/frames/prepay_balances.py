"""Ledger balances of many accounts (预收 − 应收 − 违约金), on a batch's own connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from wandeng.domains.collections.balances import Read
from wandeng.domains.collections.frames import stored
from wandeng.domains.payments import frames as payments
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary

LEDGER = pl.Schema({"account_id": pl.Int64, "ledger_fen": pl.Int64})


def by_store(store: ColumnStore) -> Read:
    """Read in the store's transaction."""

    def read(sql: str, params: Sequence[Any], schema: pl.Schema) -> pl.DataFrame:
        return stored.read(store, sql, params, schema)

    return read


def ledger(store: ColumnStore, *, first: int, end: int, on: date, library: RuleLibrary) -> pl.DataFrame:
    """:data:`LEDGER` of the accounts of a range that have anything: credit − open bills − late fees to the day."""
    items = payments.open_items(store, on=on, account_range=(first, end), library=library)
    return _ledger(items, stored.credits(store, first, end))


def ledger_of(store: ColumnStore, account_ids: Sequence[int], *, on: date, library: RuleLibrary) -> pl.DataFrame:
    """The same for accounts by id."""
    if not account_ids:
        return pl.DataFrame(schema=LEDGER)
    items = payments.open_items(store, on=on, account_ids=account_ids, library=library)
    credit = stored.credits(store, min(account_ids), max(account_ids) + 1)
    return _ledger(items, credit.filter(pl.col("account_id").is_in(list(account_ids))))


def _ledger(items: pl.DataFrame, credits: pl.DataFrame) -> pl.DataFrame:
    owed = items.select("account_id", ledger_fen=-(pl.col("open_fen") + pl.col("fee_fen")))
    paid = credits.select("account_id", ledger_fen="credit_fen")
    return pl.concat([owed, paid]).group_by("account_id").agg(pl.col("ledger_fen").sum()).cast(LEDGER)
