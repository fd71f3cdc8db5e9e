"""What an account chose holds for what it may do without, and for nothing the law wants it told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.domains.customers.tests import make as customers
from wandeng.domains.notices import actions, quiet
from wandeng.domains.notices.queries import contact_preference
from wandeng.domains.notices.tests import make
from wandeng.domains.notices.types import ContactWish
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE


def prefer(number: str = "1001", **chosen: str) -> None:
    actions.prefer(account_number=number, **{"source": "HALL", "reason": "客户来厅说明"} | chosen, actor=SYSTEM, at=make.AT,
                   library=customers.library())  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "chosen",
    [
        {"channel": "WECHAT"},  # no address of it
        {"channel": "LETTER"},
        {"quiet_hours": "9-12"},
        {"quiet_hours": "24:00-07:00"},
        {"quiet_hours": "07:00-07:00"},
        {"quiet_hours": "19:00-16:00"},  # three hours of a working day, and two of a day off
        {"reason": " "},
        {"source": "TELEPATHY"},
    ],
)
def test_what_would_never_be_told_or_by_nobody_is_refused(chosen: dict[str, str]) -> None:
    make.people()
    with pytest.raises(InvalidInput):
        prefer(**chosen)
    assert contact_preference(Scope.everywhere(), "1001", now=make.AT, library=customers.library()).set_at is None


@pytest.mark.django_db
def test_a_preference_shows_opt_outs_and_what_the_rule_requires() -> None:
    make.people()
    actions.opt_out(account_number="1001", purpose="BILL", source="REPLY", actor=SYSTEM, at=make.AT)
    prefer(channel="VOICE", quiet_hours="21:00-07:00")
    prefer(channel="SMS", quiet_hours="20:30-07:00")
    shown = contact_preference(Scope.everywhere(), "1001", now=make.AT, library=customers.library())
    assert (shown.channel, shown.channels, shown.quiet, shown.source) == (
        "SMS",
        ("SMS", "VOICE"),
        "20:30-07:00",
        "HALL",
    )
    assert {one.purpose for one in shown.messages if one.is_required} == {
        "ARREARS",
        "DISCONNECTION",
        "SUPPLY",
        "OUTAGE",
    }
    assert {one.purpose for one in shown.messages if one.is_off} == {"BILL"}


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 2879))
def test_quiet_hours_end_once_within_a_day_and_are_not_quiet_at_their_end(first: int, last: int, minute: int) -> None:
    wish = ContactWish("", first, last)
    now = make.AT.replace(hour=0, minute=0) + timedelta(minutes=minute)
    until = quiet.until(wish, now)
    local = now.astimezone(BILLING_ZONE)
    here = local.hour * 60 + local.minute
    assert (until is not None) == (first <= here < last if first < last else here >= first or here < last)
    if until is not None:
        assert now < until <= now + timedelta(days=1)
        assert (until.astimezone(BILLING_ZONE).hour * 60 + until.astimezone(BILLING_ZONE).minute) == last
        assert first == last or quiet.until(wish, until) is None
