"""What a storm changes in how calls become incidents; and incidents that are founded on other evidence than calls."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wandeng.domains.cases import grouping, proposing
from wandeng.domains.cases.actions import work
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import RepairIncident, StormGrouping
from wandeng.domains.network.queries import faults
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound


@transaction.atomic
def tighten(
    *, unit_code: str, window_minutes: int, transformer_cases: int, feeder_transformers: int, actor: Actor, at: datetime
) -> None:
    """From now on other thresholds group calls in a unit and below (风暴归并门限). Raises :class:`Conflict` where some stand."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *work.SUPERVISORS, unit_path=unit.path)
    if window_minutes < 1 or transformer_cases < 1 or feeder_transformers < 2:
        raise InvalidInput("an incident takes a call, a line two transformers, and a window minutes")
    if StormGrouping.objects.filter(unit_id=unit.unit_id, until__isnull=True).exists():
        raise Conflict(f"calls of unit {unit_code} are grouped by a storm's thresholds already")
    StormGrouping.objects.create(
        unit_id=unit.unit_id, window_minutes=window_minutes, transformer_cases=transformer_cases,
        feeder_transformers=feeder_transformers, since=at,
    )  # fmt: skip


@transaction.atomic
def loosen(*, unit_code: str, actor: Actor, at: datetime) -> None:
    """The dated rule groups calls again. What was grouped stays so."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *work.SUPERVISORS, unit_path=unit.path)
    StormGrouping.objects.filter(unit_id=unit.unit_id, until__isnull=True).update(until=at)


@transaction.atomic
def found(
    *, level: str, device: int, areas: Collection[int], customers: int, actor: Actor, at: datetime, charter: Charter
) -> str:
    """Found an incident at a device that other evidence than calls points to, with whatever cases and narrower incidents lie
    behind it. ``device``: by ``level`` FEEDER, SWITCH or TRANSFORMER the id of the feeder, switch or transformer; ``areas`` the transformers behind it. Returns its number;
    that of the open incident where the device has one.

    Raises :class:`NotFound`, also outside the scope, :class:`InvalidInput` without areas.
    """
    place = faults.device_place(level, device)
    if place is None or not Scope.of(actor).covers(place.unit_path):
        raise NotFound(f"there is no {level.lower()} {device}")
    require(actor, *work.SUPERVISORS, unit_path=place.unit_path)
    if not areas:
        raise InvalidInput("an incident has areas behind its device")
    rule = proposing.rule_for(charter, place.territory, at)
    made = grouping.founded(
        level, device, place, areas, customers, rule, charter, actor=actor, at=at
    )  # fmt: skip
    audit.record(
        actor=actor, action="incident.found", subject=("cases.RepairIncident", made.number),
        facts={"areas": len(areas)}, at=at,
        unit_path=place.unit_path,
    )  # fmt: skip
    return made.number


def open_at(level: str, device: int) -> str:
    """The open incident of a device; empty for none."""
    column = {"FEEDER": "feeder_id", "SWITCH": "switch_id", "TRANSFORMER": "transformer_id"}[level]
    rows = RepairIncident.objects.filter(state="OPEN", level=level, **{column: device})
    return rows.values_list("number", flat=True).first() or ""
