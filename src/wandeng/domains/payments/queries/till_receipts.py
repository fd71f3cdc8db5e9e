"""One receipt, complete: what the page shows, what the paper says, and the code that proves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wandeng.domains.billing import queries as billing
from wandeng.domains.payments.models import Allocation, PaymentDecision, TillReceipt
from wandeng.domains.payments.types import DecisionKind
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month

CHECK_COLUMN = "payments_tillreceipt.number"
CHECK_LETTERS = 12


@dataclass(frozen=True, slots=True)
class SettledLine:
    """What a part of the money was for: BILL, LATE_FEE (both of a month) or CREDIT."""

    kind: str
    bill_id: int | None
    month: Month | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptShown:
    """A receipt. ``is_void``: its payment was reversed, by ``voided_by``, for ``void_reason``; ``void_asked``: that waits
    for a second person."""

    number: str
    check_code: str
    payment_id: int
    session_number: str
    session_state: str
    till_code: str
    till_name: str
    unit_name: str
    cashier: str
    is_offline: bool
    slip: str
    account_number: str
    account_name: str
    address: str
    amount_fen: int
    tender: str
    received_on: date
    issued_at: datetime
    payer: str
    settled: tuple[SettledLine, ...]
    tendered_fen: int
    change_fen: int
    owed_after_fen: int
    is_void: bool
    void_asked: bool
    voided_by: str
    checked_by: str
    voided_at: datetime | None
    void_reason: str

    @property
    def credit_fen(self) -> int:
        """What of it is kept as credit (预收)."""
        return sum(line.amount_fen for line in self.settled if line.kind == "CREDIT")

    @property
    def qr_text(self) -> str:
        """What the printed code says: number, amount and the check that only this installation can make."""
        return f"wandeng:receipt:{self.number}:{self.amount_fen}:{self.check_code}"


def receipt(scope: Scope, number: str) -> ReceiptShown:
    """A receipt by its number. Raises :class:`NotFound`, also outside the scope."""
    rows = TillReceipt.objects.select_related("session__till", "unit", "payment__account")
    row = scope.one(rows, "unit__path", "receipt", number=number)
    payment, session = row.payment, row.session
    reversal = (
        PaymentDecision.objects.filter(payment=payment, kind=DecisionKind.REVERSAL).exclude(state="REJECTED").first()
    )
    is_void = payment.state == "REVERSED"
    return ReceiptShown(
        number=row.number,
        check_code=check_code(row.number, payment.account.account_number, payment.amount_fen),
        payment_id=payment.pk,
        session_number=session.number,
        session_state=session.state,
        till_code=session.till.code,
        till_name=session.till.name,
        unit_name=row.unit.name,
        cashier=session.cashier,
        is_offline=session.is_offline,
        slip=row.slip,
        account_number=payment.account.account_number,
        account_name=payment.account.name,
        address=payment.account.address,
        amount_fen=payment.amount_fen,
        tender=payment.tender,
        received_on=payment.received_on,
        issued_at=row.issued_at,
        payer=payment.payer,
        settled=_settled(payment.pk, is_void=is_void),
        tendered_fen=row.tendered_fen,
        change_fen=row.change_fen,
        owed_after_fen=row.owed_after_fen,
        is_void=is_void,
        void_asked=reversal is not None and not is_void,
        voided_by=reversal.maker if reversal else "",
        checked_by=reversal.checker if reversal else "",
        voided_at=reversal.decided_at if reversal else None,
        void_reason=reversal.reason if reversal else "",
    )


def number_of_payment(payment_id: int) -> str:
    """The number of a payment's receipt; empty where it was not taken at a till."""
    found = TillReceipt.objects.filter(payment_id=payment_id).values_list("number", flat=True).first()
    return found or ""


def check_code(number: str, account_number: str, amount_fen: int) -> str:
    """What proves a receipt: a keyed digest of its number, account and amount."""
    (index,) = pii.index_many([f"{number}|{account_number}|{amount_fen}"], column=CHECK_COLUMN)
    return index[:CHECK_LETTERS].upper()


def _settled(payment_id: int, *, is_void: bool) -> tuple[SettledLine, ...]:
    """The parts as they were when the money was taken; of a void receipt those that were released."""
    rows = Allocation.objects.filter(payment_id=payment_id).order_by("pk")
    if not is_void:
        rows = rows.filter(released_at__isnull=True)
    bills = {row.bill_id for row in rows if row.bill_id is not None}
    months = (
        dict(billing.bill_rows(Scope.everywhere()).filter(pk__in=bills).order_by().values_list("number", "month_index"))
        if bills
        else {}
    )
    return tuple(
        SettledLine(
            row.kind, row.bill_id, Month.from_index(months[row.bill_id]) if row.bill_id in months else None,
            row.amount_fen,
        )
        for row in rows
    )  # fmt: skip
