"""Faults as they come and go, for boards and for judging the next one: steps since a time, and how long faults took."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from django.db.models import Q

from wandeng.domains.reliability.models import Interruption, InterruptionStep
from wandeng.infra.scope import Scope

_FAULTS = ("FAULT_INTERNAL", "FAULT_EXTERNAL")
STEPS = pl.Schema(
    {
        "area": pl.Int64(),  # transformer
        "unit_path": pl.String(),
        "number": pl.String(),
        "belongs_to": pl.String(),
        "customers": pl.Int64(),
        "off_at": pl.Datetime("us", "UTC"),
        "on_at": pl.Datetime("us", "UTC"),
    }
)


def fault_steps(since: datetime) -> pl.DataFrame:
    """:data:`STEPS`: whole areas that a fault took since a time or that are still off, by the connection of whoever asks."""
    rows = InterruptionStep.objects.filter(
        Q(off_at__gte=since) | Q(on_at__gte=since) | Q(on_at__isnull=True), interruption__is_current=True,
        interruption__kind__in=_FAULTS, usage_point__isnull=True,
    ).values_list(
        "transformer_id", "unit__path", "interruption__number", "interruption__belongs_to", "customers", "off_at", "on_at"
    )  # fmt: skip
    return pl.DataFrame(list(rows), schema=STEPS, orient="row")


def fault_seconds(scope: Scope, since: datetime) -> list[int]:
    """How many seconds each fault within a scope took since a time, ascending: those of medium voltage that have ended."""
    rows = Interruption.objects.filter(
        is_current=True, kind__in=_FAULTS, voltage="MEDIUM", off_at__gte=since, on_at__isnull=False
    )
    pairs = scope.limit(rows, "unit__path").values_list("off_at", "on_at")
    return sorted(int((on - off).total_seconds()) for off, on in pairs if on is not None)
