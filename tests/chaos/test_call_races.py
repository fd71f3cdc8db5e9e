"""R1: calls about one fault at the same moment are one incident, whoever groups them and in whichever order.

On PostgreSQL the threads meet at the lock of the feeder, on SQLite they write one after another. ``WANDENG_CHAOS=long`` has
more nights.
"""

from __future__ import annotations

import os
from datetime import datetime

import pytest
from tests.kits import call_races as races
from tests.kits import storm_world as storm

from wandeng.domains.cases import checks
from wandeng.domains.cases.actions import incidents
from wandeng.domains.cases.models import CrewJob, IncidentCase, RepairIncident
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]

NIGHTS = 20 if os.environ.get("WANDENG_CHAOS") == "long" else 1
APART = ("A1", "B1", "C1", "A4", "B4", "C4")
"""Transformers whose calls stay apart: two of a feeder are no line."""
CALLERS = 8


@pytest.fixture
def night() -> Charter:
    return storm.build()


def nights() -> list[datetime]:
    """Further apart than calls that are grouped."""
    return [storm.after(1_440 * number) for number in range(NIGHTS)]


def forgotten(at: datetime) -> None:
    """The incidents of a night are taken apart, so that the next begins with none."""
    charter = Charter.current()
    for number in RepairIncident.objects.filter(state="OPEN").values_list("number", flat=True):
        incidents.dissolve(number=number, reason="试", actor=make.actor("DISPATCHER"), at=at, charter=charter)


def test_calls_of_one_transformer_at_the_same_moment_are_one_incident(night: Charter) -> None:
    for at in nights():
        for transformer in APART:
            accounts = [f"{transformer}-{number:02d}" for number in range(1, CALLERS + 1)]
            assert races.wrongs(races.ring(night, accounts, at)) == []
        assert races.open_levels() == ["TRANSFORMER"] * len(APART)
        forgotten(at)
    assert checks.faults(night) == []


def test_calls_of_three_transformers_at_the_same_moment_are_the_switch_above_them(night: Charter) -> None:
    for at in nights():
        for feeder in storm.FEEDERS:
            accounts = [f"{feeder}{number}-{caller:02d}" for number in storm.BEHIND for caller in (1, 2, 3)]
            assert races.wrongs(races.ring(night, accounts, at)) == []
        assert races.open_levels() == ["SWITCH"] * len(storm.FEEDERS)
        forgotten(at)
    assert checks.faults(night) == []


def test_one_caller_who_rings_from_several_telephones_at_once_stays_alone(night: Charter) -> None:
    races.ring(night, ["A1-01"] * 4, storm.NIGHT)
    assert not RepairIncident.objects.exists()
    assert not IncidentCase.objects.exists()


def test_calls_while_a_crew_is_sent_go_where_the_crew_goes(night: Charter) -> None:
    storm.put_crews(night)
    for transformer, crew in zip(APART, ("Q1", "Q2", "Q3"), strict=False):
        first = [storm.call(night, f"{transformer}-{caller:02d}").number for caller in (1, 2)]
        number = RepairIncident.objects.get(state="OPEN", transformer__code=f"T{transformer}").number

        def send(number: str = number, crew: str = crew) -> str:
            return incidents.send(
                number=number, code=crew, actor=make.actor("DISPATCHER"), at=storm.NIGHT, charter=night
            ).number

        calls = [lambda one=f"{transformer}-{caller:02d}": storm.call(night, one).number for caller in range(3, 9)]
        late = races.together([*calls[:3], send, *calls[3:]])
        assert races.wrongs([*first, *(one for one in late if one != number)]) == []
        assert CrewJob.objects.filter(incident__number=number, ended_at__isnull=True).count() == 1
        members = IncidentCase.objects.filter(incident__number=number)
        assert set(members.values_list("case__handler", flat=True)) == {f"leader-{crew}"}
    assert checks.faults(night) == []


def test_the_comparison_sees_calls_that_are_grouped_by_what_stood_there_before(night: Charter) -> None:
    with races.looking_early() as look:
        numbers = races.ring(night, ["A1-01", "A1-02"], storm.NIGHT, before=look)
    assert races.wrongs(numbers)
