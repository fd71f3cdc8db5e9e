"""The demo provider 演示渠道: speaks WeChat Pay's protocol to itself. Our side is the real adapter; the other side is
:class:`DemoHouse`, which keeps its trades in files of its own, as a provider keeps them elsewhere.

Besides the facts and secrets of :mod:`wechat`, its channel has the other side's: ``merchant_key`` (our public key, PEM)
and, secret, ``platform_private_key``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from wandeng.domains.payments.queries.online import ChannelFacts
from wandeng.flows.online_payments.providers import Call
from wandeng.infra import files
from wandeng.infra.outgoing import Answer
from wandeng.interfaces.channels.payments import keys
from wandeng.interfaces.channels.payments.wechat import WechatPay
from wandeng.kernel.errors import NotFound
from wandeng.kernel.money import yuan
from wandeng.kernel.periods import BILLING_ZONE

SERIAL = "DEMO"
_NUMBER = re.compile(r"[0-9A-Za-z]{6,32}")
_ORDERS = "/v3/pay/transactions/out-trade-no/"
_REFUNDS = "/v3/refund/domestic/refunds"
HEADS = ("交易时间", "商户号", "微信订单号", "商户订单号", "交易状态", "应结订单金额", "商户退款单号", "退款金额")

Trade = dict[str, Any]
CallBack = tuple[dict[str, str], bytes]
"""Headers and body, signed."""


class DemoPay(WechatPay):
    """Our side: the adapter for WeChat Pay, connected to the demo house instead of the network."""

    def __init__(self, channel: ChannelFacts, _call: Call) -> None:
        self.house = DemoHouse(channel)
        super().__init__(channel, self.house.answer)


class DemoHouse:
    """The other side: a provider with its trades, which customers pay at the demo cashier."""

    def __init__(self, channel: ChannelFacts) -> None:
        self._channel = channel
        self._asked_at = datetime.fromtimestamp(0, BILLING_ZONE)
        self._folder = Path(settings.HOME) / "demo-cashier" / channel.code

    def answer(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What a provider answers to a signed question."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if not self._is_ours(method, path, body, headers.get("Authorization", "")):
            return self._signed(401, {"code": "SIGN_ERROR"})
        given = json.loads(body) if body else {}
        if parts.path == "/v3/pay/transactions/native":
            return self._open(given)
        if parts.path.startswith(_ORDERS):
            number, _, what = parts.path.removeprefix(_ORDERS).partition("/")
            return self._close(number) if what == "close" else self._tell(number)
        if parts.path == _REFUNDS:
            return self._refund(given)
        if parts.path.startswith(f"{_REFUNDS}/"):
            return self._tell_refund(parts.path.removeprefix(f"{_REFUNDS}/"))
        if parts.path == "/v3/bill/tradebill":
            return self._bill(parse_qs(parts.query)["bill_date"][0], url)
        if parts.path == "/v3/billdownload/file":
            return Answer(200, self._bill_text(parse_qs(parts.query)["day"][0]), 0)
        return self._signed(404, {"code": "NOT_FOUND"})

    def trade(self, number: str) -> Trade:
        """A trade as the house has it. Raises :class:`NotFound`."""
        found = self._read(number)
        if found is None:
            raise NotFound(f"there is no trade {number}")
        return found

    def pay(self, number: str, *, at: datetime, amount_fen: int | None = None) -> Trade:
        """A customer pays: a new payment of the trade, whatever was paid before."""
        trade = self.trade(number)
        payment = {
            "transaction_id": f"42{at:%Y%m%d%H%M%S}{secrets.randbelow(10**12):012d}",
            "total": trade["total"] if amount_fen is None else amount_fen,
            "success_time": at.astimezone(BILLING_ZONE).isoformat(timespec="seconds"),
        }
        trade["payments"].append(payment)
        trade["trade_state"] = "SUCCESS"
        self._write(trade)
        return trade

    def fail(self, number: str) -> None:
        """A customer tries and cannot pay: nothing is called back."""
        trade = self.trade(number)
        trade["failures"] = trade.get("failures", 0) + 1
        self._write(trade)

    def call_back(self, number: str, *, at: datetime, which: int = -1, other_number: str = "") -> CallBack:
        """The signed call-back about a payment of a trade; about ``other_number`` instead, where one is given."""
        trade = self.trade(number)
        told = self._state_of(trade, trade["payments"][which]) | (
            {"out_trade_no": other_number} if other_number else {}
        )
        return self._sealed("TRANSACTION.SUCCESS", told, at)

    def refund_call_back(self, refund_number: str, *, at: datetime) -> CallBack:
        """The signed call-back about a refund."""
        told = self._refund_of(refund_number)
        return self._sealed("REFUND.SUCCESS", told | {"refund_status": "SUCCESS"}, at)

    def _open(self, given: Trade) -> Answer:
        number = str(given["out_trade_no"])
        trade = self._read(number)
        if trade is None:
            trade = {
                "out_trade_no": number, "total": given["amount"]["total"], "description": given["description"],
                "time_expire": given["time_expire"], "trade_state": "NOTPAY", "payments": [], "refunds": [],
            }  # fmt: skip
            self._write(trade)
        site = self._channel.facts["site"].rstrip("/")
        return self._signed(200, {"code_url": f"{site}/channels/cashier/{number}/"})

    def _tell(self, number: str) -> Answer:
        trade = self._read(number)
        if trade is None:
            return self._signed(404, {"code": "ORDER_NOT_EXIST"})
        return self._signed(200, self._state_of(trade, trade["payments"][0] if trade["payments"] else None))

    def _close(self, number: str) -> Answer:
        trade = self._read(number)
        if trade is not None and trade["trade_state"] == "NOTPAY":
            trade["trade_state"] = "CLOSED"
            self._write(trade)
        return Answer(204, b"", 0)

    def _refund(self, given: Trade) -> Answer:
        trade = self._read(str(given["out_trade_no"]))
        if trade is None or not trade["payments"]:
            return self._signed(400, {"code": "INVALID_REQUEST"})
        if all(one["out_refund_no"] != given["out_refund_no"] for one in trade["refunds"]):
            left = trade["total"] - sum(one["refund"] for one in trade["refunds"])
            if not 0 < given["amount"]["refund"] <= left:
                return self._signed(403, {"code": "NOT_ENOUGH"})
            at = self._asked_at.isoformat(timespec="seconds")
            trade["refunds"].append(
                {"out_refund_no": given["out_refund_no"], "refund": given["amount"]["refund"], "success_time": at}
            )
            self._write(trade)
        return self._tell_refund(str(given["out_refund_no"]))

    def _tell_refund(self, refund_number: str) -> Answer:
        try:
            return self._signed(200, self._refund_of(refund_number) | {"status": "SUCCESS"})
        except NotFound:
            return self._signed(404, {"code": "RESOURCE_NOT_EXISTS"})

    def _refund_of(self, refund_number: str) -> Trade:
        for trade in self._trades():
            for one in trade["refunds"]:
                if one["out_refund_no"] == refund_number:
                    return {
                        "out_trade_no": trade["out_trade_no"], "out_refund_no": refund_number,
                        "transaction_id": trade["payments"][0]["transaction_id"],
                        "amount": {"refund": one["refund"], "total": trade["total"]}, "success_time": one["success_time"],
                    }  # fmt: skip
        raise NotFound(f"there is no refund {refund_number}")

    def _bill(self, day: str, url: str) -> Answer:
        raw = self._bill_text(day)
        parts = urlsplit(url)
        link = f"{parts.scheme}://{parts.netloc}/v3/billdownload/file?day={day}"
        digest = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        return self._signed(200, {"hash_type": "SHA1", "hash_value": digest, "download_url": link})

    def _bill_text(self, day: str) -> bytes:
        """The trade bill of a day as the platform writes it: back-ticks before the values, two lines of totals."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEADS)
        for trade in self._trades():
            for one in (*trade["payments"], *trade["refunds"]):
                if one["success_time"][:10] == day:
                    writer.writerow([f"`{cell}" for cell in self._bill_line(trade, one)])
        writer.writerow(["总交易单数", "应结订单总金额"])
        return out.getvalue().encode()

    def _bill_line(self, trade: Trade, one: Trade) -> tuple[str, ...]:
        """A payment or a refund of a trade as the trade bill has it."""
        stamp = f"{datetime.fromisoformat(one['success_time']):%Y-%m-%d %H:%M:%S}"
        head = (stamp, self._channel.merchant)
        if "out_refund_no" in one:
            paid = trade["payments"][0]["transaction_id"]
            return (
                *head,
                paid,
                trade["out_trade_no"],
                "REFUND",
                "0.00",
                one["out_refund_no"],
                str(yuan(one["refund"])),
            )
        return (*head, one["transaction_id"], trade["out_trade_no"], "SUCCESS", str(yuan(one["total"])), "", "0.00")

    def _state_of(self, trade: Trade, payment: Trade | None) -> Trade:
        told = {
            "appid": self._channel.facts["app_id"], "mchid": self._channel.merchant,
            "out_trade_no": trade["out_trade_no"], "trade_type": "NATIVE",
            "trade_state": trade["trade_state"] if payment is None else "SUCCESS",
        }  # fmt: skip
        if payment is None:
            return told
        return told | {
            "transaction_id": payment["transaction_id"],
            "success_time": payment["success_time"],
            "payer": {"openid": f"demo-{trade['out_trade_no'][-6:]}"},
            "amount": {"total": payment["total"], "currency": "CNY"},
        }

    def _sealed(self, event: str, told: Trade, at: datetime) -> CallBack:
        nonce, associated = secrets.token_hex(6), event.split(".")[0].lower()
        cipher = AESGCM(self._channel.secrets["api_key"].encode())
        sealed = cipher.encrypt(nonce.encode(), json.dumps(told).encode(), associated.encode())
        body = {
            "id": secrets.token_hex(16), "create_time": at.isoformat(timespec="seconds"), "event_type": event,
            "resource_type": "encrypt-resource",
            "resource": {"algorithm": "AEAD_AES_256_GCM", "ciphertext": b64encode(sealed).decode(), "nonce": nonce,
                         "associated_data": associated},
        }  # fmt: skip
        raw = json.dumps(body).encode()
        return self._headers(raw, at) | {"Content-Type": "application/json"}, raw

    def _signed(self, status: int, told: Trade) -> Answer:
        raw = json.dumps(told).encode()
        # The questions carry their time; an answer is signed with the same clock.
        return Answer(status, raw, 0, self._headers(raw, self._asked_at))

    def _headers(self, raw: bytes, at: datetime) -> dict[str, str]:
        stamp, nonce = str(int(at.timestamp())), secrets.token_hex(8)
        text = f"{stamp}\n{nonce}\n".encode() + raw + b"\n"
        signature = keys.sign(self._channel.secrets["platform_private_key"], text)
        return {"Wechatpay-Timestamp": stamp, "Wechatpay-Nonce": nonce, "Wechatpay-Signature": signature,
                "Wechatpay-Serial": SERIAL}  # fmt: skip

    def _is_ours(self, method: str, path: str, body: bytes, authorization: str) -> bool:
        """Whether the merchant signed the question; a provider refuses others."""
        kind, _, rest = authorization.partition(" ")
        told = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        if kind != "WECHATPAY2-SHA256-RSA2048" or not {"timestamp", "nonce_str", "signature"} <= set(told):
            return False
        self._asked_at = datetime.fromtimestamp(int(told["timestamp"]), BILLING_ZONE)
        text = f"{method}\n{path}\n{told['timestamp']}\n{told['nonce_str']}\n".encode() + body + b"\n"
        return keys.is_signed(self._channel.facts["merchant_key"], text, told["signature"])

    def _trades(self) -> list[Trade]:
        return [json.loads(path.read_text("utf-8")) for path in sorted(self._folder.glob("*.json"))]

    def _read(self, number: str) -> Trade | None:
        if not _NUMBER.fullmatch(number):
            return None
        path = self._folder / f"{number}.json"
        found: Trade | None = json.loads(path.read_text("utf-8")) if path.exists() else None
        return found

    def _write(self, trade: Trade) -> None:
        text = json.dumps(trade, ensure_ascii=False)
        files.write_whole(self._folder / f"{trade['out_trade_no']}.json", lambda path: path.write_text(text, "utf-8"))
