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
    ``unknown`` money that we booked and the channel does not name (短款); each has its alarm."""

    channel: str
    day: date
    theirs: int
    theirs_fen: int
    ours_fen: int
    settled: int
    missing: int
    unknown: int

    @property
    def is_even(self) -> bool:
        return self.theirs_fen == self.ours_fen and not self.missing and not self.unknown


def settle_day(*, channel: str, day: date, actor: Actor, at: datetime) -> DaySettled:
    """Fetch a channel's detail of a day and hold it against what was booked as of that day. Again is harmless.

    Raises ``NotAllowed`` unless the actor keeps the books of the whole installation, ``NotFound``, ``NotOffered``,
    ``CallFailed``.
    """
    require_root(actor, Role.ACCOUNTANT, Role.PROVINCIAL_MANAGER)
    lines = [line for line in providers.of(channel).detail(day, now=at) if not line.refund_number]
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
    return DaySettled(
        channel=channel,
        day=day,
        theirs=len(lines),
        theirs_fen=sum(line.amount_fen for line in lines),
        ours_fen=sum(fen for _number, fen in booked.values()),
        settled=_settle(channel, even, at),
        missing=len(missing),
        unknown=len(unknown),
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


def _alarm(kind: str, channel: str, line: DayLine, at: datetime) -> None:
    with transaction.atomic():
        order = online.hold(line.order_number)
        if order is not None and order.channel != channel:
            order = None
        online.raise_alarm(
            kind=kind, key=f"{kind.lower()}:{channel}:{line.trade_number}", channel=channel, order=order,
            unit_id=order.unit_id if order else online.root_unit(), order_number=line.order_number,
            trade_number=line.trade_number, amount_fen=line.amount_fen, at=at,
        )  # fmt: skip
