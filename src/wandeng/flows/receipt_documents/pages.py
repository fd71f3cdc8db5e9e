"""A receipt as the data of its template, and as PDF: amounts in figures and in capitals, a code that proves it."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

from wandeng.domains.payments.queries.till_receipts import ReceiptShown, SettledLine
from wandeng.flows.bill_documents.pages import amount_in_words
from wandeng.infra.typesetting import Typesetter, qr_svg
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

TENDERS = {"CASH": "现金", "CARD": "刷卡", "QR": "扫码"}
FOOT = "本收据为电费收讫凭证，不作发票使用；需要发票请凭户号办理。扫码或凭核验码可查验真伪。"


def pdf(receipt: ReceiptShown) -> bytes:
    """The receipt as PDF; the same receipt gives the same bytes. Raises ``FontMissing`` without a Chinese font."""
    return _typesetter().pdf(data(receipt), made_on=receipt.received_on)


def data(receipt: ReceiptShown) -> dict[str, Any]:
    """What the template shows, all of it as text."""
    return {
        "utility": receipt.unit_name,
        "title": "电费收据",
        "number": receipt.number,
        "issued": f"{receipt.issued_at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}",
        "facts": _facts(receipt),
        "lines": [[line_name(line), _plain(line.amount_fen)] for line in receipt.settled],
        "capital": amount_in_words(receipt.amount_fen),
        "amount": format_yuan(receipt.amount_fen),
        "qr": qr_svg(receipt.qr_text),
        "check_code": receipt.check_code,
        "cashier": receipt.cashier,
        "void_mark": "作废" if receipt.is_void else "",
        "void_note": _void(receipt),
        "foot": FOOT,
    }


def line_name(line: SettledLine) -> str:
    """What a part of the money was for, in the words of the paper."""
    month = f"{line.month.year}年{line.month.number}月" if line.month else ""
    return {"BILL": f"{month}电费", "LATE_FEE": f"{month}电费违约金", "CREDIT": "预收电费"}[line.kind]


def _facts(receipt: ReceiptShown) -> list[list[str]]:
    facts = [
        ["户号", receipt.account_number],
        ["户名", receipt.account_name],
        ["地址", receipt.address],
        ["结算方式", TENDERS[receipt.tender]],
    ]
    if receipt.payer:
        facts.append(["交款人", receipt.payer])
    if receipt.slip:
        facts.append(["票号", receipt.slip])
    if receipt.change_fen:
        facts.append(["收款", _plain(receipt.tendered_fen)])
        facts.append(["找零", _plain(receipt.change_fen)])
    facts.append(["尚欠", _plain(receipt.owed_after_fen)])
    return facts


def _void(receipt: ReceiptShown) -> str:
    if not receipt.is_void:
        return ""
    when = f"{receipt.voided_at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M} " if receipt.voided_at else ""
    return f"本收据已作废：{when}{receipt.voided_by} {receipt.void_reason}"


def _plain(amount_fen: int) -> str:
    return format_yuan(amount_fen).removeprefix("¥")


@lru_cache(maxsize=1)
def _typesetter() -> Typesetter:
    template = resources.files("wandeng.flows.receipt_documents").joinpath("receipt.typ").read_text("utf-8")
    return Typesetter(template)
