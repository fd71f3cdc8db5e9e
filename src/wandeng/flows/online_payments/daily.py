"""A channel's day: its own detail held against our orders. What both name is settled; each difference has an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from wandeng.domains.organization.types import Role
from wandeng.domains.payments.actions import online
from wandeng.domains.payments.queries import online as orders
from wandeng.flows.online_payments import callbacks, providers
from wandeng.flows.online_payments.providers import DayLine
from wandeng.infra.scope import require_root
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True, slots=True)
class DaySettled:
    """A channel's day: amounts in fen. ``missing`` is money that the channel names and we have not booked (长款),
    ``unknown`` money that we booked and the channel does not name (短款); ``refunds_apart`` counts refunds that only one
    side has, or with another amount. Each has its alarm. ``refunded_fen`` went back by the channel's detail,
    ``ours_refunded_fen`` by ours."""

    channel: str
    day: date
    theirs: int
    theirs_fen: int
    ours_fen: int
    settled: int
    missing: int
    unknown: int
    refunds: int
    refunded_fen: int
    ours_refunded_fen: int
    refunds_apart: int

    @property
    def is_even(self) -> bool:
        return self.theirs_fen == self.ours_fen and not self.missing and not self.unknown and not self.refunds_apart


def settle_day(*, channel: str, day: date, actor: Actor, at: datetime) -> DaySettled:
    """Fetch a channel's detail of a day and hold it against what was booked as of that day. Again is harmless.

    Raises ``NotAllowed`` unless the actor keeps the books of the whole installation, ``NotFound``, ``NotOffered``,
    ``CallFailed``.
    """
    require_root(actor, Role.ACCOUNTANT, Role.PROVINCIAL_MANAGER)
    detail = providers.of(channel).detail(day, now=at)
    lines = [line for line in detail if not line.refund_number]
    backs = [line for line in detail if line.refund_number]
    since = datetime.combine(day, time(), BILLING_ZONE)
    booked = {
        trade: (number, fen) for number, trade, fen in orders.booked_between(channel, since, since + timedelta(days=1))
    }
    missing = [line for line in lines if booked.get(line.trade_number, ("", 0))[1] != line.amount_fen]
    named = {line.trade_number for line in lines}
    unknown = [trade for trade in booked if trade not in named]
    for line in missing:
        _alarm("MISSING_HERE", channel, line, at)
    for trade in unknown:
        number, fen = booked[trade]
        _alarm("MISSING_THERE", channel, DayLine(number, trade, fen, since), at)
    even = [line for line in lines if line not in missing]
    ours_back = orders.refunded_between(channel, since, since + timedelta(days=1))
    return DaySettled(
        channel=channel,
        day=day,
        theirs=len(lines),
        theirs_fen=sum(line.amount_fen for line in lines),
        ours_fen=sum(fen for _number, fen in booked.values()),
        settled=_settle(channel, even, at),
        missing=len(missing),
        unknown=len(unknown),
        refunds=len(backs),
        refunded_fen=sum(line.amount_fen for line in backs),
        ours_refunded_fen=sum(back.amount_fen for back in ours_back),
        refunds_apart=_hold_refunds(channel, backs, ours_back, at),
    )


def _settle(channel: str, lines: list[DayLine], at: datetime) -> int:
    """Mark the orders that these lines paid."""
    found = orders.standing_of(channel, [line.order_number for line in lines])
    done = 0
    for line in lines:
        state, trade = found.get(line.order_number, ("", ""))
        if (state, trade) != ("PAID", line.trade_number):
            continue
        with transaction.atomic():
            held = online.hold(line.order_number)
            if held is not None and held.state == "PAID":
                online.move_order(held, "settle", actor=callbacks.machine(channel), at=at)
                done += 1
    return done


def _hold_refunds(channel: str, theirs: list[DayLine], ours: tuple[orders.RefundDone, ...], at: datetime) -> int:
    """Hold a day's refunds against ours, each with an alarm where they differ; returns how many do. One that was
    confirmed to us on another day than the detail's is no difference: it is looked for by its number."""
    known = orders.refunds_of(channel, [line.refund_number for line in theirs])
    apart = 0
    for line in theirs:
        held = known.get(line.refund_number)
        if held is None or held.amount_fen != line.amount_fen or held.state in ("PROPOSED", "REJECTED"):
            _alarm("UNKNOWN_REFUND" if held is None else "WRONG_REFUND", channel, line, at)
            apart += 1
    named = {line.refund_number for line in theirs}
    for back in ours:
        if back.number not in named:
            line = DayLine(back.order_number, "", back.amount_fen, back.done_at, back.number)
            _alarm("REFUND_NOT_THERE", channel, line, at)
            apart += 1
    return apart


def _alarm(kind: str, channel: str, line: DayLine, at: datetime) -> None:
    with transaction.atomic():
        order = online.hold(line.order_number)
        if order is not None and order.channel != channel:
            order = None
        online.raise_alarm(
            kind=kind, key=f"{kind.lower()}:{channel}:{line.refund_number or line.trade_number}", channel=channel, order=order,
            unit_id=order.unit_id if order else online.root_unit(), order_number=line.order_number,
            trade_number=line.refund_number or line.trade_number, amount_fen=line.amount_fen, at=at,
        )  # fmt: skip
