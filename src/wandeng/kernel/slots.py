"""Slots of timed work: the moments at which a kind of work is due by the local clock, once a day or every so many minutes.

A slot is named by its local day (``2026-11-22``) or minute (``2026-11-22T08:50``), so that whoever comes to the same slot
names it alike. Days are those of the billing zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

MINUTES_A_DAY = 24 * 60
LOOKED_BACK_DAYS = 62
"""What was missed longer ago is not made up."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a kind of work is due on a day: at a minute after midnight, or every so many minutes from midnight on.

    >>> Rhythm(at_minute=150).slots(date(2026, 11, 22))[0].name
    '2026-11-22'
    >>> [slot.name for slot in Rhythm(every_minutes=600).slots(date(2026, 11, 22))]
    ['2026-11-22T00:00', '2026-11-22T10:00', '2026-11-22T20:00']
    """

    at_minute: int | None = None
    every_minutes: int | None = None
    is_on: bool = True

    def __post_init__(self) -> None:
        if (self.at_minute is None) == (self.every_minutes is None):
            raise InvalidInput("timed work is due at a time of day or every so many minutes")
        if self.at_minute is not None and not 0 <= self.at_minute < MINUTES_A_DAY:
            raise InvalidInput(f"a time of day lies between 00:00 and 23:59, not at minute {self.at_minute}")
        if self.every_minutes is not None and not 0 < self.every_minutes <= MINUTES_A_DAY:
            raise InvalidInput(f"work is repeated every 1 to 1440 minutes, not every {self.every_minutes}")

    @property
    def is_daily(self) -> bool:
        return self.at_minute is not None

    def slots(self, day: date) -> list[Slot]:
        """The slots of a local day, in order."""
        if self.at_minute is not None:
            return [Slot(day.isoformat(), _instant(day, self.at_minute), day)]
        step = self.every_minutes or MINUTES_A_DAY
        return [
            Slot(f"{day.isoformat()}T{minute // 60:02d}:{minute % 60:02d}", _instant(day, minute), day)
            for minute in range(0, MINUTES_A_DAY, step)
        ]


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment at which work is due; ``at`` in UTC, ``day`` the local day it belongs to."""

    name: str
    at: datetime
    day: date

    @property
    def is_of_day(self) -> bool:
        """Whether it is a whole day's, and not one of many in a day."""
        return "T" not in self.name


def clock_text(minute: int) -> str:
    """A minute after midnight as people write it.

    >>> clock_text(150)
    '02:30'
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"


def missed(rhythm_on: Callable[[date], Rhythm], *, after: datetime, until: datetime) -> Iterator[Slot]:
    """The slots in ``after < slot <= until``, the newest first, of at most :data:`LOOKED_BACK_DAYS` days; each day by the
    rhythm in force on it."""
    day = until.astimezone(BILLING_ZONE).date()
    first = max(after.astimezone(BILLING_ZONE).date(), day - timedelta(days=LOOKED_BACK_DAYS))
    while day >= first:
        yield from reversed([slot for slot in rhythm_on(day).slots(day) if after < slot.at <= until])
        day -= timedelta(days=1)


def following(rhythm_on: Callable[[date], Rhythm], *, after: datetime) -> Slot | None:
    """The first slot after an instant on which the work is switched on; ``None`` within :data:`LOOKED_BACK_DAYS` days."""
    day = after.astimezone(BILLING_ZONE).date()
    for ahead in range(LOOKED_BACK_DAYS):
        rhythm = rhythm_on(day + timedelta(days=ahead))
        for slot in rhythm.slots(day + timedelta(days=ahead)) if rhythm.is_on else ():
            if slot.at > after:
                return slot
    return None


def _instant(day: date, minute: int) -> datetime:
    return (datetime.combine(day, time(), BILLING_ZONE) + timedelta(minutes=minute)).astimezone(UTC)
