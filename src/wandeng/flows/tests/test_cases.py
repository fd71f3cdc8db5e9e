"""The sweep of warnings: everybody once, also when it is killed; and both as timed work."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wandeng.domains.cases.actions import telling
from wandeng.domains.cases.models import Case, CaseClock, CaseEntry
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.notices.models import Notice
from wandeng.flows import cases, timetable
from wandeng.flows.doctor import work
from wandeng.flows.doctor.findings import Patient, Severity
from wandeng.infra import jobs
from wandeng.infra.models import Event, Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charter() -> Charter:
    make.county()
    return Charter.current()


def told() -> list[tuple[str, str, str]]:
    rows = CaseEntry.objects.filter(kind__in=["WARNED", "BREACHED"]).order_by("case__number", "place")
    return list(rows.values_list("case__number", "kind", "what"))


def test_warnings_and_breaches_are_told_once_each(charter: Charter) -> None:
    number = make.open_fault(charter).number
    later = make.NOW + timedelta(hours=3)

    first = cases.tell_clocks(now=later, charter=charter)
    again = cases.tell_clocks(now=later, charter=charter)

    assert told() == [(number, "BREACHED", "DISPATCH"), (number, "BREACHED", "ARRIVAL")]
    assert (first, again) == (cases.Swept(2, 0), cases.Swept(0, 0))
    assert Event.objects.filter(name="cases.clock_broken").count() == 2


def test_killed_in_the_middle_it_goes_on_and_tells_nobody_twice(
    charter: Charter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        make.open_fault(charter)
    later, real, calls = make.NOW + timedelta(hours=3), telling.tell_clock, []

    def killed(**told: Any) -> bool:
        calls.append(told["clock_id"])
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(**told)

    monkeypatch.setattr(telling, "tell_clock", killed)
    with pytest.raises(KeyboardInterrupt):
        cases.tell_clocks(now=later, charter=charter)
    monkeypatch.setattr(telling, "tell_clock", real)
    half = len(told())

    cases.tell_clocks(now=later, charter=charter)

    assert half == 3
    assert len(told()) == len(set(told())) == 8
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys)) > 0


def test_a_case_whose_definition_is_gone_does_not_silence_the_others(charter: Charter) -> None:
    lost, kept = make.open_fault(charter).number, make.open_fault(charter).number
    Case.objects.filter(number=lost).update(process="gone")

    swept = cases.tell_clocks(now=make.NOW + timedelta(hours=3), charter=charter)

    assert (swept.told, swept.faults) == (2, 2)
    assert {number for number, _kind, _what in told()} == {kept}


def test_both_are_timed_work_with_a_handler() -> None:
    kinds = cases.kinds(lambda: datetime.now(make.UTC))
    timed = {one.kind for one in timetable.TIMETABLE}
    assert set(kinds) == {cases.TELL, cases.RECOMPUTE} <= timed


def test_as_jobs_they_tell_what_they_did(charter: Charter) -> None:
    make.open_fault(charter)
    later = make.NOW + timedelta(hours=3)
    for kind in (cases.TELL, cases.RECOMPUTE):
        jobs.enqueue(kind=kind, dedup_key=kind, payload={}, at=later)
    while jobs.run_one(cases.kinds(lambda: later), owner="w:1", clock=lambda: later):
        continue
    assert list(Job.objects.order_by("id").values_list("state", "result")) == [
        ("DONE", '{"faults": 0, "told": 2}'),
        ("DONE", '{"clocks": 2, "faults": 0, "files": 0, "moved": 0}'),
    ]
    assert not CaseClock.objects.filter(next_at__lte=later).exists()


def test_the_doctor_names_warnings_that_are_late(charter: Charter) -> None:
    make.open_fault(charter)
    minutes = (2, 17, 60)
    codes = [work.case_warnings(Patient(Path(), make.after(one), make.NOW.date())).severity for one in minutes]
    assert codes[0] is Severity.FINE
    assert codes[2] is Severity.WARNING
    cases.tell_clocks(now=make.after(60), charter=charter)
    assert work.case_warnings(Patient(Path(), make.after(60), make.NOW.date())).severity is Severity.FINE
