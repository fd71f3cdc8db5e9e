"""Transformer areas by whom they supply or by the place that notices name: where somebody's supply comes from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.infra.scope import Scope


@dataclass(frozen=True, slots=True)
class Spot:
    """A transformer area: its ids, its name, the village or community (may be empty), its unit."""

    area: int
    feeder: int
    code: str
    name: str
    place: str
    unit_name: str


def spots_of(scope: Scope, account_number: str) -> tuple[Spot, ...]:
    """The areas that supply an account, the one it draws from first; none for an account that is not there, is not connected,
    or lies outside."""
    return _of(scope, UsagePoint.objects.filter(account__account_number=account_number))


def position_of(account_number: str) -> tuple[int, int] | None:
    """Degrees × 10⁶, east and north, of the transformer that supplies an account first; ``None`` where that is not known. Whoever asks
    for an account's own place says so: there is no scope."""
    rows = UsagePoint.objects.filter(account__account_number=account_number, disconnected_on__isnull=True)
    found = rows.exclude(kind="SUPPLY").order_by("-kind", "id")
    for east, north in found.values_list("transformer__node__longitude_e6", "transformer__node__latitude_e6"):
        if east is not None and north is not None:
            return east, north
    return None


def spots_of_accounts(scope: Scope, accounts: Collection[int]) -> tuple[Spot, ...]:
    """The same of several accounts by id, each area once."""
    return _of(scope, UsagePoint.objects.filter(account_id__in=accounts))


def spots_called(scope: Scope, asked: str, *, limit: int) -> tuple[Spot, ...]:
    """Public areas whose place or name holds what was asked, the shorter names first."""
    called = Q(area_name__icontains=asked) | Q(name__icontains=asked)
    rows = PowerTransformer.objects.filter(called, ownership="PUBLIC").select_related("unit")
    found = scope.limit(rows, "unit__path").order_by("area_name", "name", "id")[: limit * 5]
    made = [Spot(row.pk, row.feeder_id, row.code, row.name, row.area_name, row.unit.name) for row in found]
    return tuple(sorted(made, key=lambda one: (len(one.place), one.place, one.name))[:limit])


def _of(scope: Scope, points: QuerySet[UsagePoint]) -> tuple[Spot, ...]:
    rows = points.filter(disconnected_on__isnull=True).exclude(kind="SUPPLY").select_related("transformer__unit")
    found = [row.transformer for row in scope.limit(rows, "account__unit__path").order_by("-kind", "id")]
    spots = (Spot(one.pk, one.feeder_id, one.code, one.name, one.area_name, one.unit.name) for one in found)
    return tuple(dict.fromkeys(spots))
