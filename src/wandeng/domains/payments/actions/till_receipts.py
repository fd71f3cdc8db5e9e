"""Receipts of a till: numbered without gaps by unit and year, in the transaction that takes the money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from wandeng.domains.payments.actions import tills
from wandeng.domains.payments.models import PaymentDecision, ReceiptSeries, TillReceipt
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True, slots=True)
class Voidable:
    """The payment to reverse, and the key of this try: one that was rejected may be asked for again."""

    payment_id: int
    key: str


@transaction.atomic
def issue(
    *, session_number: str, payment_id: int, owed_after_fen: int, tendered_fen: int, change_fen: int, actor: Actor,
    at: datetime,
) -> str:  # fmt: skip
    """Issue the receipt of a payment that was taken in a session; one that has its receipt keeps it. Returns the number.

    The next number of the unit and year is drawn in the caller's transaction: one that fails draws none.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`SessionNotOpen`.
    """
    known = TillReceipt.objects.filter(payment_id=payment_id).values_list("number", flat=True).first()
    if known is not None:
        return known
    session = tills.locked(session_number, actor)
    tills.require_taking(session, actor, at)
    unit, year = session.till.unit, at.astimezone(BILLING_ZONE).year
    sequence = draw(unit.pk, year)
    number = numbered(unit.code, year, sequence)
    TillReceipt.objects.create(
        id=ids.reserve(TillReceipt, 1), number=number, unit=unit, year=year, sequence=sequence, session=session,
        payment_id=payment_id, tendered_fen=tendered_fen, change_fen=change_fen, owed_after_fen=owed_after_fen,
        issued_at=at,
    )  # fmt: skip
    return number


def numbered(unit_code: str, year: int, sequence: int) -> str:
    """A receipt number as it is printed.

    >>> numbered("4304260301", 2026, 17)
    '4304260301-2026-0000017'
    """
    return f"{unit_code}-{year}-{sequence:07d}"


def draw(unit_id: int, year: int) -> int:
    """Draw the next number of a unit's year, in the caller's transaction."""
    ReceiptSeries.objects.get_or_create(unit_id=unit_id, year=year)
    of_year = ReceiptSeries.objects.filter(unit_id=unit_id, year=year)
    of_year.update(last=F("last") + 1)
    return of_year.get().last


@transaction.atomic
def require_voidable(*, number: str, reason: str, actor: Actor, at: datetime) -> Voidable:
    """Check that a receipt may be voided (作废) by the actor now, and log it; the caller reverses its payment in the same
    transaction. Only who took the money voids, in the session and on its day.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`SessionNotOpen`, :class:`Conflict` for a receipt that a device
    printed, :class:`InvalidInput` without a reason.
    """
    if not reason.strip():
        raise InvalidInput("say why: the reason stays on the receipt")
    rows = TillReceipt.objects.select_related("session")
    receipt = Scope.of(actor).one(rows, "unit__path", "receipt", number=number)
    if receipt.session.is_offline:
        raise Conflict(f"receipt {number} was printed by a device: its payment is reversed, not voided")
    session = tills.locked(receipt.session.number, actor)
    tills.require_taking(session, actor, at)
    facts = {"receipt": number, "session": session.number, "payment": receipt.payment_id}
    audit.record(actor=actor, action="till.void", subject=receipt, facts=facts, at=at, reason=reason,
                 unit_path=session.till.unit.path)  # fmt: skip
    rejected = PaymentDecision.objects.filter(payment_id=receipt.payment_id, kind="REVERSAL", state="REJECTED").count()
    return Voidable(receipt.payment_id, f"void:{number}:{rejected + 1}")
