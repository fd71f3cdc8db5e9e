"""Sums of days: by unit, feeder or area, of any days; a month is one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from wandeng.domains.losses.models import AreaLoss
from wandeng.domains.losses.types import Sums
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import E4_PER_ONE


class By(StrEnum):
    """What losses are taken apart by."""

    UNIT = "UNIT"
    FEEDER = "FEEDER"
    AREA = "AREA"


_CODES = {
    By.UNIT: ("unit__code", "unit__name"),
    By.FEEDER: ("feeder__code", "feeder__name"),
    By.AREA: ("transformer__code", "transformer__name"),
}
_COMPUTABLE = ~Q(status="NOT_COMPUTABLE")


def sums(
    scope: Scope, *, unit_code: str, from_on: date, to_on: date, by: By = By.UNIT, feeder_code: str = ""
) -> tuple[Sums, ...]:
    """The days ``from_on`` ≤ day < ``to_on`` of a unit (and a feeder of it), taken apart, the highest rate first; those without a
    computable day last. Raises :class:`NotFound`."""
    unit = organization.unit(scope, unit_code)
    rows = scope.narrowed(unit.path).limit(_standing(from_on, to_on), "unit__path")
    if feeder_code:
        rows = rows.filter(feeder__code=feeder_code)
    found = summed(rows, *_CODES[by])
    return tuple(sorted(found, key=lambda one: (one.rate_e4 is None, -(one.rate_e4 or 0), one.code)))


def last_day(scope: Scope) -> date | None:
    """The latest day that was computed."""
    found: date | None = scope.limit(AreaLoss.objects.filter(is_current=True), "unit__path").aggregate(last=Max("day"))[
        "last"
    ]
    return found


def _standing(from_on: date, to_on: date) -> QuerySet[AreaLoss]:
    return AreaLoss.objects.filter(is_current=True, day__gte=from_on, day__lt=to_on)


def summed(rows: QuerySet[AreaLoss], code: str, name: str) -> list[Sums]:
    """One sum for each code: energy of the computable days only, so that supplied and sold are of the same days."""
    told: Iterable[Any] = (
        rows.order_by()
        .values(code=F(code), name=F(name))
        .annotate(
            supplied=Sum("supplied_ckwh", filter=_COMPUTABLE), sold=Sum("sold_ckwh", filter=_COMPUTABLE),
            lost=Sum("loss_ckwh"), days=Count("id", filter=_COMPUTABLE), every=Count("id"),
            high=Count("id", filter=Q(status__in=["HIGH", "VERY_HIGH"])), negative=Count("id", filter=Q(status="NEGATIVE")),
        )
    )  # fmt: skip
    return [
        Sums(
            str(one["code"]), one["name"], one["supplied"] or 0, one["sold"] or 0, one["lost"] or 0,
            divide_half_up(one["lost"] * E4_PER_ONE, one["supplied"]) if one["supplied"] else None, one["days"],
            one["every"] - one["days"], one["high"], one["negative"],
        )
        for one in told
    ]  # fmt: skip
