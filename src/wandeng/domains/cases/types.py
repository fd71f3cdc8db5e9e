"""What cases give to pages, doors and other domains, and the refusals of their actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models.cases import KINDS
from wandeng.kernel.errors import Conflict, InvalidInput

__all__ = ["KINDS", "Charter"]

FORM_COLUMN = "cases_case.form"
PHONE_COLUMN = "cases_case.phone"
PLACE_COLUMN = "cases_case.place"
"""Names that ``infra.pii`` derives keys from."""

CASE_SUBJECT = "cases.Case"


class FormIncomplete(InvalidInput):
    """Fields or documents are missing or not of their form; ``facts['fields']`` says which."""

    code = "FORM_INCOMPLETE"


class EvidenceMissing(InvalidInput):
    """The step needs a proof that was not given; ``facts['evidence']`` names the kinds."""

    code = "EVIDENCE_MISSING"


MACHINES = frozenset({"sms", "ivr", "portal"})
"""Under which names a customer's own message, keys or form opens a case: nobody was asked yet, so whoever takes it first is its
first contact (首问负责)."""


class NotYours(Conflict):
    """Somebody else has the case in hand."""

    code = "CASE_IN_OTHER_HANDS"


class PressedEnough(Conflict):
    """The case was pressed as often as the process allows."""

    code = "CASE_PRESSED_ENOUGH"


class NothingUnseen(Conflict):
    """A case cannot end yet: ``facts['needs']`` says what is missing."""

    code = "CASE_NOT_READY"


class EffectElsewhere(Conflict):
    """The step of this kind of case carries something out, and was asked for where that cannot be done."""

    code = "CASE_EFFECT_ELSEWHERE"


@dataclass(frozen=True, slots=True)
class LastStepDone:
    """What an effect is carried out from, inside the transaction that finishes the step which has it (that of a process: its
    last): ``effect`` as the definition names it, ``answers`` the whole form, personal fields opened. ``round`` is above 1 for a case that was
    opened again: what was carried out before is not carried out twice."""

    case_id: int
    number: str
    process: str
    effect: str
    round: int
    unit_code: str
    unit_path: str
    territory: str
    locality: str
    account_number: str
    transformer_code: str
    answers: Mapping[str, str]
    opened_at: datetime


Carry = Callable[[LastStepDone], None]
"""Carries an effect out."""


class CrewNotOnDuty(Conflict):
    """The crew is off duty, or belongs to another district."""

    code = "CREW_NOT_ON_DUTY"


class InIncident(Conflict):
    """The case is one report of an incident and goes with it; ``facts['incident']`` is its number."""

    code = "CASE_IN_INCIDENT"


class PermitMissing(Conflict):
    """The step is not done without an issued permit to work that holds at that time."""

    code = "WORK_PERMIT_MISSING"


@dataclass(frozen=True, slots=True)
class Place:
    """A position, degrees × 10⁶."""

    longitude_e6: int
    latitude_e6: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves a step: ``kind`` as in ``CasePaper``; ``label`` a number or a name; ``content`` the bytes of a file."""

    kind: str
    label: str = ""
    file_name: str = ""
    content: bytes = b""
    place: Place | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, as it comes in. ``account_number``, ``transformer_code`` and ``unit_code``: what is known of the place,
    at least one; ``answers`` are the fields of the form as text (YES_NO: YES or NO); ``documents`` were handed in."""

    process: str
    channel: str
    answers: Mapping[str, str]
    unit_code: str = ""
    account_number: str = ""
    transformer_code: str = ""
    locality: str = ""
    first_class: str = ""
    second_class: str = ""
    grade: str = ""
    urgency: str = ""
    is_anonymous: bool = False
    is_confidential: bool = False
    outside_number: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that was opened; ``is_new`` is false when the same key opened it before."""

    number: str
    step: str
    due_at: datetime | None
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Done:
    """Where a case stands after an action on it; ``is_new`` is false when the same key did it before."""

    number: str
    state: str
    step: str
    handler: str
    due_at: datetime | None
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One line of a case's timeline."""

    place: int
    kind: str
    what: str
    at: datetime
    noted_at: datetime
    actor: str
    note: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock of a case. ``status`` RUNNING, PAUSED, LATE, KEPT, BROKEN or DROPPED (taken back, its step was not done);
    ``share_e4`` how much of the limit is used in 10⁻⁴; ``others`` are weaker promises in force for the same thing."""

    code: str
    name_zh: str
    name_en: str
    round: int
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    amount: int
    measure: str
    commitment: str
    commitment_zh: str
    rule_path: str
    status: str
    share_e4: int
    is_confirmed: bool
    others: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper or proof of a case."""

    id: int
    kind: str
    document: str
    step: str
    label: str
    file_name: str
    place: Place | None
    at: datetime
    actor: str
    destroyed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field of the form with its value; personal values are masked."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    by: str
    required: bool
    personal: bool
    value: str
    choices: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """A document of a case and whether it was handed in."""

    code: str
    name_zh: str
    name_en: str
    by: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the course: ``status`` DONE, HERE, AHEAD or LEFT_OUT."""

    code: str
    name_zh: str
    name_en: str
    stage: str
    role: str
    by_customer: bool
    may_return: bool
    evidence: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class CallBackShown:
    """A call-back of a case."""

    id: int
    round: int
    state: str
    due_at: datetime
    next_at: datetime
    attempts: int
    channel: str
    score: int | None
    remark: str
    answered_at: datetime | None
    called_by: str


@dataclass(frozen=True, slots=True)
class ToCall:
    """A call-back that is wanted: how often it was tried of ``most`` attempts, the hours in which the customer is called, and
    whether that is now."""

    number: str
    round: int
    due_at: datetime
    next_at: datetime
    attempts: int
    most: int
    from_time: time | None
    to_time: time | None
    may_be_called: bool


@dataclass(frozen=True, slots=True)
class CaseGlance:
    """A case in a list of few: what stands beside a caller's name."""

    number: str
    process: str
    process_zh: str
    process_en: str
    state: str
    stage: str
    stage_zh: str
    stage_en: str
    matter: str
    unit_name: str
    account_number: str
    owner: str
    handler: str
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case with everything about it."""

    id: int
    glance: CaseGlance
    channel: str
    unit_code: str
    unit_path: str
    account_name: str
    address: str
    transformer_code: str
    transformer_name: str
    locality: str
    first_class: tuple[str, str, str]
    second_class: tuple[str, str, str]
    grade: tuple[str, str, str]
    urgency: tuple[str, str, str]
    is_anonymous: bool
    is_confidential: bool
    outside_number: str
    step: str
    role: str
    rounds: int
    is_paused: bool
    paused_by: tuple[str, ...]
    pressed: int
    press_most: int
    supervised_at: datetime | None
    returned: int
    result: str
    finished_at: datetime | None
    ended_at: datetime | None
    into: str
    parent: str
    merged: tuple[str, ...]
    parts: tuple[str, ...]
    steps: tuple[StepShown, ...]
    clocks: tuple[ClockShown, ...]
    fields: tuple[FieldShown, ...]
    documents: tuple[DocumentShown, ...]
    papers: tuple[PaperShown, ...]
    entries: tuple[EntryShown, ...]
    call_backs: tuple[CallBackShown, ...]
    pauses: tuple[tuple[str, str, str], ...]
    results: tuple[tuple[str, str, str], ...]
    defined_path: str
    missing: tuple[str, ...] = field(default=())
    call_back_role: str = ""
    needs_result: bool = False
    asked_again_at: datetime | None = None
