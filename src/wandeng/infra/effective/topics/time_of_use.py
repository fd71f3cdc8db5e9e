"""Time-of-use schedules (分时电价): which quarter hour of which month is sharp, peak, flat, valley or deep."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import (
    Group,
    MonthNumber,
    PeriodName,
    Price,
    Rows,
    Strict,
    TopicModel,
    months_partition_the_year,
)

POINTS_PER_DAY = 96
"""Quarter hours of a day, the grid of a 96-point curve."""

ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):(00|15|30|45)$|^24:00$")]


def point(clock: str) -> int:
    """Quarter hours since midnight.

    >>> point("00:00"), point("17:15"), point("24:00")
    (0, 69, 96)
    """
    hours, minutes = re.split(":", clock)
    return int(hours) * 4 + int(minutes) // 15


class Span(Strict):
    """``start`` ≤ clock < ``end``, local time, on quarter hours; spans do not cross midnight."""

    start: ClockTime
    end: ClockTime
    period: PeriodName


def spans_tile_the_day(spans: tuple[Span, ...]) -> None:
    """Every quarter hour belongs to exactly one span.

    Raises ``ValueError`` naming the first clock time where two spans overlap or none holds.
    """
    edge = 0
    for span in spans:
        if point(span.start) != edge:
            raise ValueError(
                f"spans must follow each other: {span.start} comes after {edge // 4:02d}:{edge % 4 * 15:02d}"
            )
        if point(span.end) <= point(span.start):
            raise ValueError(f"a span must end after it starts: {span.start} to {span.end}")
        edge = point(span.end)
    if edge != POINTS_PER_DAY:
        raise ValueError(f"the day must be covered to 24:00; it ends at {edge // 4:02d}:{edge % 4 * 15:02d}")


class DayPattern(Group):
    """The ordinary day of some months."""

    months: Rows[MonthNumber]
    spans: Rows[Span]

    @model_validator(mode="after")
    def _covers_the_day(self) -> DayPattern:
        spans_tile_the_day(self.spans)
        return self


class SharpDayPattern(Group):
    """The pattern of the days named by the territory's ``sharp_days`` calendar, in whatever month they fall."""

    spans: Rows[Span]

    @model_validator(mode="after")
    def _covers_the_day(self) -> SharpDayPattern:
        spans_tile_the_day(self.spans)
        return self


class Factors(Group):
    """Price of a period over the flat price. All five are stated: a period the schedule lacks takes the factor its
    kWh would be billed at if a meter recorded some, so that no energy is ever without a price."""

    sharp: Price
    peak: Price
    flat: Price
    valley: Price
    deep: Price
    applies_to: Rows[str]
    rounding_decimals: Annotated[int, Field(ge=4, le=8)]


class Schedule(Group):
    """One schedule. Without ``factors`` it only tells the periods; its prices stand elsewhere (residential)."""

    code: str
    name_zh: str
    kind: Literal["industrial", "residential"]
    days: Rows[DayPattern]
    sharp_days: SharpDayPattern | None = None
    factors: Factors | None = None

    @model_validator(mode="after")
    def _months_fit(self) -> Schedule:
        months_partition_the_year([day.months for day in self.days])
        return self


class TimeOfUse(TopicModel):
    """The schedules of a territory."""

    topic_name: ClassVar[str] = "time_of_use"

    schedules: Rows[Schedule]

    @model_validator(mode="after")
    def _codes_are_unique(self) -> TimeOfUse:
        codes = [schedule.code for schedule in self.schedules]
        if len(set(codes)) != len(codes):
            raise ValueError(f"schedule codes must be unique; found {codes}")
        return self
