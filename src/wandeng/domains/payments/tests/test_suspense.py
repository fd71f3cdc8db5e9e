"""Giving back money of suspense: one person up to the limit of refunds, two above it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from wandeng.domains.organization.models import Unit
from wandeng.domains.payments.actions import SamePerson, online_money, suspense
from wandeng.domains.payments.models import SuspenseItem
from wandeng.domains.payments.queries import suspense as queries
from wandeng.domains.payments.tests import make
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db
ASKED = {"document": "TK1", "reason": "付错", "actor": make.ACCOUNTANT, "at": make.AT}


def item(fen: int, key: str = "s1") -> int:
    """Money in suspense that came by WeChat."""
    make.accounts()
    return online_money.to_suspense(
        key=key, unit_id=Unit.objects.get(code="BS").pk, channel="WECHAT", amount_fen=fen, received_on=make.TODAY, account_number="",
        reason="UNKNOWN_ORDER", actor=make.ACCOUNTANT, at=make.AT,
    )  # fmt: skip


def test_up_to_the_limit_one_person_gives_it_back() -> None:
    assert suspense.give_back(item_id=item(500_00), **ASKED) == "RETURNED"
    assert (make.balance("SUSPENSE"), make.balance("BANK")) == (0, -500_00)


def test_above_the_limit_a_second_person_agrees_first() -> None:
    number = item(500_01)
    assert suspense.give_back(item_id=number, **ASKED) == "RETURNING"
    assert (make.balance("SUSPENSE"), make.balance("BANK")) == (-500_01, 0)
    assert queries.open_suspense(Scope.everywhere()) == (1, 500_01)
    with pytest.raises(SamePerson):
        suspense.decide_return(item_id=number, agree=True, actor=make.ACCOUNTANT, at=make.AT)
    with pytest.raises(NotAllowed):
        suspense.decide_return(item_id=number, agree=True, actor=make.CLERK, at=make.AT)
    with pytest.raises(MoveRefused):
        suspense.give_back(item_id=number, **ASKED)
    assert suspense.decide_return(item_id=number, agree=True, actor=make.SECOND, at=make.AT) == "RETURNED"
    row = SuspenseItem.objects.get(pk=number)
    assert (row.asked_by, row.decided_by, row.document) == (make.ACCOUNTANT.code, make.SECOND.code, "TK1")
    assert (make.balance("SUSPENSE"), make.balance("BANK")) == (0, -500_01)
    assert set(Operation.objects.filter(action__startswith="suspense.").values_list("action", flat=True)) == {
        "suspense.ask_return", "suspense.give_back",
    }  # fmt: skip
    with pytest.raises(MoveRefused):
        suspense.decide_return(item_id=number, agree=True, actor=make.SECOND, at=make.AT)


def test_what_the_second_person_rejects_stays_in_suspense_and_may_be_asked_for_again() -> None:
    number = item(600_00)
    suspense.give_back(item_id=number, **ASKED)
    with pytest.raises(InvalidInput):
        suspense.decide_return(item_id=number, agree=False, actor=make.SECOND, at=make.AT)
    told = suspense.decide_return(item_id=number, agree=False, reason="再查", actor=make.SECOND, at=make.AT)
    row = SuspenseItem.objects.get(pk=number)
    assert (told, row.state, row.asked_by, row.needs_second) == ("OPEN", "OPEN", "", False)
    assert make.balance("SUSPENSE") == -600_00
    assert suspense.give_back(item_id=number, **ASKED) == "RETURNING"


def test_the_database_refuses_one_person_for_two() -> None:
    number = item(600_00)
    suspense.give_back(item_id=number, **ASKED)
    with pytest.raises(IntegrityError), transaction.atomic():
        SuspenseItem.objects.filter(pk=number).update(state="RETURNED", decided_by=make.ACCOUNTANT.code)
