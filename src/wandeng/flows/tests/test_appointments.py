"""What the clock asks of appointments: reminders once, slots and runs once; the end of a case calls its appointments off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wandeng.domains.appointments import checks
from wandeng.domains.appointments.tests import make
from wandeng.domains.appointments.types import Wanted
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.types import Charter
from wandeng.domains.notices.models import Notice
from wandeng.flows import appointments, timetable


@pytest.fixture
def hall(db: None) -> None:
    cases.county()
    make.hall()
    make.vehicle()


@pytest.mark.usefixtures("hall")
def test_a_night_makes_what_is_missing_and_nothing_twice() -> None:
    first = appointments.make_ahead(on=make.TODAY, library=make.rules())
    assert (first.slots, first.runs) == (0, 2)
    again = appointments.make_ahead(on=make.TODAY + timedelta(days=7), library=make.rules())
    assert (again.slots, again.runs) == (20, 1)
    assert checks.faults() == []


@pytest.mark.usefixtures("hall")
def test_after_a_pause_only_the_last_reminder_is_sent_and_once() -> None:
    booked = make.book(make.slot(8))  # Wednesday, 09:00
    late = make.slot(8).starts_at - timedelta(minutes=30)
    assert appointments.remind(now=late, library=make.rules()) == appointments.Reminded(1, 0)
    assert appointments.remind(now=late, library=make.rules()) == appointments.Reminded(0, 0)
    told = dict(make.row(booked.number).tellings.values_list("what", "state"))
    assert told == {"BOOKED": "TOLD", "DAY_BEFORE": "DROPPED", "HOUR_BEFORE": "TOLD"}
    assert Notice.objects.filter(key__endswith=":HOUR_BEFORE").count() == 1


@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize("state, left", [("CLOSED", "CANCELLED"), ("WITHDRAWN", "CANCELLED"), ("MERGED", "BOOKED")])
def test_the_end_of_a_case_calls_off_what_lies_ahead(state: str, left: str) -> None:
    number = cases.open_fault(Charter.current(), at=make.NOW).number
    booked = make.book(make.slot(8), Wanted("SURVEY", case=number))
    for _twice in range(2):
        appointments.call_off_of_case({"number": number, "state": state}, make.NOW)
    assert make.row(booked.number).state == left
    assert checks.faults() == []


def test_both_kinds_stand_in_the_timetable() -> None:
    timed = {one.kind for one in timetable.TIMETABLE}
    assert set(appointments.kinds(lambda: make.NOW)) <= timed
