"""Figures of agreements by unit, for managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from wandeng.domains.customers.models import CustomerAgreement
from wandeng.infra.scope import Scope


@dataclass(frozen=True, slots=True)
class UnitAgreements:
    """A unit's own accounts: signed agreements, those that end soon without a successor, those that are over."""

    unit_path: str
    signed: int
    due: int
    over: int


def agreements(scope: Scope, *, on: date, until: date) -> tuple[UnitAgreements, ...]:
    """Signed agreements by the unit of their account; ``due`` end on a day ``on`` < day ≤ ``until``,
    ``over`` on the day or before."""
    rows = scope.limit(CustomerAgreement.objects.filter(state="SIGNED"), "account__unit__path")
    ends_soon = Q(valid_to__gt=on, valid_to__lte=until, renewed_by__isnull=True)
    grouped = rows.values("account__unit__path").annotate(
        signed=Count("id"), due=Count("id", filter=ends_soon), over=Count("id", filter=Q(valid_to__lte=on))
    )
    return tuple(
        UnitAgreements(row["account__unit__path"], row["signed"], row["due"], row["over"])
        for row in grouped.order_by("account__unit__path")
    )
