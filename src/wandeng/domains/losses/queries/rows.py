"""Rows of the lists: lazy, limited to the scope, named by their keys."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from wandeng.domains.losses.models import AreaLoss, LossWork
from wandeng.domains.losses.types import WorkShown
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]


def losses_rows(scope: Scope) -> Rows:
    """Days of areas that stand: id, day, area_code, area_name, unit_id, unit_name, feeder_code, feeder_name, status, reason, hints,
    supplied_ckwh, fed_ckwh, sold_ckwh, loss_ckwh, rate_e4, points, read, revision."""
    rows = scope.limit(AreaLoss.objects.filter(is_current=True), "unit__path")
    return rows.values(
        "id", "day", "status", "reason", "hints", "supplied_ckwh", "fed_ckwh", "sold_ckwh", "loss_ckwh", "rate_e4",
        "points", "read", "revision", "unit_id", area_code=F("transformer__code"), area_name=F("transformer__name"),
        unit_name=F("unit__name"), feeder_code=F("feeder__code"), feeder_name=F("feeder__name"),
    )  # fmt: skip


def work_rows(scope: Scope) -> Rows:
    """Followed-up areas: id, area_code, area_name, unit_id, unit_name, kind, state, opened_on, odd_days, rate_e4, taken_by, cause,
    finding, opened_at, done_at."""
    rows = scope.limit(LossWork.objects.all(), "transformer__unit__path")
    return rows.values(
        "id", "kind", "state", "opened_on", "odd_days", "rate_e4", "taken_by", "cause", "finding", "opened_at", "done_at",
        area_code=F("transformer__code"), area_name=F("transformer__name"), unit_id=F("transformer__unit_id"),
        unit_name=F("transformer__unit__name"),
    )  # fmt: skip


def work_one(scope: Scope, work_id: int) -> WorkShown:
    """One followed-up area. Raises :class:`NotFound`."""
    rows = LossWork.objects.select_related("transformer__unit")
    row = scope.one(rows, "transformer__unit__path", "followed-up area", pk=work_id)
    return WorkShown(
        row.pk, row.transformer.code, row.transformer.name, row.transformer.unit.name, row.kind, row.state, row.opened_on,
        row.odd_days, row.rate_e4, row.taken_by, row.cause, row.finding, row.done_at,
    )  # fmt: skip
