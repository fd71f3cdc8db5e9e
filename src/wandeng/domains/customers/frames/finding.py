"""What can be found of customers: accounts, by number, name and address."""

from __future__ import annotations

import polars as pl

from wandeng.infra.columns import ColumnStore
from wandeng.infra.search import sources
from wandeng.infra.search.entries import Kind
from wandeng.infra.search.sources import Source

ACCOUNTS = Source(
    Kind.ACCOUNT,
    "customers_customeraccount",
    "a.id",
    "SELECT a.id AS id, a.unit_id AS unit_id, a.account_number AS code, a.name AS name, a.address AS place "
    "FROM customers_customeraccount a",
)
SOURCES = (ACCOUNTS,)


def take_up_accounts(store: ColumnStore, ids: pl.Series) -> int:
    """Make these accounts findable as they stand in the caller's transaction."""
    return sources.take_up(store, ACCOUNTS, ids)
