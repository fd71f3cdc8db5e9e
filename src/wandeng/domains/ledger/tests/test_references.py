"""What a line refers to exists, and stays: the same on both stores, which see to it in different ways."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.ledger import actions, checks
from wandeng.domains.ledger.models import EntryLine
from wandeng.domains.ledger.tests import make
from wandeng.domains.ledger.types import Posting
from wandeng.infra.columns import ColumnStore

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY, POSTED, UNPOSTED = 999, 1, 2


@pytest.fixture(autouse=True)
def home() -> int:
    unit = make.unit()
    make.accounts(2)
    _post("bill:1", POSTED)
    return unit


def _post(biz_key: str, account_id: int) -> None:
    actions.post(
        biz_key=biz_key, kind="BILL", unit=1, month="2026-03", at=make.AT, actor=make.CLERK,
        lines=[Posting("RECEIVABLE", 500, account_id, 1), Posting("REVENUE:ENERGY", -500)],
    )  # fmt: skip


def _run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_line_of_an_account_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DatabaseError, match=r"(?i)account that does not exist|foreign key"):
        _post("bill:2", NOBODY)
    assert set(EntryLine.objects.values_list("account_id", flat=True)) == {POSTED, None}


def test_a_line_of_an_entry_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DatabaseError, match=r"open entry"):
        _run("INSERT INTO ledger_entryline (id, entry_id, ledger_account, amount_fen) VALUES (900, 77, 'REVENUE:X', 5)")
    assert EntryLine.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM customers_customeraccount WHERE id = 1",
        "UPDATE customers_customeraccount SET id = 3 WHERE id = 1",
    ],
    ids=["deleted", "renumbered"],
)
def test_an_account_with_lines_stays_as_it_is(statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)account with lines stays|foreign key"):
        _run(statement)
    assert sorted(CustomerAccount.objects.values_list("id", flat=True)) == [POSTED, UNPOSTED]


def test_an_account_without_lines_may_go() -> None:
    _run(f"DELETE FROM customers_customeraccount WHERE id = {UNPOSTED}")
    assert list(CustomerAccount.objects.values_list("id", flat=True)) == [POSTED]


def test_an_account_cannot_go_while_somebody_posts_to_it() -> None:
    """The posting is not committed yet when the deletion is tried: that waits, and is then refused."""
    if connection.vendor == "sqlite":
        return  # one writer at a time: there is no meanwhile
    asked, answers = threading.Event(), []

    def delete() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                asked.set()
                cursor.execute(f"DELETE FROM customers_customeraccount WHERE id = {UNPOSTED}")
        except DatabaseError as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    other = threading.Thread(target=delete)
    with transaction.atomic():
        _post("bill:2", UNPOSTED)
        other.start()
        asked.wait(30)
        other.join(0.3)
        assert other.is_alive()
    other.join(30)
    assert len(answers) == 1
    assert "account with lines stays" in answers[0]
    with ColumnStore() as store:
        assert checks.all_faults(store) == []
