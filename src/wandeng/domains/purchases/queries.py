"""Purchases for people and for the statement of purchases and sales."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from wandeng.domains.purchases.models import EnergyPurchase
from wandeng.domains.purchases.types import PurchaseFacts, Source
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month


def purchases(scope: Scope, *, unit_path: str, months: tuple[Month, ...]) -> tuple[PurchaseFacts, ...]:
    """Current purchases of months of a unit and all below it, by month, source and supplier."""
    here = scope.narrowed(unit_path)
    rows = EnergyPurchase.objects.filter(is_current=True, month__in=[str(month) for month in months])
    found = here.limit(rows.select_related("unit"), "unit__path").order_by("month", "source", "supplier")
    return tuple(_facts(row) for row in found)


def purchase(scope: Scope, purchase_id: int) -> PurchaseFacts:
    """One purchase. Raises :class:`NotFound`."""
    rows = EnergyPurchase.objects.select_related("unit")
    return _facts(scope.one(rows, "unit__path", "purchase", pk=purchase_id))


def purchase_rows(scope: Scope) -> QuerySet[EnergyPurchase, Any]:
    """Lazy rows for lists, corrected ones too, the newest month first."""
    rows = scope.limit(EnergyPurchase.objects.all(), "unit__path").order_by("-month", "-id")
    return rows.values(
        "id", "month", "source", "supplier", "energy_ckwh", "amount_fen", "document_number", "revision", "is_current",
        "reason", "recorded_at", "recorded_by", unit_code=F("unit__code"), unit_name=F("unit__name"),
    )  # fmt: skip


def _facts(row: EnergyPurchase) -> PurchaseFacts:
    return PurchaseFacts(
        row.pk, row.unit.code, row.unit.path, row.month, Source(row.source), row.supplier, row.energy_ckwh,
        row.amount_fen, row.document_number, row.revision,
    )  # fmt: skip
