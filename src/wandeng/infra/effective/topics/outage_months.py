"""Arranging the outages of a month (月度停电计划编排): parts of the day, what is weighed against what, how long to search."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from wandeng.infra.effective.topics.outage_planning import Clock
from wandeng.infra.effective.values import Count, Group, Rows, Strict, TopicModel

MINUTES_A_DAY = 24 * 60
Above = Annotated[int, Field(gt=0)]


class Part(Strict):
    """A part of the day from ``first`` until the next one: its load as a share of the day's, and whether live work (带电作业) can
    be done in it."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$", max_length=8)]
    name_zh: Annotated[str, Field(min_length=1)]
    name_en: Annotated[str, Field(min_length=1)]
    first: Clock
    load_percent: Count
    daylight: bool


class Day(Group):
    """Parts of equal length that make up a day. The load of an area is a share of the capacity contracted in it."""

    windows: Rows[Part]
    load_percent_of_capacity: Count

    @model_validator(mode="after")
    def _whole_day(self) -> Day:
        if not self.windows or MINUTES_A_DAY % len(self.windows):
            raise ValueError("a day has parts of equal length")
        if len({one.code for one in self.windows}) < len(self.windows):
            raise ValueError("parts of the day have codes of their own")
        starts = [one.first for one in self.windows]
        if starts[0] or any(later - one != self.minutes for one, later in pairwise(starts)):
            raise ValueError(f"the parts begin at midnight and every {self.minutes} minutes")
        return self

    @property
    def minutes(self) -> int:
        """How long each part is."""
        return MINUTES_A_DAY // len(self.windows)


class Weights(Group):
    """What each thing to be avoided costs, whole numbers of one unit: the prices of ``calc.outage_plan``."""

    unplaced: Count
    over_limit: Count
    interruption: Count
    load: Count
    late_day: Count
    moved: Count
    too_soon: Count
    avoided: Count


class Search(Group):
    """How long a plan is searched: rearrangements for each job, then the solver's own work, at most so many seconds."""

    tries_a_job: Count
    work: Above
    most_seconds: Above


class OutageMonths(TopicModel):
    """How a month plan of outages is arranged."""

    topic_name: ClassVar[str] = "outage_months"

    day: Day
    prices: Weights
    effort: Search
