"""What is announced to everybody: outages that are published, run, or were called off, with the public areas they concern."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Q

from wandeng.domains.outages import rules
from wandeng.domains.outages.models import OutageArea, PlannedOutageVersion
from wandeng.domains.outages.types.announced import Announced, AnnouncedArea, Mark
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope

_MARKS = {"RUNNING": Mark.RUNNING, "CANCELED": Mark.CANCELED}


def days_announced(on: date, library: RuleLibrary) -> int:
    """How many days ahead planned outages are announced to everybody. Raises ``NoRuleInForce``."""
    return rules.telling(on, library=library).public.days_ahead


def announced(scope: Scope, *, now: datetime, before: datetime) -> tuple[Announced, ...]:
    """Outages that were told and begin before a time: until they are over, or the window that was told has passed; the earliest
    first. One that concerns no public area is nobody else's matter, and left out."""
    open_window = Q(outage__state__in=("PUBLISHED", "CANCELED"), ends_at__gt=now) | Q(outage__state="RUNNING")
    rows = PlannedOutageVersion.objects.filter(
        open_window, state="STANDS", starts_at__lt=before, outage__published_at__isnull=False
    ).exclude(live_line="CHOSEN")
    found = list(scope.limit(rows, "outage__unit__path").select_related("outage__unit").order_by("starts_at", "pk"))
    areas = _areas([one.pk for one in found])
    first = _first_told([one.outage_id for one in found if one.is_change])
    return tuple(_made(one, areas[one.pk], first.get(one.outage_id)) for one in found if one.pk in areas)


def _areas(versions: list[int]) -> dict[int, tuple[AnnouncedArea, ...]]:
    rows = OutageArea.objects.filter(version__in=versions, customers__gt=0, transformer__ownership="PUBLIC")
    told = rows.order_by("version_id", "place", "transformer__name", "pk").values_list(
        "version_id", "transformer_id", "transformer__name", "place"
    )
    areas: dict[int, list[AnnouncedArea]] = defaultdict(list)
    for version, transformer, name, place in told:
        areas[version].append(AnnouncedArea(transformer, name, place))
    return {version: tuple(these) for version, these in areas.items()}


def _first_told(outages: list[int]) -> dict[int, tuple[datetime, datetime]]:
    """The window of the version that was published first, of outages that were changed."""
    rows = PlannedOutageVersion.objects.filter(outage__in=outages, is_change=False, state="REPLACED").order_by(
        "version"
    )
    return {outage: (begin, end) for outage, begin, end in rows.values_list("outage_id", "starts_at", "ends_at")}


def _made(
    one: PlannedOutageVersion, areas: tuple[AnnouncedArea, ...], first: tuple[datetime, datetime] | None
) -> Announced:
    was_from, was_to = first if first and first != (one.starts_at, one.ends_at) else (None, None)
    mark = _MARKS.get(one.outage.state, Mark.CHANGED if one.is_change else Mark.STANDS)
    return Announced(
        one.outage.number, one.outage.unit.code, one.outage.unit.name, one.outage.category, one.outage.reason, mark,
        one.starts_at, one.ends_at, was_from, was_to, areas,
    )  # fmt: skip
