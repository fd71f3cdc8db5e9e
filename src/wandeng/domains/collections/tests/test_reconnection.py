"""Reconnection: there with the payment, told to who goes, timed until power is back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from wandeng.domains.collections import actions, queries
from wandeng.domains.collections.actions import disconnection, halt, reconnection
from wandeng.domains.collections.models import DispatchRefusal, ReconnectionOrder
from wandeng.domains.collections.rules_orders import back_rule
from wandeng.domains.collections.tests.make import orders as make
from wandeng.domains.notices.models import Notice
from wandeng.domains.payments.tests import make as payments
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput, NoRuleInForce, NotAllowed

pytestmark = pytest.mark.django_db
NOW, library = make.NOW, make.library
LATER = NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.arrears()


def pay(amount_fen: int = make.DEBT + 13_20, *, at=LATER, key: str = "till:1:1"):
    """A payment and what must happen with it, in one transaction as the flow does it. What is owed: 300.00, and a late fee
    of 1 ‰ for each of the 44 days from 26 January to 10 March."""
    account = make.account("1001")
    with transaction.atomic():
        payments.pay(account, amount_fen, key=key, at=at, on=at.date())
        return actions.after_payment(
            account=account, payment_key=key, paid_at=at, actor=make.CLERK, at=at, library=library()
        )


@pytest.mark.parametrize("stage", [make.proposed, make.approved])
def test_paying_withdraws_an_order_that_has_not_left(stage) -> None:
    order = stage()
    assert pay() == pay_answer(withdrawn=order)
    assert make.state(order) == "WITHDRAWN"
    assert not ReconnectionOrder.objects.exists()


def pay_answer(**given: str):
    from wandeng.domains.collections.types_orders import Aftermath

    return Aftermath(**given)


def test_paying_after_the_cut_orders_supply_back_within_24_hours_of_the_payment() -> None:
    order = make.cut()
    answer = pay()
    back = ReconnectionOrder.objects.get()
    assert answer == pay_answer(reconnection=back.number)
    # rules/national/reconnection, Hunan inherits it: rural 24 h
    assert (back.due_from, back.due_at) == (LATER, LATER + timedelta(hours=24))
    assert (back.cause, back.payment_key, back.disconnection.number) == ("PAYMENT", "till:1:1", order)


def test_paying_while_the_order_is_on_its_way_recalls_it_and_orders_supply_back() -> None:
    order = make.sent()
    answer = pay()
    assert (answer.recalled, make.state(order)) == (order, "RECALLED")
    number = ReconnectionOrder.objects.get().number
    assert answer.reconnection == number
    reconnection.confirm(
        order=number, restored_at=LATER + timedelta(minutes=5), actor=make.CELL, at=LATER + timedelta(minutes=6)
    )
    assert make.state(order) == "SPARED"


def test_a_cut_reported_after_the_recall_keeps_the_return_of_supply_open() -> None:
    order = make.sent()
    number = pay().reconnection
    disconnection.confirm_cut(order=order, cut_at=NOW + timedelta(hours=1), actor=make.CELL, at=LATER)
    assert (make.state(order), ReconnectionOrder.objects.get().number) == ("CUT", number)
    reconnection.confirm(order=number, restored_at=LATER, actor=make.CELL, at=LATER)
    assert make.state(order) == "RESTORED"


def test_a_cut_reported_after_everything_was_over_is_undone_at_once() -> None:
    order = make.sent()
    number = pay().reconnection
    reconnection.confirm(order=number, restored_at=LATER, actor=make.CELL, at=LATER)
    disconnection.confirm_cut(order=order, cut_at=LATER, actor=make.CELL, at=LATER + timedelta(minutes=1))
    back = ReconnectionOrder.objects.get(state="ORDERED")
    assert (make.state(order), back.cause) == ("SPARED", "WRONG_CUT")


def test_paying_a_part_changes_nothing_until_less_is_left_than_anybody_is_cut_for() -> None:
    order = make.cut()
    assert pay(200_00) == pay_answer()
    assert make.state(order) == "CUT"
    # 313.20 - 200.00 - 104.20 = 9.00 yuan, below the 10 of rules/national/reconnection
    assert pay(104_20, key="till:1:2").reconnection


def test_paying_twice_orders_supply_back_once() -> None:
    make.cut()
    first = pay()
    assert pay(50_00, key="till:1:2").reconnection in ("", first.reconnection)
    assert ReconnectionOrder.objects.count() == 1


def test_a_payment_that_is_rolled_back_takes_the_order_back_with_it() -> None:
    make.cut()
    with transaction.atomic():
        pay()
        transaction.set_rollback(True)
    assert not ReconnectionOrder.objects.exists()


def test_the_responsible_person_is_told_in_the_same_transaction() -> None:
    from wandeng.domains.organization import actions as organization
    from wandeng.domains.organization.tests.make import SINCE
    from wandeng.domains.organization.types import Role
    from wandeng.kernel.actors import SYSTEM

    organization.add_person(code="cell-w", name="吴网格", unit_code="BS-W", actor=SYSTEM, at=NOW)
    organization.appoint(
        person_code="cell-w", unit_code="BS-W", role=Role.CELL_MANAGER, from_on=SINCE, actor=SYSTEM, at=NOW
    )
    make.cut()
    number = pay().reconnection
    assert Notice.objects.get(key=f"reconnection:{number}:cell-w").is_urgent


def test_reconnections_are_neither_halted_nor_counted() -> None:
    make.cut()
    halt.pull(unit_code="BS", reason="系统异常", actor=make.COMPANY, at=NOW)
    halt.set_quota(unit_code="BS-W", per_hour=0, reason="停用", actor=make.COMPANY, at=NOW)
    assert pay().reconnection
    assert not DispatchRefusal.objects.exists()


def test_the_minutes_from_payment_to_power_are_kept_and_the_customer_is_told() -> None:
    make.cut()
    number = pay().reconnection
    back = LATER + timedelta(hours=3, minutes=12)
    assert reconnection.confirm(order=number, restored_at=back, actor=make.CELL, at=back) == 192
    assert reconnection.confirm(order=number, restored_at=back, actor=make.CELL, at=back) == 192
    shown = queries.reconnection(Scope.everywhere(), number, now=back)
    assert (shown.minutes, shown.is_late, shown.state) == (192, False, "RESTORED")
    assert Notice.objects.filter(key=f"restored:{number}").count() == 1


def test_a_return_that_is_not_there_in_time_is_shown_as_late() -> None:
    make.cut()
    number = pay().reconnection
    for hours, is_late in ((23, False), (25, True)):
        now = LATER + timedelta(hours=hours)
        assert queries.reconnection(Scope.everywhere(), number, now=now).is_late is is_late
        row = queries.reconnection_rows(Scope.everywhere(), now=now).get(number=number)
        assert row["is_late"] is is_late


def test_power_is_not_back_before_the_payment_nor_in_the_future() -> None:
    make.cut()
    number = pay().reconnection
    for wrong in (LATER - timedelta(minutes=1), LATER + timedelta(minutes=30)):
        with pytest.raises(InvalidInput):
            reconnection.confirm(order=number, restored_at=wrong, actor=make.CELL, at=LATER)


def test_anybody_who_meets_the_customer_may_have_supply_given_back() -> None:
    order = make.cut()
    number = reconnection.order_by_person(
        order=order, reason="家中有病人", actor=make.CLERK, at=LATER, library=library()
    )
    assert ReconnectionOrder.objects.get(number=number).cause == "PERSON"
    with pytest.raises(NotAllowed):
        reconnection.confirm(order=number, restored_at=LATER, actor=make.CLERK, at=LATER)


def test_supply_that_is_on_is_not_given_back() -> None:
    with pytest.raises(Conflict):
        reconnection.order_by_person(
            order=make.approved(), reason="误单", actor=make.CLERK, at=LATER, library=library()
        )


def test_the_promised_hours_are_those_of_the_territory_and_day() -> None:
    assert back_rule("hunan", date(2026, 3, 10), library()).hours["RURAL"] == 24
    assert back_rule("yunnan", date(2026, 3, 10), library()).hours["REMOTE"] == 12
    with pytest.raises(NoRuleInForce):
        back_rule("guangdong", date(2013, 12, 31), library())


def test_the_quarter_counts_cuts_and_returns_by_unit() -> None:
    make.cut()
    number = pay().reconnection
    back = LATER + timedelta(minutes=90)
    reconnection.confirm(order=number, restored_at=back, actor=make.CELL, at=back)
    make.arrears("1002")
    make.cut("1002")
    (west,) = queries.quarter(Scope.everywhere(), year=2026, number=1, now=back)
    assert (west.unit_code, west.cut, west.restored, west.in_time, west.late, west.still_off) == ("BS-W", 2, 1, 1, 0, 0)
    assert (west.mean_minutes, west.longest_minutes) == (90, 90)
    assert queries.quarter(Scope.everywhere(), year=2026, number=2, now=back) == ()
