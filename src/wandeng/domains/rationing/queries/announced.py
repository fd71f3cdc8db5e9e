"""What is announced to everybody of rationing: the public areas of lines that are cut; no customer is named."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Q

from wandeng.domains.rationing.models import RationingOrder, RationingShareArea
from wandeng.domains.rationing.types import AnnouncedOrder, OrderState
from wandeng.infra.scope import Scope

_TOLD = (OrderState.PUBLISHED, OrderState.CANCELED)


def announced(scope: Scope, *, now: datetime, before: datetime) -> tuple[AnnouncedOrder, ...]:
    """Orders that were told and begin before a time: until they are over, or the window that was told has passed; the earliest
    first. One that leaves no public area dark, and one that is being changed and not published again, is left out."""
    is_open = Q(state__in=_TOLD, ends_at__gt=now) | Q(state=OrderState.RUNNING)
    rows = RationingOrder.objects.filter(is_open, starts_at__lt=before, published_at__isnull=False)
    found = list(scope.limit(rows, "scheme__unit__path").select_related("scheme__unit").order_by("starts_at", "pk"))
    areas = _areas([one.pk for one in found])
    return tuple(
        AnnouncedOrder(
            one.number, one.scheme.unit.code, one.scheme.unit.name, OrderState(one.state), one.version > 1, one.starts_at,
            one.ends_at, areas[one.pk],
        )
        for one in found
        if one.pk in areas
    )  # fmt: skip


def _areas(orders: list[int]) -> dict[int, tuple[tuple[int, str, str], ...]]:
    """Order → transformer's id and name, and its village or community."""
    rows = RationingShareArea.objects.filter(
        share__order__in=orders, share__is_chosen=True, share__allowed_kw=0, transformer__ownership="PUBLIC"
    ).order_by("transformer__area_name", "transformer__name", "transformer_id")
    areas: dict[int, dict[int, tuple[int, str, str]]] = defaultdict(dict)
    told = rows.values_list("share__order_id", "transformer_id", "transformer__name", "transformer__area_name")
    for order, area, name, place in told:
        areas[order][area] = (area, name, place)
    return {order: tuple(these.values()) for order, these in areas.items()}
