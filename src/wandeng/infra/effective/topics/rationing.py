"""Rationing (有序用电): order of measures, levels, notice, who is protected, what is fair, what a baseline is."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Group, Price, Rows, Strict, TopicModel

Above = Annotated[int, Field(gt=0)]
Text = Annotated[str, Field(min_length=1)]
MeasureName = Literal["STAGGER", "AVOID", "LIMIT", "CUT"]


class Measures(Group):
    """The legal order of measures, the first one first."""

    order: Rows[MeasureName]

    @model_validator(mode="after")
    def _each_once(self) -> Measures:
        if len(set(self.order)) != len(self.order) or not self.order:
            raise ValueError("each measure has one place in the order")
        return self


class RationingStep(Strict):
    """A level: a gap of more than ``over_percent`` of the highest demand; a scheme has ``ready_percent`` ready for it."""

    level: Annotated[str, Field(min_length=1, max_length=4)]
    name_zh: Text
    name_en: Text
    over_percent: Price
    ready_percent: Price


class RationingLevels(Group):
    """Levels, the gravest first; the last begins at nothing."""

    steps: Rows[RationingStep]

    @model_validator(mode="after")
    def _falling(self) -> RationingLevels:
        bounds = [one.over_percent for one in self.steps]
        if bounds != sorted(set(bounds), reverse=True) or not bounds or bounds[-1]:
            raise ValueError("levels fall from the gravest to one that begins at 0")
        return self


class RationingNotice(Group):
    """How many days before everyone affected has been told."""

    days: Above


class RationingStarted(Group):
    """By how many minutes rationing may begin before the time that was told."""

    earliest_minutes: Count


class RationingDoor(Group):
    """So many hours before the deadline somebody goes to whom nobody has reached (上门告知)."""

    hours_before: Above


class RationingProtected(Group):
    """Accounts of this importance are never rationed; nor is anybody who is protected from cuts."""

    importance: Rows[Literal["SPECIAL", "FIRST", "SECOND", "TEMPORARY"]]


class RationingFairness(Group):
    """What is counted of the year: hours, or equivalent hours."""

    by: Literal["HOURS", "EQUIVALENT"]


class RationingBaseline(Group):
    """The mean of up to ``most_days`` like days of the ``back_days`` before; with fewer than ``least_days`` there is none."""

    most_days: Above
    least_days: Above
    back_days: Above


class Rationing(TopicModel):
    """Measures, levels, notice, the hours of telling, protection, fairness, baseline."""

    topic_name: ClassVar[str] = "rationing"

    measures: Measures
    levels: RationingLevels
    notice: RationingNotice
    started: RationingStarted
    door: RationingDoor
    protected: RationingProtected
    fairness: RationingFairness
    baseline: RationingBaseline
