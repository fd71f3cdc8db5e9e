from __future__ import annotations

import pytest

from wandeng.domains.customers import actions, queries
from wandeng.domains.customers.tests import make
from wandeng.domains.customers.types import Verdict
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db
WEST = Actor("clerk-w", unit_path="BS/BS-W/", roles=frozenset({"CALL_CLERK"}))
PHONE = "13812345678"
TODAY = make.AT.date()


@pytest.fixture(autouse=True)
def _accounts() -> None:
    make.accounts()


def verify(contact: int, verdict: Verdict, actor: Actor = SYSTEM) -> None:
    actions.verify_contact(contact_id=contact, verdict=verdict, actor=actor, at=make.AT, reason="电话核实")


def test_a_number_is_stored_sealed_and_shown_only_for_a_reason_that_is_logged() -> None:
    contact = make.contact("1001", "138 1234-5678")
    assert PHONE not in "".join(make.phone_column())
    with pytest.raises(InvalidInput):
        actions.reveal_phone(contact_id=contact, actor=WEST, at=make.AT, reason=" ")
    assert not Operation.objects.filter(action="contact.reveal").exists()
    assert actions.reveal_phone(contact_id=contact, actor=WEST, at=make.AT, reason="停电通知") == PHONE
    logged = Operation.objects.get(action="contact.reveal")
    assert (logged.actor, logged.reason, logged.subject_code) == ("clerk-w", "停电通知", str(contact))
    assert PHONE not in logged.facts


def test_a_contact_elsewhere_is_neither_shown_nor_verified() -> None:
    contact = make.contact("1004", PHONE)
    with pytest.raises(NotFound):
        actions.reveal_phone(contact_id=contact, actor=WEST, at=make.AT, reason="x")
    with pytest.raises(NotFound):
        verify(contact, Verdict.RIGHT, WEST)
    assert queries.contacts_to_verify(Scope.of(WEST)) == ()


def test_an_account_has_a_number_once_and_one_primary_contact() -> None:
    first = make.contact("1001", PHONE)
    with pytest.raises(Conflict):
        make.contact("1001", "138-1234-5678")
    make.contact("1001", "13900000000")
    verify(first, Verdict.RIGHT)
    (figure,) = (f for f in queries.contact_accuracy(Scope("BS/BS-W/"), on=TODAY))
    assert (figure.right, figure.unverified) == (0, 1)  # the primary one is now the second, never checked


@pytest.mark.parametrize("phone", ["123456", "13800abc", "", "1" * 21])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    with pytest.raises(InvalidInput):
        make.contact("1001", phone)


def test_accuracy_is_the_share_of_open_accounts_whose_primary_contact_was_found_right() -> None:
    west = [make.contact(account, f"1390000000{i}") for i, account in enumerate(("1001", "1002"))]
    east = make.contact("1004", PHONE)
    verify(west[0], Verdict.RIGHT)
    verify(west[1], Verdict.WRONG)
    verify(east, Verdict.RIGHT)
    figures = queries.contact_accuracy(Scope("BS/"), on=TODAY)
    shown = [(f.unit_code, f.accounts, f.right, f.wrong, f.unverified, f.without, f.accuracy_e4) for f in figures]
    assert shown == [("BS-E", 3, 1, 0, 0, 2, 3333), ("BS-W", 3, 1, 1, 0, 1, 3333)]
    total = queries.total_accuracy(figures)
    assert (total.accounts, total.right, total.accuracy_e4) == (6, 2, 3333)  # 2 of 6 = 33.33 %
    assert queries.total_accuracy(()).accuracy_e4 is None


def test_every_check_stays_in_the_history() -> None:
    contact = make.contact("1001", PHONE)
    verify(contact, Verdict.WRONG)
    verify(contact, Verdict.RIGHT, WEST)
    history = queries.contact_history(Scope("BS/"), contact_id=contact)
    assert [(check.was, check.verdict, check.actor) for check in history] == [
        ("UNVERIFIED", "WRONG", "system"),
        ("WRONG", "RIGHT", "clerk-w"),
    ]


def test_the_verify_list_begins_where_a_wrong_number_costs_most() -> None:
    numbers = ("1001", "1002", "1003", "1004", "1005", "1006")
    contact = {account: make.contact(account, f"1390000000{account[-1]}") for account in numbers}
    verify(contact["1001"], Verdict.WRONG)
    verify(contact["1005"], Verdict.RIGHT)
    listed = queries.contacts_to_verify(Scope("BS/"))
    # the hospital (important), the cement works (high voltage), the mill (low), then homes: unchecked before wrong
    assert [row.account_number for row in listed] == ["1004", "1006", "1003", "1002", "1001"]
    assert listed[0].phone_masked == "139****0004"
    for few in range(1, 6):
        assert queries.contacts_to_verify(Scope("BS/"), limit=few) == listed[:few]
