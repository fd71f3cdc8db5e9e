"""WeChat Pay 微信支付, interface version 3: requests signed by the merchant, call-backs signed by the platform with their
resource encrypted, answers in JSON. Native orders: the customer scans what ``code_url`` says.

Facts of a channel: ``site`` (our public address), ``gateway``, ``app_id``, ``serial`` (of our certificate),
``platform_keys`` (JSON: serial → public key in PEM). Secrets: ``private_key``, ``api_key`` (32 characters).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import secrets
from base64 import b64decode
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wandeng.domains.payments.queries.online import ChannelFacts
from wandeng.flows.online_payments import providers
from wandeng.flows.online_payments.providers import (
    Asked,
    Call,
    DayLine,
    NotGenuine,
    ProviderRefused,
    RefundAsked,
    Reply,
    Said,
    Told,
)
from wandeng.infra.outgoing import Answer, CallFailed
from wandeng.interfaces.channels.payments import keys
from wandeng.kernel.money import fen
from wandeng.kernel.periods import BILLING_ZONE

GATEWAY = "https://api.mch.weixin.qq.com"
WINDOW = timedelta(minutes=5)
"""A call-back is signed when it is sent; an older one is a replay."""
SIGNED_HEADERS = ("Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial")
_STATES = {"SUCCESS": providers.PAID, "REFUND": providers.PAID, "CLOSED": providers.CLOSED, "REVOKED": providers.CLOSED}
_REFUNDS = {
    "SUCCESS": providers.REFUNDED,
    "PROCESSING": providers.REFUNDING,
    "CLOSED": providers.REFUND_FAILED,
    "ABNORMAL": providers.REFUND_FAILED,
}
_EVENTS = {
    "TRANSACTION.SUCCESS": providers.PAID,
    "REFUND.SUCCESS": providers.REFUNDED,
    "REFUND.ABNORMAL": providers.REFUND_FAILED,
    "REFUND.CLOSED": providers.REFUND_FAILED,
}


class WechatPay:
    """The adapter of one merchant."""

    def __init__(self, channel: ChannelFacts, call: Call) -> None:
        self._channel = channel
        self._call = call
        self._gateway = channel.facts.get("gateway", GATEWAY).rstrip("/")
        self._platform: dict[str, str] = json.loads(channel.facts.get("platform_keys", "{}"))

    def create(self, order: Asked, *, now: datetime) -> str:
        body = {
            "appid": self._channel.facts["app_id"],
            "mchid": self._channel.merchant,
            "description": order.subject,
            "out_trade_no": order.number,
            "time_expire": order.expires_at.astimezone(BILLING_ZONE).isoformat(timespec="seconds"),
            "notify_url": f"{self._channel.facts['site'].rstrip('/')}/channels/payments/{self._channel.code}/",
            "amount": {"total": order.amount_fen, "currency": "CNY"},
        }
        return str(self._ask("POST", "/v3/pay/transactions/native", body, now)[0]["code_url"])

    def read(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Told:
        named = {name.lower(): value for name, value in headers.items()}
        self._check_signature(named, body, now)
        try:
            message = json.loads(body)
            what = _EVENTS.get(message["event_type"], "")
            resource = message["resource"]
            opened = self._opened(resource)
            return _read_refund(opened, what) if "out_refund_no" in opened else _read_trade(opened, what)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise NotGenuine("UNREADABLE") from None

    def reply(self, *, taken: bool) -> Reply:
        told = {"code": "SUCCESS" if taken else "FAIL", "message": "" if taken else "signature"}
        return Reply(200 if taken else 401, "application/json", json.dumps(told))

    def query(self, order: Asked, *, now: datetime) -> Said:
        path = f"/v3/pay/transactions/out-trade-no/{quote(order.number)}?mchid={quote(self._channel.merchant)}"
        found, answer = self._ask("GET", path, None, now, absent="ORDER_NOT_EXIST")
        if not found:
            return Said(Told(providers.ABSENT, order.number), answer.body)
        what = _STATES.get(str(found.get("trade_state")), providers.NOT_PAID)
        return Said(_read_trade(found, what), answer.body)

    def close(self, order: Asked, *, now: datetime) -> None:
        path = f"/v3/pay/transactions/out-trade-no/{quote(order.number)}/close"
        self._ask("POST", path, {"mchid": self._channel.merchant}, now)

    def refund(self, refund: RefundAsked, *, now: datetime) -> Said:
        amount = {"refund": refund.amount_fen, "total": refund.order.amount_fen, "currency": "CNY"}
        body = {
            "out_trade_no": refund.order.number, "out_refund_no": refund.number, "reason": refund.reason[:80],
            "amount": amount,
            "notify_url": f"{self._channel.facts['site'].rstrip('/')}/channels/payments/{self._channel.code}/",
        }  # fmt: skip
        found, answer = self._ask("POST", "/v3/refund/domestic/refunds", body, now)
        return Said(_read_refund(found, _REFUNDS.get(str(found.get("status")), providers.REFUNDING)), answer.body)

    def query_refund(self, refund: RefundAsked, *, now: datetime) -> Said:
        path = f"/v3/refund/domestic/refunds/{quote(refund.number)}"
        found, answer = self._ask("GET", path, None, now, absent="RESOURCE_NOT_EXISTS")
        if not found:
            return Said(Told(providers.NO_REFUND, refund.order.number, refund_number=refund.number), answer.body)
        return Said(_read_refund(found, _REFUNDS.get(str(found.get("status")), providers.REFUNDING)), answer.body)

    def detail(self, day: date, *, now: datetime) -> tuple[DayLine, ...]:
        found, _ = self._ask("GET", f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL", None, now,
                             absent="NO_STATEMENT_EXIST")  # fmt: skip
        if not found:
            return ()
        parts = urlsplit(str(found["download_url"]))
        answer = self._send("GET", f"{parts.path}?{parts.query}", b"", now)
        if hashlib.sha1(answer.body, usedforsecurity=False).hexdigest() != found["hash_value"]:
            raise ProviderRefused("the detail of the day is not what the provider's hash says")
        return tuple(_lines(answer.body.decode("utf-8-sig")))

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None, now: datetime, absent: str = ""
    ) -> tuple[dict[str, Any], Answer]:
        """The answer as JSON, empty for what the provider does not know (``absent``)."""
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = self._send(method, path, raw, now)
        try:
            found = json.loads(answer.body) if answer.body else {}
        except ValueError:
            raise CallFailed("the answer is not JSON", answer.milliseconds) from None
        if answer.status >= 500:
            raise CallFailed(f"the provider answered {answer.status}", answer.milliseconds)
        if answer.status >= 400:
            if absent and found.get("code") == absent:
                return {}, answer
            raise ProviderRefused(f"the provider refuses: {found.get('code', answer.status)}")
        return found, answer

    def _send(self, method: str, path: str, raw: bytes, now: datetime) -> Answer:
        stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
        text = f"{method}\n{path}\n{stamp}\n{nonce}\n".encode() + raw + b"\n"
        signature = keys.sign(self._channel.secrets["private_key"], text)
        facts = {"mchid": self._channel.merchant, "nonce_str": nonce, "signature": signature, "timestamp": stamp,
                 "serial_no": self._channel.facts["serial"]}  # fmt: skip
        told = ",".join(f'{name}="{value}"' for name, value in facts.items())
        headers = {"Authorization": f"WECHATPAY2-SHA256-RSA2048 {told}", "Accept": "application/json",
                   "Content-Type": "application/json", "User-Agent": "wandeng"}  # fmt: skip
        answer = self._call(method, self._gateway + path, raw, headers)
        if answer.status < 300 and answer.body and not path.startswith("/v3/billdownload"):
            named = {name.lower(): value for name, value in answer.headers.items()}
            try:
                self._check_signature(named, answer.body, now)
            except NotGenuine as refusal:
                raise CallFailed(f"the answer is not the provider's: {refusal.fault}", answer.milliseconds) from None
        return answer

    def _check_signature(self, named: Mapping[str, str], body: bytes, now: datetime) -> None:
        stamp, nonce, signature, serial = (named.get(name.lower(), "") for name in SIGNED_HEADERS)
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12 or not nonce or not signature:
            raise NotGenuine("NOT_SIGNED")
        public = self._platform.get(serial)
        if public is None:
            raise NotGenuine("UNKNOWN_KEY")
        if not keys.is_signed(public, f"{stamp}\n{nonce}\n".encode() + body + b"\n", signature):
            raise NotGenuine("BAD_SIGNATURE")
        if abs(now - datetime.fromtimestamp(int(stamp), now.tzinfo)) > WINDOW:
            raise NotGenuine("STALE")

    def _opened(self, resource: Mapping[str, str]) -> dict[str, Any]:
        cipher = AESGCM(self._channel.secrets["api_key"].encode())
        try:
            raw = cipher.decrypt(
                resource["nonce"].encode(),
                b64decode(resource["ciphertext"]),
                resource.get("associated_data", "").encode(),
            )
        except InvalidTag:
            raise NotGenuine("SEALED_OTHERWISE") from None
        found: dict[str, Any] = json.loads(raw)
        return found


def _read_trade(facts: Mapping[str, Any], what: str) -> Told:
    amount = facts.get("amount") or {}
    stamp = facts.get("success_time")
    return Told(
        what,
        str(facts["out_trade_no"]),
        trade_number=str(facts.get("transaction_id", "")),
        amount_fen=_whole(amount.get("total", 0)),
        at=datetime.fromisoformat(stamp) if stamp else None,
    )


def _read_refund(facts: Mapping[str, Any], what: str) -> Told:
    stamp = facts.get("success_time")
    return Told(
        what,
        str(facts["out_trade_no"]),
        trade_number=str(facts.get("transaction_id", "")),
        amount_fen=_whole((facts.get("amount") or {}).get("refund", 0)),
        at=datetime.fromisoformat(stamp) if stamp else None,
        refund_number=str(facts["out_refund_no"]),
        reason=str(facts.get("refund_status", facts.get("status", ""))),
    )


def _whole(value: object) -> int:
    """Fen as the provider says; what is no whole number is no amount."""
    if type(value) is not int:
        raise ValueError("an amount is a whole number of fen")
    return value


def _lines(text: str) -> list[DayLine]:
    """Lines of the trade bill: every value begins with a back-tick; the last two lines are totals."""
    rows = list(csv.reader(io.StringIO(text)))
    heads = {name: place for place, name in enumerate(rows[0])} if rows else {}
    found = []
    for row in rows[1:]:
        if len(row) < len(heads) or row[0] == "总交易单数":
            break
        cell = {name: row[place].lstrip("`") for name, place in heads.items()}
        is_refund = cell["交易状态"] == "REFUND"
        amount = cell["退款金额"] if is_refund else cell["应结订单金额"]
        at = datetime.fromisoformat(cell["交易时间"]).replace(tzinfo=BILLING_ZONE)
        refund_number = cell["商户退款单号"] if is_refund else ""
        found.append(DayLine(cell["商户订单号"], cell["微信订单号"], fen(amount), at, refund_number))
    return found
