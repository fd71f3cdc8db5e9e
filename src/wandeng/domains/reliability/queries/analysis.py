"""Reliability of a period for people: indices by a named standard, taken apart, beside the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

import polars as pl

from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.reliability import rules
from wandeng.domains.reliability.frames import analysis as frames
from wandeng.domains.reliability.frames import standing
from wandeng.domains.reliability.frames.analysis import History, Told
from wandeng.domains.reliability.types import Analysis, By, IndexRow, MajorDay
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.reliability import Standard
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE, FAR_FUTURE, FAR_PAST, Month, Period

E4, E5 = 10**4, 10**5
_KEEP = 8
_kept: dict[str, pl.DataFrame] = {}
_COLUMNS = {
    By.UNIT: "unit_id", By.FEEDER: "feeder_id", By.LOCALITY: "locality", By.KIND: "kind", By.CAUSE: "cause",
}  # fmt: skip


def standards(on: date, *, library: RuleLibrary | None = None) -> tuple[Standard, ...]:
    """The named standards in force on a day. Raises ``NoRuleInForce``."""
    return rules.standards(on, library=library).standards


def analysis(
    scope: Scope, *, unit_code: str, period: Period, standard_code: str, by: By, now: datetime,
    library: RuleLibrary | None = None,
) -> Analysis:  # fmt: skip
    """The indices of a unit and all below it, taken apart by ``by``. A period that goes on is told up to the end of today,
    and so is the year before. The base of a period are the users of its last day.

    Raises :class:`NotFound` for the unit or the standard, ``NoRuleInForce``.
    """
    unit = organization.unit(scope, unit_code)
    nodes = organization.unit_tree(scope.narrowed(unit.path))
    units = [node.unit_id for node in nodes]
    rule = rules.standards(period.from_on, library=library)
    standard = rules.standard(rule, standard_code)
    today = now.astimezone(BILLING_ZONE).date()
    if period.from_on <= today < period.to_on:
        period = Period(period.from_on, today + timedelta(days=1))
    before = Period(year_before(period.from_on), year_before(period.to_on))
    first = date(period.from_on.year - frames.YEARS_OF_MAJOR_DAYS, 1, 1) if standard.major_days_beta else before.from_on
    last = date(period.from_on.year + 1, 1, 1)
    with ColumnStore() as store:
        told = frames.read(store, from_on=min(first, before.from_on), to_on=max(last, period.to_on), now=now)
        users, earlier = (_users(store, frames.last_day(one, today)) for one in (period, before))
    asked = _Asked(told, standard, units)
    limit, days = frames.major_days(told, users, year=period.from_on.year, standard=standard, units=units)
    met = {day: minutes for day, minutes in days.items() if day in period}
    return Analysis(
        standard=standard.code, from_on=period.from_on, to_on=period.to_on, whole=asked.whole(users, period),
        year_before=asked.whole(earlier, before), rows=_rows(asked, users, period, by, nodes),
        limit_e4=None if limit is None else round(limit * E4),
        major_days=tuple(MajorDay(day, round(minutes * E4)) for day, minutes in sorted(met.items())),
        without=asked.whole(users, period, tuple(met)) if met else None,
    )  # fmt: skip


def _users(store: ColumnStore, on: date) -> pl.DataFrame:
    """The base of a day, kept while the network is the same: counting millions takes seconds."""
    mark = network.map_revision(Scope.everywhere(), on=on)
    if not mark:
        return standing.users(store, on)
    if mark not in _kept:
        while len(_kept) >= _KEEP:
            _kept.pop(next(iter(_kept)), None)
        _kept[mark] = standing.users(store, on)
    return _kept[mark]


class _Asked:
    """A history by one standard in some units."""

    def __init__(self, told: History, standard: Standard, units: Sequence[int]) -> None:
        self.told, self.standard, self.units = told, standard, units

    def groups(self, users: pl.DataFrame, period: Period, by: str, off_days: Sequence[date] = ()) -> dict[object, Told]:
        return frames.tell(
            self.told, users, period=period, standard=self.standard, by=by, units=self.units, off_days=off_days
        )

    def whole(self, users: pl.DataFrame, period: Period, off_days: Sequence[date] = ()) -> IndexRow | None:
        """``None`` where nobody is supplied."""
        found = self.groups(users, period, "all", off_days).get("all")
        return None if found is None else _row("", "", found)


def _rows(
    asked: _Asked, users: pl.DataFrame, period: Period, by: By, nodes: Sequence[UnitNode]
) -> tuple[IndexRow, ...]:
    if by == By.MONTH:
        months = [
            (str(month), asked.groups(users, _inside(month, period), "all").get("all")) for month in _months(period)
        ]
        return tuple(_row(name, name, found) for name, found in months if found is not None)
    found = asked.groups(users, period, _COLUMNS[by])
    names: Mapping[object, tuple[str, str]] = {}
    if by == By.UNIT:
        names = {node.unit_id: (node.code, node.name) for node in nodes}
    elif by == By.FEEDER:
        rows = network.feeders_rows(Scope.everywhere()).filter(pk__in=list(found))
        names = {pk: (code, name) for pk, code, name in rows.values_list("pk", "code", "name")}
    told = [_row(*names.get(key, (str(key), str(key))), one) for key, one in found.items()]
    return tuple(sorted(told, key=lambda row: (-row.user_seconds, row.code)))


def _row(code: str, name: str, told: Told) -> IndexRow:
    found = told.indices
    return IndexRow(
        code, name, found.users, told.interruptions, round(found.user_hours * 3600), _scaled(found.saidi_hours, E4),
        _scaled(found.saifi, E4), None if found.caidi_hours is None else _scaled(found.caidi_hours, E4),
        _scaled(found.maifi, E4), *(_scaled(one, E5) for one in (found.asai, told.asai_2, told.asai_3, told.asai_4)),
    )  # fmt: skip


def _scaled(value: Fraction, by: int) -> int:
    """Half away from zero; nothing here is negative."""
    return int(value * by + Fraction(1, 2))


def _inside(month: Month, period: Period) -> Period:
    return month.period.intersection(period) or month.period


def _months(period: Period) -> list[Month]:
    month, found = Month.of(period.from_on), []
    while month.period.from_on < period.to_on:
        found.append(month)
        month = month.next()
    return found


def calendar_year(year: int) -> Period:
    """A year as a period. Raises :class:`InvalidInput` for one that no calendar has."""
    if not FAR_PAST.year < year < FAR_FUTURE.year - 1:
        raise InvalidInput(f"not a year: {year}")
    return Period(date(year, 1, 1), date(year + 1, 1, 1))


def year_before(day: date) -> date:
    """The same day of the year before; 29 February becomes 1 March, so that periods stay whole."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 3, 1)
