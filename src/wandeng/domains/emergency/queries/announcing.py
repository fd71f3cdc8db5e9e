"""What the telephone says before anything else, and which storm modes stand."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from wandeng.domains.emergency.models import StormMode
from wandeng.domains.emergency.types import Announcement, StormShown
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]


def announcement(unit_path: str) -> Announcement | None:
    """What a caller of this unit hears: the announcement of the nearest storm mode in the unit or above it; ``None`` for none."""
    standing = [one for one in _standing() if unit_path.startswith(one.unit.path)]
    if not standing:
        return None
    return _told(max(standing, key=lambda one: len(one.unit.path)))


def announcements(scope: Scope) -> tuple[Announcement, ...]:
    """Those of storm modes in a scope and above it: for whoever takes calls for all of it."""
    return tuple(
        _told(one) for one in _standing() if scope.covers(one.unit.path) or scope.prefix.startswith(one.unit.path)
    )


def storms_rows(scope: Scope) -> Rows:
    """Storm modes: unit_code, unit_name, state, reason, announcement, thresholds, times and persons. Lazy."""
    return scope.limit(StormMode.objects.all(), "unit__path").values(
        "id", "state", "reason", "announcement", "window_minutes", "transformer_cases", "feeder_transformers",
        "started_at", "started_by", "ended_at", "ended_by", "end_reason", "unit_id", unit_code=F("unit__code"),
        unit_name=F("unit__name"),
    )  # fmt: skip


def standing(scope: Scope) -> tuple[StormShown, ...]:
    """Storm modes that are on in a scope, and those above it."""
    return tuple(
        _shown(one) for one in _standing() if scope.covers(one.unit.path) or scope.prefix.startswith(one.unit.path)
    )


def _standing() -> list[StormMode]:
    return list(StormMode.objects.filter(state="ON").select_related("unit").order_by("unit__path"))


def _told(one: StormMode) -> Announcement:
    return Announcement(one.unit.code, one.unit.name, one.announcement, one.started_at)


def _shown(one: StormMode) -> StormShown:
    return StormShown(
        one.pk, one.unit.code, one.unit.name, one.state, one.reason, one.announcement, one.window_minutes,
        one.transformer_cases, one.feeder_transformers, one.started_at, one.started_by, one.ended_at, one.ended_by,
        one.end_reason,
    )  # fmt: skip
