"""Planned outages for everybody (停电公告): by day, with the places they concern, as a page, as files, as a calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wandeng.domains.organization import queries as organization
from wandeng.domains.outages.queries.announced import announced
from wandeng.domains.outages.types.announced import Announced, AnnouncedArea, Mark
from wandeng.domains.rationing import queries as rationing
from wandeng.domains.rationing.types import AnnouncedOrder, OrderState
from wandeng.domains.reliability.frames import ongoing
from wandeng.flows.supply_status import facts as status
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope

__all__ = ["Mark", "PlannedNotice", "SayPlanned", "called", "document", "planned", "read_back"]


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """A planned outage as everybody may read it. ``places``: villages and communities, or areas that have none; ``areas``: the
    names of all areas. ``was_from``, ``was_until``: the window first told, where it is another one."""

    number: str
    unit_code: str
    unit_name: str
    category: str
    reason: str
    mark: Mark
    starts_at: datetime
    ends_at: datetime
    was_from: datetime | None
    was_until: datetime | None
    places: tuple[str, ...]
    areas: tuple[str, ...]

    @property
    def is_canceled(self) -> bool:
        """Whether supply stays on after all."""
        return self.mark is Mark.CANCELED


SayPlanned = Callable[[PlannedNotice], Mapping[str, list[str]]]
"""Words of an outage: language → when, where, why, what became of it."""
_TIMES = ("starts_at", "ends_at", "was_from", "was_until")
_LISTS = ("places", "areas")
RATIONING = "RATIONING"
"""Category and reason of an order to ration (有序用电)."""
_MARKS = {OrderState.RUNNING: Mark.RUNNING, OrderState.CANCELED: Mark.CANCELED}


def planned(
    scope: Scope, *, place: str = "", unit_code: str = "", now: datetime, library: RuleLibrary
) -> tuple[PlannedNotice, ...]:
    """Planned outages and rationing as far ahead as the rule says, the earliest first; of a unit and those below it, or called so, where that is
    named. Areas that have supply again are left out.

    Raises :class:`NotFound` for a unit outside, ``NoRuleInForce``.
    """
    if unit_code:
        scope = scope.narrowed(organization.unit(scope, unit_code).path)
    before = now + status.ahead(now, library)
    found = [
        *announced(scope, now=now, before=before),
        *map(_rationed, rationing.announced(scope, now=now, before=before)),
    ]
    made = (_public(one, back) for one, back in _with_back(sorted(found, key=lambda one: (one.starts_at, one.number))))
    return tuple(one for one in made if one.areas and called(one, place))


def called(one: PlannedNotice, place: str) -> bool:
    """Whether an outage concerns a place or an area that is called so; also by the name of its unit."""
    asked = place.strip().casefold()
    return not asked or any(asked in name.casefold() for name in (*one.places, *one.areas, one.unit_name))


def _with_back(found: Sequence[Announced]) -> Iterable[tuple[Announced, frozenset[int]]]:
    origins = {_origin(one): one.number for one in found if one.mark is Mark.RUNNING}
    back: dict[str, set[int]] = {}
    for area, origin in ongoing.restored(list(origins)).iter_rows():
        back.setdefault(origins[origin], set()).add(area)
    return ((one, frozenset(back.get(one.number, ()))) for one in found)


def _origin(one: Announced) -> str:
    """How its interruptions name it."""
    return (status.ORDER if one.category == RATIONING else status.PLAN) + one.number


def _rationed(one: AnnouncedOrder) -> Announced:
    """An order to ration, told like any other outage."""
    mark = _MARKS.get(one.state, Mark.CHANGED if one.is_changed else Mark.STANDS)
    areas = tuple(AnnouncedArea(*area) for area in one.areas)
    return Announced(
        one.number,
        one.unit_code,
        one.unit_name,
        RATIONING,
        RATIONING,
        mark,
        one.starts_at,
        one.ends_at,
        None,
        None,
        areas,
    )


def _public(one: Announced, back: frozenset[int]) -> PlannedNotice:
    off = [area for area in one.areas if area.transformer_id not in back]
    return PlannedNotice(
        one.number, one.unit_code, one.unit_name, one.category, one.reason, one.mark, one.starts_at, one.ends_at,
        one.was_from, one.was_until, tuple(dict.fromkeys(area.place or area.name for area in off)),
        tuple(dict.fromkeys(_name(area) for area in off)),
    )  # fmt: skip


def _name(area: AnnouncedArea) -> str:
    return f"{area.place} {area.name}" if area.place and area.place not in area.name else area.name


def document(one: PlannedNotice, said: Mapping[str, list[str]]) -> dict[str, Any]:
    """An outage as JSON; what is empty is left out."""
    facts: dict[str, Any] = {name: getattr(one, name) for name in PlannedNotice.__slots__}
    for name in _TIMES:
        facts[name] = facts[name] and facts[name].isoformat(timespec="seconds")
    return {name: list(value) if name in _LISTS else value for name, value in facts.items() if value} | {"said": said}


def read_back(told: Mapping[str, Any]) -> PlannedNotice:
    """The other way."""
    given: dict[str, Any] = {name: told.get(name, "") for name in PlannedNotice.__slots__}
    for name in _TIMES:
        given[name] = datetime.fromisoformat(given[name]) if given[name] else None
    for name in _LISTS:
        given[name] = tuple(given[name])
    return PlannedNotice(**given | {"mark": Mark(given["mark"])})
