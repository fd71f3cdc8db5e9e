"""Time-of-use timetables as people read them: the 24 hours of a day by month, and the days that differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.domains.tariffs.rules import split_code, structure_facts
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.calendars import SharpDays
from wandeng.infra.effective.topics.time_of_use import Span, TimeOfUse, point
from wandeng.kernel.errors import NoRuleInForce


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of the day, quarter hours ``start`` ≤ point < ``end`` of 96; ``period`` is sharp, peak, flat, valley or
    deep."""

    start: int
    end: int
    period: str

    @property
    def clock(self) -> str:
        """As people write it.

        >>> Hours(69, 96, "peak").clock
        '17:15–24:00'
        """
        return f"{_clock(self.start)}–{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class DayShown:
    """The ordinary day of some months, or (``months`` empty) of the days named one by one."""

    months: tuple[int, ...]
    hours: tuple[Hours, ...]
    citation: str
    status: str


@dataclass(frozen=True, slots=True)
class DayList:
    """The days that follow the pattern of sharp days in one year's calendar. ``complete`` false: more may have been
    declared than are listed."""

    from_on: date
    to_on: date
    days: tuple[date, ...]
    complete: bool
    path: str
    citation: str
    status: str


@dataclass(frozen=True, slots=True)
class TimetableShown:
    """A schedule on a day, with the day lists of all years. ``has_list`` is false where the schedule has a pattern for
    sharp days and no calendar names them on that day: bills of that time are parked."""

    code: str
    name_zh: str
    path: str
    from_on: date
    to_on: date
    citation: str
    status: str
    days: tuple[DayShown, ...]
    sharp: DayShown | None
    lists: tuple[DayList, ...]
    has_list: bool

    @property
    def incomplete(self) -> tuple[DayList, ...]:
        return tuple(one for one in self.lists if not one.complete)


def timetable(library: RuleLibrary, code: str, on: date) -> TimetableShown | None:
    """The timetable of a price code on a day, ``None`` for a code without periods or a day without its schedule."""
    home, _ = split_code(code)
    try:
        name = structure_facts(library, code, on).schedule
        version = library.version(TimeOfUse, on=on, territory=home)
    except NoRuleInForce:
        return None
    found = next((row for row in version.body.schedules if row.code == name), None)
    if found is None:
        return None
    lists = _lists(library, home) if found.sharp_days else ()
    return TimetableShown(
        code=name,
        name_zh=found.name_zh,
        path=version.path,
        from_on=version.effective_from,
        to_on=version.effective_to,
        citation=found.citation,
        status=found.status,
        days=tuple(DayShown(day.months, _hours(day.spans), day.citation, day.status) for day in found.days),
        sharp=DayShown((), _hours(found.sharp_days.spans), found.sharp_days.citation, found.sharp_days.status)
        if found.sharp_days
        else None,
        lists=lists,
        has_list=not found.sharp_days or any(one.from_on <= on < one.to_on for one in lists),
    )


def _hours(spans: tuple[Span, ...]) -> tuple[Hours, ...]:
    return tuple(Hours(point(span.start), point(span.end), span.period) for span in spans)


def _lists(library: RuleLibrary, territory: str) -> tuple[DayList, ...]:
    return tuple(
        DayList(
            version.effective_from,
            version.effective_to,
            version.body.calendar.days,
            version.body.calendar.complete,
            version.path,
            version.body.calendar.citation,
            version.body.calendar.status,
        )
        for version in library.versions(SharpDays, territory)
    )


def _clock(place: int) -> str:
    return f"{place // 4:02d}:{place % 4 * 15:02d}"
