"""Sheets for people and programs: one with its steps, those of an outage, rows for lists."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from wandeng.domains.switching import loading
from wandeng.domains.switching.models import SwitchingSheet, SwitchingStep
from wandeng.domains.switching.types import (
    SheetBrief,
    SheetFinding,
    SheetShown,
    SheetState,
    SheetWarning,
    StepAction,
    StepShown,
)
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]
OPEN = ("ISSUED", "EXECUTING")


def sheet(scope: Scope, number: str) -> SheetShown:
    """A sheet with its steps and findings. Raises :class:`NotFound`."""
    rows = SwitchingSheet.objects.select_related("unit", "feeder")
    row = scope.one(rows, "unit__path", "switching sheet", number=number)
    return SheetShown(
        id=row.pk, number=row.number, unit_code=row.unit.code, unit_name=row.unit.name, unit_path=row.unit.path,
        feeder_code=row.feeder.code if row.feeder else "", feeder_name=row.feeder.name if row.feeder else "",
        purpose=row.purpose, outage=row.outage, incident=row.incident, state=SheetState(row.state),
        written_by=row.written_by, written_at=row.written_at, checked_by=row.checked_by, checked_at=row.checked_at,
        issued_by=row.issued_by, issued_at=row.issued_at, operator=row.operator, guardian=row.guardian,
        began_at=row.began_at, ended_at=row.ended_at, voided_by=row.voided_by, void_reason=row.void_reason,
        steps=tuple(_step(one) for one in row.steps.select_related("switch", "transformer").order_by("place")),
        findings=tuple(
            SheetFinding(
                one.pk, one.place, SheetWarning(one.code), one.forbids, json.loads(one.facts), one.acknowledged_by,
                one.acknowledged_at, one.acknowledged_reason,
            )
            for one in row.findings.order_by("-forbids", "place", "code")
        ),
    )  # fmt: skip


def sheets_rows(scope: Scope) -> Rows:
    """Sheets: id, number, purpose, state, unit_id, unit_name, feeder_code, feeder_name, outage, incident, steps, over (steps done
    or left out), operator, guardian, written_by, written_at, issued_at, ended_at."""
    rows = scope.limit(SwitchingSheet.objects.all(), "unit__path").annotate(
        step_count=Count("steps"),
        over=Count("steps", filter=Q(steps__done_at__isnull=False) | Q(steps__skipped_at__isnull=False)),
    )
    return rows.values(
        "id", "number", "purpose", "state", "unit_id", "outage", "incident", "step_count", "over", "operator",
        "guardian", "written_by", "written_at", "issued_at", "ended_at", unit_name=F("unit__name"),
        feeder_code=F("feeder__code"), feeder_name=F("feeder__name"),
    )  # fmt: skip


def briefs_of(scope: Scope, outages: Collection[str]) -> dict[str, tuple[SheetBrief, ...]]:
    """Sheets that are not voided, by the number of their outage, the oldest first."""
    rows = SwitchingSheet.objects.filter(outage__in=[one for one in outages if one]).exclude(state="VOIDED")
    sheets = list(scope.limit(rows, "unit__path").order_by("written_at", "id"))
    waiting: dict[int, SwitchingStep] = {}
    left = SwitchingStep.objects.filter(sheet__in=sheets, done_at__isnull=True, skipped_at__isnull=True)
    for one in left.select_related("switch", "transformer").order_by("sheet_id", "place"):
        waiting.setdefault(one.sheet_id, one)
    found: dict[str, tuple[SheetBrief, ...]] = {}
    for row in sheets:
        step = waiting.get(row.pk)
        brief = SheetBrief(
            row.number, row.purpose, SheetState(row.state), row.outage, step.place if step else 0,
            step.action if step else "", _named(step) if step else "",
        )  # fmt: skip
        found[row.outage] = (*found.get(row.outage, ()), brief)
    return found


def living_of(outage: str) -> bool:
    """Whether an issued sheet says how this outage runs: its start, return and end then follow from the steps."""
    return SwitchingSheet.objects.filter(outage=outage, state__in=loading.LIVING).exists() if outage else False


def open_of(outage: str) -> bool:
    """Whether a sheet of this outage is still to be executed, or being written."""
    return SwitchingSheet.objects.filter(outage=outage).exclude(state__in=["DONE", "VOIDED"]).exists()


def taken_out(transformers: Sequence[int]) -> frozenset[int]:
    """Those of these transformers that a step took out and none put back in."""
    return loading.taken_out(transformers)


def _step(one: SwitchingStep) -> StepShown:
    device = one.switch or one.transformer
    return StepShown(
        place=one.place, action=StepAction(one.action), switch_id=one.switch_id, transformer_id=one.transformer_id,
        device=device.code if device else "", device_name=device.name if device else "", text=one.text,
        expected=one.expected, done_at=one.done_at, operator=one.operator, guardian=one.guardian,
        recorded_by=one.recorded_by, skipped_at=one.skipped_at, skip_reason=one.skip_reason, off=one.off,
        back=one.back,
    )  # fmt: skip


def _named(one: SwitchingStep) -> str:
    device = one.switch or one.transformer
    return device.name if device else one.text
