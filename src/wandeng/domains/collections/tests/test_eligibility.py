"""The chain of evidence before a cut, from what was stored."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from wandeng.domains.collections import actions, queries
from wandeng.domains.collections.models import DunningStep
from wandeng.domains.collections.tests.make import arrears as kit
from wandeng.domains.collections.types import Eligibility
from wandeng.domains.payments.tests import make as payments
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.ids import AccountId

pytestmark = pytest.mark.django_db
CUT_ON = date(2026, 3, 10)
"""A Tuesday, 43 days after the due date."""
CUT_AT = kit.noon_of(CUT_ON)
NOTICED_AT = CUT_AT - timedelta(days=8)


def ripe(number: str = kit.HOME) -> AccountId:
    """A case with a reached reminder and a notice that somebody signed for eight days ago."""
    account = kit.found()[number]
    payments.bill(account, "2025-12", 12_345, kit.DUE)
    case = kit.open_case(account)
    kit.step(case, "SMS", reached_at=CUT_AT - timedelta(days=35))
    authority = "函〔2026〕7号" if number == kit.HOSPITAL else ""
    kit.step(case, "NOTICE", reached_at=NOTICED_AT, authority=authority)
    return account


def asked(account: AccountId, at: datetime = CUT_AT, *, for_dispatch: bool = True) -> Eligibility:
    return queries.may_be_cut(account, at, for_dispatch=for_dispatch)


def announced(account: AccountId) -> AccountId:
    """The second notice was delivered an hour ago."""
    step = actions.give_second_notice(account=account, cut_at=CUT_AT, actor=SYSTEM, at=CUT_AT - timedelta(minutes=65))
    kit.deliver(DunningStep.objects.get(pk=step), CUT_AT - timedelta(minutes=60))
    return account


def test_a_ripe_case_may_be_cut_and_its_chain_has_the_dates() -> None:
    found = asked(announced(ripe()))
    assert (found.ok, found.reasons, found.open_fen, found.overdue_days) == (True, (), 12_345, 43)
    assert [one.kind for one in found.evidence] == ["SMS", "NOTICE", "SECOND_NOTICE"]
    assert (found.evidence[1].reached_at, found.evidence[1].evidence) == (NOTICED_AT, "签收 1 号")
    assert found.evidence[2].reached_at == CUT_AT - timedelta(minutes=60)
    assert found.rule_path == "national/dunning/2024-06-01.toml"


def test_for_an_approval_the_second_notice_is_not_asked_for() -> None:
    account = ripe()
    assert asked(account, for_dispatch=False).ok
    assert asked(account).reasons == ("SECOND_NOTICE_MISSING",)


def test_a_second_notice_that_no_gateway_delivered_counts_for_nothing() -> None:
    account = ripe()
    actions.give_second_notice(account=account, cut_at=CUT_AT, actor=SYSTEM, at=CUT_AT - timedelta(minutes=65))
    assert asked(account).reasons == ("SECOND_NOTICE_MISSING",)


def test_a_notice_that_reached_nobody_counts_for_nothing() -> None:
    account = ripe()
    DunningStep.objects.filter(kind="NOTICE").delete()
    kit.step(kit.case_of(account), "NOTICE", reached_at=None)
    assert "NOTICE_MISSING" in asked(account, for_dispatch=False).reasons


def test_paid_means_not_cut_whatever_the_case_says() -> None:
    account = announced(ripe())
    payments.pay(account, 20_000, on=CUT_ON)
    assert asked(account).reasons == ("PAID",)


def test_the_first_day_on_which_it_could_be_is_told() -> None:
    """Reached on Monday 2 March: seven days later is Monday 9 March. Asked on Thursday 5 March."""
    account = ripe()
    assert asked(account, kit.noon_of(date(2026, 3, 5)), for_dispatch=False).earliest_on == date(2026, 3, 9)


def test_the_protected_and_those_who_were_proposed_are_never_cut() -> None:
    account = announced(ripe())
    made = actions.protect(
        account_number=kit.HOME, kind="LIFE_SUPPORT", evidence="呼吸机证明 7 号", valid_from=date(2026, 1, 1),
        valid_to=date(2027, 1, 1), actor=kit.CELL, at=CUT_AT,
    )  # fmt: skip
    assert asked(account).reasons == ("PROTECTION_PENDING",)
    actions.approve_protection(protection_id=made, actor=kit.HEAD, at=CUT_AT)
    assert asked(account).reasons == ("PROTECTED",)
    actions.end_protection(protection_id=made, actor=kit.HEAD, at=CUT_AT, reason="设备已撤除")
    assert asked(account).ok


def test_a_promise_holds_off_a_cut_through_its_day() -> None:
    account = announced(ripe())
    actions.promise(
        case_id=kit.case_of(account).pk, promised_on=CUT_ON, amount_fen=12_345, channel="PHONE", actor=kit.HALL,
        at=CUT_AT,
    )  # fmt: skip
    assert asked(account).reasons == ("PROMISE",)


def test_an_important_user_is_cut_only_when_the_authority_was_told() -> None:
    account = announced(ripe(kit.HOSPITAL))
    assert asked(account).ok
    DunningStep.objects.filter(kind="NOTICE").update(authority_reference="")
    assert asked(account).reasons == ("AUTHORITY_NOT_TOLD",)


def test_an_account_without_a_case_has_no_evidence() -> None:
    account = kit.found()[kit.HOME]
    payments.bill(account, "2025-12", 12_345, kit.DUE)
    found = asked(account, for_dispatch=False)
    assert (found.ok, found.case_id, found.evidence) == (False, None, ())
    assert set(found.reasons) == {"NOT_DUNNED", "NOTICE_MISSING"}


def test_the_demonstration_tells_works_three_days_ahead_and_homes_seven() -> None:
    shown = queries.ladder(kit.library(), territory="demo", on=CUT_ON)
    days = {one: ladder.notice_days for ladder in shown.ladders for one in ladder.classes}
    assert days == {"RESIDENTIAL": 7, "LOW_VOLTAGE": 3, "HIGH_VOLTAGE": 3}
    assert queries.ladder(kit.library(), territory="hunan", on=date(2020, 1, 1)).path.endswith("1996-10-08.toml")
