"""A transformer area by its code with all its labels, and the usage points that hang behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import TransformerId


@dataclass(frozen=True, slots=True)
class AreaLabels:
    """A transformer area (台区) with its unit and feeder."""

    id: TransformerId
    code: str
    name: str
    unit_code: str
    unit_name: str
    unit_path: str
    feeder_code: str
    feeder_name: str
    capacity_ckva: int


@dataclass(frozen=True, slots=True)
class PointBehind:
    """A usage point behind an area, of any kind but sub-meters."""

    id: int
    code: str
    kind: str
    account_number: str


def area_labels(scope: Scope, code: str) -> AreaLabels:
    """An area by its code. Raises :class:`NotFound`, also outside the scope."""
    rows = PowerTransformer.objects.select_related("unit", "feeder")
    row = scope.one(rows, "unit__path", "transformer", code=code)
    return AreaLabels(
        TransformerId(row.pk), row.code, row.name, row.unit.code, row.unit.name, row.unit.path, row.feeder.code,
        row.feeder.name, row.capacity_ckva,
    )  # fmt: skip


def points_of_area(transformer: TransformerId, *, on: date) -> tuple[PointBehind, ...]:
    """Supply meter, customers' points and points that feed in, as connected on a day."""
    still = Q(disconnected_on__isnull=True) | Q(disconnected_on__gt=on)
    rows = UsagePoint.objects.filter(still, transformer_id=transformer, connected_on__lte=on).exclude(kind="SUBMETER")
    found = rows.order_by("code").values_list("pk", "code", "kind", "account__account_number")
    return tuple(PointBehind(*row) for row in found)
