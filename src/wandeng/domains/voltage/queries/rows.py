"""Rows of lists: monitoring points, their days, the work list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from wandeng.domains.voltage.models import VoltageDay, VoltagePoint, VoltageRemedy
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]
WINDOW_DAYS = 30
FAULTY = F("negative") + F("dead") + F("doubled") + F("beyond") + F("stuck")
"""Minutes of a day that are faults of the data; missing readings are told apart."""


def points_rows(scope: Scope, *, on: date) -> Rows:
    """Points: id, code, name, unit_id, unit_name, voltage_class, area, nominal (0.01 V), valid_from, valid_to, transformer_code,
    last_day, and of the last 30 days the minutes over and under."""
    days = VoltageDay.objects.filter(point=OuterRef("pk"), day__gt=on - timedelta(days=WINDOW_DAYS)).order_by()
    summed = {
        name: Coalesce(Subquery(days.values("point").annotate(n=Sum(name)).values("n")), 0)
        for name in ("over", "under")
    }
    last = Subquery(VoltageDay.objects.filter(point=OuterRef("pk")).order_by("-day").values("day")[:1])
    return scope.limit(VoltagePoint.objects.all(), "unit__path").values(
        "id", "code", "name", "unit_id", "voltage_class", "area", "valid_from", "valid_to",
        unit_name=F("unit__name"), nominal=F("nominal_dv") * 10, transformer_code=F("transformer__code"), last_day=last, **summed,
    )  # fmt: skip


def days_rows(scope: Scope) -> Rows:
    """Days of points: id, day, code, name, unit_id, unit_name, monitored, over, under, missing, faulty, lowest, highest
    (0.01 V), source."""
    return scope.limit(VoltageDay.objects.all(), "point__unit__path").values(
        "id", "day", "monitored", "over", "under", "missing", "source", lowest=F("min_dv") * 10, highest=F("max_dv") * 10,
        faulty=FAULTY, code=F("point__code"), name=F("point__name"), unit_id=F("point__unit_id"),
        unit_name=F("point__unit__name"),
    )  # fmt: skip


def remedies_rows(scope: Scope) -> Rows:
    """The work list: id, state, defect, opened_at, days, minutes, extreme (0.01 V), handler, due_on, cause, measure, done_on, code,
    name, unit_id, unit_name."""
    return scope.limit(VoltageRemedy.objects.all(), "point__unit__path").values(
        "id", "state", "defect", "opened_at", "days", "minutes", "handler", "due_on", "cause", "measure",
        "done_on", extreme=F("extreme_dv") * 10, code=F("point__code"), name=F("point__name"), unit_id=F("point__unit_id"),
        unit_name=F("point__unit__name"),
    )  # fmt: skip
