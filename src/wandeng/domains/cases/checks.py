"""Invariants of cases, recomputed from their entries alone: what tests ask after every program."""

from __future__ import annotations

from collections.abc import Iterator

from wandeng.calc.clocks import clock as clocks
from wandeng.domains.cases import log
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import CallBack, Case, CaseClock, CaseEntry
from wandeng.infra.processes.course import CourseImpossible, Run, clocks_for
from wandeng.kernel.errors import Refused

AT_ONCE = 1_000
AFTER_THE_END = ("NOTED", "ATTACHED", "REVEALED", "HELD", "RELEASED", "DESTROYED")
"""What may still happen to a closed case without opening it again."""


def faults(charter: Charter, *, since: int = 0, most: int = 0) -> list[str]:
    """A sentence for each case whose row, clocks or end do not follow from its entries. ``since`` and ``most`` bound the
    ids looked at; 0: all."""
    rows = Case.objects.filter(pk__gt=since).select_related("unit").order_by("id")
    chosen = rows[:most] if most else rows
    return [fault for row in chosen.iterator(AT_ONCE) for fault in _of(row, charter)]


def _of(row: Case, charter: Charter) -> Iterator[str]:
    entries = list(CaseEntry.objects.filter(case=row).order_by("place"))
    if [one.place for one in entries] != list(range(1, len(entries) + 1)):
        yield f"{row.number}: the entries are not numbered one after another"
    try:
        body = charter.body_of(row)
        found = log.course_of(row, body, log.Log(row, entries))
    except (CourseImpossible, Refused) as refused:
        yield f"{row.number}: {refused}"
        return
    ended_early = row.state in ("MERGED", "WITHDRAWN")
    if (row.step, row.rounds, row.is_paused) != (found.step, found.rounds, bool(found.paused_by)) and not ended_early:
        yield f"{row.number}: stands at {row.step} in round {row.rounds}, its entries say {found.step} in {found.rounds}"
    if (row.state == "OPEN") != bool(found.step) and not ended_early:
        yield f"{row.number}: is {row.state} at step {found.step or '—'}"
    if row.state == "FINISHED" and not CallBack.objects.filter(case=row, state="WANTED").exists():
        yield f"{row.number}: is finished, and nobody is to be asked"
    if row.state == "CLOSED" and (not entries or entries[-1].kind not in ("CLOSED", *AFTER_THE_END)):
        yield f"{row.number}: is closed without an entry that says so"
    yield from _of_clocks(row, found.runs, charter, ended_early=ended_early)


def _of_clocks(row: Case, runs: tuple[Run, ...], charter: Charter, *, ended_early: bool) -> Iterator[str]:
    rules = {
        one.code: one for one in clocks_for(charter.body_of(row), channel=row.channel, classes=log.classes_of(row))
    }
    told = [(run.clock, run.round, run.started_at, run.stopped_at) for run in runs if run.clock in rules]
    here = list(CaseClock.objects.filter(case=row).order_by("id"))
    kept = [(one.clock, one.round, one.started_at, one.stopped_at) for one in here]
    if not ended_early and sorted(told, key=str) != sorted(kept, key=str):
        yield f"{row.number}: the clocks are not those its entries tell"
        return
    for one in here:
        if one.due_at != clocks.due_at(log.clock_of(one), charter.days()):
            yield f"{row.number}: clock {one.clock} ends at another time than its limit says"
    running = [one.due_at for one in here if one.stopped_at is None and one.due_at is not None]
    if row.due_at != min(running, default=None):
        yield f"{row.number}: shows {row.due_at} as its next deadline"
