"""Parameters, dictionaries, notices and the brand, as pages and doors read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from wandeng.domains.organization import branding, dictionaries, parameters
from wandeng.domains.organization.dictionaries import DictionaryKind
from wandeng.domains.organization.models import (
    Announcement,
    AnnouncementRead,
    Brand,
    DictionaryEntry,
    ParameterValue,
    Post,
)
from wandeng.domains.organization.parameters import ParameterKind
from wandeng.infra.scope import Scope
from wandeng.infra.statements import Reading
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound

Rows = QuerySet[Any, dict[str, Any]]
MOST_NOTICES, NEWEST_NOTICES = 20, 500
"""Notices that a first page shows, and among how many of the newest it looks for what is unread."""
ANNOUNCEMENT_COLUMNS = (
    "id", "title", "unit_code", "unit_name", "roles", "is_urgent", "visible_from", "visible_to", "state", "created_by",
    "read_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParameterDecision:
    """One decision on a parameter, of whatever state."""

    value_id: int
    code: str
    value: int
    valid_from: date
    state: str
    reason: str
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParameterShown:
    """A parameter: what holds on the day, since when (``None``: as shipped), what comes and what was decided."""

    kind: ParameterKind
    value: int
    since: date | None
    decisions: tuple[ParameterDecision, ...]
    on: date

    @property
    def drafts(self) -> tuple[ParameterDecision, ...]:
        return tuple(one for one in self.decisions if one.state == "DRAFT")

    @property
    def coming(self) -> tuple[ParameterDecision, ...]:
        """Approved for a later day, the next one first."""
        found = [one for one in self.decisions if one.state == "APPROVED" and one.valid_from > self.on]
        return tuple(sorted(found, key=lambda one: one.valid_from))


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of an open dictionary; ``ships`` when it came with the product."""

    code: str
    label_zh: str
    label_en: str
    place: int
    is_offered: bool
    ships: bool


@dataclass(frozen=True, slots=True)
class AnnouncementShown:
    """A notice as its readers see it."""

    id: int
    title: str
    body: str
    unit_code: str
    unit_name: str
    unit_path: str
    roles: tuple[str, ...]
    is_urgent: bool
    visible_from: date
    visible_to: date
    state: str
    created_by: str
    published_by: str
    published_at: datetime | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class BrandShown:
    """The name (empty: the product's own), the five colours, and the hash of the logo (empty: none)."""

    title: str
    colours: Mapping[str, str]
    logo_hash: str
    is_neutral: bool


def parameters_shown(on: date) -> tuple[ParameterShown, ...]:
    """Every parameter with its decisions, newest day first."""
    decisions: dict[str, list[ParameterDecision]] = {}
    for row in ParameterValue.objects.order_by("-valid_from", "-id"):
        decisions.setdefault(row.code, []).append(
            ParameterDecision(
                row.pk, row.code, row.value, row.valid_from, row.state, row.reason, row.drafted_by, row.drafted_at,
                row.approved_by, row.approved_at,
            )
        )  # fmt: skip
    return tuple(_parameter(kind, tuple(decisions.get(kind.code, ())), on) for kind in parameters.KINDS)


def parameter_shown(code: str, on: date) -> ParameterShown:
    """One of them. Raises :class:`NotFound`."""
    kind = parameters.kind(code)
    return next(one for one in parameters_shown(on) if one.kind is kind)


def dictionary_kinds() -> tuple[DictionaryKind, ...]:
    """The dictionaries that are open to words of the utility's own."""
    return dictionaries.KINDS


def dictionary(code: str, *, offered_only: bool = True) -> tuple[Entry, ...]:
    """The words of an open dictionary: those that ship, then the utility's own. Raises :class:`NotFound`."""
    kind = dictionaries.kind(code)
    shipped = [Entry(one, zh, en, 0, True, True) for one, zh, en in kind.shipped]
    rows = DictionaryEntry.objects.filter(dictionary=code).order_by("place", "code")
    own = [Entry(row.code, row.label, row.label, row.place, row.is_offered, False) for row in rows]
    return tuple(one for one in [*shipped, *own] if one.is_offered or not offered_only)


def announcements_for(actor: Actor, *, on: date) -> tuple[AnnouncementShown, ...]:
    """The notices shown to a person on a day where they act: unread and urgent ones first, then the newest; at most
    :data:`MOST_NOTICES`, of the newest :data:`NEWEST_NOTICES`."""
    above = [actor.unit_path[: at + 1] for at, mark in enumerate(actor.unit_path) if mark == "/"]
    if not above:
        return ()
    rows = _notices(tuple(sorted(actor.roles)), len(above))(actor.person_id or 0, on, *above)
    newest = [AnnouncementShown(*(*one[:6], _roles(one[6]), *one[7:])) for one in rows]
    # Sorted here: in the database each part of the order would ask once more whether it was read.
    return tuple(sorted(newest, key=lambda one: (one.is_read, not one.is_urgent))[:MOST_NOTICES])


_NOTICE = (
    "id", "title", "body", "unit__code", "unit__name", "unit__path", "roles", "is_urgent", "visible_from", "visible_to", "state",
    "created_by", "published_by", "published_at",
)  # fmt: skip
"""The fields of an AnnouncementShown in their order, but the last."""


@lru_cache(maxsize=256)
def _notices(roles: tuple[str, ...], above: int) -> Reading[tuple[Any, ...]]:
    """Notices for holders of these roles: by person, day and the paths of so many units."""
    wanted = Q(roles="")
    for role in roles:
        wanted |= Q(roles__contains=f",{role},")

    def make(person: int, on: date, *paths: str) -> QuerySet[Any, Any]:
        mine = AnnouncementRead.objects.filter(announcement=OuterRef("pk"), person_id=person)
        rows = Announcement.objects.filter(
            wanted, state="PUBLISHED", visible_from__lte=on, visible_to__gt=on, unit__path__in=paths
        )
        newest = rows.annotate(is_read=Exists(mine)).order_by("-published_at", "-id")
        return newest.values_list(*_NOTICE, "is_read")[:NEWEST_NOTICES]

    return Reading(make, int, date, *[str] * above, planned_once=True)


def announcement(scope: Scope, announcement_id: int) -> AnnouncementShown:
    """One notice of the units in the scope, for those who write them. Raises :class:`NotFound`."""
    rows = Announcement.objects.select_related("unit")
    return _announcement(scope.one(rows, "unit__path", "announcement", pk=announcement_id), False)


def announcement_rows(scope: Scope) -> Rows:
    """Notices of the units in the scope, newest first: :data:`ANNOUNCEMENT_COLUMNS`; ``read_count`` counts readers. Lazy."""
    rows = scope.limit(Announcement.objects.all(), "unit__path")
    named = rows.annotate(unit_code=F("unit__code"), unit_name=F("unit__name"), read_count=Count("reads__id"))
    found: Rows = named.order_by("-id").values(*ANNOUNCEMENT_COLUMNS)
    return found


def readers(scope: Scope, announcement_id: int, *, on: date) -> tuple[int, int]:
    """How many have read a notice, and how many it is for: holders of a post of its roles below its unit."""
    row = scope.one(Announcement.objects.select_related("unit"), "unit__path", "announcement", pk=announcement_id)
    held = Post.objects.filter(valid_from__lte=on, valid_to__gt=on, person__is_active=True)
    held = Scope(row.unit.path).limit(held, "unit__path")
    if row.roles:
        held = held.filter(role__in=_roles(row.roles))
    return row.reads.count(), held.values("person_id").distinct().count()


def brand() -> BrandShown:
    """The name and colours of the pages today."""
    row = Brand.objects.order_by("-id").defer("logo").first()
    if row is None:
        return BrandShown("", branding.COLOURS, "", True)
    colours = branding.COLOURS | json.loads(row.colours)
    neutral = not row.name and not row.logo_hash and colours == branding.COLOURS
    return BrandShown(row.name, colours, row.logo_hash, neutral)


def logo() -> bytes:
    """The PNG of the logo. Raises :class:`NotFound` where none was given."""
    picture = Brand.objects.order_by("-id").values_list("logo", flat=True).first()
    if not picture:
        raise NotFound("there is no logo")
    return bytes(picture)


def _parameter(kind: ParameterKind, decisions: tuple[ParameterDecision, ...], on: date) -> ParameterShown:
    held = next((one for one in decisions if one.state == "APPROVED" and one.valid_from <= on), None)
    value, since = (held.value, held.valid_from) if held else (kind.shipped, None)
    return ParameterShown(kind, value, since, decisions, on)


def _roles(text: str) -> tuple[str, ...]:
    return tuple(role for role in text.split(",") if role)


def _announcement(row: Announcement, is_read: bool) -> AnnouncementShown:
    return AnnouncementShown(
        id=row.pk,
        title=row.title,
        body=row.body,
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        unit_path=row.unit.path,
        roles=_roles(row.roles),
        is_urgent=row.is_urgent,
        visible_from=row.visible_from,
        visible_to=row.visible_to,
        state=row.state,
        created_by=row.created_by,
        published_by=row.published_by,
        published_at=row.published_at,
        is_read=is_read,
    )
