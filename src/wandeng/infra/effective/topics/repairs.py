"""Repairs (抢修): which crew is proposed, when many calls are one fault (故障归并), and what is seen to before work on a
customer's equipment (工作票)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Group, Rows, Strict, TopicModel

Skill = Literal["LOW_VOLTAGE", "HIGH_VOLTAGE", "METERING"]
Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Above = Annotated[int, Field(gt=0)]


class RepairSteps(Group):
    """By which process faults are repaired, which of its steps send, accept, arrive and restore, and which of its fields say
    when supply is expected back, what the cause was and when supply was back."""

    process: Text
    dispatch: Code
    accept: Code
    arrive: Code
    restore: Code
    expected: Code
    cause: Code
    restored: Code


class Pace(Strict):
    """How far a crew comes in a minute, as the crow flies; ``ALL``: where the kind of place is not known."""

    of: Literal["ALL", "URBAN", "RURAL", "REMOTE"]
    metres_a_minute: Above


class SkillFor(Strict):
    """What a crew must be able to do for a class of faults."""

    first_class: Code
    skill: Skill


class Proposing(Group):
    """How long a crew takes: its way, and ``minutes_a_job`` for each thing it has in hand. One whose place is not known counts
    ``minutes_unplaced``; a place older than ``place_holds_minutes`` is said to be old. ``usual_skill``: for a class that
    ``skills`` does not name."""

    paces: Rows[Pace]
    minutes_a_job: Count
    minutes_unplaced: Count
    place_holds_minutes: Above
    usual_skill: Skill
    skills: Rows[SkillFor]

    @model_validator(mode="after")
    def _knows_every_place(self) -> Proposing:
        named = sorted(one.of for one in self.paces)
        if named != ["ALL", "REMOTE", "RURAL", "URBAN"]:
            raise ValueError(f"a pace for each kind of place and for ALL, each once; found {named}")
        classes = [one.first_class for one in self.skills]
        if len(set(classes)) != len(classes):
            raise ValueError(f"each class of faults once; found {classes}")
        return self

    def pace(self, locality: str) -> int:
        """Metres a minute at a kind of place."""
        said = {str(one.of): one.metres_a_minute for one in self.paces}
        return said.get(locality, said["ALL"])

    def skill(self, first_class: str) -> str:
        """What a class of faults takes."""
        said = {one.first_class: one.skill for one in self.skills}
        return said.get(first_class, self.usual_skill)


class Grouping(Group):
    """When many calls are one fault: so many open cases of one transformer, or of so many transformers of one feeder, within
    ``window_minutes``. ``apart`` names the classes of faults that are one customer's own."""

    window_minutes: Above
    transformer_cases: Annotated[int, Field(ge=2)]
    feeder_transformers: Annotated[int, Field(ge=2)]
    apart: Rows[Code]


class Repairs(TopicModel):
    """How faults are dispatched and grouped."""

    topic_name: ClassVar[str] = "repairs"

    steps: RepairSteps
    proposing: Proposing
    grouping: Grouping


class Listed(Strict):
    """A danger or a precondition, in words."""

    code: Code
    name_zh: Text
    name_en: Text


class Job(Group):
    """A kind of work on a customer's equipment (作业类型), what may hurt, and what is done before it begins. It is valid for
    ``most_hours`` at most."""

    code: Code
    name_zh: Text
    name_en: Text
    most_hours: Above
    dangers: Rows[Listed]
    preconditions: Rows[Listed]

    @model_validator(mode="after")
    def _says_something(self) -> Job:
        if not self.dangers or not self.preconditions:
            raise ValueError("a kind of work has dangers and preconditions")
        for rows in (self.dangers, self.preconditions):
            codes = [one.code for one in rows]
            if len(set(codes)) != len(codes):
                raise ValueError(f"each once; found {codes}")
        return self


class WorkPermits(TopicModel):
    """The checklists of permits to work."""

    topic_name: ClassVar[str] = "work_permits"

    jobs: Rows[Job]

    @model_validator(mode="after")
    def _each_job_once(self) -> WorkPermits:
        codes = [one.code for one in self.jobs]
        if not codes or len(set(codes)) != len(codes):
            raise ValueError(f"each kind of work once; found {codes}")
        return self
