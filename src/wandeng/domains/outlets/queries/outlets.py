"""Outlets: one, the list, those that everybody may see, and their hours on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from wandeng.domains.outlets import hours
from wandeng.domains.outlets.hours import Differing, Span
from wandeng.domains.outlets.models import Outlet, OutletException, Settlement
from wandeng.domains.outlets.types import ExceptionShown, OutletKind, OutletService, OutletShown, Spotted
from wandeng.infra.scope import Scope
from wandeng.kernel.calendars import WorkingCalendar

MOST_SPOTS = 20


def outlets_rows(scope: Scope) -> QuerySet[Any, Any]:
    """Outlets: id, code, name, kind, unit_id, unit_name, address, public_phone, services, hours, open_on, village, valid_from, valid_to."""
    return scope.limit(Outlet.objects.all(), "unit__path").values(
        "id", "code", "name", "kind", "unit_id", "address", "public_phone", "services", "hours", "open_on", "village", "valid_from",
        "valid_to", unit_name=F("unit__name"),
    )  # fmt: skip


def outlet(scope: Scope, code: str, *, on: date) -> OutletShown:
    """One outlet with its exceptions from a day on. Raises :class:`NotFound`."""
    return _shown(scope.one(_with_exceptions(Outlet.objects.all(), on), "unit__path", "outlet", code=code))


def public_outlets(*, on: date) -> tuple[OutletShown, ...]:
    """All outlets in service on a day, for everybody; by code."""
    rows = Outlet.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    return tuple(_shown(one) for one in _with_exceptions(rows, on).order_by("code"))


def spots_like(asked: str) -> tuple[Spotted, ...]:
    """Settlements that are called so, the largest first; for everybody, so without how many live there."""
    rows = Settlement.objects.filter(name__icontains=asked).order_by("-people", "code")[:MOST_SPOTS]
    return tuple(Spotted(one.code, one.name, one.longitude_e6, one.latitude_e6, 0, False) for one in rows)


def open_on_day(one: OutletShown, day: date, calendar: WorkingCalendar | None) -> tuple[Span, ...]:
    """The hours of an outlet on a day, minutes after local midnight; none: closed."""
    return hours.on_day(one.hours, one.open_on, _differing(one.exceptions), day, calendar)


def opening_next(one: OutletShown, on: date, minute: int, calendar: WorkingCalendar | None) -> tuple[date, int] | None:
    """When it opens next after a minute of a day, within a week."""
    return hours.next_opening(one.hours, one.open_on, _differing(one.exceptions), on, minute, calendar)


def _differing(exceptions: Iterable[ExceptionShown]) -> list[Differing]:
    return [Differing(one.from_on, one.to_on, one.hours) for one in exceptions]


def _with_exceptions(rows: QuerySet[Outlet], on: date) -> QuerySet[Outlet]:
    ahead = OutletException.objects.filter(lifted_at__isnull=True, to_on__gt=on).order_by("from_on", "id")
    return rows.select_related("unit").prefetch_related(Prefetch("exceptions", ahead, to_attr="ahead"))


def _shown(row: Outlet) -> OutletShown:
    ahead: list[OutletException] = row.ahead  # type: ignore[attr-defined]  # set by the prefetch
    return OutletShown(
        row.code, row.name, OutletKind(row.kind), row.unit.code, row.unit.name, row.address, row.public_phone, row.longitude_e6,
        row.latitude_e6, tuple(OutletService(one) for one in row.services.split(",")), row.hours, row.open_on, row.valid_from,
        row.valid_to,
        tuple(ExceptionShown(one.pk, one.from_on, one.to_on, one.hours, one.reason, one.set_by) for one in ahead),
    )  # fmt: skip
