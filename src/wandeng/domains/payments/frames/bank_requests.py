"""What we ask of a bank: the debts of accounts with an agreement, or of all, as rows of a file of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import polars as pl
import pyarrow as pa

from wandeng.domains.payments.frames.items import open_items
from wandeng.domains.payments.models import BankFile, BankFileRow
from wandeng.domains.payments.queries.bank_values import BANK_ACCOUNT_COLUMN
from wandeng.infra import ids, pii
from wandeng.infra.columns import ColumnStore, moments
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.actors import Actor

AGREEMENT_KINDS = {"DEBIT_REQUEST": "DEBIT", "COLLECTION_REQUEST": "COLLECTION"}
_AT_ONCE = 50_000
_ACCOUNTS = pa.schema(
    [
        ("account_id", pa.int64()), ("account_number", pa.string()), ("name", pa.string()), ("agreement", pa.string()),
        ("sealed", pa.string()), ("tail", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of which bank, for which unit, as of which day."""

    kind: str
    task: str
    bank: str
    unit_id: int
    unit_path: str
    day: date
    layout: str
    rule_path: str
    actor: Actor
    at: datetime
    answers: int | None = None
    """The customer query (客户查询) that a list of arrears answers: it names those that the bank asked about and knows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The file that was made, and its rows: ``serial``, ``account_number``, ``name``, ``agreement``, ``bank_account`` in
    the clear, ``amount``."""

    file_id: int
    batch: str
    file_name: str
    rows: pl.DataFrame
    total_fen: int


def ask(store: ColumnStore, of: Asking, library: RuleLibrary) -> Asked:
    """Make a request of what is open on the day, late fees included, in the caller's transaction: one row an account, none
    for an account that a request without answer asks for already. Arrears are told of every account that owes; in answer to a
    query of every account that was asked about, 0 where it owes nothing."""
    accounts = _accounts(store, of)
    owed = _owed(store, accounts["account_id"].to_list(), of.day, library)
    how: Literal["inner", "left"] = "inner" if of.answers is None else "left"
    rows = accounts.join(owed, on="account_id", how=how, maintain_order="left").with_columns(
        pl.col("amount_fen").fill_null(0)
    )
    rows = rows.with_row_index("place", offset=1)
    rows = rows.with_columns(serial=pl.col("place").cast(pl.String).str.zfill(8))
    total = int(rows["amount_fen"].sum())
    file_id = ids.reserve_columns(store, BankFile, 1)
    batch = f"{of.day:%Y%m%d}-{file_id:06d}"
    name = f"{of.kind}-{of.bank}-{batch}.txt"
    _keep_file(store, of, (file_id, batch, name), rows.height, total)
    _keep_rows(store, file_id, rows, asks=of.task in AGREEMENT_KINDS)
    opened = [pii.open_sealed(one, column=BANK_ACCOUNT_COLUMN) for one in rows["sealed"].to_list()]
    told = rows.select("serial", "account_number", "name", "agreement", amount="amount_fen").with_columns(
        bank_account=pl.Series(opened, dtype=pl.String)
    )
    return Asked(file_id, batch, name, told, total)


def _accounts(store: ColumnStore, of: Asking) -> pl.DataFrame:
    inside = f"substr(u.path, 1, {len(of.unit_path)}) = ?"
    if of.task in AGREEMENT_KINDS:
        sql = (
            "SELECT a.id AS account_id, a.account_number AS account_number, g.holder AS name, g.number AS agreement, "
            "g.bank_account_sealed AS sealed, g.tail AS tail FROM payments_bankagreement g "
            "JOIN customers_customeraccount a ON a.id = g.account_id JOIN organization_unit u ON u.id = a.unit_id "
            f"WHERE g.bank = ? AND g.kind = ? AND g.state = 'ACTIVE' AND g.signed_on <= ? AND {inside} "
            "AND NOT EXISTS (SELECT 1 FROM payments_bankfilerow r WHERE r.account_id = a.id AND r.verdict = 'ASKED') "
            "ORDER BY a.account_number"
        )
        params: tuple[object, ...] = (of.bank, AGREEMENT_KINDS[of.task], of.day, of.unit_path)
    elif of.answers is not None:
        sql = (
            "SELECT DISTINCT a.id AS account_id, a.account_number AS account_number, a.name AS name, '' AS agreement, "
            "'' AS sealed, '' AS tail FROM payments_bankfilerow r JOIN customers_customeraccount a ON a.id = r.account_id "
            "JOIN organization_unit u ON u.id = a.unit_id "
            f"WHERE r.file_id = ? AND r.verdict = 'TOLD' AND r.reason = 'KNOWN' AND {inside} ORDER BY a.account_number"
        )
        params = (of.answers, of.unit_path)
    else:
        sql = (
            "SELECT a.id AS account_id, a.account_number AS account_number, a.name AS name, '' AS agreement, "
            "'' AS sealed, '' AS tail FROM customers_customeraccount a JOIN organization_unit u ON u.id = a.unit_id "
            f"WHERE {inside} ORDER BY a.account_number"
        )
        params = (of.unit_path,)
    return pl.DataFrame(store.read(sql, params, schema=_ACCOUNTS))


def _owed(store: ColumnStore, account_ids: list[int], on: date, library: RuleLibrary) -> pl.DataFrame:
    """``account_id``, ``amount_fen`` of accounts that owe: bills and late fees less what corrections still give back."""
    found = [pl.DataFrame(schema={"account_id": pl.Int64, "amount_fen": pl.Int64})]
    for start in range(0, len(account_ids), _AT_ONCE):
        items = open_items(store, on=on, account_ids=account_ids[start : start + _AT_ONCE], library=library)
        owed = items.group_by("account_id").agg(amount_fen=(pl.col("open_fen") + pl.col("fee_fen")).sum())
        found.append(owed.filter(pl.col("amount_fen") > 0))
    return pl.concat(found)


def _keep_file(store: ColumnStore, of: Asking, named: tuple[int, str, str], rows: int, total_fen: int) -> None:
    file_id, batch, name = named
    row = {
        "id": file_id, "direction": "OUT", "kind": of.kind, "task": of.task, "bank": of.bank, "batch": batch,
        "unit_id": of.unit_id, "day": of.day, "layout": of.layout, "rule_path": of.rule_path,
        "file_name": name, "content_hash": "", "size": 0,
        "state": "MADE" if of.task in AGREEMENT_KINDS and rows else "ANSWERED", "rows": rows, "total_fen": total_fen,
        "unread": 0, "unread_fen": 0, "rows_done": rows, "refusal": "", "brought_by": of.actor.code, "posted_by": "",
    }  # fmt: skip
    table = {name: [value] for name, value in row.items()}
    more = {"brought_at": moments(of.at, 1), "answers_id": pa.array([of.answers], pa.int64())}
    store.append(BankFile, pa.table(table | more))


def _keep_rows(store: ColumnStore, file_id: int, rows: pl.DataFrame, *, asks: bool) -> None:
    if rows.is_empty():
        return
    first = ids.reserve_columns(store, BankFileRow, rows.height)
    empty = pl.lit("")
    kept = rows.select(
        id=pl.int_range(first, first + rows.height, dtype=pl.Int64),
        file_id=pl.lit(file_id, pl.Int64),
        line=pl.col("place").cast(pl.Int32) + 1,
        serial="serial",
        account_number="account_number",
        account_id="account_id",
        payer="name",
        tail="tail",
        amount_fen="amount_fen",
        day=pl.lit(None, pl.Date),
        pay_mode=empty,
        result=empty,
        reference=empty,
        verdict=pl.lit("ASKED" if asks else "TOLD"),
        reason=empty,
        payment_key=empty,
    )
    store.append(BankFileRow, kept.to_arrow())
