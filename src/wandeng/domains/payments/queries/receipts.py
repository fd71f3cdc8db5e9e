"""Single payments, and rows of payments for lists."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from wandeng.domains.organization import queries as organization
from wandeng.domains.payments.models import Payment, PaymentDecision
from wandeng.domains.payments.types import PartKind, PaymentShown, Receipt, SettledPart
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId

Rows = QuerySet[Any, dict[str, Any]]
PAYMENT_COLUMNS = (
    "id", "key", "account_number", "account_name", "unit_code", "unit_name", "channel", "tender", "amount_fen",
    "received_on", "received_at", "actor", "payer", "till_session", "state",
)  # fmt: skip


def payment_rows(scope: Scope) -> Rows:
    """Payments, newest day first: PAYMENT_COLUMNS. Lazy: filter and cut before reading."""
    rows = Payment.objects.order_by("-received_on", "-id")
    if scope.prefix:
        rows = rows.filter(unit_id__in=[unit.unit_id for unit in organization.unit_tree(scope)])
    named: Rows = rows.annotate(
        account_number=F("account__account_number"),
        account_name=F("account__name"),
        unit_code=F("unit__code"),
        unit_name=F("unit__name"),
    ).values(*PAYMENT_COLUMNS)
    return named


def receipt(scope: Scope, payment_id: int) -> Receipt:
    """What a payment settled when it was taken. ``owed_fen_after`` is not kept: it is 0 here; ask :func:`standing`.

    Raises ``NotFound``, also outside the scope.
    """
    row = scope.one(Payment.objects.all(), "unit__path", "payment", pk=payment_id)
    parts = _parts(row)
    return Receipt(
        payment_id=row.pk,
        key=row.key,
        account_id=AccountId(row.account_id),
        amount_fen=row.amount_fen,
        settled=parts,
        credit_fen=sum(part.amount_fen for part in parts if part.kind == PartKind.CREDIT),
        owed_fen_after=0,
        is_repeat=True,
    )


def shown(scope: Scope, payment_id: int) -> PaymentShown:
    """A payment as its page shows it. Raises ``NotFound``, also outside the scope."""
    rows = Payment.objects.select_related("account", "unit")
    row = scope.one(rows, "unit__path", "payment", pk=payment_id)
    decision = PaymentDecision.objects.filter(payment=row, kind="REVERSAL").exclude(state="REJECTED").first()
    return PaymentShown(
        payment_id=row.pk,
        key=row.key,
        account_id=AccountId(row.account_id),
        account_number=row.account.account_number,
        account_name=row.account.name,
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        channel=row.channel,
        tender=row.tender,
        amount_fen=row.amount_fen,
        received_on=row.received_on,
        received_at=row.received_at,
        actor=row.actor,
        payer=row.payer,
        till_session=row.till_session,
        state=row.state,
        settled=_parts(row),
        decision_id=None if decision is None else decision.pk,
        decision_state="" if decision is None else decision.state,
    )


def _parts(row: Payment) -> tuple[SettledPart, ...]:
    found = row.allocations.order_by("id").values_list("kind", "bill_id", "amount_fen")
    return tuple(SettledPart(*one) for one in found)
