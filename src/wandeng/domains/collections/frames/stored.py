"""Dunning as stored, read and written in columns on one connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
import pyarrow as pa
from django.db import models

from wandeng.calc import arrears
from wandeng.domains.collections.models import DunningStep, ProtectedCustomer
from wandeng.domains.ledger.types import CREDIT
from wandeng.infra.columns import ColumnStore

MOMENT = pl.Datetime("us", "UTC")
CASES = pl.Schema(
    {
        "case_id": pl.Int64(), "account_id": pl.Int64(), "unit_id": pl.Int64(), "customer_class": pl.String(),
        "state": pl.String(), "rung": pl.Int16(), "attempt": pl.Int16(), "step_on": pl.Date(), "step_state": pl.String(),
        "reached_at": MOMENT, "responsible": pl.String(), "noticed_on": pl.Date(),
    }
)  # fmt: skip
_PLACES = pl.Schema({"account_id": pl.Int64, "unit_id": pl.Int64, "customer_class": pl.String})
_HEARD = pl.Schema({"id": pl.Int64(), "state": pl.String(), "channel": pl.String(), "reached_at": MOMENT})
_PROMISES = pl.Schema(
    {
        "promise_id": pl.Int64, "case_id": pl.Int64, "account_id": pl.Int64, "promised_on": pl.Date,
        "amount_fen": pl.Int64, "open_fen": pl.Int64, "covers_due_to": pl.Date,
    }
)  # fmt: skip
_IDS = pl.Schema({"id": pl.Int64})
_ACCOUNTS = pl.Schema({"account_id": pl.Int64})


def read(store: ColumnStore, sql: str, params: Sequence[object], schema: pl.Schema) -> pl.DataFrame:
    """The rows of a query in the schema given."""
    arrow = pl.DataFrame(schema=schema).to_arrow().schema
    plain = pa.schema(
        [pa.field(one.name, pa.string() if pa.types.is_large_string(one.type) else one.type) for one in arrow]
    )
    return pl.DataFrame(store.read(sql, tuple(params), schema=plain)).cast(schema)


def cases(store: ColumnStore, units: Sequence[int], first: int, end: int) -> pl.DataFrame:
    """Cases that are not closed of accounts ``first`` ≤ id < ``end`` of these units, with how their last rung went."""
    return read(
        store,
        "SELECT c.id AS case_id, c.account_id, c.unit_id, c.customer_class, c.state, c.rung, c.attempt, c.step_on, "
        "COALESCE(s.state, '') AS step_state, s.reached_at AS reached_at, c.responsible, c.noticed_on "
        "FROM collections_dunningcase c LEFT JOIN collections_dunningstep s "
        "ON s.case_id = c.id AND s.kind = c.step AND s.rung = c.rung AND s.attempt = c.attempt AND c.rung >= 0 "
        f"WHERE c.state <> 'CLOSED' AND c.account_id >= ? AND c.account_id < ? AND c.unit_id IN ({_listed(units)})",
        (first, end),
        CASES,
    )


def places(store: ColumnStore, units: Sequence[int], first: int, end: int) -> pl.DataFrame:
    """Accounts of the range and the units: ``account_id``, ``unit_id``, ``customer_class``."""
    return read(
        store,
        "SELECT a.id AS account_id, a.unit_id, a.customer_class FROM customers_customeraccount a "
        f"WHERE a.id >= ? AND a.id < ? AND a.unit_id IN ({_listed(units)})",
        (first, end),
        _PLACES,
    )


def heard(store: ColumnStore, first: int, end: int) -> pl.DataFrame:
    """Messages of pending steps that have been delivered, or never will be: ``id`` of the step, ``state`` of the
    recipient, ``channel``, ``reached_at``."""
    return read(
        store,
        "SELECT s.id, r.state, r.channel, r.reached_at FROM collections_dunningstep s "
        "JOIN collections_dunningcase c ON c.id = s.case_id JOIN notices_notice n ON n.key = s.notice_key "
        "JOIN notices_noticerecipient r ON r.notice_id = n.id AND r.account_id = c.account_id "
        "WHERE s.state = 'PENDING' AND s.by = 'MESSAGE' AND c.account_id >= ? AND c.account_id < ? "
        "AND r.state IN ('DELIVERED', 'FAILED', 'OPTED_OUT', 'CANCELLED')",
        (first, end),
        _HEARD,
    )


def holding(store: ColumnStore, first: int, end: int) -> pl.DataFrame:
    """Promises that hold a ladder."""
    return read(
        store,
        "SELECT p.id AS promise_id, p.case_id, c.account_id, p.promised_on, p.amount_fen, p.open_fen, p.covers_due_to "
        "FROM collections_promisetopay p JOIN collections_dunningcase c ON c.id = p.case_id "
        "WHERE p.state = 'HOLDING' AND c.account_id >= ? AND c.account_id < ?",
        (first, end),
        _PROMISES,
    )


def protected(store: ColumnStore, first: int, end: int, on: date) -> pl.DataFrame:
    """Accounts that may not be cut on the day: ``account_id``; what is proposed counts until it is decided."""
    return read(
        store,
        f"SELECT DISTINCT account_id FROM {ProtectedCustomer._meta.db_table} WHERE state IN ('PROPOSED', 'APPROVED') "
        "AND valid_from <= ? AND valid_to > ? AND account_id >= ? AND account_id < ?",
        (on, on, first, end),
        _ACCOUNTS,
    )


def credits(store: ColumnStore, first: int, end: int) -> pl.DataFrame:
    """Accounts that have paid in advance: ``account_id``, ``credit_fen`` above 0."""
    return read(
        store,
        "SELECT account_id, CAST(-SUM(amount_fen) AS BIGINT) AS credit_fen FROM ledger_entryline "
        "WHERE ledger_account = ? AND account_id >= ? AND account_id < ? GROUP BY account_id HAVING SUM(amount_fen) < 0",
        (CREDIT, first, end),
        arrears.CREDITS,
    )


def planned(store: ColumnStore, first: int, end: int) -> pl.DataFrame:
    """Accounts whose instalment plan is running: ``account_id``."""
    return read(
        store,
        "SELECT account_id FROM payments_instalmentplan WHERE state = 'ACTIVE' AND account_id >= ? AND account_id < ?",
        (first, end),
        _ACCOUNTS,
    )


def open_tasks(store: ColumnStore, case_ids: Sequence[int]) -> list[int]:
    """Ids of tasks that persons were still to do for these cases, and of calls that were still to be made."""
    if not case_ids:
        return []
    sql = (
        f"SELECT id FROM {DunningStep._meta.db_table} WHERE state = 'PENDING' AND by IN ('PERSON', 'CALL') "
        f"AND case_id IN ({_listed(case_ids)})"
    )
    found: list[int] = read(store, sql, (), _IDS)["id"].to_list()
    return found


def overwrite(store: ColumnStore, model: type[models.Model], rows: pl.DataFrame) -> None:
    """Set columns of rows that exist: ``id`` and the columns to set. States are not among them."""
    columns = [name for name in rows.columns if name != "id"]
    if rows.is_empty() or not columns:
        return
    sets = ", ".join(f'"{name}" = x."{name}"' for name in columns)
    table = model._meta.db_table
    with store.staged(rows.to_arrow()) as staged:
        store.execute(f"UPDATE {table} SET {sets} FROM {staged} x WHERE {table}.id = x.id")


def append(store: ColumnStore, model: type[models.Model], rows: pl.DataFrame) -> None:
    """Insert rows; nothing for none."""
    if not rows.is_empty():
        store.append(model, rows.to_arrow())


def account_range(store: ColumnStore, units: Sequence[int]) -> tuple[int, int]:
    """The range of account ids of the units; (0, 0) without accounts."""
    schema = pl.Schema({"first": pl.Int64, "last": pl.Int64})
    sql = (
        "SELECT COALESCE(MIN(id), 0) AS first, COALESCE(MAX(id) + 1, 0) AS last FROM customers_customeraccount "
        f"WHERE unit_id IN ({_listed(units)})"
    )
    first, last = read(store, sql, (), schema).row(0)
    return int(first), int(last)


def _listed(ids: Sequence[int]) -> str:
    return ",".join(str(int(one)) for one in ids) or "NULL"
