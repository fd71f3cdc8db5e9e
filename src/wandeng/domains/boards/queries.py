"""Community boards and the cards of people: lists, one board, who is responsible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When

from wandeng.domains.boards.models import CommunityBoard, ServiceCard
from wandeng.domains.boards.rules import shown_on
from wandeng.domains.boards.types import BoardArea, BoardShown, Responsible, ServiceCardShown
from wandeng.domains.network.queries import labels
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

__all__ = [
    "at",
    "board",
    "boards",
    "boards_rows",
    "card",
    "cards_rows",
    "photo",
    "responsible",
    "shown_on",
    "standing_ids",
]

Rows = QuerySet[Any, Any]
KEEPER, SUPERVISOR = "KEEPER", "SUPERVISOR"
POSTS = {KEEPER: "CELL_MANAGER", SUPERVISOR: "COUNTY_MANAGER"}
"""Whose post it is: the nearest holder upwards from the unit of the board."""


def boards_rows(scope: Scope) -> Rows:
    """Boards: id, handle, place, area_code, unit_id, unit_name, keeper, shows_arrears, state, made_at, made_by, printed_at, seen_at.
    Lazy."""
    rows = scope.limit(CommunityBoard.objects.all(), "unit__path").annotate(
        place=Case(When(transformer__isnull=False, then=F("transformer__name")), default=F("community"))
    )
    found: Rows = rows.values(
        "id", "handle", "place", "unit_id", "shows_arrears", "state", "made_at", "made_by", "printed_at", "seen_at",
        area_code=F("transformer__code"), unit_name=F("unit__name"), keeper_name=F("keeper__name"),
    )  # fmt: skip
    return found


def cards_rows(scope: Scope) -> Rows:
    """Cards of the people of the scope: id, person, name, unit_id, unit_name, title, phone, has_photo, set_by, set_at. Lazy."""
    rows = scope.limit(ServiceCard.objects.all(), "person__unit__path").annotate(
        has_photo=Case(When(photo_hash="", then=Value(False)), default=Value(True))
    )
    found: Rows = rows.values(
        "id", "title", "phone", "has_photo", "set_by", "set_at", code=F("person__code"), name=F("person__name"),
        unit_id=F("person__unit_id"), unit_name=F("person__unit__name"),
    )  # fmt: skip
    return found


def board(scope: Scope, board_id: int) -> BoardShown:
    """One board, withdrawn ones too. Raises :class:`NotFound`, also outside the scope."""
    return _shown(scope.one(_related(), "unit__path", "community board", pk=board_id))


def boards(scope: Scope, ids: Sequence[int]) -> tuple[BoardShown, ...]:
    """Those of these boards that stand, by unit and place. Raises :class:`NotFound` for one that is not there, outside or withdrawn."""
    found = [_shown(one) for one in scope.limit(_related().filter(pk__in=list(ids), state="SHOWN"), "unit__path")]
    missing = min(set(ids) - {one.id for one in found}, default=None)
    if missing is not None:
        raise NotFound(f"there is no community board {missing}")
    return tuple(sorted(found, key=lambda one: (one.unit_path, one.place, one.id)))


def standing_ids(scope: Scope, *, most: int) -> list[int]:
    """Boards that stand in the scope, so many at most."""
    rows = scope.limit(CommunityBoard.objects.filter(state="SHOWN"), "unit__path").order_by("unit__path", "id")
    return list(rows.values_list("id", flat=True)[:most])


def at(handle: str) -> BoardShown:
    """The board of a public address. Raises :class:`NotFound`."""
    row = _related().filter(handle=handle, state="SHOWN").first()
    if row is None:
        raise NotFound("there is no community board here")
    return _shown(row)


def responsible(found: BoardShown, *, on: date) -> tuple[Responsible, ...]:
    """Who keeps the area and who stands above them: the board's own keeper, else the nearest holders of the posts."""
    parts = found.unit_path.rstrip("/").split("/")
    paths = ["/".join(parts[:end]) + "/" for end in range(1, len(parts) + 1)]
    rows = organization.post_rows(Scope.everywhere(), on=on).filter(role__in=POSTS.values(), unit__path__in=paths)
    held = list(rows.values_list("role", "unit__path", "person__code", "person__name"))
    held.sort(key=lambda one: (-len(one[1]), one[2]))
    chosen = {
        post: next(((code, name) for has, _, code, name in held if has == role), None) for post, role in POSTS.items()
    }
    if found.keeper:
        chosen[KEEPER] = (found.keeper, organization.people_names([found.keeper]).get(found.keeper, found.keeper))
    cards = {
        one.person: one
        for one in _cards(ServiceCard.objects.filter(person__code__in=[one[0] for one in chosen.values() if one]))
    }
    people = []
    for post, who in chosen.items():
        if who is not None:
            card = cards.get(who[0])
            told = (card.title, card.phone, card.photo) if card else ("", "", "")
            people.append(Responsible(post, who[0], who[1], *told))
    return tuple(people)


def card(scope: Scope, person: str) -> ServiceCardShown | None:
    """The card of a person of the scope, ``None`` without one."""
    rows = scope.limit(ServiceCard.objects.filter(person__code=person), "person__unit__path")
    return next(iter(_cards(rows)), None)


def photo(name: str) -> bytes:
    """The picture of this name. Raises :class:`NotFound`."""
    row = ServiceCard.objects.filter(photo_hash=name).exclude(photo_hash="").values_list("photo", flat=True).first()
    if row is None:
        raise NotFound("there is no photo here")
    return bytes(row)


def _cards(rows: QuerySet[ServiceCard]) -> list[ServiceCardShown]:
    found = rows.select_related("person").defer("photo")
    return [
        ServiceCardShown(one.person.code, one.person.name, one.title, one.phone, one.photo_hash, one.set_by, one.set_at)
        for one in found
    ]


def _related() -> QuerySet[CommunityBoard]:
    return CommunityBoard.objects.select_related("unit", "transformer", "keeper")


def _shown(row: CommunityBoard) -> BoardShown:
    area = row.transformer
    if area is not None:
        areas: tuple[BoardArea, ...] = (BoardArea(area.pk, area.code, area.name),)
    else:
        found = labels.public_areas(Scope(row.unit.path), community=row.community)
        areas = tuple(BoardArea(one.id, one.code, one.name) for one in found if one.unit_id == row.unit_id)
    return BoardShown(
        row.pk, row.handle, area.code if area else "", area.name if area else row.community, row.unit.code, row.unit.name,
        row.unit.path, row.unit.territory, row.keeper.code if row.keeper else "", row.shows_arrears, row.state, row.made_by,
        row.made_at, row.printed_at, row.seen_at, areas,
    )  # fmt: skip
