"""The dunning ladder (催费阶梯), the legal clocks before a cut for arrears, and when nobody is cut (停电禁止日)."""

from __future__ import annotations

from datetime import time
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Group, Price, Rows, Strict, TopicModel

CustomerClass = Literal["RESIDENTIAL", "LOW_VOLTAGE", "HIGH_VOLTAGE"]
StepKind = Literal["SMS", "VOICE", "VISIT", "NOTICE", "SECOND_NOTICE", "CUT"]
StepBy = Literal["MESSAGE", "CALL", "PERSON", "ORDER"]
StepDays = Literal["ANY", "NOT_HOLIDAYS", "WORKING"]
ClosedDay = Literal["HOLIDAY", "HOLIDAY_EVE", "REST_DAY", "REST_DAY_EVE"]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]

CLASSES: tuple[CustomerClass, ...] = ("RESIDENTIAL", "LOW_VOLTAGE", "HIGH_VOLTAGE")
KINDS: tuple[StepKind, ...] = ("SMS", "VOICE", "VISIT", "NOTICE", "SECOND_NOTICE", "CUT")


class Overdue(Group):
    """Arrears of ``cut_after_days`` or fewer days are never a reason to cut: it takes *more* than these."""

    cut_after_days: Count


class CutNotice(Group):
    """The written notice (停电通知书) before a cut, by class. Reached at least ``days`` × 24 hours ahead, told again at
    least ``second_minutes`` ahead; a notice that is older than ``lapses_after_days``, or a second one older than
    ``second_lapses_after_minutes``, has to be given anew. ``authority_copy``: the notice to an important user goes to the
    power authority too."""

    classes: Rows[CustomerClass]
    days: Count
    lapses_after_days: Count
    second_minutes: Count
    second_lapses_after_minutes: Count
    authority_copy: bool

    @model_validator(mode="after")
    def _a_notice_can_be_used(self) -> CutNotice:
        if self.lapses_after_days <= self.days or self.second_lapses_after_minutes <= self.second_minutes:
            raise ValueError("a notice must not lapse before it may be used")
        return self


class Step(Strict):
    """One rung. Taken when the oldest bill is ``overdue_days`` days overdue and ``after_days`` days after the rung before
    it has ended. A rung that reached nobody is taken again after ``repeat_days``, at most ``attempts`` times; 0: until
    somebody is reached, because the law asks for it. ``days``: on which days; ``by``: a message goes out, a machine
    calls and asks for a key (VOICE only), a person goes there, or an order is written. ``template``: what a message says."""

    kind: StepKind
    by: StepBy
    overdue_days: Count
    after_days: Count
    repeat_days: Count = 0
    attempts: Count = 0
    days: StepDays = "ANY"
    template: str = ""


class Ladder(Group):
    """The rungs of some classes, in order: reminders, then the notice, the second notice and the cut."""

    classes: Rows[CustomerClass]
    steps: Rows[Step]

    @model_validator(mode="after")
    def _in_order(self) -> Ladder:
        places = [KINDS.index(step.kind) for step in self.steps]
        if places != sorted(set(places)):
            raise ValueError("steps must stand in the order SMS, VOICE, VISIT, NOTICE, SECOND_NOTICE, CUT, each once")
        if tuple(step.kind for step in self.steps[-3:]) != KINDS[-3:] or len(self.steps) < 4:
            raise ValueError("a ladder reminds, and ends with NOTICE, SECOND_NOTICE and CUT")
        for step in self.steps:
            expected = "ORDER" if step.kind in {"SECOND_NOTICE", "CUT"} else None
            if (expected is not None) != (step.by == "ORDER"):
                raise ValueError(f"{step.kind} cannot be taken by {step.by}")
            if step.by == "CALL" and step.kind != "VOICE":
                raise ValueError(f"{step.kind} cannot be taken by {step.by}")
            if step.by == "MESSAGE" and not step.template:
                raise ValueError(f"{step.kind} is a message and names no template")
        return self


class QuietHours(Group):
    """Between these hours nobody is rung up or written to about arrears; over midnight."""

    begins: time
    ends: time


class Moratorium(Group):
    """On ``days`` of these kinds, and outside ``from_time`` to ``to_time`` (exclusive), nobody is cut. An eve is the day
    before a holiday or a rest day: whoever pays then could not be given power back by day."""

    days: Rows[ClosedDay]
    from_time: time
    to_time: time


class MoratoriumPeriod(Group):
    """Days of every year, first and last included, on which the classes are not cut."""

    name_zh: str
    first: MonthDay
    last: MonthDay
    classes: Rows[CustomerClass]


class PromiseTerms(Group):
    """A promise to pay (承诺缴费) reaches at most ``most_days`` ahead; ``most_a_case`` of them hold one case's ladder."""

    most_days: Count
    most_a_case: Count


class Least(Group):
    """Below ``case_yuan`` overdue no case is opened; below ``cut_yuan`` nobody is cut."""

    case_yuan: Price
    cut_yuan: Price


class Dunning(TopicModel):
    """One ladder and one clock of notice for each customer class."""

    topic_name: ClassVar[str] = "dunning"

    overdue: Overdue
    notices: Rows[CutNotice]
    quiet_hours: QuietHours
    moratorium: Moratorium
    moratorium_periods: Rows[MoratoriumPeriod] = ()
    promise: PromiseTerms
    least: Least
    ladders: Rows[Ladder]

    @model_validator(mode="after")
    def _each_class_once(self) -> Dunning:
        groups: tuple[tuple[str, tuple[Ladder | CutNotice, ...]], ...] = (
            ("ladders", self.ladders),
            ("notices", self.notices),
        )
        for name, rows in groups:
            named = sorted(one for row in rows for one in row.classes)
            if named != sorted(CLASSES):
                raise ValueError(f"{name} must name each class once, not {named}")
        for ladder in self.ladders:
            for step in ladder.steps[-3:]:
                if step.overdue_days <= self.overdue.cut_after_days:
                    raise ValueError(f"{step.kind} on day {step.overdue_days}: not more than the legal days overdue")
        return self
