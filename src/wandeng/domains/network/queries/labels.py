"""A transformer area by its code with all its labels, and the usage points that hang behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.domains.network.queries.behind import supplied_points
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


@dataclass(frozen=True, slots=True)
class BoardPlace:
    """A public transformer area as a notice at the wall names it."""

    id: TransformerId
    code: str
    name: str
    community: str
    unit_id: int
    unit_code: str
    unit_path: str


def public_areas(scope: Scope, *, code: str = "", community: str = "") -> tuple[BoardPlace, ...]:
    """Public areas by their code, of the scope; of one code or of one community where that is named."""
    rows = scope.limit(PowerTransformer.objects.filter(ownership="PUBLIC"), "unit__path").select_related("unit")
    if code:
        rows = rows.filter(code=code)
    if community:
        rows = rows.filter(area_name=community)
    return tuple(
        BoardPlace(TransformerId(one.pk), one.code, one.name, one.area_name, one.unit_id, one.unit.code, one.unit.path)
        for one in rows.order_by("code")
    )


def addresses_behind(transformers: Sequence[int], *, on: date) -> dict[int, str]:
    """Account → address of the customers of these areas on a day."""
    rows = supplied_points(on).filter(transformer_id__in=list(transformers))
    return dict(rows.values_list("account_id", "account__address"))


def middle_of(transformers: Sequence[int]) -> tuple[int, int] | None:
    """Degrees × 10⁶, east and north, of the first of these areas whose place is known."""
    rows = PowerTransformer.objects.filter(pk__in=list(transformers), node__longitude_e6__isnull=False)
    found = rows.order_by("pk").values_list("node__longitude_e6", "node__latitude_e6").first()
    if found is None or found[0] is None or found[1] is None:
        return None
    return found[0], found[1]
