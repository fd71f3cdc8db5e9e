"""Many cases at one sitting: read together under their locks, worked on in memory, written together.

What an action on one case writes at once waits here until all is written, in the order in which it happened. A refusal takes
back what its event had done so far, and nothing of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from wandeng.calc.clocks.days import DayLine
from wandeng.domains.cases import log, reach, recording
from wandeng.domains.cases.actions import telling
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.models import CallBack, Case, CaseClock, CaseEntry, CasePaper, CrewJob, IncidentCase
from wandeng.domains.notices import actions as notices
from wandeng.domains.notices.actions import ToStaff
from wandeng.domains.organization.queries import acting
from wandeng.infra import audit, events, ids, statements, transitions
from wandeng.infra.events import DomainEvent
from wandeng.infra.models import Operation, StateChange
from wandeng.infra.processes.course import Course
from wandeng.infra.processes.library import ProcessVersion
from wandeng.infra.transitions import StateTable
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound


@dataclass
class File:
    """All that is stored of a case (卷宗), while it is worked on. ``is_alone``: a crew, an incident or an event of another kind
    has to do with it; from there on it goes by single actions."""

    row: Case
    version: ProcessVersion
    written: log.Log
    clocks: list[CaseClock] = field(default_factory=list)
    papers: list[CasePaper] = field(default_factory=list)
    wanted: CallBack | None = None
    is_new: bool = False
    is_alone: bool = False
    is_touched: bool = False

    @property
    def documents(self) -> frozenset[str]:
        """Documents that were handed in or seen."""
        return frozenset(one.document for one in self.papers if one.kind == "DOCUMENT")

    def proofs(self, step: str) -> list[str]:
        """The kinds of proof of a step in the present round."""
        return [one.kind for one in self.papers if one.step == step and one.round == self.row.rounds]

    def rows(self) -> Iterator[models.Model]:
        yield self.row
        yield from self.clocks
        if self.wanted:
            yield self.wanted


@dataclass
class Sitting:
    """The files of a chunk of events, and what is to be written."""

    charter: Charter
    days: DayLine
    files: dict[str, File] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    published: list[tuple[DomainEvent, datetime]] = field(default_factory=list)
    notices: list[ToStaff] = field(default_factory=list)
    changes: list[StateChange] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    wants: dict[type[models.Model], int] = field(default_factory=dict)
    _units: dict[int, Any] = field(default_factory=dict)
    _ids: dict[type[models.Model], list[int]] = field(default_factory=dict)
    _given: list[tuple[type[models.Model], int]] = field(default_factory=list)
    _people: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, numbers: Collection[str], charter: Charter) -> Sitting:
        """The files of these cases, locked; numbers of no case are left out. Inside the caller's transaction."""
        made = cls(charter, charter.days())
        rows = Case.objects.select_related("unit").filter(number__in=numbers).order_by("pk")
        if transaction.get_connection().features.has_select_for_update:
            rows = rows.select_for_update(of=("self",))
        by_id = {row.pk: File(row, charter.version_of(row), log.Log(row, [])) for row in rows}
        for entry in CaseEntry.objects.filter(case__in=by_id).order_by("case_id", "place"):
            by_id[entry.case_id].written.entries.append(entry)
        for clock in CaseClock.objects.filter(case__in=by_id).order_by("id"):
            by_id[clock.case_id].clocks.append(clock)
        for paper in CasePaper.objects.filter(case__in=by_id).order_by("id"):
            by_id[paper.case_id].papers.append(paper)
        for wanted in CallBack.objects.filter(case__in=by_id, state="WANTED").order_by("round"):
            by_id[wanted.case_id].wanted = wanted
        for one in {*_with(CrewJob.objects.filter(ended_at__isnull=True), by_id), *_with(IncidentCase.objects, by_id)}:
            by_id[one].is_alone = True
        made.files = {file.row.number: file for file in by_id.values()}
        return made

    def file(self, number: str, actor: Actor) -> File:
        """The file of a case in the actor's unit or hands. Raises :class:`NotFound`."""
        found = self.files.get(number)
        if found is None or not reach.covers(actor, found.row):
            raise NotFound(f"there is no case {number}")
        return found

    def next_id(self, model: type[models.Model]) -> int:
        """An id of a table; as many are reserved at a time as the events could want."""
        kept = self._ids.setdefault(model, [])
        if not kept:
            ahead = max(1, self.wants.get(model, 1))
            first = ids.reserve(model, ahead)
            kept.extend(range(first + ahead - 1, first - 1, -1))
        self._given.append((model, kept.pop()))
        return self._given[-1][1]

    def with_unit(self, row: Case) -> None:
        """Give a new row its unit, read once."""
        if row.unit_id not in self._units:
            self._units[row.unit_id] = row.unit
        row.unit = self._units[row.unit_id]

    @contextmanager
    def part(self, file: File | None) -> Iterator[None]:
        """One event: on an exception everything is as before it."""
        lists: list[list[Any]] = [self.operations, self.published, self.notices, self.changes, self.gone]
        marks, given = [len(one) for one in lists], len(self._given)
        kept = _snapshot(file) if file else None
        try:
            yield
        except BaseException:
            for one, mark in zip(lists, marks, strict=True):
                del one[mark:]
            while len(self._given) > given:
                model, number = self._given.pop()
                self._ids[model].append(number)
            if file and kept:
                _restore(file, kept)
            raise

    def settle(self, file: File, also: Mapping[str, Any] | None = None) -> Course:
        """``log.settle``, without writing."""
        row, version = file.row, file.version
        found = log.course_of(row, version.body, file.written)
        clocks = log.aligned(row, version, found, self.charter, file.clocks, self.days)
        self.gone += [one.pk for one in clocks.gone if one.pk]
        file.clocks, file.is_touched = clocks.standing, True
        for name, value in (log.following(version.body, found, file.clocks) | dict(also or {})).items():
            setattr(row, name, value)
        return found

    def move(self, row: models.Model, table: StateTable, verb: str, *, actor: Actor, at: datetime, **also: Any) -> None:
        """Move a row of a file."""
        self.changes.append(transitions.moved(row, table, verb, actor=actor, at=at, **also))

    def record(
        self, action: str, row: Case, facts: Mapping[str, object], actor: Actor, at: datetime, reason: str
    ) -> None:  # fmt: skip
        """``recording.record``, without writing."""
        self.operations.append(recording.line(action, row, facts, actor, at, reason))

    def tell_next(self, file: File, *, actor: Actor, at: datetime) -> None:
        """``telling.tell_next``, without writing."""
        row = file.row
        if not telling.is_told(row):
            return
        people = self._active((row.handler,)) if row.handler else self._holders(row, at)
        told = [one for one in people if one != actor.code]
        key = telling.task_key(row, at)
        self.notices += telling.worded(row, file.version.body, "case_task", told, key=key, actor=actor, at=at)

    def require_person(self, code: str) -> None:
        """Raises :class:`NotFound` for somebody who may not log in."""
        if not self._active((code,)):
            acting.person_place(code)

    def _active(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        if codes not in self._people:
            self._people[codes] = acting.active_people(codes)
        return self._people[codes]

    def _holders(self, row: Case, at: datetime) -> tuple[str, ...]:
        key = (row.unit.path, row.role, local_day(at).isoformat())
        if key not in self._people:
            self._people[key] = acting.active_people(telling.people_for(row, row.role, at))
        return self._people[key]

    def write(self) -> None:
        """Write all that was done, and forget it; inside the transaction of :meth:`of`."""
        touched = [file for file in self.files.values() if file.is_touched or file.written.fresh]
        _put([file.row for file in touched if file.is_new], [file.row for file in touched if not file.is_new])
        statements.insert(entry for file in touched for entry in file.written.fresh)
        CaseClock.objects.filter(pk__in=self.gone).delete()
        clocks = [clock for file in touched for clock in file.clocks]
        _put([one for one in clocks if one.pk is None], [one for one in clocks if one.pk is not None])
        statements.insert(paper for file in touched for paper in file.papers if paper.pk is None)
        wanted = [file.wanted for file in touched if file.wanted]
        _put([one for one in wanted if one._state.adding], [one for one in wanted if not one._state.adding])
        transitions.keep_history(self.changes)
        audit.keep(self.operations)
        events.publish_each(self.published)
        notices.send_to_staff(self.notices)
        for file in touched:
            file.written.fresh, file.is_touched, file.is_new = [], False, False
        for one in (self.changes, self.operations, self.published, self.notices, self.gone):
            one.clear()


def _with(rows: Any, by_id: Collection[int]) -> Iterable[int]:
    found: Iterable[int] = rows.filter(case__in=by_id).values_list("case_id", flat=True)
    return found


_Kept = tuple[list[tuple[models.Model, dict[str, Any]]], list[CaseEntry], list[CaseEntry], list[CaseClock],
              list[CasePaper], CallBack | None, bool]  # fmt: skip


def _snapshot(file: File) -> _Kept:
    rows = [(row, dict(row.__dict__)) for row in file.rows()]
    return (rows, list(file.written.entries), list(file.written.fresh), list(file.clocks), list(file.papers),
            file.wanted, file.is_touched)  # fmt: skip


def _restore(file: File, kept: _Kept) -> None:
    rows, file.written.entries, file.written.fresh, file.clocks, file.papers, file.wanted, file.is_touched = kept
    for row, columns in rows:
        row.__dict__.clear()
        row.__dict__.update(columns)


def _put(made: list[Any], changed: list[Any]) -> None:
    """Insert the rows that are new, and write the others whole: they are under their locks."""
    statements.insert(made)
    statements.insert(changed, replacing=True)
