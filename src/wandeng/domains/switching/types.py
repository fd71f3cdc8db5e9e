"""Switching sheets as others get them: words, requests, refusals, and how a sheet is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wandeng.kernel.errors import Conflict


class SheetState(StrEnum):
    """Where a switching sheet stands (操作票状态)."""

    DRAFT = "DRAFT"
    CHECKED = "CHECKED"
    ISSUED = "ISSUED"
    EXECUTING = "EXECUTING"
    DONE = "DONE"
    VOIDED = "VOIDED"


class StepAction(StrEnum):
    """What a step does (操作): a switch opened or closed, a transformer taken out or put back at its fuses, a ground set or
    removed, something looked at (验电、检查)."""

    OPEN = "OPEN"
    CLOSE = "CLOSE"
    TAKE_OUT = "TAKE_OUT"
    PUT_IN = "PUT_IN"
    GROUND = "GROUND"
    UNGROUND = "UNGROUND"
    VERIFY = "VERIFY"


SWITCHED = (StepAction.OPEN, StepAction.CLOSE)
OF_TRANSFORMERS = (StepAction.TAKE_OUT, StepAction.PUT_IN)
FEEDING = (StepAction.CLOSE, StepAction.PUT_IN)


class SheetWarning(StrEnum):
    """What the check of a sheet finds (操作票校核)."""

    ALREADY_THERE = "ALREADY_THERE"
    EXPECTED_OTHERWISE = "EXPECTED_OTHERWISE"
    UNDER_LOAD = "UNDER_LOAD"
    ONTO_GROUND = "ONTO_GROUND"
    RING_CLOSED = "RING_CLOSED"
    PARALLEL_SOURCES = "PARALLEL_SOURCES"
    PROTECTED_DARK = "PROTECTED_DARK"
    BEYOND_PLAN = "BEYOND_PLAN"


class SamePerson(Conflict):
    """Two persons are wanted and one was named: who writes a sheet does not check it, who operates does not guard it."""

    code = "SHEET_SAME_PERSON"


class SheetForbidden(Conflict):
    """A finding forbids the sheet."""

    code = "SHEET_FORBIDDEN"


class SheetWarningsOpen(Conflict):
    """Warnings nobody answered for."""

    code = "SHEET_WARNINGS_OPEN"


class StepOutOfOrder(Conflict):
    """Another step comes first."""

    code = "STEP_OUT_OF_ORDER"


class StepDone(Conflict):
    """The step is done already."""

    code = "STEP_DONE"


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A step as it is written: ``device`` is the code of a switch (OPEN, CLOSE) or transformer (TAKE_OUT, PUT_IN); ``text`` says
    where a ground is set or what is looked at. ``expected``: how the switch stands before, OPEN or CLOSED; empty: the opposite."""

    action: StepAction
    device: str = ""
    text: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """A sheet as it is written. ``outage`` and ``incident`` are numbers of a plan or an incident it serves."""

    unit_code: str
    purpose: str
    steps: tuple[StepAsked, ...]
    outage: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step and what became of it. ``off`` and ``back``: areas that lost or got supply by it."""

    place: int
    action: StepAction
    switch_id: int | None
    transformer_id: int | None
    device: str
    device_name: str
    text: str
    expected: str
    done_at: datetime | None
    operator: str
    guardian: str
    recorded_by: str
    skipped_at: datetime | None
    skip_reason: str
    off: int
    back: int

    @property
    def is_over(self) -> bool:
        return self.done_at is not None or self.skipped_at is not None


@dataclass(frozen=True, slots=True)
class SheetFinding:
    """What speaks against a step (``place``), or against the sheet (0)."""

    id: int
    place: int
    code: SheetWarning
    forbids: bool
    facts: dict[str, object]
    acknowledged_by: str
    acknowledged_at: datetime | None
    acknowledged_reason: str


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A sheet with its steps and findings."""

    id: int
    number: str
    unit_code: str
    unit_name: str
    unit_path: str
    feeder_code: str
    feeder_name: str
    purpose: str
    outage: str
    incident: str
    state: SheetState
    written_by: str
    written_at: datetime
    checked_by: str
    checked_at: datetime | None
    issued_by: str
    issued_at: datetime | None
    operator: str
    guardian: str
    began_at: datetime | None
    ended_at: datetime | None
    voided_by: str
    void_reason: str
    steps: tuple[StepShown, ...]
    findings: tuple[SheetFinding, ...]

    @property
    def next(self) -> StepShown | None:
        """The step whose turn it is."""
        return next((one for one in self.steps if not one.is_over), None)


@dataclass(frozen=True, slots=True)
class StepDue:
    """A step under its lock, to be executed. ``is_done``: it was, by the same key; nothing is left to do."""

    sheet_id: int
    number: str
    place: int
    unit_code: str
    unit_path: str
    feeder_code: str
    purpose: str
    outage: str
    incident: str
    action: StepAction
    switch_id: int | None
    transformer_id: int | None
    device_name: str
    is_done: bool
    off: int
    back: int


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """What executing a step came to: areas off and back by it, the step that is next (0: none), and whether it was done before
    by the same key."""

    number: str
    place: int
    off: int
    back: int
    next: int
    state: SheetState
    was_done: bool = False


@dataclass(frozen=True, slots=True)
class SheetBrief:
    """A sheet in one line, with the step whose turn it is (0: none)."""

    number: str
    purpose: str
    state: SheetState
    outage: str
    next: int
    next_action: str
    next_device: str
