"""What an account chose is kept when messages leave: its channel first, its quiet hours, and nothing of what the law wants told."""

from __future__ import annotations

import pytest

from wandeng.domains.customers.tests import make as customers
from wandeng.domains.notices import actions
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.notices.tests import make
from wandeng.domains.notices.types import Channel
from wandeng.flows.tests.test_notice_delivery import ACCEPTED, REFUSED, Clock, Scripted, deliver
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


def prefer(**chosen: str) -> None:
    actions.prefer(
        account_number="1001", source="HALL", reason="客户来厅说明", actor=SYSTEM, at=make.AT, library=customers.library(), **chosen
    )  # fmt: skip


def low() -> NoticeRecipient:
    """A low balance, told by SMS, VOICE or WECHAT in this order."""
    notice = actions.send(
        key="low", template="prepay_low_balance", account=make.account_id("1001"), slots={"balance": "3.20", "days": "2"},
        at=make.AT, actor=SYSTEM,
    )  # fmt: skip
    return NoticeRecipient.objects.get(notice=notice)


def test_the_chosen_channel_comes_first_and_the_others_after_it() -> None:
    make.people()
    prefer(channel="VOICE")
    row, must, clock = low(), make.reminded("1001"), Clock(make.AT)
    texts, calls = Scripted(says=ACCEPTED), Scripted(Channel.VOICE, REFUSED)
    deliver(clock, texts, calls)
    row.refresh_from_db()
    must.refresh_from_db()
    # The reminder, which the law wants, went its usual way; the balance was called for, refused, and comes by the next.
    assert [len(texts.handed), len(calls.handed)] == [1, 1]
    assert (must.state, must.channel, must.own_channels) == ("SENT", "SMS", "")
    assert (row.state, row.channel, row.own_channels) == ("WAITING", "SMS", "VOICE,SMS,WECHAT")
    deliver(clock, texts, calls)
    row.refresh_from_db()
    assert (row.state, row.channel, len(texts.handed), len(calls.handed)) == ("SENT", "SMS", 2, 1)


def test_quiet_hours_put_off_what_may_wait_and_nothing_else() -> None:
    make.people()
    prefer(quiet_hours="09:30-12:00")
    waiting, must, clock, texts = (low(), make.paid()), make.reminded("1001"), Clock(make.AT), Scripted()
    deliver(clock, texts)
    must.refresh_from_db()
    assert (must.state, len(texts.handed)) == ("DELIVERED", 1)
    for one in waiting:
        one.refresh_from_db()
        assert (one.due_at, one.why, one.state) == (make.AT.replace(hour=12), "QUIET", "WAITING")
    clock.on(hours=2)
    deliver(clock, texts)
    assert len(texts.handed) == 3
