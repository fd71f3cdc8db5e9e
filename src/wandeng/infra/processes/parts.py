"""The parts of a process definition: classes, documents, fields, steps, clocks, pauses, call-back, closing."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.topics.service_limits import Applies, LimitKey, LimitUnit
from wandeng.infra.effective.values import Group, Rows, Strict

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
Percent = Annotated[int, Field(ge=1, le=100)]
Evidence = Literal["PHOTO", "PLACE", "TIME", "SIGNATURE", "RECORDING", "PAPER"]
Channel = Literal[
    "PHONE_95598", "HALL", "PORTAL", "SMS", "CELL", "MANAGER_LINE", "TRANSFER_12345", "TRANSFER_12398", "VISIT"
]
CLASSES: dict[str, tuple[str, ...]] = {
    "ALL": ("ALL",),
    "PLACE": ("URBAN", "RURAL", "REMOTE"),
    "CONNECTION": ("RESIDENTIAL", "SMALL_BUSINESS", "LOW_VOLTAGE", "HV_SINGLE", "HV_DUAL"),
}
"""By what a limit may be chosen, and the classes there are."""
START = "START"
"""In place of a step's code: before the first step."""


class Named(Strict):
    """A code and its words."""

    code: Code
    name_zh: Text
    name_en: Text


class FirstLevel(Named):
    """A class of the first level (一级分类) and its second levels (二级分类)."""

    second: Rows[Named] = ()


class Classification(Group):
    """Into which classes the cases fall."""

    first: Rows[FirstLevel]


class Scale(Group):
    """Grades (等级) or degrees of urgency (紧急程度), the least first; ``usual`` is what a case has unless somebody says
    otherwise."""

    values: Rows[Named]
    usual: Code

    @model_validator(mode="after")
    def _knows_the_usual(self) -> Scale:
        if self.usual not in {one.code for one in self.values}:
            raise ValueError(f"the usual value {self.usual} is none of the values")
        return self


class Intake(Group):
    """How cases come in, and what must be known before one is opened: a customer, an account, a place, or nothing. A further
    case of the same kind about the same ``joined_by`` within ``joined_within_hours`` is shown as a probable duplicate
    (重复诉求)."""

    channels: Rows[Channel]
    needs: Rows[Literal["CUSTOMER", "ACCOUNT", "PLACE"]]
    may_be_anonymous: bool
    may_be_confidential: bool
    joined_by: Literal["ACCOUNT", "PLACE", "NOTHING"]
    joined_within_hours: Annotated[int, Field(ge=0, le=24 * 366)]


class Document(Group, Named):
    """A document to hand in, at the latest when step ``by`` is finished (``START``: with the application). With
    ``only_if`` a yes-or-no field that makes it needed."""

    by: Code
    only_if: str = ""


class FormField(Named):
    """A field of the form, filled at the latest when step ``by`` is finished. ``known_as`` names what the product already
    knows of the customer and fills in by itself (免填单). ``tells``: the template of the notice by which the customer is told
    once it is filled, of an instant only; empty for none."""

    by: Code
    kind: Literal["TEXT", "LONG_TEXT", "WHOLE", "DECIMAL", "DATE", "INSTANT", "YES_NO", "CHOICE", "PHONE"]
    required: bool
    choices: Rows[Named] = ()
    personal: bool = False
    known_as: Literal[
        "", "CUSTOMER_NAME", "PHONE", "ADDRESS", "ACCOUNT_NUMBER", "LOCALITY", "VOLTAGE", "CAPACITY", "TRANSFORMER"
    ] = ""
    tells: str = ""

    @model_validator(mode="after")
    def _choices_where_there_is_a_choice(self) -> FormField:
        if (self.kind == "CHOICE") != bool(self.choices):
            raise ValueError("choices belong to the kind CHOICE, and to no other")
        return self

    @model_validator(mode="after")
    def _an_instant_is_told(self) -> FormField:
        if self.tells and (self.kind != "INSTANT" or self.personal):
            raise ValueError("customers are told an instant, and nothing personal")
        return self


class Step(Named):
    """A step (环节). ``role`` owns it; ``by_customer`` steps are the customer's own work and have no role. ``stage`` is the
    name under which the customer sees it; ``only_if`` a yes-or-no field without which it is left out. ``needs_permit``: not
    done without a permit to work (工作票); of cases of the classes ``permit_for`` only, where these are named. ``effect``: what
    the product carries out with the step (``flows.connections``), empty for nothing."""

    stage: Code
    role: str = ""
    by_customer: bool = False
    only_if: str = ""
    may_return: bool = False
    evidence: Rows[Evidence] = ()
    needs_permit: bool = False
    permit_for: Rows[Code] = ()
    effect: Annotated[str, Field(pattern=r"^[A-Z_]*$")] = ""

    @model_validator(mode="after")
    def _permit_is_needed(self) -> Step:
        if self.permit_for and not self.needs_permit:
            raise ValueError("permit_for belongs to a step that needs a permit")
        if self.needs_permit and self.by_customer:
            raise ValueError("the customer's own work needs no permit of the utility")
        return self

    @model_validator(mode="after")
    def _has_one_owner(self) -> Step:
        if self.by_customer == bool(self.role):
            raise ValueError("a step has a role, or is the customer's own")
        return self


class OwnLimit(Group):
    """A limit of the utility's own for which the dated rules have no key."""

    amount: Annotated[int, Field(ge=1, le=10_000)]
    unit: LimitUnit


class Warned(Strict):
    """Who is told when this share of the limit is used up."""

    percent: Percent
    role: Text


class ClockRule(Named):
    """A time limit that runs from where step ``starts`` begins to where step ``stops`` is finished. ``limit`` is a key of the
    rules ``service_limits``, ``by`` what chooses among its classes: the locality, the class of connection, or nothing.
    ``classes`` and ``channels``: it runs for these only; none named, for all. Where ``starts`` is left out, it starts with
    the next step that is not; where all its steps are, it does not run. ``paused_by`` names the pauses that stop it; past
    the limit ``breach`` is told (超时升级)."""

    limit: LimitKey | Literal[""] = ""
    own: OwnLimit | None = None
    by: Literal["ALL", "PLACE", "CONNECTION"] = "ALL"
    classes: Rows[Applies] = ()
    channels: Rows[Channel] = ()
    starts: Code
    stops: Code
    paused_by: Rows[Code] = ()
    warned: Rows[Warned] = ()
    breach: Rows[Text]

    @model_validator(mode="after")
    def _has_one_limit(self) -> ClockRule:
        if bool(self.limit) == (self.own is not None):
            raise ValueError("a clock has a limit of the rules, or one of its own")
        shares = [one.percent for one in self.warned]
        if shares != sorted(shares) or 100 in shares:
            raise ValueError(f"warnings come in order and before the end; found {shares}")
        if not self.breach:
            raise ValueError("somebody must be told of a breach")
        if any(one not in CLASSES[self.by] for one in self.classes):
            raise ValueError(
                f"a limit by {self.by} has the classes {list(CLASSES[self.by])}; found {list(self.classes)}"
            )
        return self

    @property
    def runs_for(self) -> tuple[str, ...]:
        """The classes among which the limit is looked up."""
        return self.classes or CLASSES[self.by]


class PauseRule(Group, Named):
    """A reason for which clocks stand still, in which ``steps`` it may begin, and what proves it. One that comes ``by_itself``
    lasts as long as its steps, which are the customer's own. Above ``most_days`` calendar days a role ``approved_by`` must
    agree; 0: no bound."""

    steps: Rows[Code]
    evidence: Rows[Evidence]
    by_itself: bool = False
    most_days: Annotated[int, Field(ge=0, le=3660)] = 0
    approved_by: str = ""

    @model_validator(mode="after")
    def _is_proved(self) -> PauseRule:
        if not self.evidence:
            raise ValueError("a pause needs evidence")
        if bool(self.most_days) != bool(self.approved_by):
            raise ValueError("most_days and approved_by belong together")
        return self


class CallBack(Group):
    """The call-back (回访): ``percent`` of the finished cases, within ``limit``, between two hours, so many ``attempts``.
    A dissatisfied customer re-opens the case at step ``reopens_at``."""

    percent: Annotated[int, Field(ge=0, le=100)]
    limit: LimitKey
    from_time: time
    to_time: time
    attempts: Annotated[int, Field(ge=1, le=10)]
    role: Text
    reopens_at: Code
    anonymous: bool = False

    @model_validator(mode="after")
    def _hours_in_order(self) -> CallBack:
        if self.from_time >= self.to_time:
            raise ValueError("calls are made from an earlier to a later hour of one day")
        return self


class Pressing(Group):
    """Pressing a case (催办): how often a customer may, and how soon it is passed on."""

    most: Annotated[int, Field(ge=1, le=20)]
    limit: LimitKey


class Kept(Strict):
    """For how many years the evidence of a case of a grade is kept."""

    grade: Code
    years: Annotated[int, Field(ge=1, le=30)]


class Closing(Group):
    """When a case may be closed: what must be done, and among which ``results`` its handler chooses."""

    needs: Rows[Literal["ALL_STEPS", "DOCUMENTS", "CALL_BACK", "ANSWER", "RESULT"]]
    results: Rows[Named] = ()
    kept: Rows[Kept] = ()

    @model_validator(mode="after")
    def _results_where_one_is_needed(self) -> Closing:
        if ("RESULT" in self.needs) != bool(self.results):
            raise ValueError("results are listed where one is needed, and nowhere else")
        return self
