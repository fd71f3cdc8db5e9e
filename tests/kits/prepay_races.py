"""Random interleavings of top-up, approve, dispatch, confirm and reconnect on one prepay account: the machine of arrears with
a balance in the debt's place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tests.kits import order_races
from tests.kits.order_races import ACCOUNT, NOT_LEFT
from wandeng.domains.collections.actions import disconnection, prepay, prepay_cut
from wandeng.domains.collections.models import (
    LIVE,
    DisconnectionOrder,
    PrepayAgreement,
    PrepayDay,
    PrepayEpisode,
    PrepayEstimate,
    ReconnectionOrder,
)
from wandeng.domains.collections.tests.make import orders as make
from wandeng.domains.notices import actions as notices
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.flows import payments as flow
from wandeng.infra import ids
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import Month

USED = 200_00
CUT_BELOW, RESTORE = -10_00, 0
"""The national terms of a home."""


def low(number: str = ACCOUNT) -> PrepayEpisode:
    """An account that has used 200 yuan and paid nothing: warned nine days ago, told of the overdraft two days ago."""
    on = make.NOW.date()
    prepay.enroll(
        account_number=number, valid_from=on.replace(day=1), actor=SYSTEM, at=make.NOW - timedelta(days=9),
        library=make.library(),
    )  # fmt: skip
    agreement = PrepayAgreement.objects.get(account__account_number=number, state="ACTIVE")
    PrepayDay.objects.create(
        agreement=agreement, account_id=agreement.account_id, day=on, since_on=on, energy_ckwh=0, estimate_fen=USED,
        day_ckwh=0, day_fen=USED, ledger_fen=0, balance_fen=-USED, warn_fen=20_00, mean_fen=0, standing="OVERDRAWN",
        rule_path=agreement.rule_path, computed_at=make.NOW,
    )  # fmt: skip
    PrepayEstimate.objects.create(
        account_id=agreement.account_id, day=on, month_index=Month.of(on).index, period_from=on.replace(day=1),
        period_to=on, energy_ckwh=0, amount_fen=USED,
    )  # fmt: skip
    return PrepayEpisode.objects.create(
        id=ids.reserve(PrepayEpisode, 1), agreement=agreement, account_id=agreement.account_id, state="OVERDRAWN",
        opened_on=on - timedelta(days=9), opened_at=make.NOW - timedelta(days=9), warned_key=told(agreement, "w", 9),
        overdrawn_on=on - timedelta(days=2), overdrawn_at=make.NOW - timedelta(days=2),
        overdrawn_key=told(agreement, "o", 2), overdrafts=1, as_of=on, balance_fen=-USED, lowest_fen=-USED,
        rule_path=agreement.rule_path,
    )  # fmt: skip


def told(agreement: PrepayAgreement, what: str, days: int) -> str:
    """The key of a notice that was delivered so many days ago."""
    key, at = f"prepay:{what}:{agreement.pk}", make.NOW - timedelta(days=days)
    slots = {"balance": "-200.00", "days": "0", "hours": "24"}
    template = "prepay_low_balance" if what == "w" else "prepay_overdrawn"
    notices.send(key=key, template=template, account=agreement.account_id, slots=slots, at=at, actor=SYSTEM)
    NoticeRecipient.objects.filter(notice__key=key).update(state="DELIVERED", reached_at=at, due_at=None)
    return key


def proposed(number: str = ACCOUNT) -> str:
    return prepay_cut.propose(episode_id=low(number).pk, actor=SYSTEM, at=make.NOW, library=make.library())


def approved(number: str = ACCOUNT) -> str:
    order = proposed(number)
    disconnection.approve(order=order, actor=make.COMPANY, at=make.NOW, library=make.library())
    return order


def sent(number: str = ACCOUNT) -> str:
    order = approved(number)
    answer = disconnection.dispatch(
        order=order, remote=True, actor=make.DISPATCHER, at=make.NOW, library=make.library()
    )
    assert answer.is_sent, answer
    return order


def cut(number: str = ACCOUNT) -> str:
    order = sent(number)
    at = make.NOW + timedelta(minutes=21)
    disconnection.confirm_cut(order=order, cut_at=at - timedelta(minutes=1), actor=make.CELL, at=at)
    return order


class PrepayRaces(order_races.Races):
    """Clear is a balance that is not overdrawn; supply is due again from the restore threshold on."""

    @property
    def balance(self) -> int:
        return self.paid_fen - USED

    @property
    def is_clear(self) -> bool:
        return self.balance >= CUT_BELOW

    @precondition(lambda self: self.state() not in LIVE)
    @rule()
    def propose(self) -> None:
        episode = PrepayEpisode.objects.latest("id")
        self.tried(prepay_cut.propose, episode_id=episode.pk, actor=SYSTEM, library=make.library())

    @rule(fen=st.sampled_from([1_00, 150_00, 189_99, 190_00, 199_99, USED, 300_00]))
    def pay(self, fen: int) -> None:
        self.payments += 1
        self.at += timedelta(minutes=1)
        before = self.order()
        flow.take(
            key=f"race:{self.payments}", account_number=ACCOUNT, amount_fen=fen, tender="CASH", channel="TILL",
            received_on=self.at.date(), at=self.at, actor=make.CLERK,
        )  # fmt: skip
        self.paid_fen += fen
        self.done["payments"] += 1
        if before is None:
            return
        after = DisconnectionOrder.objects.get(pk=before.pk)
        if self.is_clear:
            self.done["paid"] += 1
            assert after.state not in NOT_LEFT, (
                "an order that had not left stands although the balance is not overdrawn"
            )
        if self.balance >= RESTORE and before.state in ("DISPATCHED", "CUT", "RECALLED"):
            assert ReconnectionOrder.objects.filter(account_id=before.account_id, state="ORDERED").exists(), (
                "topped up, and nobody is to give supply back"
            )

    @invariant()
    def whoever_has_paid_and_is_off_is_to_have_power_back(self) -> None:
        if not getattr(self, "supply_on", True) and self.balance >= RESTORE:
            assert ReconnectionOrder.objects.filter(state="ORDERED").exists(), "off, topped up, and forgotten"

    @invariant()
    def a_closed_episode_is_above_the_warning(self) -> None:
        closed: Any = PrepayEpisode.objects.filter(state="CLOSED").first()
        assert closed is None or self.balance >= 20_00


class PrepayLooksTooEarly(PrepayRaces, order_races.LooksTooEarly):
    """The negative control: a dispatcher who looks at the balance, and sends a moment later without looking again. Nothing
    else happens, so that few programs show it."""

    propose = approve = dispatch = cut = fail = ask_back = restore = switch = None
