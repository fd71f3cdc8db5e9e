"""Disconnection: who proposes, who approves, what stops an order at the last moment, what happens after it left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from wandeng.domains.collections.actions import disconnection, halt, reconnection
from wandeng.domains.collections.models import DisconnectionOrder, DispatchRefusal, ReconnectionOrder, SignedInstruction
from wandeng.domains.collections.tests.make import orders as make
from wandeng.domains.collections.types_orders import ApproverSame, ChainIncomplete, LevelTooLow, OrderLive
from wandeng.domains.payments.tests import make as payments
from wandeng.infra.models import Operation
from wandeng.infra.signed_files import open_signed
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
NOW, library = make.NOW, make.library


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.arrears()


def dispatch(order: str, at=NOW, **given):
    return disconnection.dispatch(order=order, actor=make.DISPATCHER, at=at, library=library(), **given)


def test_an_order_carries_its_chain_of_evidence_and_the_bills_it_is_for() -> None:
    order = DisconnectionOrder.objects.get(number=make.proposed())
    assert (order.state, order.demanded_fen, order.level) == ("PROPOSED", 300_00, "ordinary")
    assert all(kind in order.evidence for kind in ('"SMS"', '"NOTICE"', '"IMG-1"'))
    assert len(order.bills.strip("[]").split(",")) == 1


def test_an_account_whose_chain_is_broken_is_not_even_proposed() -> None:
    with pytest.raises(ChainIncomplete) as refused:
        disconnection.propose(account_number="1002", reason="欠费", actor=make.CELL, at=NOW, library=library())
    assert "PAID" in refused.value.facts["reasons"]


def test_an_account_has_one_order_at_a_time_and_a_proposal_needs_a_reason() -> None:
    make.proposed()
    with pytest.raises(OrderLive):
        make.proposed()
    with pytest.raises(InvalidInput):
        disconnection.propose(account_number="1001", reason=" ", actor=make.CELL, at=NOW, library=library())


def test_who_proposes_does_not_approve_and_the_database_says_so_too() -> None:
    order = make.proposed()
    both = Actor("cell-w", None, "BS/BS-W/", frozenset({"COUNTY_MANAGER"}))
    with pytest.raises(ApproverSame):
        disconnection.approve(order=order, actor=both, at=NOW, library=library())
    with pytest.raises(IntegrityError), transaction.atomic():
        DisconnectionOrder.objects.filter(number=order).update(approved_by="cell-w")


def test_an_order_nobody_approved_cannot_leave_whatever_writes_it() -> None:
    order = make.proposed()
    with pytest.raises(Conflict):
        dispatch(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisconnectionOrder.objects.filter(number=order).update(dispatched_at=NOW)


def test_the_head_of_a_station_approves_households_but_not_important_users() -> None:
    order = make.proposed()
    assert disconnection.approve(order=order, actor=make.STATION, at=NOW, library=library()).state == "APPROVED"
    make.arrears("1004", authority="报送〔2026〕3号")
    hospital = make.proposed("1004")
    east = Actor("station-e", None, "BS/BS-E/", frozenset({"COUNTY_MANAGER"}))
    with pytest.raises(LevelTooLow):
        disconnection.approve(order=hospital, actor=east, at=NOW, library=library())
    assert disconnection.approve(order=hospital, actor=make.COMPANY, at=NOW, library=library()).state == "APPROVED"


def test_an_important_user_is_not_proposed_before_the_authority_was_told() -> None:
    make.arrears("1004")
    with pytest.raises(ChainIncomplete) as refused:
        make.proposed("1004")
    assert refused.value.facts["reasons"] == ["AUTHORITY_NOT_TOLD"]


def test_an_order_leaves_as_a_signed_numbered_instruction_that_expires() -> None:
    answer = dispatch(make.approved())
    sent = SignedInstruction.objects.get(pk=answer.instruction_id)
    opened = open_signed(sent.text, make_trust())
    assert opened.message.body == {"kind": "DISCONNECT", "order": answer.number, "account": "1001"}
    assert (opened.message.sequence, opened.message.channel) == (1, "FIELD:BS-W")
    assert opened.message.expires_at == NOW + timedelta(hours=4)  # rules/national/disconnection: valid_hours = 4


def make_trust() -> dict[str, bytes]:
    from wandeng.domains.collections import instructing
    from wandeng.infra.signed_files import Signer

    signer = Signer(instructing.OUR_KEY)
    return {signer.key_id: signer.public}


def test_a_debt_paid_before_the_order_leaves_withdraws_it() -> None:
    order = make.approved()
    owed = make.account("1001")
    payments.pay(owed, make.DEBT + 100_00, at=NOW, on=NOW.date())
    answer = dispatch(order)
    assert (answer.is_sent, answer.code, make.state(order)) == (False, "DISCONNECTION_NOT_DUE", "WITHDRAWN")
    assert DispatchRefusal.objects.get().order.number == order
    assert Operation.objects.filter(action="disconnection.dispatch_refused").count() == 1


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [
        (9 * 60, "OUTSIDE_HOURS"),  # 19:05 in Shanghai
        (3 * 24 * 60, "MORATORIUM_DAY"),  # Friday, the eve of a weekend
        (-15, "SECOND_NOTICE_TOO_RECENT"),  # 20 minutes after the customer was told again
        (26 * 60, "SECOND_NOTICE_LAPSED"),
    ],
)
def test_an_approved_order_does_not_leave_at_a_wrong_moment(minutes: int, reason: str) -> None:
    order = make.approved(at=NOW - timedelta(days=1))
    answer = dispatch(order, at=NOW + timedelta(minutes=minutes))
    assert not answer.is_sent
    assert reason in answer.sentence
    assert make.state(order) == "APPROVED"


def test_an_approval_that_was_not_used_in_a_week_is_void() -> None:
    order = make.approved()
    assert dispatch(order, at=NOW + timedelta(days=7)).code == "DISCONNECTION_APPROVAL_OLD"


def test_order_number_n_plus_1_of_an_hour_is_refused_and_leaves_an_hour_later() -> None:
    halt.set_quota(unit_code="BS-W", per_hour=2, reason="试点", actor=make.COMPANY, at=NOW)
    orders = [make.approved(number) for number in make.many(3)]
    answers = [dispatch(order) for order in orders]
    assert [answer.code for answer in answers] == ["", "", "DISCONNECTION_QUOTA"]
    assert dispatch(orders[2], at=NOW + timedelta(minutes=59)).code == "DISCONNECTION_QUOTA"
    assert dispatch(orders[2], at=NOW + timedelta(minutes=61)).is_sent


def test_the_quota_of_a_company_holds_for_all_its_stations_together() -> None:
    halt.set_quota(unit_code="BS", per_hour=1, reason="试点", actor=make.COMPANY, at=NOW)
    make.arrears("1005")
    first, second = make.approved("1001"), make.approved("1005")
    assert dispatch(first).is_sent
    assert dispatch(second).code == "DISCONNECTION_QUOTA"


def test_beyond_the_bulk_limit_of_a_day_a_second_person_approves() -> None:
    numbers = make.many(51)
    for number in numbers[:50]:
        make.approved(number)
    last = make.proposed(numbers[50])
    # rules/national/disconnection: bulk = 50, so the 51st of the company's day is not sent on one approval.
    assert disconnection.approve(order=last, actor=make.COMPANY, at=NOW, library=library()).state == "SECOND_WANTED"
    with pytest.raises(Conflict):
        dispatch(last)
    with pytest.raises(ApproverSame):
        disconnection.approve(order=last, actor=make.COMPANY, at=NOW, library=library())
    with pytest.raises(IntegrityError), transaction.atomic():
        DisconnectionOrder.objects.filter(number=last).update(dispatched_at=NOW)
    assert disconnection.approve(order=last, actor=make.DEPUTY, at=NOW, library=library()).state == "APPROVED"


def test_a_pulled_halt_stops_the_next_dispatch_of_every_unit_below_and_another_person_lifts_it() -> None:
    order = make.approved()
    halt.pull(unit_code="BS", reason="系统异常", actor=make.COMPANY, at=NOW)
    assert dispatch(order).code == "DISCONNECTION_HALTED"
    with pytest.raises(ApproverSame):
        halt.lift(unit_code="BS", reason="已排除", actor=make.COMPANY, at=NOW)
    halt.lift(unit_code="BS", reason="已排除", actor=make.DEPUTY, at=NOW)
    assert dispatch(order).is_sent


def test_a_halt_of_one_station_leaves_the_others_working_and_everybody_may_pull_it() -> None:
    make.arrears("1005")
    halt.pull(unit_code="BS-E", reason="错单", is_drill=True, actor=make.ELSEWHERE, at=NOW)
    assert dispatch(make.approved("1001")).is_sent
    assert dispatch(make.approved("1005")).code == "DISCONNECTION_HALTED"


def test_a_cut_is_read_back_with_its_time_and_noted_on_the_case() -> None:
    order = make.cut()
    row = DisconnectionOrder.objects.get(number=order)
    assert (row.state, row.cut_at) == ("CUT", NOW + timedelta(minutes=20))
    assert row.account.dunning_cases.get().state == "CUT"
    assert not ReconnectionOrder.objects.exists()


def test_a_cut_after_the_instruction_expired_is_written_down_and_undone_at_once() -> None:
    order = make.sent()
    late = NOW + timedelta(hours=5)
    disconnection.confirm_cut(order=order, cut_at=late, actor=make.CELL, at=late)
    back = ReconnectionOrder.objects.get()
    assert (make.state(order), back.cause, back.due_from) == ("CUT", "WRONG_CUT", late)


@pytest.mark.parametrize("minutes", [-1, 30])
def test_the_time_of_a_cut_lies_between_the_order_and_now(minutes: int) -> None:
    order = make.sent()
    with pytest.raises(InvalidInput):
        disconnection.confirm_cut(order=order, cut_at=NOW + timedelta(minutes=minutes), actor=make.CELL, at=NOW)


def test_an_order_that_could_not_be_carried_out_ends_with_its_reason() -> None:
    order = make.sent()
    disconnection.report_failure(order=order, reason="无人在家，表箱上锁", actor=make.CELL, at=NOW)
    assert make.state(order) == "FAILED"
    assert not reconnection.live_order(make.account("1001"))


def test_roles_and_units_are_kept_at_every_step() -> None:
    order = make.approved()
    for deed in (disconnection.approve, disconnection.dispatch):
        with pytest.raises(NotFound):
            deed(order=order, actor=make.ELSEWHERE, at=NOW, library=library())
        with pytest.raises(NotAllowed):
            deed(order=order, actor=make.CLERK, at=NOW, library=library())
    with pytest.raises(NotAllowed):
        disconnection.confirm_cut(order=order, cut_at=NOW, actor=make.CLERK, at=NOW)
