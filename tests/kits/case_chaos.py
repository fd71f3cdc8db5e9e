"""Cases that workers take to their end until they are killed, and what each must have left behind.

What workers run is imported by a process before it knows of Django, so models are imported where they are needed.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from wandeng.domains.cases.types import Charter
    from wandeng.kernel.actors import Actor


def take_to_the_end(numbers: Sequence[str]) -> None:
    """A worker: everything that is to be done at each case that is not closed, from the first step on, under the keys of
    whoever did it before. Others may do the same at the same time."""
    from wandeng.domains.cases.models import Case
    from wandeng.domains.cases.tests import make
    from wandeng.domains.cases.types import Charter

    charter, people = (
        Charter.current(),
        {role: make.actor(role) for role in ("DISPATCHER", "CELL_MANAGER", "CALL_CLERK")},
    )
    for number in numbers:
        if Case.objects.get(number=number).state != "CLOSED":
            _take(number, charter, people)


def _take(number: str, charter: Charter, people: dict[str, Actor]) -> None:
    from wandeng.domains.cases.actions import ending, work
    from wandeng.domains.cases.tests import make
    from wandeng.kernel.errors import Conflict

    steps = {
        "DISPATCH": ("DISPATCHER", {"handler": "cell_manager"}),
        "ACCEPT": ("CELL_MANAGER", {}),
        "ARRIVE": ("CELL_MANAGER", {"answers": {"EXPECTED": "2026-10-12T13:00:00+08:00"}, "proofs": (make.HERE,)}),
        "RESTORE": (
            "CELL_MANAGER",
            {"answers": make.REPAIRED, "proofs": (make.HERE, make.PHOTO), "result": "REPAIRED"},
        ),
    }
    for minutes, (step, (role, given)) in enumerate(steps.items(), start=1):
        work.finish(number=number, step=step, actor=people[role], at=make.after(minutes), charter=charter, key=step,
                    **given)  # fmt: skip
    # Whoever asks after somebody else has asked is told so.
    with contextlib.suppress(Conflict):
        ending.call_back(number=number, score=5, remark="", channel="PHONE", actor=people["CALL_CLERK"],
                         at=make.after(60), charter=charter)  # fmt: skip


def left_by(number: str) -> Counter[str]:
    """What a case has left, by kind: entries, clocks, call-backs, notices, events, and the log of operations."""
    from wandeng.domains.cases.models import CallBack, Case, CaseClock, CaseEntry
    from wandeng.domains.notices.models import Notice
    from wandeng.infra.models import Event, Operation

    case = Case.objects.get(number=number)
    entries = CaseEntry.objects.filter(case=case).values_list("kind", "what")
    left = Counter(f"entry {kind} {what}" for kind, what in entries)
    left["clocks"] = CaseClock.objects.filter(case=case).count()
    left.update(f"call-back {state}" for state in CallBack.objects.filter(case=case).values_list("state", flat=True))
    left["notices"] = Notice.objects.filter(key__contains=number).count()
    left.update(f"event {name}" for name in Event.objects.filter(body__contains=number).values_list("name", flat=True))
    operations = Operation.objects.filter(subject_type="cases.Case", subject_code=number)
    left.update(f"operation {action}" for action in operations.values_list("action", flat=True))
    left[f"is {case.state}"] = 1
    return left


def warm() -> None:
    """Rules, definitions and modules are read before the forks: a kill hits the work, not the start."""
    from wandeng.domains.cases.actions import ending, work  # noqa: F401
    from wandeng.domains.cases.tests import make  # noqa: F401
    from wandeng.domains.cases.types import Charter

    Charter.current()


def commit_after_the_entry() -> None:
    """The planted fault: that a step is done is committed before what follows from it, as a program does that has no
    transaction around the whole."""
    from wandeng.domains.cases import log

    warm()
    settle = log.settle

    def settled(*given, **named):
        found = settle(*given, **named)
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")
            if connection.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
        time.sleep(0.03)
        return found

    log.settle = settled
