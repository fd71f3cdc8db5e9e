"""Planning of outages (停电计划管理): notice, repeats, times to avoid, who approves, and how faithfully plans are kept."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from wandeng.infra.effective.values import Count, Exact, Group, MonthNumber, Rows, Strict, TopicModel

Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=32)]
Above = Annotated[int, Field(gt=0)]
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def _clock(value: object) -> int:
    """Minutes after midnight from "17:30"; "24:00" is the end of the day."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError(f'write a time of day such as "17:30"; found {value!r}')
    hours, minutes = value.split(":")
    return int(hours) * 60 + int(minutes)


def _month_day(value: object) -> str:
    if not isinstance(value, str) or not _MONTH_DAY.fullmatch(value):
        raise ValueError(f'write a day of every year as "06-07"; found {value!r}')
    return value


Clock = Annotated[int, BeforeValidator(_clock)]
MonthDay = Annotated[str, BeforeValidator(_month_day)]
"""A day of every year as text, month first, so that days compare in their order."""


class Notice(Group):
    """How long before an outage everyone affected has been told: days of the customers, days within the utility, and hours of a
    temporary outage."""

    planned_days: Above
    internal_days: Above
    temporary_hours: Above

    @model_validator(mode="after")
    def _inside_first(self) -> Notice:
        if self.internal_days < self.planned_days:
            raise ValueError("within the utility a plan is known no later than customers are told")
        return self


class Yearly(Group):
    """The most planned outages an area may have in a calendar year."""

    most_planned: Above


class Peak(Strict):
    """Hours of the day in some months in which nobody is switched off by choice; ``first`` ≤ minute < ``last``."""

    name_zh: Text
    name_en: Text
    months: Rows[MonthNumber]
    first: Clock
    last: Clock

    @model_validator(mode="after")
    def _forward(self) -> Peak:
        if self.last <= self.first:
            raise ValueError(f"{self.name_en} ends before it begins")
        return self


class Peaks(Group):
    """高峰时段."""

    hours: Rows[Peak]


class Days(Strict):
    """Days of every year, both named days included; ``localities`` of the customers they protect, empty: all."""

    name_zh: Text
    name_en: Text
    first: MonthDay
    last: MonthDay
    localities: Rows[Literal["URBAN", "RURAL", "REMOTE"]] = ()

    @model_validator(mode="after")
    def _forward(self) -> Days:
        if self.last < self.first:
            raise ValueError(f"{self.name_en} ends before it begins: write two, one for each year")
        return self


class Season(Group):
    """考试日期 or 农忙季节."""

    days: Rows[Days]


class Step(Strict):
    """A level decides when so many customers or so many important or protected users lose supply; 0: always."""

    level: Literal["STATION", "COUNTY", "CITY"]
    from_customers: Count
    from_important: Count


class Levels(Group):
    """Who approves, the lowest first. ``temporary``, ``temporary_short`` and ``warned``: who decides at least on a temporary outage,
    on one that is told later than the hours of its notice, and on a plan with warnings. ``temporary_above``: by how many levels
    a temporary outage is decided higher than a planned one of its size."""

    steps: Rows[Step]
    temporary: Literal["STATION", "COUNTY", "CITY"]
    temporary_above: Count
    temporary_short: Literal["STATION", "COUNTY", "CITY"]
    warned: Literal["STATION", "COUNTY", "CITY"]

    @model_validator(mode="after")
    def _in_order(self) -> Levels:
        order = ("STATION", "COUNTY", "CITY")
        found = [order.index(one.level) for one in self.steps]
        if not found or found != sorted(set(found)):
            raise ValueError(f"each level once, the lowest first; found {[one.level for one in self.steps]}")
        if self.steps[0].from_customers:
            raise ValueError("the lowest level decides on every plan")
        if not {self.temporary, self.temporary_short, self.warned} <= {one.level for one in self.steps}:
            raise ValueError("temporary, temporary_short and warned name levels that decide")
        return self


class Forbidding(Group):
    """Findings that forbid a plan; all others have to be acknowledged with a reason."""

    codes: Rows[Code]


class Fulfilment(Group):
    """计划检修兑现率: the share of published plans that took place as first told, percent; by how many minutes start or end may
    differ."""

    target_percent: Exact
    late_minutes: Count


class OutagePlanning(TopicModel):
    """How outages are planned."""

    topic_name: ClassVar[str] = "outage_planning"

    notice: Notice
    yearly: Yearly
    peaks: Peaks
    exams: Season
    farming: Season
    levels: Levels
    forbidding: Forbidding
    fulfilment: Fulfilment
