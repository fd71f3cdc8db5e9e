"""How interruptions are counted (停电统计口径): named standards, and what is frequent, repeated and lasting."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Exact, Group, Price, Rows, TopicModel

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Above = Annotated[int, Field(gt=0)]


class Standard(Group):
    """A standard by its name. ``base``: who is one user: every area or user substation, every low-voltage customer, every
    customer. ``across``: an interruption over the end of a period is split there, or belongs to the day it starts.
    ``momentary_hours``: whether hours (SAIDI, ASAI-1) have momentary interruptions in them.
    ``major_days_beta``: the factor of the limit of major event days, 0 where the standard has none."""

    code: Code
    name_zh: str
    name_en: str
    base: Literal["AREAS", "LOW_VOLTAGE", "CUSTOMERS"]
    over_minutes: Count
    across: Literal["SPLIT", "START"]
    momentary_hours: bool
    excludes: Rows[Code]
    major_days_beta: Price


class Frequent(Group):
    """频繁停电: so many interruptions above so many minutes within rolling months, without some causes."""

    times: Above
    months: Above
    over_minutes: Count
    excludes: Rows[Code]


class Repeated(Group):
    """重复停电: so many interruptions of these kinds in a calendar year."""

    times: Above
    kinds: Rows[Code]


class Lasting(Group):
    """长时间累计停电: more than so many hours in a year."""

    over_hours: Above


class Goal(Group):
    """What the figures are to change by against the year before, percent."""

    change_percent: Exact


class ReliabilityStandards(TopicModel):
    """Standards of counting, and the lists that follow from the same history."""

    topic_name: ClassVar[str] = "reliability_standards"

    standards: Rows[Standard]
    frequent: Frequent
    repeated: Repeated
    lasting: Lasting
    goal: Goal

    @model_validator(mode="after")
    def _each_standard_once(self) -> ReliabilityStandards:
        codes = [one.code for one in self.standards]
        if not codes or len(set(codes)) != len(codes):
            raise ValueError(f"each standard once; found {codes}")
        return self
