"""Meters whose reading day is over and whose reading is not in (逾期未抄), all routes of the scope at once."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Value, When

from wandeng.domains.metering.models import MeterInstallation, Reading, ReadingRoute
from wandeng.domains.metering.queries.meters import UNIT_OF_INSTALLATION, Rows
from wandeng.domains.metering.queries.readings import IN_FORCE
from wandeng.domains.metering.queries.routes import last_month, read_on
from wandeng.infra.scope import Scope


def late_rows(scope: Scope, *, on: date) -> Rows:
    """Register meters without a reading of their route's newest reading day before ``on``: id (of the installation),
    asset_number, account_number, account_name, address, point_code, route_code, route_position, read_on, unit_id,
    unit_name. Lazy, but for the few days on which routes are read."""
    # A meter may stand on the route of a neighboring office, so the days of all routes count.
    kinds = ReadingRoute.objects.order_by().values_list("reading_day", "months").distinct()
    due = _before(sorted(kinds), on)
    stands = Reading.objects.filter(IN_FORCE, is_current=True, installation=OuterRef("pk"), read_on=OuterRef("due_on"))
    hung = scope.limit(MeterInstallation.objects.filter(source="REGISTER"), UNIT_OF_INSTALLATION)
    late = hung.annotate(due_on=due).filter(
        Q(removed_on__isnull=True) | Q(removed_on__gt=F("due_on")), ~Exists(stands), installed_on__lt=F("due_on")
    )
    return late.values(
        "id",
        "route_position",
        asset_number=F("meter__asset_number"),
        account_number=F("usage_point__account__account_number"),
        account_name=F("usage_point__account__name"),
        address=F("usage_point__account__address"),
        point_code=F("usage_point__code"),
        route_code=F("route__code"),
        read_on=F("due_on"),
        unit_id=F("usage_point__account__unit_id"),
        unit_name=F("usage_point__account__unit__name"),
    )


def _before(kinds: list[tuple[int, int]], on: date) -> Case:
    """Each route's newest reading day before a day, by its reading day and how many months it covers."""
    whens = []
    for reading_day, months in kinds:
        month = last_month(reading_day, months, on)
        found = read_on(reading_day, months, month)
        if found == on:
            found = read_on(reading_day, months, last_month(reading_day, months, month.first))
        whens.append(When(route__reading_day=reading_day, route__months=months, then=Value(found)))
    return Case(*whens, default=None, output_field=DateField())
