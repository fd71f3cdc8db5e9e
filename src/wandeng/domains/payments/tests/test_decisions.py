"""Reversal, refund, waiver, write-off, transfer: what they do, who may, and when two persons are needed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.payments import actions, queries
from wandeng.domains.payments.models import Payment, PaymentDecision
from wandeng.domains.payments.tests import make
from wandeng.infra.models import Event, Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db
JAN, FEB = date(2026, 2, 25), date(2026, 3, 25)
WHY = {"reason": "录入错误", "actor": make.ACCOUNTANT, "at": make.AT}


@pytest.fixture
def mill():
    return make.accounts()[make.MILL]


def standing(number: str = make.MILL):
    return queries.standing(Scope.everywhere(), number, on=make.TODAY)


def test_a_reversed_payment_leaves_everything_as_it_was(mill):
    make.bill(mill, "2026-01", 800_00, JAN)
    before = standing()
    # 23 days × 2 ‰ × 800.00 = 36.80 of late fee, 800.00 of the bill, 63.20 of credit
    made = make.pay(mill, 900_00)
    assert standing().credit_fen == 63_20
    done = actions.reverse(key="r1", payment_id=made.payment_id, **WHY)
    assert (done.state, done.needs_second) == ("DONE", False)
    assert standing() == before
    assert make.balance("CASH:BS-W") == make.balance("REVENUE:LATE_FEE") == make.balance("CREDIT") == 0
    assert Payment.objects.get().state == "REVERSED"
    assert Event.objects.filter(name="payments.payment_reversed").count() == 1
    assert Operation.objects.get(action="payment_decision.done").actor == "account2"


def test_a_reversal_is_done_once(mill):
    made = make.pay(mill, 100_00)
    first = actions.reverse(key="r1", payment_id=made.payment_id, **WHY)
    again = actions.reverse(key="r1", payment_id=made.payment_id, **WHY)
    assert (again.decision_id, again.is_repeat) == (first.decision_id, True)
    with pytest.raises(actions.AlreadyReversed):
        actions.reverse(key="r2", payment_id=made.payment_id, **WHY)
    assert make.balance("CASH:BS-W") == 0


def test_above_the_limit_a_second_person_decides(mill):
    made = make.pay(mill, 1_000_01)
    asked = actions.reverse(key="r1", payment_id=made.payment_id, **WHY)
    assert (asked.state, asked.needs_second) == ("PROPOSED", True)
    assert Payment.objects.get().state == "RECEIVED"
    with pytest.raises(actions.SamePerson):
        actions.decide(decision_id=asked.decision_id, agree=True, actor=make.ACCOUNTANT, at=make.AT)
    with pytest.raises(NotAllowed):
        actions.decide(decision_id=asked.decision_id, agree=True, actor=make.CLERK, at=make.AT)
    done = actions.decide(decision_id=asked.decision_id, agree=True, actor=make.SECOND, at=make.AT)
    assert done.state == "DONE"
    assert Payment.objects.get().state == "REVERSED"


def test_a_rejected_proposal_changes_nothing_and_may_be_made_again(mill):
    made = make.pay(mill, 2_000_00)
    asked = actions.reverse(key="r1", payment_id=made.payment_id, **WHY)
    with pytest.raises(InvalidInput):
        actions.decide(decision_id=asked.decision_id, agree=False, actor=make.SECOND, at=make.AT)
    actions.decide(decision_id=asked.decision_id, agree=False, actor=make.SECOND, at=make.AT, reason="无凭据")
    again = actions.reverse(key="r2", payment_id=made.payment_id, second=make.SECOND, **WHY)
    assert again.state == "DONE"


@pytest.mark.parametrize("broken", [{"checker": "account2"}, {"checker": ""}])
def test_the_database_itself_wants_two_persons(mill, broken):
    made = make.pay(mill, 2_000_00)
    actions.reverse(key="r1", payment_id=made.payment_id, **WHY)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentDecision.objects.filter(key="r1").update(state="DONE", **broken)


def test_credit_that_settled_a_later_bill_is_taken_back_with_its_payment(mill):
    made = make.pay(mill, 100_00, key="a")
    later = make.bill(mill, "2026-02", 80_00, FEB)
    make.pay(mill, 1_00, key="b")  # lays the credit on the bill first
    assert make.balance("RECEIVABLE", mill, later) == 0
    actions.reverse(key="r1", payment_id=made.payment_id, **WHY)
    # 80.00 open less the 1.00 that the other payment left as credit: 20.00 + 1.00 − 100.00 + 80.00 released = 1.00
    assert make.balance("RECEIVABLE", mill, later) == 79_00
    assert make.balance("CREDIT", mill) == 0


def test_a_payment_whose_credit_was_paid_back_cannot_be_reversed(mill):
    made = make.pay(mill, 100_00)
    refund(mill, 60_00)
    with pytest.raises(actions.CreditSpent):
        actions.reverse(key="r1", payment_id=made.payment_id, **WHY)
    assert Payment.objects.get().state == "RECEIVED"


def refund(account, fen: int, key: str = "f1", **other):
    return actions.refund(key=key, account=account, amount_fen=fen, tender="CASH", channel="TILL", **(WHY | other))


def test_credit_is_paid_back_up_to_what_there_is(mill):
    make.pay(mill, 100_00)
    assert refund(mill, 60_00).state == "DONE"
    assert make.balance("CASH:BS-W") == 40_00
    assert refund(mill, 60_00).is_repeat
    with pytest.raises(actions.CreditTooSmall):
        refund(mill, 40_01, key="f2")
    with pytest.raises(actions.DecisionKeyUsed):
        refund(mill, 10_00)


def test_a_waived_late_fee_is_not_asked_any_more_and_never_booked(mill):
    old = make.bill(mill, "2026-01", 1_000_00, JAN)
    told = {"account": mill, "bill_id": old, **WHY}
    with pytest.raises(actions.WaiverTooLarge):
        actions.waive(key="w1", amount_fen=46_01, **told)
    assert actions.waive(key="w1", amount_fen=46_00, **told).state == "DONE"
    assert standing().late_fee_fen == 0
    assert make.pay(mill, 1_000_00).owed_fen_after == 0
    assert make.balance("REVENUE:LATE_FEE") == 0


def test_a_write_off_always_takes_a_manager(mill):
    old = make.bill(mill, "2026-01", 30_00, JAN)
    told = {"account": mill, "bill_id": old, "amount_fen": 30_00, **WHY}
    with pytest.raises(NotAllowed):
        actions.write_off(key="o1", second=make.SECOND, **told)
    assert actions.write_off(key="o1", second=make.MANAGER, **told).state == "DONE"
    assert make.balance("BAD_DEBT") == 30_00
    assert standing().open_bills == ()
    with pytest.raises(actions.NotOpen):
        actions.write_off(key="o2", second=make.MANAGER, **told)


def test_credit_moves_between_accounts_of_one_customer_and_settles_there(mill):
    other = make.ids()["1005"]
    bill = make.bill(other, "2026-02", 70_00, FEB)
    make.pay(mill, 100_00)
    told = {"account": mill, "to_account": other, "amount_fen": 100_00, **WHY}
    with pytest.raises(InvalidInput):
        actions.transfer(key="t1", **told)
    owner = CustomerAccount.objects.get(pk=mill).customer
    CustomerAccount.objects.filter(pk=other).update(customer=owner)
    assert actions.transfer(key="t1", **told).state == "DONE"
    assert make.balance("RECEIVABLE", other, bill) == make.balance("CREDIT", mill) == 0
    assert make.balance("CREDIT", other) == -30_00


def test_a_deposit_is_held_apart_and_settles_bills_when_it_is_given_back(mill):
    told = {"account": mill, "reason": "临时用电", "at": make.AT}
    take = {"tender": "CASH", "channel": "TILL", "actor": make.CLERK, **told}
    assert actions.take_deposit(key="d1", amount_fen=500_00, **take)
    assert not actions.take_deposit(key="d1", amount_fen=500_00, **take)
    bill = make.bill(mill, "2026-02", 300_00, FEB)
    assert (standing().deposit_fen, standing().owed_fen) == (500_00, 300_00)
    actions.release_deposit(key="d2", amount_fen=400_00, actor=make.ACCOUNTANT, **told)
    assert make.balance("RECEIVABLE", mill, bill) == 0
    assert (standing().deposit_fen, standing().credit_fen) == (100_00, 100_00)


def test_a_plan_is_kept_or_broken_by_what_was_paid_since(mill):
    make.bill(mill, "2026-02", 300_00, FEB)
    parts = [(date(2026, 3, 25), 100_00), (date(2026, 4, 25), 200_00)]
    told = {"account": mill, "reason": "困难企业", "actor": make.ACCOUNTANT, "at": make.AT}
    with pytest.raises(InvalidInput):
        actions.make_plan(parts=[(date(2026, 3, 25), 100_00), (date(2026, 4, 25), 100_00)], **told)
    plan = actions.make_plan(parts=parts, **told)
    with pytest.raises(actions.PlanExists):
        actions.make_plan(parts=parts, **told)
    day = {"actor": make.ACCOUNTANT, "at": make.AT}
    assert actions.review_plans(on=date(2026, 3, 25), **day) == (0, 0)
    make.pay(mill, 100_00, key="a")
    assert actions.review_plans(on=date(2026, 3, 26), **day) == (0, 0)
    assert actions.review_plans(on=date(2026, 4, 26), **day) == (0, 1)
    make.pay(mill, 50_00, key="b")
    second = actions.make_plan(parts=[(date(2026, 3, 25), 100_00), (date(2026, 4, 25), 50_00)], **told)
    actions.cancel_plan(plan_id=second, reason="改为一次付清", **day)
    assert plan != second


def _online(account: int, fen: int):
    return make.pay(account, fen, key="o", tender="ONLINE", channel="WECHAT")


def test_a_part_goes_back_of_the_credit_first_and_then_of_what_was_settled_last(mill):
    make.bill(mill, "2026-01", 800_00, JAN)
    # 23 days x 2 per mille x 800.00 = 36.80 of late fee, 800.00 of the bill, 63.20 of credit
    made = _online(mill, 900_00)
    first = actions.reverse_part(key="p1", payment_id=made.payment_id, amount_fen=60_00, **WHY)
    assert (first.state, standing().credit_fen, standing().owed_fen) == ("DONE", 3_20, 0)
    actions.reverse_part(key="p2", payment_id=made.payment_id, amount_fen=103_20, **WHY)
    # 3.20 of credit and 100.00 of the bill
    assert (standing().credit_fen, standing().owed_fen) == (0, 100_00)
    assert make.balance("CLEARING:WECHAT") == 900_00 - 60_00 - 103_20
    assert Event.objects.filter(name="payments.payment_part_reversed").count() == 2


def test_a_part_whose_credit_met_a_later_bill_takes_it_back_from_there(mill):
    made = _online(mill, 100_00)
    make.bill(mill, "2026-02", 60_00, FEB)
    actions.settle_account(account=mill, key="s", actor=make.ACCOUNTANT, at=make.AT)
    # 100.00 of credit, 60.00 of it used: 40.00 are left, so 10.00 of the 50.00 come back from the bill.
    actions.reverse_part(key="p", payment_id=made.payment_id, amount_fen=50_00, **WHY)
    assert (standing().owed_fen, standing().credit_fen) == (10_00, 0)


def test_more_than_is_left_and_money_of_a_till_do_not_go_back_in_parts(mill):
    made = _online(mill, 100_00)
    actions.reverse_part(key="p", payment_id=made.payment_id, amount_fen=70_00, **WHY)
    with pytest.raises(actions.PartTooLarge):
        actions.reverse_part(key="q", payment_id=made.payment_id, amount_fen=30_01, **WHY)
    actions.reverse_part(key="r", payment_id=made.payment_id, amount_fen=30_00, **WHY)
    assert Payment.objects.get().state == "REVERSED"
    with pytest.raises(actions.AlreadyReversed):
        actions.reverse_part(key="t", payment_id=made.payment_id, amount_fen=1, **WHY)


def test_cash_of_a_till_goes_back_whole(mill):
    made = make.pay(mill, 100_00)
    Payment.objects.filter(pk=made.payment_id).update(till_session=1)
    with pytest.raises(Conflict, match="it is reversed whole"):
        actions.reverse_part(key="p", payment_id=made.payment_id, amount_fen=1, **WHY)
