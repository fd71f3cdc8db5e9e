"""Nights of dunning over a small county, walked from the due date to the notice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wandeng.domains.collections import actions, queries
from wandeng.domains.collections.models import DunningCase, DunningStep, PromiseToPay
from wandeng.domains.collections.tests.make import arrears as kit
from wandeng.domains.notices.models import Notice, NoticeRecipient
from wandeng.domains.payments.models import InstalmentPlan
from wandeng.domains.payments.tests import make as payments
from wandeng.flows import dunning
from wandeng.flows.dunning import NightDone
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import NotAllowed
from wandeng.kernel.ids import AccountId

pytestmark = pytest.mark.django_db(transaction=True)


def night(day: date) -> NightDone:
    return dunning.run(unit_code="BS", on=day, at=kit.night_of(day), actor=SYSTEM)


def in_arrears(number: str = kit.HOME, amount_fen: int = 12_345, due_on: date = kit.DUE) -> AccountId:
    """An account with one bill that is due on a day."""
    account = payments.ids()[number]
    payments.bill(account, "2025-12", amount_fen, due_on)
    return account


def after(days: int) -> date:
    return kit.DUE + timedelta(days=days)


def taken(account: AccountId) -> list[tuple[str, int, str]]:
    return list(
        DunningStep.objects.filter(case__account_id=account).order_by("id").values_list("kind", "attempt", "state")
    )


def walk(account: AccountId, last: int, *, first: int = 1) -> None:
    """Night by night; messages are delivered at noon, visits and notices reach the customer at noon."""
    for day in range(first, last + 1):
        night(after(day))
        for step in DunningStep.objects.filter(case__account_id=account, state="PENDING", taken_on=after(day)):
            at = kit.noon_of(after(day))
            if step.by == "MESSAGE":
                kit.deliver(step, at)
            else:
                result = actions.Result(happened_at=at, whom="CUSTOMER", evidence="P-1")
                actions.record_result(step_id=step.pk, result=result, actor=kit.CELL, at=at)


def test_a_ladder_is_walked_to_the_notice_and_no_further() -> None:
    """Due Monday 26 January: message on day 3, call on day 10, visit on day 18 would be Friday 13 February, a working day;
    the Spring Festival is 15 to 23 February; day 31 is Thursday 26 February."""
    kit.found()
    account = in_arrears()
    walk(account, 45)
    assert taken(account) == [
        ("SMS", 1, "REACHED"),
        ("VOICE", 1, "REACHED"),
        ("VISIT", 1, "REACHED"),
        ("NOTICE", 1, "REACHED"),
    ]
    days = DunningStep.objects.order_by("id").values_list("taken_on", flat=True)
    assert list(days) == [after(3), after(10), after(18), after(31)]
    case = kit.case_of(account)
    # Reached on 26 February: seven days later is Thursday 5 March.
    assert (case.standing, case.next_step, case.noticed_on) == ("READY", "SECOND_NOTICE", after(31))
    assert case.next_on == max(after(45), date(2026, 3, 5)) == date(2026, 3, 12)


def test_a_night_that_is_run_again_does_nothing_again() -> None:
    kit.found()
    in_arrears()
    night(after(3))
    again = night(after(3))
    assert (again.opened, again.messages, again.closed) == (0, 0, 0)
    assert DunningStep.objects.count() == Notice.objects.count() == NoticeRecipient.objects.count() == 1


def test_a_message_says_what_is_owed_and_leaves_after_the_quiet_hours() -> None:
    """Run at two in the morning: eight o'clock local is midnight UTC."""
    kit.found()
    account = in_arrears()
    night(after(3))
    recipient = NoticeRecipient.objects.get(account_id=account)
    assert '"owed":"123.45"' in recipient.slots.replace(" ", "")
    assert recipient.notice.not_before == kit.night_of(after(3)) + timedelta(hours=6)
    assert recipient.notice.version.template.code == "arrears_reminder_1"


def test_a_message_that_reached_nobody_is_repeated_and_then_the_ladder_goes_on() -> None:
    kit.found()
    account = in_arrears()
    for day in range(1, 11):
        night(after(day))
        for step in DunningStep.objects.filter(state="PENDING", taken_on=after(day)):
            kit.lose(step)
    # Day 3 is lost, four days later once more; lost again, the call comes three days after that.
    assert taken(account)[:3] == [("SMS", 1, "MISSED"), ("SMS", 2, "MISSED"), ("VOICE", 1, "PENDING")]
    steps = DunningStep.objects.order_by("id").values_list("taken_on", flat=True)
    assert list(steps)[:3] == [after(3), after(7), after(10)]


def test_a_notice_that_reached_nobody_is_tried_again() -> None:
    kit.found()
    account = in_arrears()
    walk(account, 30)
    night(after(31))
    notice = DunningStep.objects.get(kind="NOTICE")
    missed = actions.Result(happened_at=kit.noon_of(after(31)), note="无人在家")
    actions.record_result(step_id=notice.pk, result=missed, actor=kit.CELL, at=kit.noon_of(after(31)))
    assert kit.case_of(account).noticed_on is None
    # Three days later is Sunday 1 March: it is Monday then.
    walk(account, 40, first=32)
    again = DunningStep.objects.get(kind="NOTICE", attempt=2)
    assert (again.taken_on, again.state) == (date(2026, 3, 2), "REACHED")


def test_a_task_that_nobody_answered_for_waits_for_its_person() -> None:
    kit.found()
    account = in_arrears()
    walk(account, 17)
    for day in range(18, 40):
        night(after(day))
    assert taken(account)[-1] == ("VISIT", 1, "PENDING")
    assert kit.case_of(account).standing == "TASK"
    mine = queries.task_rows(Scope.of(kit.CELL), responsible="cell-w")
    assert [row["account_number"] for row in mine] == [kit.HOME]


def test_what_was_paid_closes_the_case_in_the_night_and_takes_the_task_back() -> None:
    kit.found()
    account = in_arrears()
    walk(account, 17)
    night(after(18))
    payments.pay(account, 20_000, on=after(18))
    done = night(after(19))
    case = kit.case_of(account)
    assert (done.closed, case.state, case.closed_as, case.open_fen, case.closed_on) == (
        1,
        "CLOSED",
        "PAID",
        0,
        after(19),
    )
    assert taken(account)[-1] == ("VISIT", 1, "CANCELLED")


def test_a_payment_closes_the_case_at_once_and_a_part_lowers_it() -> None:
    kit.found()
    account = in_arrears()
    night(after(3))
    told = {"account": account, "on": after(5), "at": kit.noon_of(after(5)), "actor": SYSTEM}
    payments.pay(account, 10_000, on=after(5), key="a")
    assert actions.close_if_paid(**told) is None
    # 123.45 and a late fee of 5 days × 1 ‰ × 123.45 = 0.62, the fee first: 123.45 + 0.62 − 100.00 = 24.07 of the bill.
    assert kit.case_of(account).open_fen == 2_407
    payments.pay(account, 5_000, on=after(5), key="b")
    assert actions.close_if_paid(**told) == kit.case_of(account).pk
    assert (kit.case_of(account).state, kit.case_of(account).closed_as) == ("CLOSED", "PAID")


def test_credit_that_covers_the_bill_is_no_arrears() -> None:
    kit.found()
    account = payments.ids()[kit.HOME]
    payments.pay(account, 20_000, on=date(2025, 12, 1))
    in_arrears()
    assert night(after(5)).opened == 0


def test_less_than_a_yuan_opens_no_case() -> None:
    kit.found()
    in_arrears(amount_fen=99)
    assert night(after(5)).opened == 0


def test_a_promise_holds_the_ladder_and_is_broken_after_its_day() -> None:
    kit.found()
    account = in_arrears()
    walk(account, 9)
    case = kit.case_of(account)
    made = actions.promise(
        case_id=case.pk,
        promised_on=after(14),
        amount_fen=12_345,
        channel="PHONE",
        actor=kit.CELL,
        at=kit.noon_of(after(9)),
    )
    walk(account, 14, first=10)
    assert [kind for kind, _, _ in taken(account)] == ["SMS"]
    assert kit.case_of(account).next_on == after(15)
    done = night(after(15))
    promise = PromiseToPay.objects.get(pk=made)
    assert (done.broken, promise.state, promise.paid_fen, promise.decided_on) == (1, "BROKEN", 0, after(15))
    assert (kit.case_of(account).state, taken(account)[-1][0]) == ("OPEN", "VOICE")


def test_a_promise_that_was_paid_is_kept_and_closes_the_case() -> None:
    kit.found()
    account = in_arrears()
    walk(account, 9)
    actions.promise(
        case_id=kit.case_of(account).pk, promised_on=after(14), amount_fen=12_345, channel="PHONE", actor=kit.CELL,
        at=kit.noon_of(after(9)),
    )  # fmt: skip
    payments.pay(account, 13_000, on=after(12))
    done = night(after(13))
    assert (done.kept, done.closed, kit.case_of(account).closed_as) == (1, 1, "PROMISE_KEPT")


def test_a_running_plan_closes_the_case_and_keeps_another_from_opening() -> None:
    kit.found()
    account = in_arrears()
    night(after(3))
    InstalmentPlan.objects.create(
        account_id=account,
        owed_fen=12_345,
        made_on=after(4),
        made_by="money",
        made_at=kit.noon_of(after(4)),
        reason="困难",
    )
    night(after(5))
    assert (kit.case_of(account).state, kit.case_of(account).closed_as) == ("CLOSED", "PLAN")
    assert night(after(6)).opened == 0


def test_the_protected_are_dunned_and_never_get_a_notice() -> None:
    kit.found()
    account = in_arrears()
    actions.protect(
        account_number=kit.HOME, kind="LIFE_SUPPORT", evidence="呼吸机证明 7 号", valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1), actor=kit.CELL, at=kit.noon_of(kit.DUE),
    )  # fmt: skip
    walk(account, 45)
    assert [kind for kind, _, _ in taken(account)] == ["SMS", "VOICE", "VISIT"]
    assert kit.case_of(account).standing == "PROTECTED"


def test_the_responsible_share_the_accounts_of_their_unit_and_works_have_an_account_manager() -> None:
    accounts = kit.found()
    for number in (kit.HOME, kit.SHOP, kit.HOSPITAL, "1006"):
        payments.bill(accounts[number], "2025-12", 50_000, kit.DUE)
    night(after(1))
    by = dict(DunningCase.objects.values_list("account__account_number", "responsible"))
    assert (by[kit.HOME], by[kit.HOSPITAL], by["1006"]) == ("cell-w", "account1", "account1")
    assert by[kit.SHOP] in ("cell-e", "cell-e2")


def test_a_cut_that_was_avoided_is_counted_with_its_amount() -> None:
    kit.found()
    account = in_arrears()
    walk(account, 32)
    payments.pay(account, 20_000, on=after(33))
    night(after(34))
    shown = queries.figures(Scope.of(kit.HEAD), since=after(34))
    assert (shown.avoided, shown.avoided_fen, shown.paid, shown.cut, shown.cases) == (1, 12_345, 1, 0, 0)


def test_only_the_office_runs_a_night() -> None:
    kit.found()
    with pytest.raises(NotAllowed):
        dunning.run(unit_code="BS-W", on=after(1), at=kit.night_of(after(1)), actor=kit.CELL)


def test_a_closed_account_that_falls_behind_again_gets_a_case_of_its_own() -> None:
    kit.found()
    account = in_arrears()
    night(after(3))
    payments.pay(account, 20_000, on=after(4))
    night(after(5))
    payments.bill(account, "2026-01", 30_000, date(2026, 2, 25))
    night(date(2026, 2, 27))
    assert list(DunningCase.objects.order_by("id").values_list("state", flat=True)) == ["CLOSED", "OPEN"]
