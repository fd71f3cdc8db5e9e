"""The small town of ``network`` and interruptions in it, by the codes of its drawing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.domains.network.tests.make import DISPATCHER, town
from wandeng.domains.reliability import actions
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind, Step
from wandeng.kernel.actors import Actor

__all__ = ["AT", "DISPATCHER", "Facts", "facts", "local", "off", "step", "town"]
AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def local(text: str) -> datetime:
    """A local time, ``2026-03-05 08:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def transformers(codes: Sequence[str]) -> tuple[int, ...]:
    known = dict(PowerTransformer.objects.values_list("code", "pk"))
    return tuple(known[code] for code in codes)


def step(codes: Sequence[str], off_at: str, on_at: str | None, points: Sequence[str] = ()) -> Step:
    known = dict(UsagePoint.objects.values_list("code", "pk"))
    return Step(
        local(off_at), None if on_at is None else local(on_at), transformers(codes), tuple(known[p] for p in points)
    )


def facts(
    kind: InterruptionKind = InterruptionKind.FAULT_INTERNAL, cause: Cause = Cause.EQUIPMENT, unit: str = "BS-W"
) -> Facts:
    return Facts(kind, cause, unit)


def off(number: str, *steps: Step, about: Facts | None = None, actor: Actor = DISPATCHER) -> int:
    """Record an interruption."""
    return actions.record(number=number, facts=about or facts(), steps=steps, actor=actor, at=AT)
