"""Whom nobody has reached of an outage, door by door and area by area: for paper."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.outages.frames import affected
from wandeng.domains.outages.models import OutageArea, PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.queries.telling import doors_left
from wandeng.domains.outages.types.telling import TellingKind
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class DoorArea:
    """An area with its doors: account number, name, address; in the order somebody walks, by address."""

    code: str
    name: str
    place: str
    doors: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DoorLetters:
    """What is told on paper, where. ``kind``: what those of the gap were told last."""

    number: str
    title: str
    reason: str
    unit_name: str
    unit_path: str
    kind: TellingKind
    starts_at: datetime
    ends_at: datetime
    due_by: datetime
    areas: tuple[DoorArea, ...]


def door_letters(scope: Scope, number: str, area: str = "") -> DoorLetters:
    """The gap of an outage, each account once, under its first area of the version that stands; of one area by its code where that
    is named. What is told is the newest kind of those left.

    Raises :class:`NotFound` for an outage or area that is not there.
    """
    row = scope.one(PlannedOutage.objects.select_related("unit"), "unit__path", "outage", number=number)
    version = row.versions.get(version=row.version)
    touched = (
        OutageArea.objects.filter(version=version)
        .select_related("transformer")
        .order_by("place", "transformer__name", "pk")
    )
    areas = {one.transformer_id: one for one in touched}
    if area and area not in {one.transformer.code for one in areas.values()}:
        raise NotFound(f"{area} is no area of {number}")
    gaps = list(
        doors_left(scope, number).values_list(
            "account_id", "account__account_number", "account__name", "account__address", "telling__kind", "telling__due_by"
        )
    )  # fmt: skip
    kind, due_by = (TellingKind(gaps[0][4]), gaps[0][5]) if gaps else (TellingKind.ANNOUNCEMENT, version.notice_by)
    doors = {account: door for account, *door, of_kind, _due in gaps if of_kind == kind}
    home = _homes(version)
    by_area: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for account, (code, name, address) in doors.items():
        if home.get(account) in areas:
            by_area[home[account]].append((code, name, address))
    made = tuple(
        DoorArea(one.transformer.code, one.transformer.name, one.place, tuple(sorted(by_area[pk], key=lambda door: (door[2], door[0]))))
        for pk, one in areas.items()
        if by_area[pk] and area in ("", one.transformer.code)
    )  # fmt: skip
    return DoorLetters(
        row.number, row.title, row.reason, row.unit.name, row.unit.path, kind, version.starts_at, version.ends_at, due_by, made,
    )  # fmt: skip


def _homes(version: PlannedOutageVersion) -> dict[int, int]:
    """Account → the area it is drawn under, the first of several."""
    with ColumnStore() as store:
        rows = affected.of_version(store, version, keeping=True)
    first = rows.unique("account_id", keep="first", maintain_order=True)
    return dict(first.select("account_id", "transformer_id").iter_rows())
