"""Writing to the log of a case, and telling from it where the case stands: step, clocks, what to tell next.

Every action ends with :func:`settle`: it reads the entries, tells the course and brings the case's row and its clocks in
line. There is no other way to move a case from step to step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from wandeng.calc.clocks import clock as clocks
from wandeng.calc.clocks.clock import Clock
from wandeng.calc.clocks.days import DayLine, instant, microseconds
from wandeng.calc.clocks.terms import PERCENT, Limit, Pause, Unit
from wandeng.domains.cases import form
from wandeng.domains.cases.charter import Charter, limit_of, local_day
from wandeng.domains.cases.models import Case, CaseClock, CaseEntry
from wandeng.infra import audit, statements
from wandeng.infra.processes.course import Course, Entry, Happening, Run, clocks_for, course
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.library import ProcessVersion
from wandeng.infra.processes.parts import ClockRule
from wandeng.infra.statements import Reading
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound

TURNS = frozenset(Happening)
"""Entries from which the course of a case follows; the others only say what was done."""


_ENTRIES: Reading[CaseEntry] = Reading(lambda case: CaseEntry.objects.filter(case_id=case).order_by("place"), int)
_CLOCKS: Reading[CaseClock] = Reading(lambda case: CaseClock.objects.filter(case_id=case).order_by("id"), int)


@dataclass
class Log:
    """The entries of a case while an action works on it, under the case's lock."""

    row: Case
    entries: list[CaseEntry]
    fresh: list[CaseEntry] = field(default_factory=list)

    @classmethod
    def of(cls, row: Case) -> Log:
        return cls(row, _ENTRIES(row.pk))

    def told(self, key: str) -> CaseEntry | None:
        """The entry a key stands for, when it was told before."""
        return next((one for one in self.entries if key and one.key == key), None)

    def add(
        self, kind: str, *, at: datetime, noted_at: datetime, actor: Actor, what: str = "", note: str = "",
        facts: Mapping[str, object] | None = None, key: str = "",
    ) -> None:  # fmt: skip
        """Append one entry; it is stored by :meth:`keep`."""
        one = CaseEntry(
            case=self.row, place=len(self.entries) + 1, kind=kind, what=what, at=at, noted_at=noted_at,
            actor=actor.code, note=audit.without_numbers(note), facts=audit.canonical(facts or {}), key=key or None,
        )  # fmt: skip
        self.entries.append(one)
        self.fresh.append(one)

    def keep(self) -> None:
        """Store what was added."""
        statements.insert(self.fresh)
        self.fresh = []

    def turns(self) -> list[Entry]:
        """What the course is told from."""
        return [Entry(Happening(one.kind), one.at, one.what) for one in self.entries if one.kind in TURNS]

    @property
    def last_turn_at(self) -> datetime | None:
        return max((one.at for one in self.entries if one.kind in TURNS), default=None)


def course_of(row: Case, body: ProcessDefinition, log: Log) -> Course:
    """Where the case stands by its entries. Raises ``CourseImpossible``."""
    return course(body, form.questions(form.open_answers(row)), log.turns())


def settle(
    row: Case,
    log: Log,
    charter: Charter,
    *,
    also: Mapping[str, Any] | Callable[[Course], Mapping[str, Any]] | None = None,
) -> Course:
    """Store the new entries, bring the clocks in line, and set what follows from them on the row (``also``: further columns
    of the same write, or what says them once the course is told); a new row is stored with them. States are moved by the
    caller.

    Raises ``CourseImpossible``, :class:`NoRuleInForce` where a clock begins that no rule limits.
    """
    version = charter.version_of(row)
    found, is_new = course_of(row, version.body, log), row._state.adding
    clocks_ = aligned(row, version, found, charter, () if is_new else _CLOCKS(row.pk), charter.days())
    columns = following(version.body, found, clocks_.standing) | dict((also(found) if callable(also) else also) or {})
    for name, value in columns.items():
        setattr(row, name, value)
    if is_new:
        statements.insert([row])
    else:
        statements.change(row, columns)
    log.keep()
    clocks_.store()
    return found


def following(body: ProcessDefinition, found: Course, standing: Sequence[CaseClock]) -> dict[str, Any]:
    """The columns of a case that follow from its course and its clocks."""
    running = [one for one in standing if one.stopped_at is None and one.due_at is not None]
    first = min(running, key=lambda one: one.due_at or one.started_at, default=None)
    return {
        "step": found.step,
        "stage": found.stage,
        "role": body.step(found.step).role if found.step else "",
        "rounds": found.rounds,
        "is_paused": bool(found.paused_by),
        "due_at": first.due_at if first else None,
        "due_clock": first.clock if first else "",
    }


def classes_of(row: Case) -> tuple[str, ...]:
    """What is known of a case by which limits are chosen: its place, and the class of a connection."""
    return tuple(one for one in (row.locality, form.open_answers(row).get("CLASS", "")) if one)


MOVED = ("started_at", "stopped_at", "is_finished", "is_paused", "pauses", "due_at", "next_percent", "next_at")
"""The columns of a clock that follow from its run."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """The clocks of a course: those to be made, those that were there and now say something else, those that stay as they
    are, and those that are to go."""

    made: list[CaseClock]
    moved: list[CaseClock]
    gone: list[CaseClock]
    same: list[CaseClock]

    @property
    def standing(self) -> list[CaseClock]:
        return [*self.same, *self.moved, *self.made]

    def store(self) -> None:
        """Write them."""
        if self.gone:
            CaseClock.objects.filter(pk__in=[one.pk for one in self.gone]).delete()
        statements.insert(self.made)
        for one in self.moved:
            statements.change(one, MOVED)


def aligned(
    row: Case, version: ProcessVersion, found: Course, charter: Charter, there: Sequence[CaseClock], days: DayLine
) -> Aligned:  # fmt: skip
    """Make, move and drop clocks until they are those of the course; nothing is written yet."""
    rules = {one.code: one for one in clocks_for(version.body, channel=row.channel, classes=classes_of(row))}
    kept = {(one.clock, one.round, one.run): one for one in there}
    made: list[CaseClock] = []
    moved: list[CaseClock] = []
    same: list[CaseClock] = []
    for (code, number), runs in groupby(found.runs, key=lambda run: (run.clock, run.round)):
        for place, run in enumerate(runs, start=1):
            if code not in rules:
                continue
            one = kept.pop((code, number, place), None)
            if one is None:
                one = _begin(row, rules[code], run, place, version.path, charter)
                _move(one, run, rules[code], days)
                made.append(one)
            else:
                before = [getattr(one, name) for name in MOVED]
                _move(one, run, rules[code], days)
                (same if before == [getattr(one, name) for name in MOVED] else moved).append(one)
    return Aligned(made, moved, list(kept.values()), same)


def _begin(row: Case, rule: ClockRule, run: Run, place: int, path: str, charter: Charter) -> CaseClock:
    chosen = limit_of(
        rule, charter=charter, classes=classes_of(row), on=local_day(run.started_at), territory=row.unit.territory,
        own_path=path,
    )  # fmt: skip
    return CaseClock(
        case=row, clock=rule.code, round=run.round, run=place, amount=chosen.limit.amount,
        measure=chosen.limit.unit.value, commitment=chosen.commitment, rule_path=chosen.path,
    )  # fmt: skip


def _move(one: CaseClock, run: Run, rule: ClockRule, days: DayLine) -> None:
    """Set what follows from the run: start, stop, pauses, deadline, and what is to be told next."""
    one.started_at, one.stopped_at, one.is_finished = run.started_at, run.stopped_at, run.finished
    one.pauses = json.dumps(
        [[microseconds(pause.from_at), microseconds(pause.to_at) if pause.to_at else None] for pause in run.pauses]
    )
    one.is_paused = run.stopped_at is None and any(pause.to_at is None for pause in run.pauses)
    running = clock_of(one)
    one.due_at = clocks.due_at(running, days)
    one.next_percent, one.next_at = next_telling(one, rule, days)


def clock_of(one: CaseClock) -> Clock:
    """A stored clock as ``calc.clocks`` takes it."""
    pauses = [Pause(instant(low), None if high is None else instant(high)) for low, high in json.loads(one.pauses)]
    return Clock(one.started_at, Limit(one.amount, Unit(one.measure)), tuple(pauses), one.stopped_at)


def next_telling(one: CaseClock, rule: ClockRule, days: DayLine) -> tuple[int | None, datetime | None]:
    """The next share of the limit at which somebody is told, and when; (None, None) for a stopped or silent clock."""
    if one.stopped_at is not None:
        return None, None
    ahead = [warned.percent for warned in rule.warned if warned.percent > one.told_percent]
    if one.told_percent < PERCENT:
        ahead.append(PERCENT)
    found = clocks.warnings(clock_of(one), days, ahead) if ahead else ()
    return found[0] if found else (None, None)


def rule_named(body: ProcessDefinition, code: str) -> ClockRule:
    """The clock rule of a code. Raises :class:`NotFound` for one the definition no longer has."""
    for rule in body.clocks:
        if rule.code == code:
            return rule
    raise NotFound(f"process {body.process} has no clock {code}")
