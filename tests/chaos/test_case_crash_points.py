"""R1: a crash before any write, or after the commit, of dispatching, finishing and asking about a case; then the same once
more under the same key. Nothing is lost, nothing is there twice, and everything follows from the entries."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable

import pytest
from django.db import connections
from tests.kits.crash_points import Crash, Points, watching

from wandeng.domains.cases import checks, log
from wandeng.domains.cases.actions import ending, work
from wandeng.domains.cases.models import CallBack, Case, CaseEntry
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.kernel.errors import Conflict

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
EVERY = 1 if os.environ.get("WANDENG_CHAOS") == "long" else 2


@pytest.fixture
def charter() -> Charter:
    make.county()
    return Charter.current()


def sweep(charter: Charter, ready: Callable[[], str], command: Callable[[str], object]) -> int:
    """Crash at each point of the command, each time on another case, and give it again; how many points."""
    with watching(Points()) as points:
        command(ready())
    for at in range(1, len(points.passed) + 1, EVERY):
        number = ready()
        with watching(Points(at=at)), contextlib.suppress(Crash):
            command(number)
        connections.close_all()
        command(number)
    assert checks.faults(charter) == []
    return len(range(1, len(points.passed) + 1, EVERY)) + 1


def test_dispatching_survives_a_crash_at_any_write(charter: Charter) -> None:
    def dispatch(number: str) -> None:
        work.finish(number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(1), charter=charter,
                    handler="cell_manager", key="d")  # fmt: skip

    done = sweep(charter, lambda: make.open_fault(charter).number, dispatch)

    assert CaseEntry.objects.filter(what="DISPATCH").count() == done
    assert NoticeRecipient.objects.count() == done  # the crew is told once of each
    assert Case.objects.filter(handler="cell_manager", step="ACCEPT").count() == done


def test_finishing_survives_a_crash_at_any_write(charter: Charter) -> None:
    def ready() -> str:
        number = make.open_fault(charter).number
        make.repair(charter, number, until="ARRIVE")
        return number

    def restore(number: str) -> None:
        work.finish(number=number, step="RESTORE", actor=make.actor("CELL_MANAGER"), at=make.after(30), charter=charter,
                    answers=make.REPAIRED, proofs=[make.HERE, make.PHOTO], result="REPAIRED", key="r")  # fmt: skip

    done = sweep(charter, ready, restore)

    assert Case.objects.filter(state="FINISHED").count() == done
    assert CallBack.objects.filter(state="WANTED").count() == done


def test_asking_survives_a_crash_at_any_write(charter: Charter) -> None:
    def ready() -> str:
        number = make.open_fault(charter).number
        make.repair(charter, number)
        return number

    def ask(number: str) -> None:
        # Whoever asks again after a crash that came too late is told that the customer was asked.
        with contextlib.suppress(Conflict):
            ending.call_back(number=number, score=1, remark="还是没电", channel="PHONE", actor=make.actor("CALL_CLERK"),
                             at=make.after(60), charter=charter)  # fmt: skip

    done = sweep(charter, ready, ask)

    assert Case.objects.filter(state="OPEN", rounds=2).count() == done
    assert CaseEntry.objects.filter(kind="REOPENED").count() == done


def test_the_sweep_sees_entries_kept_apart_from_their_case(charter: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: what happened is written after the transaction that moved the case."""
    waiting: list[CaseEntry] = []

    def later(self: log.Log) -> None:
        waiting.extend(self.fresh)
        self.fresh = []

    def ready() -> str:
        with monkeypatch.context() as sound:
            sound.setattr(log.Log, "keep", keep)
            return make.open_fault(charter).number

    def dispatch(number: str) -> None:
        waiting.clear()  # what a crash left waiting is gone with its process
        with contextlib.suppress(Conflict):
            work.finish(number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(1), charter=charter,
                        key="d")  # fmt: skip
        CaseEntry.objects.bulk_create(waiting)

    keep = log.Log.keep
    monkeypatch.setattr(log.Log, "keep", later)
    with pytest.raises(AssertionError, match="its entries say"):
        sweep(charter, ready, dispatch)
