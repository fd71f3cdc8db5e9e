from __future__ import annotations

import json

import pytest

from wandeng.domains.notices import actions
from wandeng.domains.notices.models import Notice, NoticeRecipient, NoticeTemplate
from wandeng.domains.notices.tests import make
from wandeng.domains.notices.types import NoTemplateInForce
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db


def test_a_notice_waits_with_its_slots_and_the_first_channel_of_its_template() -> None:
    make.people()
    row = make.paid()
    assert (row.state, row.channel, row.rank, row.due_at) == ("WAITING", "SMS", 1, make.AT)
    assert json.loads(row.slots) == make.PAYMENT
    assert row.unit.code == "BS-W"


def test_the_same_key_is_the_same_notice() -> None:
    make.people()
    assert make.paid().notice_id == make.paid().notice_id
    assert (Notice.objects.count(), NoticeRecipient.objects.count()) == (1, 1)


def test_an_urgent_notice_comes_before_others() -> None:
    make.people()
    assert make.paid(urgent=True).rank == 0


def test_the_products_own_template_is_put_in_place_at_its_first_use() -> None:
    make.people()
    NoticeTemplate.objects.get(code="power_restored").versions.all().delete()
    NoticeTemplate.objects.filter(code="power_restored").delete()
    notice = actions.send(
        key="on:1", template="power_restored", account=make.account_id("1001"), slots={"at": "10:00"}, at=make.AT,
        actor=SYSTEM,
    )  # fmt: skip
    version = Notice.objects.get(pk=notice).version
    assert (version.template.code, version.is_default, version.state) == ("power_restored", True, "APPROVED")


def test_a_slot_without_a_value_is_refused_by_name() -> None:
    make.people()
    with pytest.raises(InvalidInput, match="lacks due_on"):
        actions.send(
            key="k", template="arrears_reminder_1", account=make.account_id("1001"), slots={"owed": "1.00"},
            at=make.AT, actor=SYSTEM,
        )  # fmt: skip


def test_a_template_for_staff_goes_to_staff_only() -> None:
    make.people()
    slots = {"order_number": "FD1", "account_number": "1001", "address": "白水镇", "at": "10:00", "deadline": "次日"}
    with pytest.raises(InvalidInput, match="member of staff"):
        actions.send(
            key="o", template="reconnection_order", account=make.account_id("1001"), slots=slots, at=make.AT,
            actor=SYSTEM,
        )  # fmt: skip
    with pytest.raises(NotFound):
        actions.send(key="o", template="reconnection_order", person="nobody", slots=slots, at=make.AT, actor=SYSTEM)
    with pytest.raises(InvalidInput, match="account"):
        actions.send(key="o", template="payment_received", person="p", slots=make.PAYMENT, at=make.AT, actor=SYSTEM)


def test_an_unknown_template_is_not_found_and_one_without_an_approved_text_says_so() -> None:
    make.people()
    with pytest.raises(NotFound):
        actions.send(key="k", template="no_such", account=make.account_id("1001"), slots={}, at=make.AT, actor=SYSTEM)
    actions.create_template(code="storm", name="台风", purpose="OUTAGE", actor=SYSTEM, at=make.AT)
    with pytest.raises(NoTemplateInForce):
        actions.send(key="k", template="storm", account=make.account_id("1001"), slots={}, at=make.AT, actor=SYSTEM)
