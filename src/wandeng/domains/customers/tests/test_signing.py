from __future__ import annotations

from datetime import date, timedelta

import pytest

from wandeng.domains.customers import actions, queries
from wandeng.domains.customers.actions.contacts import TooManyReveals
from wandeng.domains.customers.tests import make
from wandeng.domains.organization import actions as organization
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import FAR_FUTURE

pytestmark = pytest.mark.django_db
COUNTY, EAST = Scope("BS/"), Scope("BS/BS-E/")
CLERK = Actor("hall", unit_path="BS/BS-W/", roles=frozenset({"HALL_CLERK"}))
PHONE = "13812345678"


@pytest.fixture(autouse=True)
def _accounts() -> None:
    make.accounts()


def signed(number: str, account: str, valid_from: date, valid_to: date) -> None:
    make.agreement(number, account, valid_from, valid_to)
    actions.sign_agreement(number=number, signed_on=valid_from, actor=SYSTEM, at=make.AT)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "next_to"),
    [
        (date(2021, 3, 1), date(2026, 3, 1), date(2031, 3, 1)),  # five years
        (date(2020, 2, 29), date(2024, 2, 29), date(2028, 2, 29)),  # 1461 days, as there is no such day every year
        (date(2025, 1, 1), date(2025, 4, 1), date(2025, 6, 30)),  # 90 days
    ],
)
def test_the_next_term_is_as_long_as_the_last(valid_from: date, valid_to: date, next_to: date) -> None:
    assert actions.next_term(valid_from, valid_to) == (valid_to, next_to)


def test_chosen_agreements_are_all_renewed_or_none() -> None:
    signed("HT-1", "1001", date(2021, 1, 1), date(2026, 1, 1))
    signed("HT-2", "1002", date(2021, 1, 1), FAR_FUTURE)
    with pytest.raises(Conflict, match="nothing to renew"):
        actions.renew_each(numbers=["HT-1", "HT-2"], library=make.library(), actor=SYSTEM, at=make.AT)
    assert [one.renewed_by for one in queries.agreements_of(COUNTY, "1001")] == [""]
    assert actions.renew_each(numbers=["HT-1"], library=make.library(), actor=SYSTEM, at=make.AT) == 1
    renewed, old = queries.agreements_of(COUNTY, "1001")
    assert (renewed.number, renewed.renews, renewed.valid_to) == ("1001-20260101", "HT-1", date(2031, 1, 1))
    assert old.renewed_by == "1001-20260101"
    with pytest.raises(NotFound):
        actions.renew_each(numbers=["HT-1"], library=make.library(), actor=Actor("e", unit_path="BS/BS-E/"), at=make.AT)


def test_chosen_accounts_get_drafts_which_are_signed_or_given_up_together() -> None:
    first, last = date(2026, 1, 1), date(2031, 1, 1)
    accounts = ["1001", "1002"]
    drafted = actions.draft_for(
        account_numbers=accounts, valid_from=first, valid_to=last, library=make.library(), actor=SYSTEM, at=make.AT
    )
    assert drafted == 2
    numbers = ["1001-20260101", "1002-20260101"]
    assert actions.sign_each(numbers=numbers[:1], signed_on=first, actor=SYSTEM, at=make.AT) == 1
    assert actions.withdraw_each(numbers=numbers[1:], actor=SYSTEM, at=make.AT, reason="改签") == 1
    assert [queries.agreements_of(COUNTY, one)[0].state for one in accounts] == ["SIGNED", "WITHDRAWN"]
    assert queries.agreement_account(COUNTY, numbers[0]) == "1001"
    assert queries.agreement_account(EAST, numbers[0]) == ""


def test_a_correction_leaves_the_old_number_found_wrong_and_the_new_one_to_be_confirmed() -> None:
    old = make.contact("1001", PHONE)
    new = actions.correct_contact(contact_id=old, phone="13900001111", actor=CLERK, at=make.AT, reason="来电更正")
    shown = [
        (one.contact_id, one.phone_masked, one.is_primary, one.verification)
        for one in queries.contacts_of(COUNTY, "1001")
    ]
    assert shown == [(new, "139****1111", True, "UNVERIFIED"), (old, "138****5678", False, "WRONG")]
    assert {one.contact_id for one in queries.contacts_to_verify(COUNTY)} == {old, new}


def test_a_correction_that_is_refused_changes_nothing() -> None:
    old = make.contact("1001", PHONE)
    with pytest.raises(InvalidInput):
        actions.correct_contact(contact_id=old, phone="12", actor=CLERK, at=make.AT, reason="来电更正")
    assert [one.verification for one in queries.contacts_of(COUNTY, "1001")] == ["UNVERIFIED"]


def test_who_has_seen_thirty_numbers_within_an_hour_sees_no_more_until_it_is_over() -> None:
    contact = make.contact("1001", PHONE)
    for minute in range(30):
        at = make.AT + timedelta(minutes=minute)
        actions.reveal_phone(contact_id=contact, actor=CLERK, at=at, reason="停电通知")
    with pytest.raises(TooManyReveals):
        actions.reveal_phone(contact_id=contact, actor=CLERK, at=make.AT + timedelta(minutes=59), reason="停电通知")
    assert Operation.objects.filter(action="contact.reveal").count() == 30
    later = make.AT + timedelta(minutes=61)
    assert actions.reveal_phone(contact_id=contact, actor=CLERK, at=later, reason="停电通知") == PHONE


def test_an_account_is_found_by_the_last_four_digits_of_its_telephone_and_by_all_of_them() -> None:
    make.contact("1001", PHONE)
    make.contact("1004", "13900005678")
    (mine,) = queries.accounts_named(COUNTY, ["1001"])
    assert queries.accounts_by_phone(COUNTY, PHONE, limit=5) == (mine.id,)
    assert len(queries.accounts_by_phone(COUNTY, "5678", limit=5)) == 2
    assert queries.accounts_by_phone(EAST, PHONE, limit=5) == ()
    assert queries.accounts_by_phone(COUNTY, "0000", limit=5) == ()


def test_an_account_shows_its_facts_and_what_was_done_to_it() -> None:
    contact = make.contact("1001", PHONE)
    actions.verify_contact(contact_id=contact, verdict="RIGHT", actor=CLERK, at=make.AT, reason="电话核实")  # type: ignore[arg-type]
    account = queries.account(COUNTY, "1001")
    assert (account.name, account.unit_code, account.customer_kind, account.closed_on) == (
        "张三",
        "BS-W",
        "PERSON",
        None,
    )
    done = queries.operations_of(COUNTY, account, queries.agreements_of(COUNTY, "1001"))
    assert [(one.action, one.actor, one.about) for one in done] == [
        ("contact.verify", "hall", ""),
        ("contact.add", "system", ""),
        ("account.open", "system", "1001"),
    ]
    with pytest.raises(NotFound):
        queries.account(EAST, "1001")


def test_what_waits_for_the_counter_is_counted_within_the_scope() -> None:
    make.contact("1001", PHONE)
    make.contact("1004", "13900005678")
    signed("HT-1", "1001", date(2021, 1, 1), date(2026, 4, 1))
    signed("HT-3", "1003", date(2021, 1, 1), date(2026, 1, 1))
    make.agreement("HT-4", "1004", date(2026, 1, 1), date(2031, 1, 1))
    today = date(2026, 3, 5)
    tasks = queries.clerk_tasks(COUNTY, on=today, until=date(2026, 6, 1))
    assert (tasks.contacts_to_verify, tasks.important_to_verify, tasks.contacts_wrong) == (2, 1, 0)
    assert (tasks.agreements_due, tasks.agreements_over, tasks.drafts_waiting) == (1, 1, 1)
    assert queries.clerk_tasks(EAST, on=today, until=date(2026, 6, 1)).contacts_to_verify == 1


def test_a_second_county_is_not_counted_for_the_first() -> None:
    # Who sees every unit is asked no unit; that ends with the first unit that they do not see.
    make.contact("1001", PHONE)
    make.contact("1004", "13900005678")
    days = {"on": date(2026, 3, 5), "until": date(2026, 6, 1)}
    assert queries.clerk_tasks(COUNTY, **days).contacts_to_verify == 2
    assert queries.account_rows(COUNTY).count() == 6
    organization.create_unit(
        code="HN", name="河南县供电公司", kind="COUNTY", territory="hunan", actor=SYSTEM, at=make.AT
    )
    actions.open_account(
        account_number="2001", unit_code="HN", name="王五", address="城关镇", customer_class="RESIDENTIAL", locality="RURAL",
        importance="", opened_on=make.OPENED_ON, actor=SYSTEM, at=make.AT,
    )  # fmt: skip
    make.contact("2001", "13700005678")
    assert queries.clerk_tasks(COUNTY, **days).contacts_to_verify == 2
    assert queries.clerk_tasks(Scope("HN/"), **days).contacts_to_verify == 1
    assert queries.clerk_tasks(Scope.everywhere(), **days).contacts_to_verify == 3
    assert (queries.account_rows(COUNTY).count(), queries.account_rows(Scope("HN/")).count()) == (6, 1)
