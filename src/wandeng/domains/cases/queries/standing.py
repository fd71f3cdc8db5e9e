"""Incidents as other domains need them: ids, who went into whom, when supply is expected back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from wandeng.domains.cases.models import IncidentArea, RepairIncident
from wandeng.domains.cases.queries.incidents import Rows
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound


def incident_id(number: str) -> int:
    """Its id. Raises :class:`NotFound`."""
    found: int | None = RepairIncident.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(f"there is no incident {number}")
    return found


def absorbed_by(number: str) -> tuple[str, ...]:
    """The numbers of incidents that went into one, also into those that went into it."""
    found: list[str] = []
    level = [number]
    while level:
        level = list(
            RepairIncident.objects.filter(into__number__in=level).order_by("pk").values_list("number", flat=True)
        )
        found += level
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident with the device it stands at and the time that somebody said."""

    id: int
    number: str
    level: str
    device_id: int
    unit_id: int
    unit_path: str
    territory: str
    opened_at: datetime
    expected_at: datetime | None


def open_incidents(scope: Scope) -> tuple[OpenIncident, ...]:
    """Open incidents of a scope, the oldest first."""
    rows = scope.limit(RepairIncident.objects.filter(state="OPEN"), "unit__path").select_related("unit")
    return tuple(
        OpenIncident(
            one.pk, one.number, one.level, one.transformer_id or one.switch_id or one.feeder_id, one.unit_id,
            one.unit.path, one.unit.territory, one.opened_at, one.expected_at,
        )
        for one in rows.order_by("opened_at", "pk")
    )  # fmt: skip


def placed(rows: Rows) -> Rows:
    """Rows of ``queries.incidents.incident_rows`` with unit_path, territory and device_id besides: those :func:`as_open` takes."""
    found: Rows = rows.annotate(
        unit_path=F("unit__path"), territory=F("unit__territory"),
        device_id=Coalesce(F("transformer_id"), F("switch_id"), F("feeder_id")),
    )  # fmt: skip
    return found


def as_open(rows: Iterable[Mapping[str, Any]]) -> tuple[OpenIncident, ...]:
    """The same incidents for whoever asks when their supply is expected back, without reading them again."""
    return tuple(
        OpenIncident(
            one["id"], one["number"], one["level"], one["device_id"], one["unit_id"], one["unit_path"], one["territory"],
            one["opened_at"], one["expected_at"],
        )
        for one in rows
    )  # fmt: skip


def areas_of(incidents: list[int]) -> Rows:
    """``incident_id`` and ``transformer_id`` of the areas behind incidents."""
    return IncidentArea.objects.filter(incident__in=incidents).values_list("incident_id", "transformer_id")
