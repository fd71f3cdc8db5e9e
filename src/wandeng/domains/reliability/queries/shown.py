"""Interruptions for people: one with its steps, its revisions, rows for lists."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from wandeng.domains.reliability.models import Interruption, InterruptionStep
from wandeng.domains.reliability.types import Cause, InterruptionKind, InterruptionShown, StepShown, Voltage
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]


def interruption(scope: Scope, number: str) -> InterruptionShown:
    """What stands under this number. Raises :class:`NotFound`."""
    rows = Interruption.objects.filter(is_current=True).select_related("unit", "feeder")
    return _shown(scope.one(rows, "unit__path", "interruption", number=number))


def revisions(scope: Scope, number: str) -> tuple[InterruptionShown, ...]:
    """All that ever stood under this number, the latest first. Raises :class:`NotFound`."""
    rows = Interruption.objects.filter(number=number).select_related("unit", "feeder")
    found = scope.limit(rows, "unit__path").order_by("-revision")
    return tuple(_shown(row) for row in found) or (interruption(scope, number),)


def hit_by(transformer_code: str) -> QuerySet[Any, Any]:
    """Ids of the interruptions that took an area, or points of it, as a subquery for rows."""
    steps = InterruptionStep.objects.filter(transformer__code=transformer_code)
    return steps.order_by().values("interruption_id")


def interruptions_rows(scope: Scope) -> Rows:
    """Current interruptions: id, number, kind, cause, is_external, voltage, device, belongs_to, off_at, on_at, areas,
    customers, revision, unit_id, unit_name, feeder_code, feeder_name."""
    rows = scope.limit(Interruption.objects.filter(is_current=True), "unit__path")
    return rows.values(
        "id", "number", "kind", "cause", "is_external", "voltage", "device", "belongs_to", "off_at", "on_at", "areas",
        "customers", "revision", "unit_id", unit_name=F("unit__name"), feeder_code=F("feeder__code"),
        feeder_name=F("feeder__name"),
    )  # fmt: skip


def _shown(row: Interruption) -> InterruptionShown:
    related = row.steps.select_related("transformer", "usage_point", "account", "unit")
    return InterruptionShown(
        id=row.pk, number=row.number, revision=row.revision, is_current=row.is_current,
        kind=InterruptionKind(row.kind), cause=Cause(row.cause), is_external=row.is_external,
        voltage=Voltage(row.voltage), unit_code=row.unit.code, unit_name=row.unit.name,
        feeder_code=row.feeder.code if row.feeder else "", feeder_name=row.feeder.name if row.feeder else "",
        device=row.device, belongs_to=row.belongs_to, note=row.note, off_at=row.off_at, on_at=row.on_at,
        areas=row.areas, customers=row.customers, reason=row.reason, recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        steps=tuple(
            StepShown(
                step.transformer_id, step.transformer.code, step.transformer.name,
                step.usage_point.code if step.usage_point else "", step.account.account_number if step.account else "",
                step.unit.name, step.off_at, step.on_at, step.customers,
            )
            for step in related.order_by("off_at", "on_at", "id")
        ),
    )  # fmt: skip
