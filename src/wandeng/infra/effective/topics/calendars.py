"""Days that are named one by one: holidays and make-up working days, and sharp-peak days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows, Strict, TopicModel


class Holiday(Strict):
    """A holiday arrangement, first and last day included, as the notices print it."""

    name_zh: str
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Holiday:
        if self.last < self.first:
            raise ValueError(f"holiday ends {self.last}, before it starts {self.first}")
        return self

    def days(self) -> list[date]:
        return [self.first + timedelta(days=offset) for offset in range((self.last - self.first).days + 1)]


class WorkingDays(TopicModel):
    """One calendar year. ``confirmed`` false: the notice is not known, the days follow from law alone."""

    topic_name: ClassVar[str] = "working_days"

    year: Annotated[int, Field(ge=1990, le=2200)]
    confirmed: bool
    holidays: Rows[Holiday]
    make_up_days: Rows[date]

    @model_validator(mode="after")
    def _days_fit_the_year(self) -> WorkingDays:
        if (self.effective_from, self.effective_to) != (date(self.year, 1, 1), date(self.year + 1, 1, 1)):
            raise ValueError(f"a calendar of {self.year} must be in force for exactly that year")
        off = [day for holiday in self.holidays for day in holiday.days()]
        if len(set(off)) != len(off):
            raise ValueError("holidays overlap")
        if any(day.year != self.year for day in [*off, *self.make_up_days]):
            raise ValueError(f"every day must lie in {self.year}")
        for day in self.make_up_days:
            if day.weekday() < 5:
                raise ValueError(f"make-up day {day} is a weekday already")
            if day in off:
                raise ValueError(f"make-up day {day} is also a holiday")
        return self


class DayList(Group):
    """``complete`` false: more days may have been declared than are listed."""

    complete: bool
    days: Rows[date]


class SharpDays(TopicModel):
    """Days declared sharp-peak days besides the sharp months (Guangdong: 35 °C forecast for Guangzhou)."""

    topic_name: ClassVar[str] = "sharp_days"

    calendar: DayList

    @model_validator(mode="after")
    def _days_are_in_force(self) -> SharpDays:
        days = self.calendar.days
        if list(days) != sorted(set(days)):
            raise ValueError("days must be in order, each once")
        for day in days:
            if day < self.effective_from or (self.effective_to is not None and day >= self.effective_to):
                raise ValueError(f"{day} lies outside the validity of the file")
        return self
