"""Rows of bank files as columns: whose money each is, judged before any of it is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.domains.payments.models import BankFileRow
from wandeng.domains.payments.queries.bank_values import payment_key
from wandeng.infra import ids
from wandeng.infra.bank_layouts.statements import REFUND
from wandeng.infra.columns import ColumnStore

RESULTS = frozenset({"DEBIT_RESULT", "COLLECTION_RESULT"})
ANSWERS = RESULTS | {"FAILURES"}
TELLING = frozenset({"AGREEMENTS", "CUSTOMERS"})
"""Tasks of files that only tell or ask: they are finished as soon as they are judged."""
MONEY = RESULTS | {"COUNTER"}
"""Tasks of files that bring money."""
_TAIL = 4
_ACCOUNTS = pa.schema(
    [
        ("number", pa.string()), ("account_id", pa.int64()), ("account_name", pa.string()), ("closed_on", pa.date32()),
        ("path", pa.string()),
    ]
)  # fmt: skip
_ASKED = pa.schema(
    [
        ("serial", pa.string()), ("asked_number", pa.string()), ("asked_id", pa.int64()), ("asked_fen", pa.int64()),
        ("asked_verdict", pa.string()),
    ]
)  # fmt: skip
_AGREED = pa.schema([("agreement", pa.string()), ("agreed_number", pa.string()), ("agreed_tail", pa.string())])
_KEYS = pa.schema([("payment_key", pa.string())])


@dataclass(frozen=True, slots=True)
class Judging:
    """What rows are judged by: the file they stand in, the day, which result codes mean money, and for the result of a
    request its file's id."""

    task: str
    bank: str
    batch: str
    day: date
    unit_path: str
    today: date
    paid_codes: frozenset[str]
    request: int | None = None


def judge(store: ColumnStore, rows: pl.DataFrame, by: Judging) -> pl.DataFrame:
    """Columns of ``bank_layouts.reading.ROWS`` → those of :class:`BankFileRow` but ``id`` and ``file_id``.

    REJECTED rows are wrong in themselves; FAILED ones moved no money at the bank; REPEAT ones are posted already; money
    that is nobody's here goes TO_SUSPENSE; the rest is READY. Rows of files without money are TOLD.
    """
    found = _with_accounts(store, _with_facts(rows, by))
    found = _with_asked(store, found, by) if by.request is not None else found
    if by.task in MONEY:
        verdicts = [*_wrong(by), *_not_paid(by), _posted(store, found, by), *_nobodys(by)]
        usual = ("READY", "")
    elif by.task == "FAILURES":
        verdicts, usual = [*_wrong(by, unless_future=True), *_unasked()], ("FAILED", "")
    else:
        verdicts, usual = _wrong(by, unless_future=by.task in TELLING), ("TOLD", "")
        if by.task == "AGREEMENTS":
            found = _with_agreements(store, found, by)
            verdicts += _disagreeing()
        if by.task == "CUSTOMERS":
            verdicts += _asked_about(by)
    judged = found.with_columns(_first_of([(condition, pair[0]) for condition, pair in verdicts], usual[0], "verdict"))
    judged = judged.with_columns(_first_of([(condition, pair[1]) for condition, pair in verdicts], usual[1], "reason"))
    own = pl.when(pl.col("verdict") == "REJECTED", pl.col("reason") == "").then("fault").otherwise("reason")
    takes = pl.col("verdict").is_in(["READY", "TO_SUSPENSE", *(["TOLD"] if by.task == "DETAIL" else [])])
    return judged.with_columns(
        reason=own,
        payment_key=pl.when(takes).then("payment_key").otherwise(pl.lit("")),
        account_id=pl.when(pl.col("verdict") != "TO_SUSPENSE").then("account_id"),
    ).select(
        "line", "serial", "account_number", "account_id", payer="name", tail="tail", amount_fen="amount_fen", day="day",
        pay_mode="pay_mode", result="result", reference="reference", verdict="verdict", reason="reason",
        payment_key="payment_key",
    )  # fmt: skip


def keep(store: ColumnStore, file_id: int, judged: pl.DataFrame) -> None:
    """Write the rows of a file, instead of those that an earlier look may have left, in the caller's transaction."""
    store.execute("DELETE FROM payments_bankfilerow WHERE file_id = ?", (file_id,))
    if judged.is_empty():
        return
    first = ids.reserve_columns(store, BankFileRow, judged.height)
    numbered = judged.with_columns(
        id=pl.int_range(first, first + judged.height, dtype=pl.Int64), file_id=pl.lit(file_id, pl.Int64)
    )
    store.append(BankFileRow, numbered.to_arrow())


Verdict = tuple[pl.Expr, tuple[str, str]]


def _with_facts(rows: pl.DataFrame, by: Judging) -> pl.DataFrame:
    digits = pl.col("bank_account").str.replace_all(r"\s", "")
    own = pl.lit(payment_key(by.bank, f"{by.batch}:")) + pl.col("serial")
    named = pl.lit(payment_key(by.bank, "")) + pl.col("reference")
    key = pl.when(pl.col("reference") != "").then(named).otherwise(own) if by.task == "DETAIL" else own
    return rows.with_columns(
        tail=digits.str.slice(-_TAIL), payment_key=key,
        is_again=(pl.col("serial") != "") & ~pl.col("serial").is_first_distinct(),
    )  # fmt: skip


def _with_accounts(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    asked = rows.select(number="account_number").filter(pl.col("number") != "").unique(maintain_order=True)
    with store.staged(asked.to_arrow()) as staged:
        sql = (
            "SELECT s.number AS number, a.id AS account_id, a.name AS account_name, a.closed_on AS closed_on, "
            f"u.path AS path FROM {staged} s JOIN customers_customeraccount a ON a.account_number = s.number "
            "JOIN organization_unit u ON u.id = a.unit_id"
        )
        known = pl.DataFrame(store.read(sql, schema=_ACCOUNTS))
    return rows.join(known.rename({"number": "account_number"}), on="account_number", how="left", maintain_order="left")


def _with_asked(store: ColumnStore, rows: pl.DataFrame, by: Judging) -> pl.DataFrame:
    """What we asked under each serial; the account is the one we asked for."""
    sql = (
        "SELECT serial, account_number AS asked_number, account_id AS asked_id, amount_fen AS asked_fen, "
        "verdict AS asked_verdict FROM payments_bankfilerow WHERE file_id = ?"
    )
    asked = pl.DataFrame(store.read(sql, (by.request,), schema=_ASKED))
    return rows.join(asked, on="serial", how="left", maintain_order="left")


def _with_agreements(store: ColumnStore, rows: pl.DataFrame, by: Judging) -> pl.DataFrame:
    sql = (
        "SELECT g.number AS agreement, a.account_number AS agreed_number, g.tail AS agreed_tail "
        "FROM payments_bankagreement g JOIN customers_customeraccount a ON a.id = g.account_id "
        "WHERE g.bank = ? AND g.state = 'ACTIVE'"
    )
    ours = pl.DataFrame(store.read(sql, (by.bank,), schema=_AGREED))
    return rows.join(ours, on="agreement", how="left", maintain_order="left")


def _wrong(by: Judging, *, unless_future: bool = False) -> list[Verdict]:
    late: list[Verdict] = [] if unless_future else [(pl.col("day") > by.today, ("REJECTED", "FUTURE_DATE"))]
    if by.task == "DETAIL":
        late.append((pl.col("day") != by.day, ("REJECTED", "OTHER_DAY")))
    least = 1 if by.task in MONEY or by.task == "DETAIL" else 0
    is_refund = pl.col("reference").str.starts_with(REFUND) if by.task == "DETAIL" else pl.lit(False)
    return [
        (pl.col("fault") != "", ("REJECTED", "")),
        (pl.col("is_again"), ("REJECTED", "TWICE_IN_FILE")),
        ((pl.col("amount_fen") < least) & ~is_refund, ("REJECTED", "NOT_POSITIVE")),
        *late,
    ]


def _not_paid(by: Judging) -> list[Verdict]:
    """Results whose code says that no money moved. A file of what was debited needs no code."""
    if by.task not in RESULTS:
        return []
    told = pl.col("result").is_in([*by.paid_codes, ""])
    return [*_unasked(), (~told, ("FAILED", ""))]


def _unasked() -> list[Verdict]:
    """Rows that answer nothing: without money they are wrong, with money they are nobody's (see :func:`_nobodys`)."""
    failed = ~pl.col("result").is_in(["", "00"]) & pl.col("asked_number").is_null()
    return [(failed, ("REJECTED", "NOT_ASKED"))]


def _posted(store: ColumnStore, rows: pl.DataFrame, by: Judging) -> Verdict:
    """Rows whose key is a payment or an item of suspense already."""
    with store.staged(rows.select("payment_key").unique().to_arrow()) as staged:
        sql = (
            f"SELECT s.payment_key AS payment_key FROM {staged} s JOIN payments_payment p ON p.key = s.payment_key "
            f"UNION SELECT s.payment_key FROM {staged} s JOIN payments_suspenseitem i ON i.key = s.payment_key"
        )
        known = pl.DataFrame(store.read(sql, schema=_KEYS))["payment_key"]
    return pl.col("payment_key").is_in(known.implode()), ("REPEAT", "POSTED_BEFORE")


def _nobodys(by: Judging) -> list[Verdict]:
    verdicts: list[Verdict] = []
    if by.request is not None:
        verdicts += [
            (pl.col("asked_number").is_null(), ("TO_SUSPENSE", "NOT_ASKED")),
            (pl.col("asked_number") != pl.col("account_number"), ("TO_SUSPENSE", "OTHER_ACCOUNT")),
            (pl.col("asked_fen") != pl.col("amount_fen"), ("TO_SUSPENSE", "OTHER_AMOUNT")),
            (pl.col("asked_verdict") == "PAID", ("TO_SUSPENSE", "PAID_TWICE")),
        ]
    verdicts += [
        (pl.col("account_id").is_null(), ("TO_SUSPENSE", "UNKNOWN_ACCOUNT")),
        (~pl.col("path").str.starts_with(by.unit_path), ("TO_SUSPENSE", "OUTSIDE_UNIT")),
    ]
    if by.request is None:
        verdicts.append((pl.col("closed_on") <= by.today, ("TO_SUSPENSE", "CLOSED_ACCOUNT")))
    return verdicts


def _disagreeing() -> list[Verdict]:
    return [
        (pl.col("agreed_number").is_null(), ("TOLD", "NO_AGREEMENT")),
        (pl.col("agreed_number") != pl.col("account_number"), ("TOLD", "OTHER_ACCOUNT")),
        (pl.col("agreed_tail") != pl.col("tail"), ("TOLD", "OTHER_TAIL")),
        (pl.lit(True), ("TOLD", "AGREES")),
    ]


def _asked_about(by: Judging) -> list[Verdict]:
    """What a bank that asks about customers is told of each: nothing about those outside the unit."""
    return [
        (pl.col("account_id").is_null(), ("TOLD", "UNKNOWN_ACCOUNT")),
        (~pl.col("path").str.starts_with(by.unit_path), ("TOLD", "UNKNOWN_ACCOUNT")),
        (pl.col("closed_on") <= by.today, ("TOLD", "CLOSED_ACCOUNT")),
        ((pl.col("name") != "") & (pl.col("name") != pl.col("account_name")), ("TOLD", "OTHER_NAME")),
        (pl.lit(True), ("TOLD", "KNOWN")),
    ]


def _first_of(choices: list[tuple[pl.Expr, str]], otherwise: str, name: str) -> pl.Expr:
    """The text of the first condition that holds."""
    text = pl.lit(otherwise)
    for condition, value in reversed(choices):
        text = pl.when(condition.fill_null(False)).then(pl.lit(value)).otherwise(text)
    return text.alias(name)
