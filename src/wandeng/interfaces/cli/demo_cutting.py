"""What a demonstration shows of cutting off and giving back: orders in every state, a drill, returns with running clocks.

It plays the last morning on which somebody may be cut; every step goes through the product's own actions and guards.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time, timedelta

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import disconnection, halt, reconnection
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import queries as payments
from wandeng.flows import notice_delivery
from wandeng.flows import payments as taking
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.working_days import working_calendar
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE

MOST = 10
PROPOSER, APPROVER, SECOND, SENDER = "account2", "manager1", "province1", "dispatch1"
EVERYWHERE = Scope.everywhere()


def leave_orders(now: datetime, library: RuleLibrary) -> int:
    """Orders of accounts that dunning left ready; returns how many there are. Done once."""
    if not queries.order_rows(EVERYWHERE).exists():
        morning = _morning(now, library)
        people = {
            code: organization.actor_for(code, morning.date()) for code in (PROPOSER, APPROVER, SECOND, SENDER)
        }  # fmt: skip
        _drill(people, morning - timedelta(days=20))
        orders = _propose(people[PROPOSER], morning, library)
        for place, number in enumerate(orders[3:]):
            with suppress(Refused):
                _go_on(number, place, people, morning, library)
    return queries.order_rows(EVERYWHERE).count()


def _morning(now: datetime, library: RuleLibrary) -> datetime:
    """Half past eight of the last day that is worked and followed by one that is, and is over by now."""
    today = now.astimezone(BILLING_ZONE).date()
    calendar = working_calendar(library, (today - timedelta(days=14)).year, (today + timedelta(days=1)).year)
    day = today - timedelta(days=1)
    while not (calendar.is_working_day(day) and calendar.is_working_day(day + timedelta(days=1))):
        day -= timedelta(days=1)
    return datetime.combine(day, time(8, 30), BILLING_ZONE)


def _drill(people: dict[str, Actor], at: datetime) -> None:
    unit = people[APPROVER].unit_path.rstrip("/").rpartition("/")[2]
    halt.pull(unit_code=unit, reason="季度演练：确认停发", is_drill=True, actor=people[APPROVER], at=at)
    halt.lift(unit_code=unit, reason="演练结束", actor=people[SECOND], at=at + timedelta(minutes=6))


def _propose(proposer: Actor, at: datetime, library: RuleLibrary) -> list[str]:
    """As many orders as there are accounts that may be cut, up to :data:`MOST`."""
    made: list[str] = []
    ready = queries.case_rows(EVERYWHERE).filter(state__in=("OPEN", "PROMISED"), step="NOTICE").order_by("id")
    for row in list(ready[: 6 * MOST]):
        with suppress(Refused):
            made.append(
                disconnection.propose(
                    account_number=row["account_number"], reason="多次催交未交，停电通知书已送达满期", actor=proposer,
                    at=at, library=library,
                )
            )  # fmt: skip
        if len(made) == MOST:
            break
    return made


def _go_on(number: str, place: int, people: dict[str, Actor], morning: datetime, library: RuleLibrary) -> None:
    """Refused; approved; sent; not cut; cut; cut and paid for, with power back or still to come."""
    manager, sender = people[APPROVER], people[SENDER]
    at = morning + timedelta(minutes=15)
    if place == 0:
        disconnection.refuse(order=number, reason="客户已提出分期，先行协商", actor=manager, at=at)
        return
    disconnection.approve(order=number, actor=manager, at=at, library=library)
    if place == 1:
        return
    told, sent = morning + timedelta(minutes=30), morning + timedelta(minutes=75)
    disconnection.announce(order=number, cut_at=morning + timedelta(minutes=90), actor=sender, at=told)
    notice_delivery.deliver_all(clock=lambda: told + timedelta(minutes=1), library=library)
    answer = disconnection.dispatch(order=number, actor=sender, at=sent, library=library)
    if not answer.is_sent:
        return
    cut_at = morning + timedelta(minutes=100)
    if place == 2:
        disconnection.report_failure(order=number, reason="表箱上锁，无人在家", actor=sender, at=cut_at)
        return
    disconnection.confirm_cut(order=number, cut_at=cut_at, actor=sender, at=cut_at)
    if place > 3:
        _pay(number, cut_at + timedelta(hours=1))
    if place > 4:
        back = queries.order(EVERYWHERE, number).reconnections[0]
        restored_at = back.due_from + timedelta(minutes=95)
        reconnection.confirm(order=back.number, restored_at=restored_at, actor=sender, at=restored_at)


def _pay(number: str, at: datetime) -> None:
    account = queries.order(EVERYWHERE, number).account_number
    owed = payments.standing(EVERYWHERE, account, on=at.date())
    taking.take(
        key=f"demo:cut:{account}", account_number=account, amount_fen=owed.to_pay_fen, tender="TRANSFER",
        channel="TRANSFER", received_on=at.date(), at=at, actor=SYSTEM,
    )  # fmt: skip
