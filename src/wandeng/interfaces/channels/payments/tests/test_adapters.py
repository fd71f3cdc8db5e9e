"""Each protocol against messages that these tests sign with keys of their own: no network, no accounts."""

from __future__ import annotations

import json
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from wandeng.domains.payments.queries.online import ChannelFacts
from wandeng.flows.online_payments.demo import private_pem
from wandeng.flows.online_payments.providers import Asked, NotGenuine, NotOffered, ProviderRefused, RefundAsked
from wandeng.infra.outgoing import Answer, CallFailed
from wandeng.interfaces.channels.payments import keys
from wandeng.interfaces.channels.payments.alipay import Alipay, joined
from wandeng.interfaces.channels.payments.unionpay import UnionPay, digested

AT = datetime(2026, 3, 20, 3, 0, tzinfo=UTC)
LOCAL = zoneinfo.ZoneInfo("Asia/Shanghai")
ORDER = Asked("20260320ABC", 128_50, "电费 1001", AT, AT + timedelta(minutes=30), "T1")
REFUND = RefundAsked("R20260320", ORDER, 128_50, "重复缴费")
NAME = "中国银联股份有限公司"
Answering = Callable[[dict[str, str]], dict[str, Any]]


@cache
def key(name: str) -> RSAPrivateKey:
    assert name
    return generate_private_key(public_exponent=65537, key_size=2048)


@cache
def pem(name: str) -> str:
    return private_pem(key(name))


@cache
def public(name: str) -> str:
    return key(name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def alipay(answering: Answering | None = None, *, signed_by: str = "theirs", status: int = 200) -> Alipay:
    """An adapter whose provider answers what ``answering`` makes of the parameters, once it has checked ours."""

    def call(method: str, _url: str, body: bytes, _headers: object) -> Answer:
        assert answering is not None
        given = dict(parse_qsl(body.decode()))
        signature = given.pop("sign")
        assert keys.is_signed(public("ours"), joined(given).encode(), signature)
        assert method == "POST"
        node = given["method"].replace(".", "_") + "_response"
        told = json.dumps(answering(given), ensure_ascii=False)
        text = f'{{"{node}":{told},"sign":"{keys.sign(pem(signed_by), told.encode())}"}}'
        return Answer(status, text.encode(), 5)

    facts = {"site": "https://pay.example", "app_id": "2021", "alipay_key": public("theirs")}
    return Alipay(ChannelFacts("ALI", "ALIPAY", "支付宝", "2088", facts, {"private_key": pem("ours")}, True), call)


def alipay_call(**changed: str) -> bytes:
    """A call-back as Alipay signs it."""
    given = {
        "app_id": "2021", "trade_status": "TRADE_SUCCESS", "out_trade_no": ORDER.number, "trade_no": "2026AL1",
        "total_amount": "128.50", "gmt_payment": "2026-03-20 11:00:00", "notify_id": "n1", "subject": "电费 & 费",
        "buyer_logon_id": "138****5678", "empty": "",
    } | changed  # fmt: skip
    signed = keys.sign(pem("theirs"), joined(given).encode())
    return urlencode(given | {"sign": signed, "sign_type": "RSA2"}).encode()


def test_alipay_call_back_is_read_with_its_amount_and_its_time() -> None:
    told = alipay().read({}, alipay_call(), now=AT)
    assert (told.what, told.order_number, told.trade_number) == ("PAID", ORDER.number, "2026AL1")
    assert (told.amount_fen, told.at) == (128_50, AT)


def test_alipay_refund_call_back_is_a_refund_and_not_a_payment() -> None:
    body = alipay_call(refund_fee="128.50", out_biz_no="R1", gmt_refund="2026-03-20 12:00:00.123")
    told = alipay().read({}, body, now=AT)
    assert (told.what, told.refund_number, told.amount_fen) == ("REFUNDED", "R1", 128_50)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (alipay_call().replace(b"128.50", b"12850"), "BAD_SIGNATURE"),
        (alipay_call(app_id="other"), "OTHER_MERCHANT"),
        (alipay_call(total_amount="1e2"), "UNREADABLE"),
        (alipay_call(total_amount="128.505"), "UNREADABLE"),
        (b"out_trade_no=1", "NOT_SIGNED"),
        (b"\xff\xfe", "UNREADABLE"),
        (b"", "NOT_SIGNED"),
        (alipay_call().replace(b"sign_type=RSA2", b"sign_type=RSA"), "NOT_SIGNED"),
    ],
)
def test_alipay_call_backs_that_are_not_believed(body: bytes, fault: str) -> None:
    with pytest.raises(NotGenuine) as refused:
        alipay().read({}, body, now=AT)
    assert refused.value.fault == fault


def test_alipay_questions_are_signed_and_answers_are_checked() -> None:
    asked: list[dict[str, Any]] = []

    def answering(given: dict[str, str]) -> dict[str, Any]:
        asked.append(json.loads(given["biz_content"]))
        return {"code": "10000", "qr_code": "https://qr.alipay.com/x", "trade_status": "TRADE_SUCCESS",
                "trade_no": "2026AL1", "total_amount": "128.50", "send_pay_date": "2026-03-20 11:00:00"}  # fmt: skip

    assert alipay(answering).create(ORDER, now=AT) == "https://qr.alipay.com/x"
    assert asked[0]["total_amount"] == "128.50"
    told = alipay(answering).query(ORDER, now=AT).told
    assert (told.what, told.amount_fen, told.trade_number) == ("PAID", 128_50, "2026AL1")
    with pytest.raises(CallFailed):
        alipay(answering, signed_by="nobody").query(ORDER, now=AT)
    with pytest.raises(CallFailed):
        alipay(answering, status=502).query(ORDER, now=AT)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ({"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}, "ABSENT"),
        ({"code": "10000", "trade_status": "WAIT_BUYER_PAY"}, "NOT_PAID"),
        ({"code": "10000", "trade_status": "TRADE_CLOSED"}, "CLOSED"),
    ],
)
def test_alipay_answers_to_a_question(answer: dict[str, str], what: str) -> None:
    assert alipay(lambda _given: answer).query(ORDER, now=AT).told.what == what


def test_alipay_refunds_are_done_under_way_or_unknown() -> None:
    done = alipay(lambda _given: {"code": "10000", "fund_change": "Y"}).refund(REFUND, now=AT).told
    assert (done.what, done.refund_number, done.amount_fen) == ("REFUNDED", REFUND.number, 128_50)
    maybe = alipay(lambda _given: {"code": "10000", "fund_change": "N"})
    assert maybe.refund(REFUND, now=AT).told.what == "REFUNDING"
    found = {"code": "10000", "refund_status": "REFUND_SUCCESS", "refund_amount": "128.50"}
    assert alipay(lambda _given: found).query_refund(REFUND, now=AT).told.what == "REFUNDED"
    assert alipay(lambda _given: {"code": "10000"}).query_refund(REFUND, now=AT).told.what == "NO_REFUND"
    with pytest.raises(ProviderRefused):
        alipay(lambda _given: {"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}).refund(REFUND, now=AT)
    with pytest.raises(CallFailed):
        alipay(lambda _given: {"code": "20000"}).refund(REFUND, now=AT)
    with pytest.raises(NotOffered):
        alipay().detail(AT.date(), now=AT)


@cache
def certificate(name: str, subject: str, issuer: str = "root") -> str:
    """A certificate of a key, signed by an issuer's."""
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)])
    built = x509.CertificateBuilder().subject_name(named).issuer_name(by).public_key(key(name).public_key())
    built = built.serial_number(7).not_valid_before(AT - timedelta(days=30)).not_valid_after(AT + timedelta(days=30))
    return built.sign(key(issuer), SHA256()).public_bytes(Encoding.PEM).decode()


def unionpay(answering: Answering | None = None) -> UnionPay:
    def call(_method: str, _url: str, body: bytes, _headers: object) -> Answer:
        assert answering is not None
        given = dict(parse_qsl(body.decode(), keep_blank_values=True))
        signature = given.pop("signature")
        assert keys.is_signed(public("ours"), digested(given), signature)
        return Answer(200, unionpay_call(**answering(given)), 5)

    facts = {"site": "https://pay.example", "cert_id": "99", "roots": certificate("root", "root")}
    return UnionPay(ChannelFacts("UP", "UNIONPAY", "银联", "777", facts, {"private_key": pem("ours")}, True), call)


def unionpay_call(signer: str = "theirs", subject: str = NAME, issuer: str = "root", **changed: str) -> bytes:
    given = {
        "version": "5.1.0", "merId": "777", "orderId": ORDER.number, "txnType": "01", "respCode": "00", "queryId": "Q1",
        "txnAmt": "12850", "txnTime": "20260320110000", "signPubKeyCert": certificate(signer, subject, issuer),
    } | changed  # fmt: skip
    return urlencode(given | {"signature": keys.sign(pem(signer), digested(given))}).encode()


def test_unionpay_call_back_is_believed_for_the_certificate_it_carries() -> None:
    told = unionpay().read({}, unionpay_call(), now=AT)
    assert (told.what, told.order_number, told.trade_number) == ("PAID", ORDER.number, "Q1")
    assert (told.amount_fen, told.at) == (128_50, datetime(2026, 3, 20, 11, 0, tzinfo=LOCAL))
    back = unionpay_call(txnType="04", orderId="R1", reqReserved=ORDER.number)
    told = unionpay().read({}, back, now=AT)
    assert (told.what, told.order_number, told.refund_number) == ("REFUNDED", ORDER.number, "R1")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (lambda: unionpay_call().replace(b"txnAmt=12850", b"txnAmt=1"), "BAD_SIGNATURE"),
        (lambda: unionpay_call(signer="thief", issuer="thief"), "UNKNOWN_KEY"),
        (lambda: unionpay_call(subject="Somebody"), "UNKNOWN_KEY"),
        (lambda: unionpay_call(merId="1"), "OTHER_MERCHANT"),
        (lambda: unionpay_call(txnAmt="12.50"), "UNREADABLE"),
        (lambda: b"orderId=1", "NOT_SIGNED"),
    ],
)
def test_unionpay_call_backs_that_are_not_believed(body: Callable[[], bytes], fault: str) -> None:
    with pytest.raises(NotGenuine) as refused:
        unionpay().read({}, body(), now=AT)
    assert refused.value.fault == fault


def test_a_unionpay_certificate_that_has_run_out_is_not_believed() -> None:
    with pytest.raises(NotGenuine, match="UNKNOWN_KEY"):
        unionpay().read({}, unionpay_call(), now=AT + timedelta(days=31))


def test_unionpay_questions_are_signed_and_answers_are_checked() -> None:
    assert (
        unionpay(lambda _given: {"qrCode": "https://qr.95516.com/x"}).create(ORDER, now=AT) == "https://qr.95516.com/x"
    )
    paid = unionpay(lambda _given: {"origRespCode": "00"}).query(ORDER, now=AT).told
    assert (paid.what, paid.amount_fen, paid.trade_number) == ("PAID", 128_50, "Q1")
    assert unionpay(lambda _given: {"origRespCode": "05"}).query(ORDER, now=AT).told.what == "NOT_PAID"
    assert unionpay(lambda _given: {"respCode": "34"}).query(ORDER, now=AT).told.what == "ABSENT"
    assert unionpay(lambda _given: {"respCode": "00"}).refund(REFUND, now=AT).told.what == "REFUNDING"
    assert unionpay(lambda _given: {"respCode": "77"}).refund(REFUND, now=AT).told.what == "REFUND_FAILED"
    assert unionpay(lambda _given: {"respCode": "34"}).query_refund(REFUND, now=AT).told.what == "NO_REFUND"
    assert unionpay(lambda _given: {"origRespCode": "00"}).query_refund(REFUND, now=AT).told.what == "REFUNDED"
    with pytest.raises(ProviderRefused):
        unionpay(lambda _given: {"respCode": "11"}).create(ORDER, now=AT)
    with pytest.raises(CallFailed):
        unionpay(lambda _given: {"signer": "thief", "issuer": "thief"}).query(ORDER, now=AT)
    with pytest.raises(NotOffered):
        unionpay().close(ORDER, now=AT)
    unionpay().close(ORDER, now=ORDER.expires_at)


def test_every_adapter_answers_a_call_back_in_its_own_words() -> None:
    assert (alipay().reply(taken=True).body, alipay().reply(taken=False).body) == ("success", "failure")
    assert (unionpay().reply(taken=True).status, unionpay().reply(taken=False).status) == (200, 400)
