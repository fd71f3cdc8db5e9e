"""What stands on a community board: supply now and planned, bills due without anybody's name, who is responsible, prices, where to pay.

Nothing personal of a customer leaves here: bills due are counts, bands or house numbers, as the dated rule says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from wandeng.calc import boards as calc
from wandeng.calc.boards import ArrearsBand
from wandeng.calc.dispatch import Spot, distance_m
from wandeng.domains.boards import queries
from wandeng.domains.boards.types import BoardShown, Responsible
from wandeng.domains.network.queries import labels
from wandeng.domains.outlets import queries as outlets
from wandeng.domains.outlets.types import OutletShown
from wandeng.domains.payments.frames import items
from wandeng.domains.tariffs import queries as tariffs
from wandeng.flows.supply_status import answers, planned
from wandeng.flows.supply_status.answers import NOTHING_KNOWN, Answer
from wandeng.flows.supply_status.planned import PlannedNotice
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.community_boards import BoardArrears, CommunityBoardRule
from wandeng.infra.scope import Scope
from wandeng.kernel.money import FEN_PER_YUAN
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True, slots=True)
class BoardArrearsTold:
    """Bills overdue of a place on a day. ``customers``: how many owe, ``None`` for fewer than ``least`` (but some); ``bands`` and
    ``houses`` as the rule's ``form`` says, empty otherwise."""

    form: str
    on: date
    customers: int | None
    least: int
    bands: tuple[ArrearsBand, ...] = ()
    houses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoardPrice:
    """A tier of the price of homes this month, kWh a month or a year (``is_yearly``); ``to_kwh`` ``None`` for the last."""

    tier: int
    from_kwh: int
    to_kwh: int | None
    is_yearly: bool
    price_e8: int


@dataclass(frozen=True, slots=True)
class BoardContent:
    """A board as everybody reads it at ``made_at``; ``supply``: area → its answer, those with nothing to say left out."""

    board: BoardShown
    made_at: datetime
    supply: tuple[tuple[str, Answer], ...]
    planned: tuple[PlannedNotice, ...]
    arrears: BoardArrearsTold | None
    people: tuple[Responsible, ...]
    prices: tuple[BoardPrice, ...]
    outlets: tuple[OutletShown, ...]
    ways_to_pay: tuple[str, ...]
    has_photos: bool
    refresh_seconds: int


def content(found: BoardShown, *, now: datetime, library: RuleLibrary) -> BoardContent:
    """What a board says now. Raises ``NoRuleInForce``."""
    on = now.astimezone(BILLING_ZONE).date()
    rule = queries.shown_on(on, found.territory, library=library)
    ids = [one.id for one in found.areas]
    told = answers.answers(answers.table(ids, now=now, library=library)) if ids else {}
    supply = [(one.name, told.get(one.id, NOTHING_KNOWN)) for one in found.areas]
    return BoardContent(
        found, now, tuple((name, answer) for name, answer in supply if answer.standing != "NONE"),
        _planned(found, rule.shows.outages, now, library), _arrears(found, rule.arrears, on, library),
        _people(found, rule, on), _prices(found.territory, on, library) if rule.shows.prices else (),
        _near(ids, rule.shows.outlets, on), tuple(rule.shows.ways_to_pay), rule.people.photos, rule.shows.refresh_seconds,
    )  # fmt: skip


def _planned(found: BoardShown, most: int, now: datetime, library: RuleLibrary) -> tuple[PlannedNotice, ...]:
    names = {one.name for one in found.areas}
    every = planned.planned(Scope.everywhere(), now=now, library=library)
    return tuple(one for one in every if names & set(one.areas))[:most]


def _arrears(found: BoardShown, rule: BoardArrears, on: date, library: RuleLibrary) -> BoardArrearsTold | None:
    """Nothing where the unit does not want it, the rule has none, or the place is so small that everybody knows who is meant."""
    if not found.shows_arrears or rule.form == "NONE":
        return None
    homes = labels.addresses_behind([one.id for one in found.areas], on=on)
    if len(homes) < rule.least_customers:
        return None
    owed = items.overdue_of(sorted(homes), on=on, library=library)
    count = None if 0 < owed.height < rule.least_owing else owed.height
    bands: tuple[ArrearsBand, ...] = ()
    houses: tuple[str, ...] = ()
    if count and rule.form == "BANDS":
        edges = [one * FEN_PER_YUAN for one in rule.bands_yuan]
        bands = calc.bands(owed["open_fen"], edges, least=rule.least_owing)
    elif count and rule.form == "HOUSES":
        houses = calc.houses(pl.Series([homes[one] for one in owed["account_id"]]))[: rule.most_houses]
    return BoardArrearsTold(rule.form, on, count, rule.least_owing, bands, houses)


def _people(found: BoardShown, rule: CommunityBoardRule, on: date) -> tuple[Responsible, ...]:
    shown = queries.responsible(found, on=on)
    return tuple(
        Responsible(
            one.post, one.person, one.name, one.title, one.phone if rule.people.phones else "",
            one.photo if rule.people.photos else "",
        )
        for one in shown
    )  # fmt: skip


def _prices(territory: str, on: date, library: RuleLibrary) -> tuple[BoardPrice, ...]:
    """The tiers of homes this month; none where the territory has no such price."""
    listed = tariffs.codes(library, on, territory=territory)
    code = next(
        (one.code for one in listed if one.customer_class == "residential" and one.tiered and not one.schedule), ""
    )
    version = tariffs.history(library, code, on).on(on) if code else None
    charges = [one for one in (version.charges if version else ()) if on.month in one.months and one.tier]
    made = {
        one.tier: BoardPrice(
            one.tier, one.tier_from_ckwh // 100, None if one.tier_to_ckwh is None else one.tier_to_ckwh // 100,
            one.tier_cycle == 12, one.price_e8,
        )
        for one in charges
    }  # fmt: skip
    return tuple(made[tier] for tier in sorted(made))


def _near(areas: list[int], most: int, on: date) -> tuple[OutletShown, ...]:
    """The outlets next to the place as the crow flies; none of a place that nobody knows on the map."""
    middle = labels.middle_of(areas)
    if middle is None or not most:
        return ()
    here = Spot(*middle)
    found = outlets.public_outlets(on=on)
    return tuple(
        sorted(found, key=lambda one: (distance_m(Spot(one.longitude_e6, one.latitude_e6), here), one.code))[:most]
    )
