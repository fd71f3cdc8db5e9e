"""The answer of an area as a value: for pages, the API, the command line and the published files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

import polars as pl

from wandeng.calc import supply_status as calc
from wandeng.domains.customers import queries as customers
from wandeng.domains.network.queries import spots
from wandeng.domains.network.queries.spots import Spot
from wandeng.flows.supply_status import facts
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """When supply is back, of one area, as columns of ``calc.supply_status.ANSWERS``. ``standing``: FAULT, PLANNED, REPORTED
    or NONE; ``until``: when supply is expected back, ``None`` when nobody has said; ``source``: CREW, DISPATCHER, PLAN, STATISTICS;
    ``next_from``: when the next planned outage begins."""

    standing: str = str(calc.Standing.NONE)
    since: datetime | None = None
    until: datetime | None = None
    source: str = ""
    confidence: str = ""
    stage: str = ""
    reason: str = ""
    is_late: bool = False
    next_from: datetime | None = None
    next_until: datetime | None = None
    next_reason: str = ""

    @property
    def is_off(self) -> bool:
        """Whether supply is known to be off."""
        return self.standing in (calc.Standing.FAULT, calc.Standing.PLANNED)


NOTHING_KNOWN = Answer()
_NAMES = tuple(field.name for field in fields(Answer))
Say = Callable[[Answer, datetime], Mapping[str, list[str]]]
"""Words of an answer at a time: language → headline and what follows it."""


@dataclass(frozen=True, slots=True)
class AreaAnswer:
    """The answer at one area that supplies somebody; ``incident`` is the number of the fault, empty for none."""

    area_code: str
    area_name: str
    place: str
    answer: Answer
    incident: str


def table(areas: Collection[int] | None = None, *, now: datetime, library: RuleLibrary) -> pl.DataFrame:
    """``calc.supply_status.ANSWERS`` of these areas, or of all of which something is to be said."""
    known = facts.facts(areas, now=now, library=library)
    return calc.merged(known, now=now, ahead=facts.ahead(now, library))


def answers(found: pl.DataFrame) -> dict[int, Answer]:
    """Area → its answer."""
    return {row["area"]: Answer(**{name: row[name] for name in _NAMES}) for row in found.iter_rows(named=True)}


def supply_status(scope: Scope, account: str, *, now: datetime, library: RuleLibrary) -> tuple[AreaAnswer, ...]:
    """When supply is back at an account: an answer for each area that supplies it, the one it draws from first.

    Raises :class:`NotFound` for an account that is not there, or outside.
    """
    customers.account(scope, account)
    found = spots.spots_of(scope, account)
    return _told(found, now=now, library=library)


def status_called(
    scope: Scope, place: str, *, limit: int = 20, now: datetime, library: RuleLibrary
) -> tuple[AreaAnswer, ...]:
    """The same of public areas whose place or name holds these words."""
    return _told(spots.spots_called(scope, place, limit=limit), now=now, library=library) if place.strip() else ()


def status_by_phone(scope: Scope, phone: str, *, now: datetime, library: RuleLibrary) -> tuple[AreaAnswer, ...]:
    """The same of the areas of accounts with a contact of this number."""
    accounts = customers.accounts_by_phone(scope, phone, limit=10)
    return _told(spots.spots_of_accounts(scope, accounts), now=now, library=library)


def _told(found: tuple[Spot, ...], *, now: datetime, library: RuleLibrary) -> tuple[AreaAnswer, ...]:
    areas = {one.area for one in found}
    if not areas:
        return ()
    known = facts.facts(areas, now=now, library=library)
    told = answers(calc.merged(known, now=now, ahead=facts.ahead(now, library)))
    names = known.filter(pl.col("event").str.starts_with(facts.INCIDENT)).sort("since")
    incidents = {area: event.removeprefix(facts.INCIDENT) for area, event in names.select("area", "event").iter_rows()}
    return tuple(
        AreaAnswer(one.code, one.name, one.place, told.get(one.area, NOTHING_KNOWN), incidents.get(one.area, ""))
        for one in found
    )
