"""An outage takes place: off as planned, back area by area, over when nobody is off; the interruption says the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wandeng.domains.outages import rules
from wandeng.domains.outages.actions import running
from wandeng.domains.outages.models import PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.tests.make import PLANNER, STARTS, opened, published, request
from wandeng.domains.reliability import queries as interruptions
from wandeng.infra.models import Event
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
OFF = STARTS + timedelta(minutes=5)
LATER = STARTS + timedelta(hours=5)


@pytest.fixture(autouse=True)
def town() -> None:
    make.town()


def test_off_back_step_by_step_and_over() -> None:
    number = published(request(isolation=opened("K11")))  # the whole feeder: T1 and T2
    assert running.start(number=number, off_at=OFF, actor=PLANNER, at=OFF) == 2
    with pytest.raises(MoveRefused):
        running.start(number=number, off_at=OFF, actor=PLANNER, at=OFF)
    found = interruptions.interruption(EVERYWHERE, number)
    assert (found.kind, found.cause, found.belongs_to) == ("PLANNED_OVERHAUL", "OVERHAUL", f"outages.plan:{number}")
    assert {one.transformer_code for one in found.steps} == {"T1", "T2"}
    with pytest.raises(Conflict):
        running.finish(number=number, actor=PLANNER, at=LATER)
    with pytest.raises(InvalidInput):
        running.restore(number=number, on_at=LATER, actor=PLANNER, at=OFF)
    first, last = STARTS + timedelta(hours=2), STARTS + timedelta(hours=4)
    assert running.restore(number=number, on_at=first, areas=["T1"], actor=PLANNER, at=first) == 1
    with pytest.raises(NotFound):
        running.restore(number=number, on_at=first, areas=["T1"], actor=PLANNER, at=first)
    assert running.restore(number=number, on_at=last, actor=PLANNER, at=last) == 0
    running.finish(number=number, actor=PLANNER, at=LATER)
    row = PlannedOutage.objects.get(number=number)
    assert (row.state, row.ended_at) == ("DONE", LATER)
    steps = {one.transformer_code: one.on_at for one in interruptions.interruption(EVERYWHERE, number).steps}
    assert steps == {"T1": first, "T2": last}
    assert list(Event.objects.filter(name__in=("outages.started", "outages.ended")).values_list("name", flat=True)) == [
        "outages.started", "outages.ended",
    ]  # fmt: skip


def test_who_may_not_and_when() -> None:
    number = published()
    stranger = Actor("x", unit_path="BS/BS-E/", roles=frozenset({"DISPATCHER"}))
    reader = Actor("r", unit_path="BS/", roles=frozenset({"AUDITOR"}))
    with pytest.raises(NotFound):
        running.start(number=number, off_at=OFF, actor=stranger, at=OFF)
    with pytest.raises(NotAllowed):
        running.start(number=number, off_at=OFF, actor=reader, at=OFF)
    with pytest.raises(InvalidInput):
        running.start(number=number, off_at=LATER, actor=PLANNER, at=OFF)
    with pytest.raises(MoveRefused):
        running.finish(number=number, actor=PLANNER, at=LATER)
    assert running.still_off(EVERYWHERE, number) == 0


def test_nobody_begins_earlier_than_the_rule_lets_them() -> None:
    number = published(request(isolation=opened("K11")))
    told = rules.telling(rules.local_day(STARTS)).started.earliest_minutes
    early = STARTS - timedelta(minutes=told)
    with pytest.raises(InvalidInput, match="hours before"):
        running.start(number=number, off_at=early - timedelta(seconds=1), actor=PLANNER, at=STARTS)
    assert running.start(number=number, off_at=early, actor=PLANNER, at=STARTS) == 2
