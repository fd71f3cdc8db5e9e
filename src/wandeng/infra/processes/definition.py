"""One process definition: the whole file, and whether its parts fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows
from wandeng.infra.processes.parts import (
    START,
    CallBack,
    Classification,
    ClockRule,
    Closing,
    Document,
    FormField,
    Intake,
    Named,
    PauseRule,
    Pressing,
    Scale,
    Step,
    Text,
)

ProcessCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Complaints = Iterator[str]


class ProcessDefinition(Group):
    """A kind of case. ``process`` and ``effective_from`` repeat the path, so that a moved file is noticed; ``effect`` names what
    the product carries out when its last step is finished (``flows.connections``), empty for nothing."""

    process: ProcessCode
    effective_from: date
    effective_to: date | None = None
    gap_after: str = ""
    title_zh: Text
    title_en: Text
    effect: Annotated[str, Field(pattern=r"^[A-Z_]*$")] = ""

    intake: Intake
    classification: Classification | None = None
    grades: Scale | None = None
    urgency: Scale | None = None
    documents: Rows[Document] = ()
    fields: Rows[FormField] = ()
    stages: Rows[Named]
    steps: Rows[Step]
    clocks: Rows[ClockRule]
    pauses: Rows[PauseRule] = ()
    call_back: CallBack | None = None
    pressing: Pressing | None = None
    closing: Closing

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> ProcessDefinition:
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise ValueError(f"effective_to {self.effective_to} is not after effective_from {self.effective_from}")
        return self

    @model_validator(mode="after")
    def _fits_together(self) -> ProcessDefinition:
        found = [*_doubled(self), *_of_steps(self), *_of_papers(self), *_of_clocks(self), *_of_the_end(self)]
        if found:
            raise ValueError("; ".join(found))
        return self

    def step(self, code: str) -> Step:
        """The step of a code. Raises ``KeyError`` for one the process has not."""
        return self._by_code[code]

    def place(self, code: str) -> int:
        """The place of a step from 0; -1 for a code that is none."""
        return self._places.get(code, -1)

    @cached_property
    def _by_code(self) -> dict[str, Step]:
        return {one.code: one for one in self.steps}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {one.code: place for place, one in enumerate(self.steps)}

    @cached_property
    def step_codes(self) -> tuple[str, ...]:
        """The codes of the steps, in order."""
        return tuple(one.code for one in self.steps)

    @property
    def limit_keys(self) -> tuple[str, ...]:
        """Every key of the dated limits that the definition uses, each once."""
        ends = (self.call_back, self.pressing)
        keys = [clock.limit for clock in self.clocks] + [part.limit for part in ends if part]
        return tuple(dict.fromkeys(key for key in keys if key))

    @property
    def roles(self) -> frozenset[str]:
        """Every role the definition names."""
        named = [step.role for step in self.steps] + [one.approved_by for one in self.pauses]
        for clock in self.clocks:
            named += [*clock.breach, *(one.role for one in clock.warned)]
        return frozenset(role for role in [*named, self.call_back.role if self.call_back else ""] if role)


def _doubled(body: ProcessDefinition) -> Complaints:
    first = body.classification.first if body.classification else ()
    groups: dict[str, tuple[Named, ...]] = {
        "classification": first,
        "documents": body.documents,
        "fields": body.fields,
        "stages": body.stages,
        "steps": body.steps,
        "clocks": body.clocks,
        "pauses": body.pauses,
        "results": body.closing.results,
        "grades": body.grades.values if body.grades else (),
        "urgency": body.urgency.values if body.urgency else (),
    }
    groups |= {f"classification.{one.code}": one.second for one in first}
    groups |= {f"fields.{one.code}": one.choices for one in body.fields}
    for name, rows in groups.items():
        codes = [one.code for one in rows]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            yield f"{name} names {', '.join(doubled)} twice"


def _of_steps(body: ProcessDefinition) -> Complaints:
    if not body.steps:
        yield "a process has at least one step"
    if START in body.step_codes:
        yield f"no step may be called {START}"
    stages = [one.code for one in body.stages]
    used = list(dict.fromkeys(step.stage for step in body.steps))
    if used != stages:
        yield f"the stages of the steps in order are {used}, the stages {stages}"
    asked = {one.code for one in body.fields if one.kind == "YES_NO"}
    for step in body.steps:
        if step.only_if and step.only_if not in asked:
            yield f"step {step.code} depends on '{step.only_if}', which is no yes-or-no field"


def _of_papers(body: ProcessDefinition) -> Complaints:
    known = {START, *body.step_codes}
    asked = {one.code for one in body.fields if one.kind == "YES_NO"}
    for name, rows in (("document", body.documents), ("field", body.fields)):
        for one in rows:
            if one.by not in known:
                yield f"{name} {one.code} is due by '{one.by}', which is no step"
    for document in body.documents:
        if document.only_if and document.only_if not in asked:
            yield f"document {document.code} depends on '{document.only_if}', which is no yes-or-no field"


def _of_clocks(body: ProcessDefinition) -> Complaints:
    places = {code: place for place, code in enumerate(body.step_codes)}
    reasons = {one.code for one in body.pauses}
    for clock in body.clocks:
        missing = [code for code in (clock.starts, clock.stops) if code not in places]
        if missing:
            yield f"clock {clock.code} runs between {missing}, which are no steps"
        elif places[clock.starts] > places[clock.stops]:
            yield f"clock {clock.code} stops before it starts"
        foreign = sorted(set(clock.channels) - set(body.intake.channels))
        if foreign:
            yield f"clock {clock.code} is for cases by {foreign}, which do not come in that way"
        unknown = sorted(set(clock.paused_by) - reasons)
        if unknown:
            yield f"clock {clock.code} is paused by {unknown}, which are no pauses"
    used = {code for clock in body.clocks for code in clock.paused_by}
    for pause in body.pauses:
        stray = sorted(set(pause.steps) - set(places))
        if stray or not pause.steps:
            yield f"pause {pause.code} begins in {stray}, which are no steps"
        own = {step.code for step in body.steps if step.by_customer}
        if pause.by_itself and not set(pause.steps) <= own:
            yield f"pause {pause.code} comes by itself in steps that are not the customer's own"
        if pause.code not in used:
            yield f"pause {pause.code} stops no clock"


def _of_the_end(body: ProcessDefinition) -> Complaints:
    if body.call_back and body.call_back.reopens_at not in body.step_codes:
        yield f"a case is opened again at '{body.call_back.reopens_at}', which is no step"
    if ("CALL_BACK" in body.closing.needs) and not body.call_back:
        yield "closing needs a call-back that is not described"
    grades = {one.code for one in body.grades.values} if body.grades else set()
    kept = [one.grade for one in body.closing.kept]
    if kept and (set(kept) != grades or len(kept) != len(grades)):
        yield f"evidence is kept by the grades {sorted(kept)}, the grades are {sorted(grades)}"
