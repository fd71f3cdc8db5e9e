"""Random interleavings of pay, approve, dispatch, confirm and reconnect on one account, and what must hold after each.

The world is a model of the field: whether the supply is really on, and whether a committed payment has cleared the debt.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from wandeng.domains.collections.actions import disconnection, halt, reconnection
from wandeng.domains.collections.models import LIVE, DisconnectionOrder, ReconnectionOrder
from wandeng.domains.collections.tests.make import orders as make
from wandeng.flows import payments as flow
from wandeng.kernel.errors import Refused

ACCOUNT = "1001"
FULL = make.DEBT + 13_20
"""The bill and the late fee of its 44 days."""
APPROVERS = (make.STATION, make.COMPANY, make.DEPUTY, make.CELL)
STAGES = ("proposed", "approved", "sent", "cut")
STEPS = 12
NOT_LEFT = ("PROPOSED", "SECOND_WANTED", "APPROVED")


def programs(count: int) -> settings:
    """So many random programs, always the same ones."""
    return settings(
        max_examples=count, stateful_step_count=STEPS, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip


def beginning(stage: str, number: int, machine: type[Races] | None = None, makers: Any = make) -> type[Races]:
    """A machine whose programs all begin in the middle of things, when an order is proposed, approved, sent or cut:
    most programs that begin with nothing end with nothing. What comes before is made once, by the function of
    ``makers`` with the stage's name; ``number`` is the dice's."""
    getattr(makers, stage)()
    words = {"began_off": stage == "cut", "done": Counter()}
    return seed(number)(type(f"{stage.title()}Races", (machine or Races,), words))


class Races(RuleBasedStateMachine):
    """What clerks, customers, dispatchers and the field may do in any order. Refusals are answers, not faults."""

    began_off: bool
    """Whether supply is off where programs begin."""
    done: Counter[str]
    """What all programs together came to."""

    @initialize()
    def begin(self) -> None:
        """Whatever a program does is undone at its end, for the next one."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.done["programs"] += 1
        self.at, self.paid_fen, self.payments = make.NOW + timedelta(minutes=30), 0, 0
        self.cut_wrongly: str = ""
        self.seen: tuple[datetime, DisconnectionOrder | None] | None = None
        self.supply_on = not self.began_off

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def tried(self, deed: Any, **given: Any) -> Any:
        """Do it a minute later than what came before; ``None`` when it was refused."""
        self.at += timedelta(minutes=1)
        try:
            answer = deed(at=self.at, **given)
        except Refused:
            return None
        self.done[deed.__name__] += 1
        return answer

    def order(self) -> DisconnectionOrder | None:
        return DisconnectionOrder.objects.order_by("-id").first()

    def stands(self) -> DisconnectionOrder | None:
        """The order between two steps: read once for all that may come next, as every step that writes takes time."""
        if self.seen is None or self.seen[0] != self.at:
            self.seen = (self.at, self.order())
        return self.seen[1]

    def state(self) -> str:
        order = self.stands()
        return order.state if order else ""

    @property
    def is_clear(self) -> bool:
        return self.paid_fen >= FULL

    @precondition(lambda self: self.state() not in LIVE)
    @rule()
    def propose(self) -> None:
        self.tried(
            disconnection.propose, account_number=ACCOUNT, reason="欠费", actor=make.CELL, library=make.library()
        )

    @precondition(lambda self: self.state() in ("PROPOSED", "SECOND_WANTED"))
    @rule(approver=st.sampled_from(APPROVERS))
    def approve(self, approver: Any) -> None:
        if (order := self.order()) is not None:
            self.tried(disconnection.approve, order=order.number, actor=approver, library=make.library())

    @rule(remote=st.booleans())
    def dispatch(self, remote: bool) -> None:
        if (order := self.order()) is not None:
            was_clear = self.is_clear
            answer = self.tried(
                disconnection.dispatch, order=order.number, remote=remote, actor=make.DISPATCHER, library=make.library()
            )
            self.done["sent"] += answer is not None and answer.is_sent
            if answer is not None and answer.is_sent and was_clear:
                self.cut_wrongly = f"{answer.number} left after the payment"

    @rule(fen=st.sampled_from([1_00, 200_00, FULL, FULL]))
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
        if self.is_clear and before is not None:
            self.done["paid"] += 1
            after = DisconnectionOrder.objects.get(pk=before.pk)
            assert after.state not in NOT_LEFT, "an order that had not left stands after the debt is paid"
            if before.state in ("DISPATCHED", "CUT", "RECALLED"):
                assert ReconnectionOrder.objects.filter(account_id=before.account_id, state="ORDERED").exists(), (
                    "paid, and nobody is to give supply back"
                )

    @precondition(lambda self: self.stands() is not None and self.stands().dispatched_at is not None)
    @rule(hours=st.sampled_from([0, 5]))
    def cut(self, hours: int) -> None:
        """The field cuts, also long after the instruction expired or was recalled."""
        order = self.order()
        assert order is not None
        self.at += timedelta(hours=hours, minutes=1)
        disconnection.confirm_cut(order=order.number, cut_at=self.at, actor=make.CELL, at=self.at)
        self.supply_on = False
        self.done["cuts"] += 1

    @precondition(lambda self: self.state() in ("DISPATCHED", "RECALLED"))
    @rule()
    def fail(self) -> None:
        if (order := self.order()) is not None:
            self.tried(disconnection.report_failure, order=order.number, reason="无人在家", actor=make.CELL)

    @precondition(lambda self: self.state() in ("DISPATCHED", "RECALLED", "CUT"))
    @rule()
    def ask_back(self) -> None:
        if (order := self.order()) is not None:
            self.tried(
                reconnection.order_by_person,
                order=order.number,
                reason="协商",
                actor=make.CLERK,
                library=make.library(),
            )

    @rule()
    def restore(self) -> None:
        back = ReconnectionOrder.objects.filter(state="ORDERED").first()
        if back is not None:
            self.at += timedelta(minutes=1)
            reconnection.confirm(order=back.number, restored_at=self.at, actor=make.CELL, at=self.at)
            self.supply_on = True
            self.done["restored"] += 1

    @rule()
    def switch(self) -> None:
        if self.tried(halt.lift, unit_code="BS", reason="恢复", actor=make.DEPUTY) is None:
            self.tried(halt.pull, unit_code="BS", reason="演练", is_drill=True, actor=make.COMPANY)

    @invariant()
    def nobody_is_cut_who_has_paid(self) -> None:
        assert not getattr(self, "cut_wrongly", ""), self.cut_wrongly

    @invariant()
    def whoever_has_paid_and_is_off_is_to_have_power_back(self) -> None:
        if not getattr(self, "supply_on", True) and self.is_clear:
            assert ReconnectionOrder.objects.filter(state="ORDERED").exists(), "off, paid, and forgotten"

    @invariant()
    def nothing_left_without_two_persons(self) -> None:
        sent = DisconnectionOrder.objects.filter(dispatched_at__isnull=False)
        persons = sent.values_list("proposed_by", "approved_by")
        assert all(approved and approved != proposed for proposed, approved in persons)


class LooksTooEarly(Races):
    """The negative control: a dispatcher who looks at the debt, and sends a moment later without looking again."""

    looked = 0

    @precondition(lambda self: not self.looked)
    @rule()
    def look(self) -> None:
        order = self.stands()
        if order is None or order.state != "APPROVED":
            return
        rule_of_day = disconnection._rule(order, self.at, make.library())
        try:
            with transaction.atomic():
                disconnection.require_guards(order, rule_of_day, self.at, make.library())
            self.looked = order.pk
        except Refused:
            self.looked = 0

    @precondition(lambda self: self.looked)
    @rule()
    def send(self) -> None:
        row = DisconnectionOrder.objects.select_related("unit", "account").filter(pk=self.looked).first()
        if row is None:
            return
        self.at += timedelta(minutes=1)
        # What was looked at stands in memory, so the state of then is believed as well.
        DisconnectionOrder.objects.filter(pk=row.pk).update(state="APPROVED")
        row.refresh_from_db()
        was_clear = self.is_clear
        disconnection.send(
            row, disconnection._rule(row, self.at, make.library()), remote=False, actor=make.DISPATCHER, at=self.at
        )
        self.looked = 0
        if was_clear:
            self.cut_wrongly = f"{row.number} left after the payment"
