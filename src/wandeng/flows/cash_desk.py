"""The cash desk 柜面收费: who stands at the counter, what they owe, their money taken, their receipt, and taking it back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Literal

from django.db import transaction

from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts
from wandeng.domains.payments import actions as payments
from wandeng.domains.payments import queries as money
from wandeng.domains.payments.actions import till_receipts, tills
from wandeng.domains.payments.queries import till_receipts as shown
from wandeng.domains.payments.queries.till_receipts import ReceiptShown
from wandeng.domains.payments.types import Receipt, Standing, Tender
from wandeng.flows import payments as flow
from wandeng.flows import search
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

Purpose = Literal["FULL", "PART", "ADVANCE"]
"""缴清欠费, 部分缴费, 预存电费: what the customer wants, said by the clerk, so that a slip of the finger is seen."""
TENDERS = (Tender.CASH, Tender.CARD, Tender.QR)
CHANNELS = {"COUNTER": "TILL", "VEHICLE": "MOBILE", "VILLAGE": "AGENT"}
"""Kind of till → channel of its payments."""
_SCANNED = re.compile(r"wandeng:(bill|receipt):([^:]+):([^:]+):([^:]+)(?::([^:]+))?")
_KEY = re.compile(r"[A-Za-z0-9._-]{1,48}")
MOST_HITS = 8


class NotAsChosen(InvalidInput):
    """The amount does not do what was chosen: clear the debt, pay a part, or pay in advance."""

    code = "CASH_DESK_NOT_AS_CHOSEN"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that fits what was typed at the desk."""

    account_number: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed or scanned at the desk, understood: an account, several to choose from, or a receipt to verify."""

    text: str
    account: AccountFacts | None = None
    candidates: tuple[Candidate, ...] = ()
    receipt_number: str = ""
    receipt_code: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Money taken: its receipt, and the change to hand back. ``is_repeat``: it had been taken before."""

    receipt_number: str
    amount_fen: int
    change_fen: int
    credit_fen: int
    owed_fen_after: int
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class Voided:
    """A void: DONE, or PROPOSED while a second person has to agree."""

    receipt_number: str
    state: str


def look_up(actor: Actor, typed: str) -> Asked:
    """Understand what was typed at the desk (户号, name, telephone) or scanned (the code of a bill or a receipt)."""
    text = typed.strip()
    scanned = _SCANNED.fullmatch(text)
    if scanned and scanned[1] == "receipt":
        return Asked(text, receipt_number=scanned[2], receipt_code=scanned[4])
    wanted = scanned[2] if scanned else text
    try:
        return Asked(text, account=customers.account(Scope.of(actor), wanted))
    except NotFound:
        groups = search.find(actor, wanted, limit=MOST_HITS).groups
        hits = [hit for group in groups for hit in group.hits if hit.account_number]
        unique = {hit.account_number: Candidate(hit.account_number, hit.title, hit.detail) for hit in reversed(hits)}
        return Asked(text, candidates=tuple(reversed(unique.values())))


def standing(scope: Scope, account_number: str, *, on: date) -> Standing:
    """What the customer owes and has on a day. Raises :class:`NotFound`."""
    return money.standing(scope, account_number, on=on)


@transaction.atomic
def take(
    *, session_number: str, client_key: str, account_number: str, amount_fen: int, tender: str, purpose: Purpose,
    actor: Actor, at: datetime, tendered_fen: int | None = None, bills: Sequence[int] = (), payer: str = "",
) -> Taken:  # fmt: skip
    """Take money over the counter and issue its receipt, in one transaction. ``client_key`` is the form's own: a form that
    is sent twice takes money once. ``tendered_fen``: what was handed over, where change is due; only for cash.

    Raises :class:`NotFound`, :class:`NotAllowed`, ``SessionNotOpen``, :class:`NotAsChosen`, :class:`InvalidInput` for a
    tender that no till takes or too little cash, ``PaymentKeyUsed`` for a key that was used for something else.
    """
    if not _KEY.fullmatch(client_key):
        raise InvalidInput("a key has 1 to 48 letters, digits, dots and dashes")
    if tender not in TENDERS:
        raise InvalidInput(f"a till takes {', '.join(TENDERS)}, not '{tender}'")
    change = _change(tender, amount_fen, tendered_fen)
    desk = tills.desk(session_number=session_number, actor=actor, at=at)
    key, on = f"till:{desk.number}:{client_key}", at.astimezone(BILLING_ZONE).date()
    receipt = flow.take(
        key=key, account_number=account_number, amount_fen=amount_fen, tender=tender,
        channel=CHANNELS[desk.till_kind], received_on=on, at=at, actor=actor, till_session=desk.session_id, bills=bills,
        payer=payer, taken_at=desk.unit_code,
    )  # fmt: skip
    if receipt.is_repeat:
        first = shown.receipt(Scope.of(actor), shown.number_of_payment(receipt.payment_id))
        return Taken(first.number, amount_fen, first.change_fen, first.credit_fen, first.owed_after_fen, True)
    _require_as_chosen(purpose, receipt)
    number = till_receipts.issue(
        session_number=desk.number, payment_id=receipt.payment_id, owed_after_fen=receipt.owed_fen_after,
        tendered_fen=amount_fen + change, change_fen=change, actor=actor, at=at,
    )  # fmt: skip
    return Taken(number, amount_fen, change, receipt.credit_fen, receipt.owed_fen_after, False)


@transaction.atomic
def void(*, receipt_number: str, reason: str, actor: Actor, at: datetime) -> Voided:
    """Void a receipt of the actor's open session: its payment is reversed in the ledger, the receipt stays and says so.
    Above the dated limit a second person has to agree first.

    Raises what ``till_receipts.require_voidable`` and the reversal raise.
    """
    found = till_receipts.require_voidable(number=receipt_number, reason=reason, actor=actor, at=at)
    decided = payments.reverse(key=found.key, payment_id=found.payment_id, reason=reason, actor=actor, at=at)
    return Voided(receipt_number, decided.state)


def is_proved(receipt: ReceiptShown, code: str) -> bool:
    """Whether the code on a paper is the receipt's own."""
    return compare_digest(code.strip().upper().encode(), receipt.check_code.encode())


def receipt(scope: Scope, receipt_number: str) -> ReceiptShown:
    """A receipt. Raises :class:`NotFound`."""
    return shown.receipt(scope, receipt_number)


def _change(tender: str, amount_fen: int, tendered_fen: int | None) -> int:
    if tendered_fen is None:
        return 0
    if tender != Tender.CASH and tendered_fen != amount_fen:
        raise InvalidInput("change is given for cash only")
    if tendered_fen < amount_fen:
        raise InvalidInput(f"{format_yuan(tendered_fen)} was handed over for {format_yuan(amount_fen)}")
    return tendered_fen - amount_fen


def _require_as_chosen(purpose: Purpose, receipt: Receipt) -> None:
    """Judged by what the payment did, so that nothing can come in between."""
    if purpose != "ADVANCE" and receipt.credit_fen:
        raise NotAsChosen(
            f"{format_yuan(receipt.credit_fen)} more than is owed: choose payment in advance, or take less",
            credit_fen=receipt.credit_fen,
        )
    if purpose == "FULL" and receipt.owed_fen_after:
        raise NotAsChosen(
            f"{format_yuan(receipt.owed_fen_after)} would still be owed: choose a part payment, or take more",
            owed_fen=receipt.owed_fen_after,
        )
