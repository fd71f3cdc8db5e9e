"""UnionPay 银联 全渠道 5.1.0: forms signed with a certificate. A message carries the certificate that signed it, which is
believed when UnionPay's root (or its issuer, in between) has signed it and it names UnionPay.

Facts of a channel: ``site``, ``gateway``, ``cert_id`` (serial of our certificate), ``roots`` (PEM of the certificates that
may sign), ``cert_name`` (what the subject must say). Secret: ``private_key``. The detail of a day is a file that the bank
desk takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

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
from wandeng.interfaces.channels.payments.alipay import FORM, joined
from wandeng.kernel.periods import BILLING_ZONE

GATEWAY = "https://gateway.95516.com"
NAME = "中国银联股份有限公司"
_GOOD = ("00", "A6")
_UNDERWAY = ("03", "04", "05")
_ABSENT = "34"


class UnionPay:
    """The adapter of one merchant."""

    def __init__(self, channel: ChannelFacts, call: Call) -> None:
        self._channel = channel
        self._call = call

    def create(self, order: Asked, *, now: datetime) -> str:
        given = self._about(order, "01", "07") | {
            "txnAmt": str(order.amount_fen),
            "currencyCode": "156",
            "backUrl": self._back(),
            "payTimeout": _stamp(order.expires_at),
        }
        found, _ = self._ask("/gateway/api/backTransReq.do", given)
        _refuse_unless_good(found)
        return found["qrCode"]

    def read(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Told:
        try:
            given = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=100))
        except ValueError:
            raise NotGenuine("UNREADABLE") from None
        number = given.get("orderId", "")
        self._check(given, now)
        if given.get("merId") != self._channel.merchant:
            raise NotGenuine("OTHER_MERCHANT", number)
        try:
            if given["txnType"] == "04":
                what = providers.REFUNDED if given["respCode"] in _GOOD else providers.REFUND_FAILED
                # A refund is an order of its own here; ours says in it which order it is of.
                return Told(what, given["reqReserved"], given["queryId"], int(given["txnAmt"]),
                            _moment(given["txnTime"]), number, given["respCode"])  # fmt: skip
            what = providers.PAID if given["respCode"] in _GOOD else providers.NOT_PAID
            return Told(what, number, given["queryId"], int(given["txnAmt"]), _moment(given["txnTime"]))
        except (KeyError, ValueError):
            raise NotGenuine("UNREADABLE", number) from None

    def reply(self, *, taken: bool) -> Reply:
        return Reply(200 if taken else 400, "text/plain", "ok" if taken else "signature")

    def query(self, order: Asked, *, now: datetime) -> Said:
        found, answer = self._ask("/gateway/api/queryTrans.do", self._about(order, "00", "00"), now)
        if found.get("respCode") == _ABSENT:
            return Said(Told(providers.ABSENT, order.number), answer.body)
        _refuse_unless_good(found)
        is_paid = found.get("origRespCode") in _GOOD
        told = Told(
            providers.PAID if is_paid else providers.NOT_PAID, order.number, found.get("queryId", ""),
            int(found.get("txnAmt", "0")), _moment(found["txnTime"]) if is_paid else None,
        )  # fmt: skip
        return Said(told, answer.body)

    def close(self, order: Asked, *, now: datetime) -> None:
        # An order cannot be paid after its payTimeout, and the protocol knows no closing before it.
        if now < order.expires_at:
            raise NotOffered("this provider closes an order only when its time is over")

    def refund(self, refund: RefundAsked, *, now: datetime) -> Said:
        given = self._common("04", "00") | {
            "orderId": refund.number,
            "txnTime": _stamp(refund.order.opened_at),
            "txnAmt": str(refund.amount_fen),
            "origQryId": refund.order.trade_number,
            "reqReserved": refund.order.number,
            "backUrl": self._back(),
        }
        found, answer = self._ask("/gateway/api/backTransReq.do", given, now)
        if found.get("respCode") not in (*_GOOD, *_UNDERWAY):
            return Said(self._told(refund, providers.REFUND_FAILED, found), answer.body)
        return Said(self._told(refund, providers.REFUNDING, found), answer.body)

    def query_refund(self, refund: RefundAsked, *, now: datetime) -> Said:
        given = self._common("00", "00") | {"orderId": refund.number, "txnTime": _stamp(refund.order.opened_at)}
        found, answer = self._ask("/gateway/api/queryTrans.do", given, now)
        if found.get("respCode") == _ABSENT:
            return Said(self._told(refund, providers.NO_REFUND, found), answer.body)
        _refuse_unless_good(found)
        code = found.get("origRespCode", "")
        underway = providers.REFUNDING if code in _UNDERWAY else providers.REFUND_FAILED
        return Said(self._told(refund, providers.REFUNDED if code in _GOOD else underway, found), answer.body)

    def detail(self, day: date, *, now: datetime) -> tuple[DayLine, ...]:
        raise NotOffered("this provider's day comes as a file: bring it to the bank desk")

    def _told(self, refund: RefundAsked, what: str, found: Mapping[str, str]) -> Told:
        return Told(what, refund.order.number, amount_fen=refund.amount_fen, refund_number=refund.number,
                    reason=found.get("origRespCode", found.get("respCode", "")))  # fmt: skip

    def _back(self) -> str:
        return f"{self._channel.facts['site'].rstrip('/')}/channels/payments/{self._channel.code}/"

    def _common(self, kind: str, sub_kind: str) -> dict[str, str]:
        return {
            "version": "5.1.0",
            "encoding": "UTF-8",
            "signMethod": "01",
            "txnType": kind,
            "txnSubType": sub_kind,
            "bizType": "000000",
            "channelType": "08",
            "accessType": "0",
            "merId": self._channel.merchant,
            "certId": self._channel.facts["cert_id"],
        }

    def _about(self, order: Asked, kind: str, sub_kind: str) -> dict[str, str]:
        return self._common(kind, sub_kind) | {"orderId": order.number, "txnTime": _stamp(order.opened_at)}

    def _ask(self, path: str, given: dict[str, str], now: datetime | None = None) -> tuple[dict[str, str], Answer]:
        given = given | {"signature": keys.sign(self._channel.secrets["private_key"], digested(given))}
        url = self._channel.facts.get("gateway", GATEWAY).rstrip("/") + path
        answer = self._call("POST", url, urlencode(given).encode(), {"Content-Type": FORM})
        if answer.status != 200:
            raise CallFailed(f"the provider answered {answer.status}", answer.milliseconds)
        try:
            found = dict(parse_qsl(answer.body.decode(), keep_blank_values=True))
            self._check(found, now)
        except (NotGenuine, ValueError):
            raise CallFailed("the answer is not the provider's", answer.milliseconds) from None
        return found, answer

    def _check(self, given: Mapping[str, str], now: datetime | None) -> None:
        number, signature, pem = (given.get(name, "") for name in ("orderId", "signature", "signPubKeyCert"))
        if not signature or not pem:
            raise NotGenuine("NOT_SIGNED", number)
        facts = self._channel.facts
        if not is_believed(pem, facts["roots"], facts.get("cert_name", NAME), now):
            raise NotGenuine("UNKNOWN_KEY", number)
        text = digested({name: value for name, value in given.items() if name != "signature"})
        if not keys.is_signed(pem, text, signature):
            raise NotGenuine("BAD_SIGNATURE", number)


def digested(given: Mapping[str, str]) -> bytes:
    """What is signed: the SHA-256, in hex, of the parameters by name."""
    return hashlib.sha256(joined(given).encode()).hexdigest().encode()


def is_believed(pem: str, roots: str, name: str, now: datetime | None) -> bool:
    """Whether a certificate names UnionPay, was signed by one that we hold, and is in force."""
    found = _believed(pem, roots, name)
    return found is not None and (now is None or found.not_valid_before_utc <= now <= found.not_valid_after_utc)


@lru_cache(maxsize=32)
def _believed(pem: str, roots: str, name: str) -> x509.Certificate | None:
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        issuers = x509.load_pem_x509_certificates(roots.encode())
    except ValueError:
        return None
    said = " ".join(str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    if name not in said:
        return None
    for issuer in issuers:
        try:
            certificate.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return certificate
    return None


def _refuse_unless_good(found: Mapping[str, str]) -> None:
    if found.get("respCode") not in _GOOD:
        raise ProviderRefused(f"the provider refuses: {found.get('respCode', '')}")


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(BILLING_ZONE):%Y%m%d%H%M%S}"


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=BILLING_ZONE)
