"""The database refuses each way of tampering, whoever asks; each test would pass its tampering without the trigger."""

from __future__ import annotations

import pyarrow as pa
import pytest
from django.db import DatabaseError, connection, transaction

from wandeng.domains.ledger import actions, checks, frames, queries
from wandeng.domains.ledger.models import Entry, EntryLine, PeriodBalance, PeriodClose
from wandeng.domains.ledger.tests import make
from wandeng.domains.ledger.types import LINES, LedgerFault, Posting
from wandeng.infra.columns import ColumnStore

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def posted() -> int:
    home = make.unit()
    make.accounts(3)
    return actions.post(
        biz_key="bill:1", kind="BILL", unit=home, month="2026-03", at=make.AT, actor=make.CLERK,
        lines=[Posting("RECEIVABLE", 12_345, 1, 1), Posting("REVENUE:ENERGY", -12_345)],
    )  # fmt: skip


TAMPERING = {
    "change an amount": "UPDATE ledger_entryline SET amount_fen = 1 WHERE amount_fen > 0",
    "delete a line": "DELETE FROM ledger_entryline",
    "delete the entry": "DELETE FROM ledger_entry",
    "rename the entry": "UPDATE ledger_entry SET biz_key = 'bill:2'",
    "open the entry again": "UPDATE ledger_entry SET is_posted = false",
    "add a line to a posted entry": "INSERT INTO ledger_entryline (id, entry_id, ledger_account, amount_fen) "
    "VALUES (900, 1, 'REVENUE:ENERGY', 5)",
    "insert an entry that claims to be posted": "INSERT INTO ledger_entry "
    "(id, biz_key, kind, unit_id, month, posted_at, actor, is_posted) "
    "VALUES (900, 'x', 'BILL', 1, '2026-03', '2026-03-05 08:00:00', 'x', true)",
}


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING.keys())
def test_tampering_is_refused_and_changes_nothing(posted: int, statement: str) -> None:
    before = list(EntryLine.objects.order_by("id").values_list("entry_id", "amount_fen"))
    with pytest.raises(DatabaseError, match=r"ledger|UNIQUE"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(EntryLine.objects.order_by("id").values_list("entry_id", "amount_fen")) == before
    assert Entry.objects.filter(is_posted=True).count() == 1


def test_insert_or_replace_cannot_overwrite_a_posted_line(posted: int) -> None:
    if connection.vendor != "sqlite":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE ledger_entryline")
        return
    line = EntryLine.objects.order_by("id").first()
    assert line is not None
    statement = (
        "INSERT OR REPLACE INTO ledger_entryline (id, entry_id, ledger_account, amount_fen) "
        f"VALUES ({line.pk}, {posted}, 'REVENUE:ENERGY', 1)"
    )
    with pytest.raises(DatabaseError, match="ledger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_entry_without_balance_cannot_be_posted_by_hand(posted: int) -> None:
    def post_by_hand() -> None:
        entry = Entry.objects.create(
            id=50, biz_key="by-hand", kind="X", unit_id=1, month="2026-03", posted_at=make.AT, actor="x"
        )
        EntryLine.objects.create(id=50, entry=entry, ledger_account="RECEIVABLE", account_id=1, amount_fen=10)
        EntryLine.objects.create(id=51, entry=entry, ledger_account="REVENUE:ENERGY", amount_fen=-9)
        Entry.objects.filter(pk=50).update(is_posted=True)

    with pytest.raises(DatabaseError, match="sum to zero"), transaction.atomic():
        post_by_hand()
    assert not Entry.objects.filter(pk=50).exists()


def test_an_entry_left_open_is_refused_or_found(posted: int) -> None:
    def leave_open() -> None:
        Entry.objects.create(id=50, biz_key="open", kind="X", unit_id=1, month="2026-03", posted_at=make.AT, actor="x")

    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="left open"), transaction.atomic():
            leave_open()
    else:
        leave_open()
        with ColumnStore() as store:
            assert [fault.fault for fault in checks.all_faults(store)] == ["LEFT_OPEN"]


def test_the_checks_see_a_fault_when_the_guards_are_off(posted: int) -> None:
    from wandeng.domains.ledger import guards

    guards.remove(connection)
    try:
        EntryLine.objects.filter(amount_fen__gt=0).update(amount_fen=1)
    finally:
        guards.install(connection)
    with ColumnStore() as store:
        assert checks.all_faults(store) == [LedgerFault(posted, "UNBALANCED")]


def test_a_closed_month_takes_no_entry(posted: int) -> None:
    actions.close_month(unit=1, month="2026-03", at=make.AT, actor=make.CLERK)
    lines = [Posting("RECEIVABLE", 5, 1, 2), Posting("REVENUE:ENERGY", -5)]
    with pytest.raises(actions.MonthClosed):
        actions.post(biz_key="bill:2", kind="BILL", unit=1, month="2026-03", lines=lines, at=make.AT, actor=make.CLERK)
    with ColumnStore() as store, pytest.raises(Exception, match="closed"), store.transaction():
        frames.post(
            store, biz_key="bill:2", kind="BILL", unit=1, month="2026-03", at=make.AT, actor=make.CLERK,
            lines=columns(lines),
        )  # fmt: skip
    for kept in (PeriodBalance.objects.all(), PeriodClose.objects.filter(month="2026-03")):
        with pytest.raises(DatabaseError, match="ledger"), transaction.atomic():
            kept._raw_delete(kept.db)
    assert Entry.objects.count() == 1


def columns(lines: list[Posting]) -> pa.Table:
    rows = [
        {"ledger_account": p.ledger_account, "account_id": p.account_id, "source": p.source, "amount_fen": p.amount_fen}
        for p in lines
    ]
    return pa.Table.from_pylist(rows, schema=LINES)


def test_a_batch_is_posted_by_columns_once(posted: int) -> None:
    # Three receivables of 1.00, 2.00 and 3.00 yuan against 6.00 of revenue.
    lines = [Posting("RECEIVABLE", 100 * n, n, 10 + n) for n in (1, 2, 3)] + [Posting("REVENUE:ENERGY", -600)]
    with ColumnStore() as store:
        with store.transaction():
            frames.post(
                store, biz_key="run:1:shard:1", kind="BILL_RUN", unit=1, month="2026-03", at=make.AT,
                actor=make.CLERK, lines=columns(lines),
            )  # fmt: skip
        with pytest.raises(Exception, match=r"(?i)unique"), store.transaction():
            frames.post(
                store, biz_key="run:1:shard:1", kind="BILL_RUN", unit=1, month="2026-03", at=make.AT,
                actor=make.CLERK, lines=columns(lines),
            )  # fmt: skip
        assert checks.all_faults(store) == []
        balances = frames.receivables(store, account_from=1, account_to=4).to_pylist()
    # Account 1 owed 123.45 before.
    assert [row["balance_fen"] for row in balances] == [12_445, 200, 300]
    assert queries.receivable_fen(account=1) == 12_445
    assert sum(queries.trial_balance(unit=1, month="2026-03").values()) == 0


def test_a_batch_that_does_not_balance_leaves_nothing(posted: int) -> None:
    lines = [Posting("RECEIVABLE", 100, 1, 1), Posting("REVENUE:ENERGY", -99)]
    with ColumnStore() as store, pytest.raises(Exception, match="sum to zero"), store.transaction():
        frames.post(
            store, biz_key="run:1", kind="BILL_RUN", unit=1, month="2026-03", at=make.AT, actor=make.CLERK,
            lines=columns(lines),
        )  # fmt: skip
    assert Entry.objects.count() == 1
