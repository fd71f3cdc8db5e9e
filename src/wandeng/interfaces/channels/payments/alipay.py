"""Alipay 支付宝, gateway of open.alipay: requests and call-backs are parameters in order of their names, signed RSA2.

Facts of a channel: ``site``, ``gateway``, ``app_id``, ``alipay_key`` (Alipay's public key in PEM). Secret:
``private_key``. The detail of a day is a file that the bank desk takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from wandeng.domains.payments.queries.online import ChannelFacts
from wandeng.flows.online_payments import providers
from wandeng.flows.online_payments.providers import (
    Asked,
    Call,
    DayLine,
    NotGenuine,
    NotOffered,
    ProviderRefused,
    RefundAsked,
    Reply,
    Said,
    Told,
)
from wandeng.infra.outgoing import Answer, CallFailed
from wandeng.interfaces.channels.payments import keys
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, yuan
from wandeng.kernel.periods import BILLING_ZONE

GATEWAY = "https://openapi.alipay.com/gateway.do"
FORM = "application/x-www-form-urlencoded;charset=utf-8"
_STATES = {
    "TRADE_SUCCESS": providers.PAID,
    "TRADE_FINISHED": providers.PAID,
    "TRADE_CLOSED": providers.CLOSED,
    "WAIT_BUYER_PAY": providers.NOT_PAID,
}


class Alipay:
    """The adapter of one merchant."""

    def __init__(self, channel: ChannelFacts, call: Call) -> None:
        self._channel = channel
        self._call = call

    def create(self, order: Asked, *, now: datetime) -> str:
        content = {
            "out_trade_no": order.number,
            "total_amount": str(yuan(order.amount_fen)),
            "subject": order.subject,
            "time_expire": f"{order.expires_at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M:%S}",
        }
        site = self._channel.facts["site"].rstrip("/")
        notify = {"notify_url": f"{site}/channels/payments/{self._channel.code}/"}
        return str(self._ask("alipay.trade.precreate", content, now, **notify)[0]["qr_code"])

    def read(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Told:
        try:
            given = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=100))
        except ValueError:
            raise NotGenuine("UNREADABLE") from None
        number = given.get("out_trade_no", "")
        text = joined({name: value for name, value in given.items() if name not in ("sign", "sign_type")})
        if given.get("sign_type") != "RSA2" or not given.get("sign"):
            raise NotGenuine("NOT_SIGNED", number)
        if not keys.is_signed(self._channel.facts["alipay_key"], text.encode(), given["sign"]):
            raise NotGenuine("BAD_SIGNATURE", number)
        if given.get("app_id") != self._channel.facts["app_id"]:
            raise NotGenuine("OTHER_MERCHANT", number)
        try:
            return _read_call(given)
        except (KeyError, ValueError, InvalidInput):
            raise NotGenuine("UNREADABLE", number) from None

    def reply(self, *, taken: bool) -> Reply:
        return Reply(200, "text/plain", "success" if taken else "failure")

    def query(self, order: Asked, *, now: datetime) -> Said:
        found, answer = self._ask("alipay.trade.query", {"out_trade_no": order.number}, now, "ACQ.TRADE_NOT_EXIST")
        if not found:
            return Said(Told(providers.ABSENT, order.number), answer.body)
        stamp = found.get("send_pay_date", "")
        told = Told(
            _STATES.get(found.get("trade_status", ""), providers.NOT_PAID), order.number,
            trade_number=found.get("trade_no", ""), amount_fen=fen(found.get("total_amount", "0")),
            at=_moment(stamp) if stamp else None,
        )  # fmt: skip
        return Said(told, answer.body)

    def close(self, order: Asked, *, now: datetime) -> None:
        # Alipay makes a trade when it is scanned: one that nobody scanned does not exist, and cannot be paid after its time.
        self._ask("alipay.trade.close", {"out_trade_no": order.number}, now, "ACQ.TRADE_NOT_EXIST")

    def refund(self, refund: RefundAsked, *, now: datetime) -> Said:
        content = {
            "out_trade_no": refund.order.number,
            "refund_amount": str(yuan(refund.amount_fen)),
            "out_request_no": refund.number,
            "refund_reason": refund.reason[:200],
        }
        found, answer = self._ask("alipay.trade.refund", content, now)
        # "N" may also mean that this refund was done before: its own query tells.
        what = providers.REFUNDED if found.get("fund_change") == "Y" else providers.REFUNDING
        return Said(_refund(refund, what), answer.body)

    def query_refund(self, refund: RefundAsked, *, now: datetime) -> Said:
        content = {"out_trade_no": refund.order.number, "out_request_no": refund.number}
        found, answer = self._ask("alipay.trade.fastpay.refund.query", content, now, "ACQ.TRADE_NOT_EXIST")
        done = found.get("refund_status") == "REFUND_SUCCESS"
        if done and fen(found.get("refund_amount", "0")) != refund.amount_fen:
            return Said(_refund(refund, providers.REFUND_FAILED), answer.body)
        return Said(_refund(refund, providers.REFUNDED if done else providers.NO_REFUND), answer.body)

    def detail(self, day: date, *, now: datetime) -> tuple[DayLine, ...]:
        raise NotOffered("this provider's day comes as a file: bring it to the bank desk")

    def _ask(
        self, method: str, content: Mapping[str, str], now: datetime, absent: str = "", **more: str
    ) -> tuple[dict[str, str], Answer]:
        given = {
            "app_id": self._channel.facts["app_id"],
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": f"{now.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M:%S}",
            "version": "1.0",
            "biz_content": json.dumps(content, ensure_ascii=False),
            **more,
        }
        given["sign"] = keys.sign(self._channel.secrets["private_key"], joined(given).encode())
        url = self._channel.facts.get("gateway", GATEWAY)
        answer = self._call("POST", url, urlencode(given).encode(), {"Content-Type": FORM})
        if answer.status != 200:
            raise CallFailed(f"the provider answered {answer.status}", answer.milliseconds)
        found = self._opened(answer, method.replace(".", "_") + "_response")
        if found.get("code") == "10000":
            return found, answer
        if absent and found.get("sub_code") == absent:
            return {}, answer
        if found.get("code") == "20000" or found.get("sub_code") in ("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR"):
            raise CallFailed("the provider's system is not available", answer.milliseconds)
        raise ProviderRefused(f"the provider refuses: {found.get('sub_code') or found.get('code')}")

    def _opened(self, answer: Answer, node: str) -> dict[str, str]:
        """The signed part of an answer; the signature is over its very characters, so they are cut out of the text."""
        try:
            text = answer.body.decode()
            whole: dict[str, Any] = json.loads(text)
            found = whole[node]
            start = text.index("{", text.index(f'"{node}"') + len(node) + 2)
            _, length = json.JSONDecoder().raw_decode(text[start:])
        except (ValueError, KeyError):
            raise CallFailed("the answer cannot be read", answer.milliseconds) from None
        signed = text[start : start + length].encode()
        if not keys.is_signed(self._channel.facts["alipay_key"], signed, str(whole.get("sign", ""))):
            raise CallFailed("the answer is not the provider's: BAD_SIGNATURE", answer.milliseconds)
        return {name: str(value) for name, value in found.items()}


def joined(given: Mapping[str, str]) -> str:
    """Parameters as they are signed: by name, without empty ones.

    >>> joined({"b": "2", "a": "1", "c": ""})
    'a=1&b=2'
    """
    return "&".join(f"{name}={given[name]}" for name in sorted(given) if given[name] != "")


def _read_call(given: Mapping[str, str]) -> Told:
    if given.get("refund_fee") and given.get("out_biz_no"):
        return Told(
            providers.REFUNDED, given["out_trade_no"], trade_number=given["trade_no"],
            amount_fen=fen(given["refund_fee"]), at=_moment(given["gmt_refund"][:19]), refund_number=given["out_biz_no"],
            is_running_total=True,
        )  # fmt: skip
    paid = given.get("gmt_payment", "")
    return Told(
        _STATES.get(given["trade_status"], providers.NOT_PAID), given["out_trade_no"], trade_number=given["trade_no"],
        amount_fen=fen(given["total_amount"]), at=_moment(paid) if paid else None,
    )  # fmt: skip


def _refund(refund: RefundAsked, what: str) -> Told:
    return Told(what, refund.order.number, amount_fen=refund.amount_fen, refund_number=refund.number)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BILLING_ZONE)
