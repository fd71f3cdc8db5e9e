"""The course of a case: which step it stands at and which clocks have run, told from what happened and its definition.

Nothing is kept here but the log. Steps, starts, stops and pauses follow from it each time it is asked, so that an entry
that was noted late, or a pause that was taken back, moves every deadline that depends on it and no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import ClockRule, Step
from wandeng.kernel.errors import Conflict

Answers = Mapping[str, bool]
"""What the yes-or-no fields of the form say so far; an unanswered one is missing."""


class Happening(StrEnum):
    """What can happen to a case. ``FINISHED`` ends the current step; ``RETURNED`` sends it back to an earlier one (退单);
    ``PAUSED`` and ``RESUMED`` name a pause; ``REOPENED`` begins a new round after the last step (重启)."""

    OPENED = "OPENED"
    FINISHED = "FINISHED"
    RETURNED = "RETURNED"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    REOPENED = "REOPENED"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. ``what`` is the step finished, returned to or re-opened at, or the pause; empty for OPENED."""

    happening: Happening
    at: datetime
    what: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """``from_at`` ≤ t < ``to_at``; ``None``: still going on."""

    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay at a step: from when it began until it was finished or left (``None``: the case stands here)."""

    round: int
    step: str
    from_at: datetime
    to_at: datetime | None
    finished: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock in a round, counted from 1. A stop step that is returned to was not finished: the clock runs on. A
    return to before the clock's first step ends the run unless it was ``finished``, and another begins when the case comes
    back to it."""

    round: int
    clock: str
    started_at: datetime
    stopped_at: datetime | None
    finished: bool
    pauses: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """Where a case stands. ``step`` and ``stage`` are empty when all steps are done; ``paused_by`` are the open pauses;
    ``rounds`` counts how often the case was worked through, above 1 after a re-opening."""

    step: str
    stage: str
    rounds: int
    stays: tuple[Stay, ...]
    paused_by: tuple[str, ...]
    runs: tuple[Run, ...]


class CourseImpossible(Conflict):
    """The log says what cannot have happened to a case of this kind."""

    code = "COURSE_IMPOSSIBLE"


def steps_for(body: ProcessDefinition, answers: Answers) -> tuple[Step, ...]:
    """The steps of a case in order: without those whose question is not answered with yes."""
    return tuple(step for step in body.steps if not step.only_if or answers.get(step.only_if, False))


def clocks_for(body: ProcessDefinition, *, channel: str, classes: Sequence[str]) -> tuple[ClockRule, ...]:
    """The clocks that run for a case that came by ``channel``, at a place and of a class of connection (``classes``, what is
    known of the two)."""
    return tuple(
        clock
        for clock in body.clocks
        if (not clock.channels or channel in clock.channels)
        and (clock.by == "ALL" or any(one in clock.runs_for for one in classes))
    )


def course(body: ProcessDefinition, answers: Answers, log: Sequence[Entry]) -> Course:
    """Tell the course of a case from its log, in the order of time.

    Raises :class:`CourseImpossible` for a log that does not begin with OPENED, goes back in time, finishes a step the case
    does not stand at, returns forward or from a step that may not return, or pauses what is paused or cannot be.
    """
    walk = _Walk(body, steps_for(body, answers))
    for entry in log:
        walk.take(entry)
    return walk.told()


@dataclass
class _Walk:
    """The state of reading a log from its first line to its last."""

    body: ProcessDefinition
    steps: tuple[Step, ...]
    round: int = 0
    stays: list[Stay] = field(default_factory=list)
    pauses: dict[str, list[Interval]] = field(default_factory=dict)
    last_at: datetime | None = None

    def take(self, entry: Entry) -> None:
        if self.last_at is not None and entry.at < self.last_at:
            raise CourseImpossible(f"what happened at {entry.at.isoformat()} lies before the entry before it")
        if (entry.happening is Happening.OPENED) != (self.last_at is None):
            raise CourseImpossible("a case is opened once, before anything else")
        self.last_at = entry.at
        {
            Happening.OPENED: self._open,
            Happening.FINISHED: self._finish,
            Happening.RETURNED: self._return,
            Happening.PAUSED: self._pause,
            Happening.RESUMED: self._resume,
            Happening.REOPENED: self._reopen,
        }[entry.happening](entry)

    @property
    def here(self) -> Step | None:
        last = self.stays[-1] if self.stays else None
        return self.body.step(last.step) if last and last.to_at is None else None

    def _place(self, code: str) -> int:
        return self.body.place(code)

    def _open(self, entry: Entry) -> None:
        self.round = 1
        self._begin_after(-1, entry.at)

    def _finish(self, entry: Entry) -> None:
        here = self._standing()
        if here.code != entry.what:
            raise CourseImpossible(f"the case stands at step {here.code}, not at {entry.what}")
        for code in self._open_pauses():
            self._end_pause(code, entry.at)
        self.stays[-1] = replace(self.stays[-1], to_at=entry.at, finished=True)
        self._begin_after(self._place(entry.what), entry.at)

    def _return(self, entry: Entry) -> None:
        here = self._standing()
        if not here.may_return:
            raise CourseImpossible(f"the case cannot be returned from step {here.code}")
        if entry.what not in {step.code for step in self.steps} or self._place(entry.what) >= self._place(here.code):
            raise CourseImpossible(f"a case is returned to an earlier step of its own, not to {entry.what}")
        self.stays[-1] = replace(self.stays[-1], to_at=entry.at)
        self.stays.append(Stay(self.round, entry.what, entry.at, None, False))

    def _reopen(self, entry: Entry) -> None:
        if self.here is not None:
            raise CourseImpossible("a case is opened again when its steps are done")
        if entry.what not in {step.code for step in self.steps}:
            raise CourseImpossible(f"a case cannot be opened again at {entry.what}")
        self.round += 1
        self.stays.append(Stay(self.round, entry.what, entry.at, None, False))

    def _pause(self, entry: Entry) -> None:
        here = self._standing()
        rule = next((one for one in self.body.pauses if one.code == entry.what and not one.by_itself), None)
        if rule is None or here.code not in rule.steps or entry.what in self._open_pauses():
            raise CourseImpossible(f"at step {here.code} the case cannot be paused by {entry.what}")
        self.pauses.setdefault(entry.what, []).append(Interval(entry.at, None))

    def _resume(self, entry: Entry) -> None:
        if entry.what not in self._open_pauses():
            raise CourseImpossible(f"the case is not paused by {entry.what}")
        self._end_pause(entry.what, entry.at)

    def _standing(self) -> Step:
        if self.here is None:
            raise CourseImpossible("all steps of the case are done")
        return self.here

    def _begin_after(self, place: int, at: datetime) -> None:
        following = next((step for step in self.steps if self._place(step.code) > place), None)
        if following:
            self.stays.append(Stay(self.round, following.code, at, None, False))

    def _open_pauses(self) -> list[str]:
        return [code for code, found in self.pauses.items() if found[-1].to_at is None]

    def _end_pause(self, code: str, at: datetime) -> None:
        self.pauses[code][-1] = replace(self.pauses[code][-1], to_at=at)

    def told(self) -> Course:
        here = self.here
        own = [one.code for one in self.body.pauses if one.by_itself and here and here.code in one.steps]
        runs = [
            run
            for number in range(1, self.round + 1)
            for clock in self.body.clocks
            for run in self._runs(clock, number)
        ]
        return Course(
            step=here.code if here else "",
            stage=here.stage if here else "",
            rounds=self.round,
            stays=tuple(self.stays),
            paused_by=(*self._open_pauses(), *own),
            runs=tuple(runs),
        )

    def _runs(self, clock: ClockRule, number: int) -> list[Run]:
        """The runs of a clock in a round: none where its steps are not reached or all left out."""
        low, high = self._place(clock.starts), self._place(clock.stops)
        found: list[Run] = []
        inside: list[Stay] = []
        for stay in [one for one in self.stays if one.round == number]:
            place = self._place(stay.step)
            if low <= place <= high:
                inside.append(stay)
            elif place < low and inside:
                found.append(self._run(clock, inside, high, taken_back=True))
                inside = []
        return [*found, self._run(clock, inside, high, taken_back=False)] if inside else found

    def _run(self, clock: ClockRule, inside: Sequence[Stay], high: int, *, taken_back: bool) -> Run:
        last = inside[-1]
        finished = last.finished and not self._goes_on(last, high)
        stopped = last.to_at if finished or taken_back else None
        return Run(last.round, clock.code, inside[0].from_at, stopped, finished, self._stops(clock))

    def _goes_on(self, stay: Stay, high: int) -> bool:
        """Whether a further step up to the clock's last still comes after a stay."""
        place = self._place(stay.step)
        return any(place < self._place(step.code) <= high for step in self.steps)

    def _stops(self, clock: ClockRule) -> tuple[Interval, ...]:
        """When the clock's pauses held: those somebody noted, and the stays that pause by themselves."""
        found = [interval for code in clock.paused_by for interval in self.pauses.get(code, ())]
        own = {step for one in self.body.pauses if one.by_itself and one.code in clock.paused_by for step in one.steps}
        found += [Interval(stay.from_at, stay.to_at) for stay in self.stays if stay.step in own]
        return tuple(sorted(found, key=lambda interval: interval.from_at))
