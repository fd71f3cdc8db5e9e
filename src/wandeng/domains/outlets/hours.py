"""Opening hours (营业时间) as people write them, as they are kept, and as a day has them.

Written: ``周一至周五 08:30-12:00、14:00-17:30；周六 09:00-12:00``, ``每天 07:00-22:00`` or ``24小时``. Kept: weekdays as digits, a blank,
spans of the day; ``;`` between groups: ``12345 08:30-12:00,14:00-17:30;6 09:00-12:00``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.errors import InvalidInput

EXPECTED = "营业时间，如 周一至周五 08:30-12:00、14:00-17:30；周六 09:00-12:00 (opening hours)"
MINUTES_A_DAY = 24 * 60
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_WHOLE_DAY = ("24小时", "全天", "24h")
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})")
_DAYS = re.compile(r"(?:周|星期)?([一二三四五六日天1-7])(?:\s*[至到~-]\s*(?:周|星期)?([一二三四五六日天1-7]))?")

Span = tuple[int, int]
"""Minutes after local midnight, half-open."""


@dataclass(frozen=True, slots=True)
class Differing:
    """Days (half-open) with other hours, kept as above; empty: closed."""

    from_on: date
    to_on: date
    hours: str


def kept(text: str) -> str:
    """Hours as they are kept. Raises :class:`InvalidInput` for what names no hours, or hours that overlap."""
    groups: list[tuple[str, list[Span]]] = []
    taken: set[int] = set()
    for part in re.split(r"[;；\n]", text.strip()):
        if part.strip():
            days, spans = _group(part.strip())
            if taken & set(days):
                raise InvalidInput("a weekday stands twice in opening hours", found=text)
            taken |= set(days)
            groups.append(("".join(str(day) for day in days), spans))
    if not groups:
        raise InvalidInput("opening hours name weekdays and hours", found=text)
    groups.sort()
    return ";".join(f"{days} {','.join(f'{_clock(a)}-{_clock(b)}' for a, b in spans)}" for days, spans in groups)


def on_day(
    hours: str, open_on: str, differing: Sequence[Differing], day: date, calendar: WorkingCalendar | None
) -> tuple[Span, ...]:
    """The spans of a day, from the earliest. What differs goes before holidays; on a holiday a place of working days is closed, and
    a weekend day that is worked to make up has Monday's hours where it has none of its own. Without a calendar weekdays decide."""
    for one in differing:
        if one.from_on <= day < one.to_on:
            return _of(one.hours, day.isoweekday())
    if open_on == "WORKING_DAYS" and calendar is not None:
        is_weekday = day.isoweekday() <= 5
        is_working = calendar.is_working_day(day)
        if is_weekday and not is_working:
            return ()
        if not is_weekday and is_working:
            return _of(hours, day.isoweekday()) or _of(hours, 1)
    return _of(hours, day.isoweekday())


def next_opening(
    hours: str, open_on: str, differing: Sequence[Differing], on: date, minute: int, calendar: WorkingCalendar | None
) -> tuple[date, int] | None:
    """When a place that is closed opens next, within a week: day and minute; ``None``: not within a week."""
    for ahead in range(8):
        day = on + timedelta(days=ahead)
        for begin, _end in on_day(hours, open_on, differing, day, calendar):
            if ahead or begin > minute:
                return day, begin
    return None


def _group(part: str) -> tuple[list[int], list[Span]]:
    lowered = part.lower()
    whole = next((word for word in _WHOLE_DAY if word in lowered), "")
    spans = [(0, MINUTES_A_DAY)] if whole else _spans(part)
    head = lowered.replace(whole, "") if whole else part[: _first_clock(part)]
    return _days(head.strip(" ，,:：")), spans


def _first_clock(part: str) -> int:
    found = _SPAN.search(part)
    return found.start() if found else 0


def _spans(part: str) -> list[Span]:
    spans = []
    for found in _SPAN.finditer(part):
        a, b, c, d = (int(one) for one in found.groups())
        spans.append((a * 60 + b, c * 60 + d))
        if b > 59 or d > 59:
            raise InvalidInput("opening hours are hours and minutes of a day", found=part)
    spans.sort()
    fits = all(0 <= begin < end <= MINUTES_A_DAY for begin, end in spans)
    follows = all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    if not spans or not fits or not follows:
        raise InvalidInput("opening hours are hours and minutes of a day", found=part)
    return spans


def _days(head: str) -> list[int]:
    if head in ("", "每天", "每日"):
        return list(range(1, 8))
    if head == "工作日":
        return [1, 2, 3, 4, 5]
    rest = re.sub(r"[、,，和\s]", "", _DAYS.sub("", head))
    if rest:
        if set(head) <= set("1234567"):
            return sorted({int(one) for one in head})
        raise InvalidInput("opening hours name weekdays and hours", found=head)
    days: set[int] = set()
    for found in _DAYS.finditer(head):
        first = _number(found[1])
        last = _number(found[2]) if found[2] else first
        days |= set(range(first, last + 1)) if first <= last else set()
    if not days:
        raise InvalidInput("opening hours name weekdays and hours", found=head)
    return sorted(days)


def _number(text: str) -> int:
    return _NUMBERS.get(text) or int(text)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _of(hours: str, weekday: int) -> tuple[Span, ...]:
    for group in hours.split(";"):
        days, _, spans = group.partition(" ")
        if str(weekday) in days and spans:
            return tuple((_minute(one[:5]), _minute(one[6:])) for one in spans.split(","))
    return ()


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
