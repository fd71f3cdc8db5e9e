"""What the books say of a till session: by tender, what came in and stands, and what was paid out of the drawer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from wandeng.domains.payments.models import Payment, PaymentDecision, TillSession
from wandeng.domains.payments.types import DecisionKind, Tender


@dataclass(frozen=True, slots=True)
class Booked:
    """``receipts`` payments that stand, ``taken_fen`` together; ``paid_out_fen`` went back in cash as refunds."""

    tender: str
    receipts: int
    taken_fen: int
    paid_out_fen: int


def by_tender(session: TillSession) -> tuple[Booked, ...]:
    """One row a tender that was used, cash first."""
    rows = Payment.objects.filter(till_session=session.pk, state="RECEIVED").values("tender").order_by("tender")
    taken = {
        row["tender"]: (row["count"], row["fen"]) for row in rows.annotate(count=Count("pk"), fen=Sum("amount_fen"))
    }
    refunds = PaymentDecision.objects.filter(till_session=session.pk, kind=DecisionKind.REFUND, state="DONE")
    paid_out = refunds.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    if paid_out:
        taken.setdefault(Tender.CASH, (0, 0))
    order = sorted(taken, key=lambda tender: (tender != Tender.CASH, tender))
    return tuple(Booked(tender, *taken[tender], paid_out if tender == Tender.CASH else 0) for tender in order)


def undecided(session: TillSession) -> int:
    """Reversals of the session's payments, and refunds from its drawer, that wait for a second person."""
    waiting = PaymentDecision.objects.filter(state="PROPOSED")
    voids = waiting.filter(kind=DecisionKind.REVERSAL, payment__till_session=session.pk)
    return voids.count() + waiting.filter(kind=DecisionKind.REFUND, till_session=session.pk).count()
