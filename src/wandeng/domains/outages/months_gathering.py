"""What a month plan is made from: the outages of the month with their areas, what the areas had already, times that are forbidden
or better avoided, crews and ties; as the network, the history and the rules stand now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from wandeng.calc.outage_plan import Area, CrewCapacity, Forbidden, Job, Prices, Problem, Room, Side, Start, Window
from wandeng.domains.network import queries as network
from wandeng.domains.outages import rules
from wandeng.domains.outages.earlier import TO_COME
from wandeng.domains.outages.frames import affected
from wandeng.domains.outages.models import OutageArea, OutageIsolation, OutageWork, PlannedOutageVersion
from wandeng.domains.outages.types.months import LeftOut
from wandeng.domains.reliability import queries as reliability
from wandeng.domains.reliability.queries.repeating import months_before
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.outage_months import OutageMonths
from wandeng.infra.effective.topics.outage_planning import Days, OutagePlanning
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE, Month

AT_ONCE = 500
LIVE = "LIVE"
"""The kind of crew that does live work."""
MOVABLE = ("DRAFT", "REFUSED")
"""What nobody is asked to decide on yet."""
GATHERED = (*MOVABLE, "SUBMITTED", "APPROVED", "PUBLISHED")
MINUTES_A_DAY = 24 * 60
CENTI = 100
LEAST_KW = 1
"""Of an area without a capacity on record: common hours are better than hours apart."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """An outage of the month: its proposal by day and part of the day; ``left_out`` why it cannot be placed."""

    outage_id: int
    number: str
    version: int
    minutes: int
    proposed: Start
    is_fixed: bool
    left_out: str


@dataclass(frozen=True, slots=True)
class _Facts:
    """Of the versions of the month: areas, crews, ties and whose work it is."""

    areas: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    customers: dict[int, int] = field(default_factory=dict)
    crews: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    kinds: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    closed: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    opened: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which month of which unit, told on which day, with how many crews for live work; what is placed is placed after
    ``today``."""

    month: Month
    unit_path: str
    territory: str
    announced_on: date
    live_crews: int
    today: date


def versions(unit_path: str, month: Month) -> list[PlannedOutageVersion]:
    """The planned outages of a unit and all below it that would begin in the month, by number."""
    period = month.period
    rows = PlannedOutageVersion.objects.filter(
        state="STANDS", outage__state__in=GATHERED, outage__category="PLANNED",
        starts_at__gte=rules.midnight(period.from_on), starts_at__lt=rules.midnight(period.to_on),
    )  # fmt: skip
    return list(
        Scope(unit_path).limit(rows, "outage__unit__path").select_related("outage", "feeder").order_by("outage__number")
    )


def gather(asked: Asked, *, library: RuleLibrary | None) -> tuple[Problem, tuple[Gathered, ...]]:
    """The problem of a month and the outages in it. Raises ``NoRuleInForce``."""
    on = asked.month.first
    rule = rules.months(on, territory=asked.territory, library=library)
    planning = rules.planning(on, territory=asked.territory, library=library)
    rows = versions(asked.unit_path, asked.month)
    gathered = tuple(_gathered(row, rule) for row in rows)
    placed = [(row, one) for row, one in zip(rows, gathered, strict=True) if not one.left_out]
    facts = _facts([row.pk for row, _one in placed])
    transformers = sorted({area for found in facts.areas.values() for area in found})
    codes = dict(
        pair
        for part in _parts(transformers)
        for pair in network.transformers_rows(Scope.everywhere(), on=on).filter(pk__in=part).values_list("id", "code")
    )
    besides = [one.outage_id for one in gathered]
    forbidden, avoided = _bans(planning, asked.month, rule, _localities(transformers, on), codes)
    problem = Problem(
        from_on=asked.month.period.from_on,
        to_on=asked.month.period.to_on,
        announced_on=asked.announced_on,
        windows=tuple(Window(one.code, one.load_percent * 10) for one in rule.day.windows),
        areas=_areas(asked, planning, rule, transformers, codes, facts.customers, besides, library),
        jobs=tuple(_job(row, one, facts, codes, rule, planning, asked) for row, one in placed),
        crews=_crews(asked, rule, {crew for found in facts.crews.values() for crew in found}),
        forbidden=forbidden,
        prices=_prices(rule),
        avoided=avoided,
    )
    return problem, gathered


def _prices(rule: OutageMonths) -> Prices:
    told = rule.prices
    return Prices(
        unplaced=told.unplaced, breach=told.over_limit, interruption=told.interruption, load=told.load,
        late_day=told.late_day, change=told.moved, soon=told.too_soon, avoided=told.avoided,
    )  # fmt: skip


def _gathered(row: PlannedOutageVersion, rule: OutageMonths) -> Gathered:
    minutes = int((row.ends_at - row.starts_at) // timedelta(minutes=1))
    is_fixed = row.outage.state not in MOVABLE
    local = row.starts_at.astimezone(BILLING_ZONE)
    place = (local.hour * 60 + local.minute) // rule.day.minutes
    if not is_fixed:
        place = min(place, len(rule.day.windows) - min(windows_of(minutes, rule), len(rule.day.windows)))
    proposed = Start(local.date(), rule.day.windows[place].code, is_live=False)
    left_out = LeftOut.TOO_LONG.value if minutes > MINUTES_A_DAY else ""
    return Gathered(row.outage_id, row.outage.number, row.version, minutes, proposed, is_fixed, left_out)


def windows_of(minutes: int, rule: OutageMonths) -> int:
    """How many parts of the day so many minutes take."""
    return -(-minutes // rule.day.minutes)


def _job(
    row: PlannedOutageVersion, one: Gathered, facts: _Facts, codes: Mapping[int, str], rule: OutageMonths,
    planning: OutagePlanning, asked: Asked,
) -> Job:  # fmt: skip
    crews = sorted(facts.crews[row.pk])
    windows = windows_of(one.minutes, rule)
    if one.is_fixed:
        place = [part.code for part in rule.day.windows].index(one.proposed.window)
        windows = min(windows, len(rule.day.windows) - place)
    can_be_live = row.live_line == "POSSIBLE" and asked.live_crews > 0
    return Job(
        code=one.number,
        areas=frozenset(codes[area] for area in facts.areas[row.pk]),
        windows=windows,
        crew=crews[0] if crews else "",
        live_crew=LIVE if can_be_live else "",
        side=Side.CUSTOMER if facts.kinds[row.pk] == {"CUSTOMER"} else Side.GRID,
        notice_days=planning.notice.planned_days,
        not_before=None if one.is_fixed else asked.today + timedelta(days=1),
        feeder=row.feeder.code if row.feeder else "",
        ties_closed=frozenset(facts.closed[row.pk]),
        ties_open=frozenset(facts.opened[row.pk]),
        pinned=one.proposed if one.is_fixed else None,
        published=one.proposed if row.outage.state == "PUBLISHED" else None,
        more_crews=frozenset(crews[1:]),
    )


def _facts(version_ids: Sequence[int]) -> _Facts:
    found = _Facts()
    for part in _parts(version_ids):
        areas = OutageArea.objects.filter(version_id__in=part, customers__gt=0)
        for version, area, customers in areas.values_list("version_id", "transformer_id", "customers"):
            found.areas[version].add(area)
            found.customers[area] = max(customers, found.customers.get(area, 0))
        for version, crew, kind in OutageWork.objects.filter(version_id__in=part).values_list(
            "version_id", "crew_code", "kind"
        ):
            found.kinds[version].add(kind)
            if crew:
                found.crews[version].add(crew)
        points = OutageIsolation.objects.filter(version_id__in=part, switch__isnull=False)
        for version, kind, code, is_tie in points.values_list(
            "version_id", "kind", "switch__code", "switch__normal_open"
        ):
            if kind == "CLOSE":
                found.closed[version].add(code)
            elif is_tie:
                found.opened[version].add(code)
    return found


def _areas(
    asked: Asked, planning: OutagePlanning, rule: OutageMonths, transformers: Sequence[int], codes: Mapping[int, str],
    customers: Mapping[int, int], besides: Sequence[int], library: RuleLibrary | None,
) -> tuple[Area, ...]:  # fmt: skip
    first, days = asked.month.first, list(asked.month.period.iter_days())
    written = reliability.repeats(transformers, on=first, territory=asked.territory, library=library)
    frequent = rules.frequent(first, territory=asked.territory, library=library)
    to_come = _to_come(transformers, besides, first.year)
    tired = [one for one in transformers if written[one].recent or to_come.get(one)]
    recent: dict[int, list[int]] = {one: [] for one in tired}
    for day in days if tired else ():
        since = months_before(day, frequent.months)
        now = reliability.repeats(tired, on=day, territory=asked.territory, library=library)
        for one in tired:
            coming = sum(since <= on <= day for on, _is_planned in to_come.get(one, ()))
            recent[one].append(now[one].recent + coming)
    loads = _loads(transformers, first)
    none = [0] * len(days)
    return tuple(
        Area(
            code=codes[one],
            customers=customers[one],
            load_kw=max(LEAST_KW, loads.get(one, 0) * rule.day.load_percent_of_capacity // 100 // CENTI),
            used=written[one].planned_this_year + sum(is_planned for _on, is_planned in to_come.get(one, ())),
            most=planning.yearly.most_planned,
            soon=rooms(days, recent.get(one, none), frequent.times - 1),
        )
        for one in transformers
    )


def rooms(days: Sequence[date], recent: Sequence[int], most: int) -> tuple[Room, ...]:
    """What the rolling months leave up to each day, told where it changes. Where a later day has less, the days before it have no
    more either."""
    left = [max(0, most - count) for count in recent]
    for place in range(len(left) - 2, -1, -1):
        left[place] = min(left[place], left[place + 1])
    ends = [place for place in range(len(left)) if place == len(left) - 1 or left[place] != left[place + 1]]
    return tuple(Room(days[place], left[place]) for place in ends)


def _to_come(transformers: Sequence[int], besides: Sequence[int], year: int) -> dict[int, list[tuple[date, bool]]]:
    """Days of other plans of the year that are still to come, and whether they are planned outages, by area."""
    found: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    span = rules.midnight(date(year, 1, 1)), rules.midnight(date(year + 1, 1, 1))
    for part in _parts(transformers):
        rows = OutageArea.objects.filter(
            transformer_id__in=part, version__state="STANDS", version__outage__state__in=TO_COME,
            version__starts_at__gte=span[0], version__starts_at__lt=span[1],
        ).exclude(version__outage_id__in=besides)  # fmt: skip
        told = rows.values_list("transformer_id", "version__starts_at", "version__outage__category")
        for area, at, category in told:
            found[area].append((rules.local_day(at), category == "PLANNED"))
    return found


def _loads(transformers: Sequence[int], on: date) -> dict[int, int]:
    """Contracted capacity by area, 0.01 kVA."""
    return {area: load for part in _parts(transformers) for area, load in network.contract_loads(part, on=on).items()}


def _localities(transformers: Sequence[int], on: date) -> dict[int, frozenset[str]]:
    """Where the customers of each area live."""
    with ColumnStore() as store:
        rows = affected.out_of(store, dead=transformers, unfed=(), on=on)
    found = rows.group_by("transformer_id").agg(pl.col("locality").unique())
    return {area: frozenset(told) for area, told in found.iter_rows()}


def _crews(asked: Asked, rule: OutageMonths, crews: Iterable[str]) -> tuple[CrewCapacity, ...]:
    """Each named crew is at one place at a time; crews for live work by daylight."""
    days = list(asked.month.period.iter_days())
    named = [CrewCapacity(crew, on, part.code, 1) for crew in sorted(crews) for on in days for part in rule.day.windows]
    live = [
        CrewCapacity(LIVE, on, part.code, asked.live_crews)
        for on in days
        for part in rule.day.windows
        if part.daylight and asked.live_crews
    ]
    return (*named, *live)


def _bans(
    planning: OutagePlanning, month: Month, rule: OutageMonths, localities: Mapping[int, frozenset[str]],
    codes: Mapping[int, str],
) -> tuple[tuple[Forbidden, ...], tuple[Forbidden, ...]]:  # fmt: skip
    """Times that are forbidden, and times that are better avoided: what forbids a plan forbids here too."""
    found: dict[bool, list[Forbidden]] = {True: [], False: []}
    for code, named in (("EXAM_DAY", planning.exams.days), ("FARM_SEASON", planning.farming.days)):
        found[code in planning.forbidding.codes] += _season(named, month, localities, codes)
    for peak in planning.peaks.hours:
        hit = [part.code for part in rule.day.windows if _meets(part.first, rule.day.minutes, peak.first, peak.last)]
        if month.number in peak.months and hit:
            ban = Forbidden(peak.name_zh, windows=frozenset(hit))
            found["PEAK_HOURS" in planning.forbidding.codes].append(ban)
    return tuple(found[True]), tuple(found[False])


def _season(
    named: Sequence[Days], month: Month, localities: Mapping[int, frozenset[str]], codes: Mapping[int, str]
) -> list[Forbidden]:
    found = []
    for one in named:
        days = frozenset(day for day in month.period.iter_days() if one.first <= f"{day:%m-%d}" <= one.last)
        areas = frozenset(codes[area] for area, where in localities.items() if where & set(one.localities))
        if days and (areas or not one.localities):
            found.append(Forbidden(one.name_zh, areas if one.localities else frozenset(), days))
    return found


def _meets(first: int, minutes: int, begins: int, ends: int) -> bool:
    return first < ends and begins < first + minutes


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def moment(at: Start, first_minutes: Mapping[str, int]) -> datetime:
    """When a job that lies there begins."""
    return rules.midnight(at.on) + timedelta(minutes=first_minutes[at.window])


def first_minutes(rule: OutageMonths) -> dict[str, Any]:
    """Minutes after midnight at which each part of the day begins."""
    return {part.code: part.first for part in rule.day.windows}
