"""Payments online: orders, questions to the provider, refunds, a channel's day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wandeng.domains.payments.queries import online as queries
from wandeng.flows.online_payments import daily, orders, refunds
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor

_P = "console:payments-online"
_ORDER, _REFUND = "/payment-orders/{number}", "/online-refunds/{number}"


def channels() -> tuple[queries.ChannelShown, ...]:
    """The channels, with the names of the keys that each has."""
    return queries.channels_shown()


def settle(*, channel: str, day: date, actor: Actor, at: datetime) -> daily.DaySettled:
    """Fetch a channel's detail of a day and hold it against ours."""
    return daily.settle_day(channel=channel, day=day, actor=actor, at=at)


def _read(address: str, query: Any, name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=_P + like, tag="payments online", about=about)


def _write(address: str, action: Any, name: str, like: str, about: str, *, calls_out: bool = False) -> None:
    # What calls a provider has to be committed before it: the key is claimed before, and answered after.
    write(address, action, name=name, like=_P + like, tag="payments online", about=about, commits_itself=calls_out)


_read(_ORDER, queries.order, "payment-order", "-order", "支付订单 an order with its messages, refunds and alarms")
_write("/payment-orders/open", orders.open_order, "payment-order-open", "-new", "下单，返回付款链接 open an order; its link",
       calls_out=True)  # fmt: skip
_write(f"{_ORDER}/query", orders.query, "payment-order-query", "-query", "向平台查询 ask the provider", calls_out=True)
_write(
    f"{_ORDER}/close",
    orders.close,
    "payment-order-close",
    "-close",
    "关闭未付订单 close an unpaid order",
    calls_out=True,
)
_write(f"{_ORDER}/refund", refunds.refund, "payment-order-refund", "-refund",
       "申请退款，amount_fen 为空则退余下全部 ask for a refund: of a part, or of all that is left")  # fmt: skip
_write(
    f"{_REFUND}/approve", refunds.approve, "online-refund-approve", "-approve", "同意退款 agree, as the second person"
)
_write(f"{_REFUND}/reject", refunds.reject, "online-refund-reject", "-reject", "驳回退款 reject")
_write(f"{_REFUND}/again", refunds.again, "online-refund-again", "-again", "重新发出 send again under its number")
_read("/payment-channels", channels, "payment-channels", "-channels", "线上渠道 the channels")
_write("/payment-channels/{channel}/settle", settle, "payment-channel-settle", "-settle", "核对一日 reconcile a day",
       calls_out=True)  # fmt: skip
