"""Half-open periods of local dates, and the months people bill by.

Bills are cut by local *date* in the billing zone (Asia/Shanghai by default); a period never contains its end.
"""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from wandeng.kernel.errors import InvalidInput

BILLING_ZONE = ZoneInfo("Asia/Shanghai")
FAR_PAST = date(1900, 1, 1)
FAR_FUTURE = date(9999, 1, 1)
"""End of a validity that has no known end: a real date, so that columns need no null logic."""


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """Dates ``from_on <= day < to_on``. Never empty.

    >>> Period(date(2026, 1, 1), date(2026, 2, 1)).days
    31
    """

    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if self.from_on >= self.to_on:
            raise InvalidInput(f"a period must end after it starts: {self.from_on} to {self.to_on}")

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day < self.to_on

    def overlaps(self, other: Period) -> bool:
        return self.from_on < other.to_on and other.from_on < self.to_on

    def intersection(self, other: Period) -> Period | None:
        start, end = max(self.from_on, other.from_on), min(self.to_on, other.to_on)
        return Period(start, end) if start < end else None

    def split_at(self, *cuts: date) -> list[Period]:
        """The parts between the cuts that fall strictly inside; together they are the period again."""
        edges = [self.from_on, *sorted({c for c in cuts if self.from_on < c < self.to_on}), self.to_on]
        return [Period(a, b) for a, b in itertools.pairwise(edges)]

    def iter_days(self) -> Iterator[date]:
        day = self.from_on
        while day < self.to_on:
            yield day
            day += timedelta(days=1)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, written ``YYYY-MM``.

    >>> Month.parse("2026-12").next()
    Month(year=2027, number=1)
    >>> str(Month.parse("2026-02")), Month.parse("2026-02").period.days
    ('2026-02', 28)
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 or not 1900 <= self.year <= 9998:
            raise InvalidInput(f"not a month: {self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> Month:
        match = re.fullmatch(r"(\d{4})-(\d{2})", text.strip())
        if not match:
            raise InvalidInput(f"month must be written YYYY-MM, got '{text}'")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def from_index(cls, index: int) -> Month:
        return cls(index // 12, index % 12 + 1)

    @property
    def index(self) -> int:
        """Months since year 0: consecutive months differ by one."""
        return self.year * 12 + self.number - 1

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def days(self) -> int:
        return calendar.monthrange(self.year, self.number)[1]

    @property
    def period(self) -> Period:
        return Period(self.first, self.next().first)

    def plus(self, months: int) -> Month:
        return Month.from_index(self.index + months)

    def next(self) -> Month:
        return self.plus(1)

    def previous(self) -> Month:
        return self.plus(-1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def days_30(start: date, end: date) -> int:
    """Days between two dates on 30-day months, start day not counted (``rules.md`` 4, part months).

    The 31st counts as the 30th, as the published part-month answers do:

    >>> days_30(date(2026, 8, 25), date(2026, 9, 15)), days_30(date(2026, 4, 24), date(2026, 5, 12))
    (20, 18)
    """
    d1, d2 = min(start.day, 30), min(end.day, 30)
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + d2 - d1
