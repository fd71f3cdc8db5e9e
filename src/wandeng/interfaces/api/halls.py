"""Queues in halls: a hall now, a ticket, taking, calling, serving; waiting of days."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from wandeng.domains.halls import actions, queries
from wandeng.domains.halls.actions import TicketWanted
from wandeng.domains.halls.types import HallShown, NextTicket, TicketShown, WaitingFigures
from wandeng.flows import hall_queue
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput


def one_hall(scope: Scope, code: str, now: datetime, library: RuleLibrary | None = None) -> HallShown:
    """A hall now: counters, who waits in the order of calling and why, who did not come."""
    return queries.hall(scope, code, now=now, library=library)


def one_ticket(scope: Scope, ticket: int, now: datetime) -> TicketShown:
    """A queue ticket with the cases and payments made while it was served."""
    return queries.ticket(scope, ticket, now=now)


def figures(scope: Scope, from_on: date, to_on: date, outlet_code: str = "") -> tuple[WaitingFigures, ...]:
    """Waiting from a day to another (half-open, at most a year) by hall and hour against the limit."""
    if not 0 <= (to_on - from_on).days <= queries.MOST_DAYS:
        raise InvalidInput(f"figures are of at most {queries.MOST_DAYS} days")
    return queries.figures(scope, from_on=from_on, to_on=to_on, outlet_code=outlet_code)


def open_counter(*, code: str, counter: str, is_accessible: bool, actor: Actor, at: datetime) -> int:
    """Open a counter for oneself. Answers its id."""
    return actions.open_counter(
        outlet_code=code, counter=counter, is_accessible=is_accessible, actor=actor, at=at
    )  # fmt: skip


def close_counter(*, code: str, counter: str, actor: Actor, at: datetime) -> None:
    """Close a counter at which nobody stands."""
    actions.close_counter(outlet_code=code, counter=counter, actor=actor, at=at)


def take(
    *, code: str, purpose: str, priority: str, account_number: str, phone: str, appointment: str, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Take a number: purpose PAY, BUSINESS, ADVICE or COMPLAINT; priority ELDERLY, DISABLED, PREGNANT, SOLDIER or empty. Answers its id."""
    wanted = TicketWanted(purpose, priority, account_number, phone, appointment)
    return hall_queue.take(outlet_code=code, wanted=wanted, actor=actor, at=at, library=library)


def call_next(
    *, code: str, counter: str, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> NextTicket:  # fmt: skip
    """Call the next ticket to one's counter; answers it and why it was the next."""
    return actions.call_next(outlet_code=code, counter=counter, actor=actor, at=at, library=library)


def recall(*, ticket: int, actor: Actor, at: datetime) -> None:
    """Call again who was called or missed."""
    actions.recall(ticket=ticket, actor=actor, at=at)


def no_show(*, ticket: int, actor: Actor, at: datetime) -> None:
    """Mark who did not come when called."""
    actions.no_show(ticket=ticket, actor=actor, at=at)


def done(*, ticket: int, actor: Actor, at: datetime) -> None:
    """End serving; cases and payments made since the call are kept with the ticket, its appointment is kept."""
    hall_queue.done(ticket=ticket, actor=actor, at=at)


def transfer(*, ticket: int, counter: str, actor: Actor, at: datetime) -> None:
    """Hand who was called to another counter that is open."""
    actions.transfer(ticket=ticket, counter=counter, actor=actor, at=at)


def leave(*, ticket: int, actor: Actor, at: datetime) -> None:
    """Take somebody who went home out of the queue."""
    actions.leave(ticket=ticket, actor=actor, at=at)


_write = partial(write, like="console:hall-act", tag="halls")
read("/halls/{code}", one_hall, name="hall", like="console:hall", tag="halls", about="营业厅当前排队 a hall now")
read(
    "/queue-tickets/{int:ticket}", one_ticket, name="hall-ticket", like="console:hall-ticket", tag="halls",
    about="排队号 a queue ticket",
)  # fmt: skip
read(
    "/hall-waiting", figures, name="hall-figures", like="console:hall-figures", tag="halls",
    about="等候时长统计 waiting by hall and hour",
)  # fmt: skip
_write("/halls/{code}/open", open_counter, name="hall-open", about="开启窗口 open a counter")
_write("/halls/{code}/close", close_counter, name="hall-close", about="关闭窗口 close a counter")
_write("/halls/{code}/take", take, name="hall-take", about="取号 take a number")
_write("/halls/{code}/next", call_next, name="hall-next", about="叫号 call the next")
_write("/queue-tickets/{int:ticket}/recall", recall, name="hall-recall", about="重呼 call again")
_write("/queue-tickets/{int:ticket}/no-show", no_show, name="hall-no-show", about="过号 did not come")
_write("/queue-tickets/{int:ticket}/done", done, name="hall-done", about="办结 end serving")
_write("/queue-tickets/{int:ticket}/transfer", transfer, name="hall-transfer", about="转窗口 hand over")
_write("/queue-tickets/{int:ticket}/leave", leave, name="hall-leave", about="离开 went home")
