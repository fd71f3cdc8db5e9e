"""What a bank brings is booked once, to the fen; what is nobody's waits in suspense; what is wrong says why."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.ledger.models import EntryLine
from wandeng.domains.payments.actions import suspense as decisions
from wandeng.domains.payments.models import BankFile, BankFileRow, Payment, SuspenseItem
from wandeng.domains.payments.tests import make
from wandeng.flows import bank_files, bank_requests, suspense
from wandeng.flows.tests import bank_world as world
from wandeng.infra import jobs
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
FEB = date(2026, 3, 25)
CLEARING = "CLEARING:BANK_402"


@pytest.fixture
def ids():
    found = make.accounts()
    make.bill(found["1001"], "2026-02", 80_00, FEB)
    make.bill(found["1002"], "2026-02", 90_00, FEB)
    return found


def test_counter_payments_are_booked_and_strangers_wait_in_suspense(ids):
    CustomerAccount.objects.filter(account_number="1006").update(closed_on=date(2026, 1, 1))
    rows = [
        world.row(1, "1001", 80_00),
        world.row(2, "1002", 100_00),
        world.row(3, "9999", 30_00),
        world.row(4, "1006", 5_00),
        world.row(5, "1003", 7_00, day=date(2026, 3, 21)),
        world.row(1, "1003", 9_00),
    ]
    checked = world.bring(world.written(rows))
    assert world.verdicts(checked.file_id) == [
        ("READY", ""), ("READY", ""), ("TO_SUSPENSE", "UNKNOWN_ACCOUNT"), ("TO_SUSPENSE", "CLOSED_ACCOUNT"),
        ("REJECTED", "FUTURE_DATE"), ("REJECTED", "TWICE_IN_FILE"),
    ]  # fmt: skip
    assert not Payment.objects.exists()
    posted = world.book(checked)
    assert posted.state == "POSTED"
    # 80 + 100 posted, 30 + 5 in suspense, 7 + 9 rejected = 231.00
    sums = {verdict: (one.rows, one.amount_fen) for verdict, one in posted.verdicts.items()}
    assert sums == {"POSTED": (2, 180_00), "SUSPENSE": (2, 35_00), "REJECTED": (2, 16_00)}
    assert sum(fen for _, fen in sums.values()) == posted.total_fen == 231_00
    assert make.balance("RECEIVABLE", ids["1001"]) == 0
    assert make.balance("CREDIT", ids["1002"]) == -10_00
    assert make.balance("SUSPENSE") == -35_00
    # 180 paid and 35 of nobody are owed by the bank's clearing
    assert make.balance(CLEARING) == 215_00
    assert ledger.faults() == []
    assert set(Payment.objects.values_list("key", "channel", "tender")) == {
        ("bank:402:B1:00000001", "BANK_402", "TRANSFER"), ("bank:402:B1:00000002", "BANK_402", "TRANSFER"),
    }  # fmt: skip


def test_the_same_bytes_twice_are_one_file(ids):
    content = world.written([world.row(1, "1001", 80_00)])
    first = world.book(world.bring(content))
    again = world.bring(content, name="other name.txt")
    assert again.file_id == first.file_id
    assert again.state == "POSTED"
    assert (BankFile.objects.count(), Payment.objects.count()) == (1, 1)


def test_the_same_rows_in_other_bytes_post_nothing_again(ids):
    rows = [world.row(1, "1001", 80_00), world.row(2, "9999", 30_00)]
    world.book(world.bring(world.written(rows)))
    lines = EntryLine.objects.count()
    second = world.book(world.bring(world.written(rows).replace(b"\n", b"\r\n")))
    assert world.verdicts(second.file_id) == [("REPEAT", "POSTED_BEFORE")] * 2
    assert (EntryLine.objects.count(), Payment.objects.count(), SuspenseItem.objects.count()) == (lines, 1, 1)


def test_a_wrong_total_books_nothing_and_says_where(ids):
    content = world.written([world.row(1, "1001", 80_00)]).replace(b",80.00\nD", b",81.00\nD")
    refused = world.bring(content.replace(b"T,1,80.00", b"T,1,81.00"))
    assert refused.state == "REFUSED"
    assert refused.refusal["reason"] == "WRONG_TOTAL"
    assert not BankFileRow.objects.exists()
    with pytest.raises(MoveRefused):
        bank_files.post(file_id=refused.file_id, actor=world.ACCOUNTANT, at=world.AT)
    # Put right and brought again, it is another file.
    assert world.bring(world.written([world.row(1, "1001", 80_00)])).state == "CHECKED"


def test_amounts_that_cannot_be_read_take_a_reason_and_are_accounted_for(ids):
    content = world.written([world.row(1, "1001", 80_00), world.row(2, "1002", 90_00)])
    checked = world.bring(content.replace(b",90.00,", b",NaN,"))
    assert (checked.unread, checked.unread_fen) == (1, 90_00)
    with pytest.raises(InvalidInput, match="1 amounts of this file cannot be read"):
        bank_files.post(file_id=checked.file_id, actor=world.ACCOUNTANT, at=world.AT)
    posted = world.book(checked, reason="银行电话确认第2笔作废")
    assert world.verdicts(posted.file_id) == [("POSTED", ""), ("REJECTED", "NOT_AN_AMOUNT")]
    assert sum(one.amount_fen for one in posted.verdicts.values()) + posted.unread_fen == posted.total_fen


def test_a_debit_run_asks_for_what_is_open_and_its_result_pays_it(ids):
    for account in ("1001", "1002", "1004"):
        world.sign(account)
    made, rows = world.ask()
    # 1004 owes nothing; the bank account is in the clear in the file and nowhere else.
    assert [(one["account_number"], one["amount"], one["bank_account"]) for one in rows] == [
        ("1001", 80_00, "622200000001001"), ("1002", 90_00, "622200000001002"),
    ]  # fmt: skip
    assert (made.rows, made.total_fen) == (2, 170_00)
    assert BankFileRow.objects.filter(tail="1001", verdict="ASKED").count() == 1
    with pytest.raises(InvalidInput, match="nobody of BS owes"):
        world.ask()
    told = [rows[0] | {"result": "00"}, rows[1] | {"result": "01", "reason": "余额不足"}]
    posted = world.book(world.bring(world.written(told, kind="10", batch=rows[0]["batch"])))
    assert world.verdicts(posted.file_id) == [("POSTED", ""), ("FAILED", "")]
    assert world.verdicts(made.file_id) == [("PAID", ""), ("FAILED", "")]
    assert BankFile.objects.get(pk=made.file_id).state == "ANSWERED"
    assert make.balance("RECEIVABLE", ids["1001"]) == 0
    assert Payment.objects.get().tender == "DEBIT"
    # Who could not pay is asked again the next time.
    assert [one["account_number"] for one in world.ask()[1]] == ["1002"]


def test_results_that_we_never_asked_for_are_nobodys(ids):
    world.sign("1001")
    world.sign("1002")
    _, rows = world.ask()
    batch = rows[0]["batch"]
    told = [
        rows[0] | {"amount": 81_00},
        rows[1] | {"account_number": "1003"},
        world.row(7, "1004", 5_00),
        world.row(8, "1004", 6_00, result="01"),
    ]
    posted = world.book(world.bring(world.written(told, kind="02", batch=batch)))
    assert world.verdicts(posted.file_id) == [
        ("SUSPENSE", "OTHER_AMOUNT"), ("SUSPENSE", "OTHER_ACCOUNT"), ("SUSPENSE", "NOT_ASKED"),
        ("REJECTED", "NOT_ASKED"),
    ]  # fmt: skip
    assert make.balance("SUSPENSE") == -(81_00 + 90_00 + 5_00)


def test_a_file_of_failures_moves_no_money_and_frees_the_request(ids):
    world.sign("1001")
    made, rows = world.ask()
    told = [rows[0] | {"result": "02"}]
    posted = world.book(world.bring(world.written(told, kind="09", batch=rows[0]["batch"])))
    assert world.verdicts(posted.file_id) == [("FAILED", "")]
    assert world.verdicts(made.file_id) == [("FAILED", "")]
    assert not Payment.objects.exists()


def test_collections_have_a_request_and_a_result_of_their_own(ids):
    world.sign("1003", kind="COLLECTION")
    make.bill(ids["1003"], "2026-02", 500_00, FEB)
    _, rows = world.ask("07")
    posted = world.book(world.bring(world.written(rows, kind="08", batch=rows[0]["batch"])))
    assert world.verdicts(posted.file_id) == [("POSTED", "")]
    assert Payment.objects.get().tender == "TRANSFER"


def test_arrears_are_told_to_a_counter_of_all_who_owe(ids):
    _, rows = world.ask("06")
    assert [(one["account_number"], one["amount"]) for one in rows] == [("1001", 80_00), ("1002", 90_00)]


def test_agreements_are_compared_and_the_file_is_done(ids):
    world.sign("1001")
    told = [
        world.row(1, "1001", 0, agreement="XY1001", bank_account="622200000001001"),
        world.row(2, "1001", 0, agreement="XY1001", bank_account="62220000000999"),
        world.row(3, "1002", 0, agreement="XY1002"),
    ]
    found = world.bring(world.written(told, kind="04"))
    assert found.state == "POSTED"
    assert [reason for _, reason in world.verdicts(found.file_id)] == ["AGREES", "OTHER_TAIL", "NO_AGREEMENT"]


@pytest.mark.parametrize(
    ("kind", "batch", "day", "reason"),
    [
        ("10", "NEVER", world.TODAY, "UNKNOWN_BATCH"),
        ("01", "B1", world.TODAY, "OTHER_KIND"),
        ("21", "B1", date(2026, 3, 21), "FUTURE_DAY"),
    ],
)
def test_a_file_that_cannot_be_ours_is_refused(ids, kind, batch, day, reason):
    content = world.written([world.row(1, "1001", 80_00)], kind=kind, batch=batch, day=day)
    assert world.bring(content).refusal["reason"] == reason


def test_money_in_suspense_finds_its_account_or_goes_back(ids):
    rows = [world.row(1, "9991", 80_00), world.row(2, "9992", 5_00), world.row(3, "9993", 6_00)]
    world.book(world.bring(world.written(rows)))
    first, second, third = SuspenseItem.objects.order_by("id")
    receipt = suspense.match(
        item_id=first.pk, account_number="1001", reason="户主来电确认", actor=world.ACCOUNTANT, at=world.AT
    )
    assert (receipt.key, receipt.amount_fen, receipt.owed_fen_after) == ("bank:402:B1:00000001", 80_00, 0)
    decisions.give_back(item_id=second.pk, document="TK-1", reason="付错", actor=world.ACCOUNTANT, at=world.AT)
    decisions.leave(item_id=third.pk, on=world.TODAY, reason="等银行回单", actor=world.ACCOUNTANT, at=world.AT)
    assert [one.state for one in SuspenseItem.objects.order_by("id")] == ["MATCHED", "RETURNED", "OPEN"]
    # 91.00 came in; 80 is paid, 5 has left the bank, 6 waits.
    assert (make.balance(CLEARING), make.balance("SUSPENSE"), make.balance("BANK")) == (91_00, -6_00, -5_00)
    with pytest.raises(MoveRefused, match="has been decided"):
        suspense.match(item_id=first.pk, account_number="1002", reason="x", actor=world.ACCOUNTANT, at=world.AT)
    assert Payment.objects.count() == 1
    assert ledger.faults() == []
    # The row comes once more in other bytes: it is posted already.
    again = world.bring(world.written(rows[:1]))
    assert world.verdicts(again.file_id) == [("REPEAT", "POSTED_BEFORE")]


def test_only_the_accountant_of_the_unit_books_and_decides(ids):
    content = world.written([world.row(1, "9991", 80_00)])
    with pytest.raises(NotAllowed):
        bank_files.receive(
            bank="402", file_name="a", chunks=[content], unit_code="BS", actor=make.CLERK, at=world.AT
        )  # fmt: skip
    world.book(world.bring(content))
    item = SuspenseItem.objects.get()
    with pytest.raises(NotAllowed):
        suspense.match(item_id=item.pk, account_number="1001", reason="x", actor=make.CLERK, at=world.AT)
    elsewhere = make.Actor("a9", make.PersonId(9), "XX/", frozenset({"ACCOUNTANT"}))
    with pytest.raises(NotFound):
        suspense.match(item_id=item.pk, account_number="1001", reason="x", actor=elsewhere, at=world.AT)


def test_workers_read_and_book_as_jobs(ids):
    content = world.written([world.row(1, "1001", 80_00)])
    made = bank_files.receive(
        bank="402", file_name="a.txt", chunks=[content], unit_code="BS", actor=make.SYSTEM, at=world.AT
    )
    handlers = bank_files.handlers(world.clock)
    assert jobs.run_one(handlers, owner="w", clock=world.clock)
    assert bank_files.queries.bank_file(Scope.everywhere(), made).state == "CHECKED"
    bank_files.post(file_id=made, actor=make.SYSTEM, at=world.AT)
    assert bank_files.work_of(made)["state"] == "QUEUED"
    assert jobs.run_one(handlers, owner="w", clock=world.clock)
    facts = bank_files.queries.bank_file(Scope.everywhere(), made)
    assert (facts.state, facts.rows_done, bank_files.work_of(made)) == ("POSTED", 1, None)


def test_bytes_of_files_are_readable_by_us_only(ids):
    checked = world.bring(world.written([world.row(1, "1001", 80_00)]))
    assert oct(bank_files.content_path(checked.content_hash).stat().st_mode & 0o777) == "0o600"


def test_an_accounts_bank_account_is_sealed(ids):
    world.sign("1001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT bank_account_sealed, tail FROM payments_bankagreement")
        sealed, tail = cursor.fetchone()
    assert "62220000" not in sealed
    assert tail == "1001"


def test_a_file_of_ours_is_kept_byte_for_byte(ids):
    world.sign("1001")
    made, _ = world.ask()
    assert bank_requests.made(Scope.everywhere(), made.file_id).content == made.content


def test_every_defect_in_one_file_is_told_apart_and_the_total_is_accounted_for(ids):
    """M7: each row spoilt in its own way beside good ones; posted + suspense + rejected + unreadable = the file's total."""
    CustomerAccount.objects.filter(account_number="1006").update(closed_on=date(2026, 1, 1))
    rows = [world.row(i, "1001", 10_00 + i) for i in range(1, 12)]
    rows[4] |= {"account_number": "9999"}
    rows[5] |= {"account_number": "1006"}
    rows[6] |= {"day": date(2026, 3, 25)}
    rows[7] |= {"serial": rows[0]["serial"]}
    rows[8] |= {"amount": -5_00}
    rows[9] |= {"name": '甲,"乙"'}
    spoilt = [
        (b",10.02,", b",NaN,"),
        (b",10.03,", b"," + b"9" * 20 + b","),
        (b",10.04,", ",１０.０４,".encode()),
        ("付款人11".encode(), "付款人\x1f11".encode()),
    ]
    content = world.written(rows)
    for was, now in spoilt:
        assert content.count(was) == 1
        content = content.replace(was, now)
    checked = world.bring(content)
    posted = world.book(checked, reason="银行已确认")
    assert world.verdicts(posted.file_id) == [
        ("POSTED", ""), ("REJECTED", "NOT_AN_AMOUNT"), ("REJECTED", "TOO_LARGE"), ("REJECTED", "NOT_PLAIN"),
        ("SUSPENSE", "UNKNOWN_ACCOUNT"), ("SUSPENSE", "CLOSED_ACCOUNT"), ("REJECTED", "FUTURE_DATE"),
        ("REJECTED", "TWICE_IN_FILE"), ("REJECTED", "NOT_POSITIVE"), ("POSTED", ""), ("REJECTED", "BAD_CHARACTERS"),
    ]  # fmt: skip
    # 10.02 and 10.03 cannot be read; all others can.
    assert (posted.unread, posted.unread_fen) == (2, 20_05)
    assert sum(one.amount_fen for one in posted.verdicts.values()) + posted.unread_fen == posted.total_fen
    assert make.balance(CLEARING) == 10_01 + 10_10 + 10_05 + 10_06
    lines = EntryLine.objects.count()
    assert world.bring(content).file_id == posted.file_id
    assert EntryLine.objects.count() == lines


def test_who_paid_is_told_to_whoever_gives_supply_back_in_the_same_transaction(ids, monkeypatch):
    told: list[int] = []
    monkeypatch.setattr(
        bank_files.disconnection, "after_batch", lambda **_: lambda store, accounts: told.extend(accounts)
    )
    world.book(world.bring(world.written([world.row(1, "1001", 80_00), world.row(2, "9999", 5_00)])))
    assert told == [ids["1001"]]


def test_a_bank_that_asks_about_customers_is_told_of_each_and_no_money_moves() -> None:
    make.accounts()
    name = CustomerAccount.objects.get(account_number="1001").name
    asked = [
        {"serial": "1", "account_number": "1001", "name": name, "amount": 0},
        {"serial": "2", "account_number": "1002", "name": "别人", "amount": 0},
        {"serial": "3", "account_number": "9999", "name": "", "amount": 0},
    ]
    found = world.bring(world.written(asked, kind="05"))
    assert (found.state, found.task, found.total_fen) == ("POSTED", "CUSTOMERS", 0)
    assert world.verdicts(found.file_id) == [("TOLD", "KNOWN"), ("TOLD", "OTHER_NAME"), ("TOLD", "UNKNOWN_ACCOUNT")]
    assert make.balance("SUSPENSE") == 0
    ids = make.ids()
    make.bill(ids["1002"], "2026-02", 70_00, date(2026, 3, 31))
    told = bank_requests.export(
        kind="06", bank=world.BANK, unit_code=world.UNIT, on=world.TODAY, actor=world.ACCOUNTANT, at=world.AT,
        answers=found.file_id,
    )  # fmt: skip
    # 1002 owes and was asked about under another name: the bank is not told.
    assert (told.rows, told.total_fen) == (1, 0)
    assert BankFile.objects.get(pk=told.file_id).answers_id == found.file_id
    with pytest.raises(InvalidInput):
        bank_requests.export(
            kind="06", bank="102", unit_code=world.UNIT, on=world.TODAY, actor=world.ACCOUNTANT, at=world.AT,
            answers=found.file_id,
        )  # fmt: skip
