"""Today's outages, and alarms of those that last too long: once for each end, answered for with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wandeng.domains.outages.actions import overruns, running
from wandeng.domains.outages.models import OutageOverrun
from wandeng.domains.outages.queries.board import board, open_overruns
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.tests.make import PLANNER, STARTS, opened, published, request
from wandeng.infra.models import Event
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE, EAST = Scope.everywhere(), Scope("BS/BS-E/")
ENDS = STARTS + timedelta(hours=4)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def town() -> None:
    make.town()


def test_the_day_from_waiting_to_over() -> None:
    number = published(request(isolation=opened("K11")))
    assert board(EVERYWHERE, now=STARTS - timedelta(days=1)).outages == ()
    assert board(EAST, now=STARTS).outages == ()
    stages = {}
    for at in (STARTS - MINUTE, STARTS + MINUTE):
        stages[at] = board(EVERYWHERE, now=at).outages[0].stage
    assert list(stages.values()) == ["WAITING", "LATE"]
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    (one,) = board(EVERYWHERE, now=STARTS + MINUTE).outages
    assert (one.stage, one.still_off, one.minutes_over) == ("RUNNING", 2, 0)
    running.restore(number=number, on_at=ENDS, areas=["T1"], actor=PLANNER, at=ENDS)
    late = board(EVERYWHERE, now=ENDS + timedelta(days=1, minutes=7))
    (one,) = late.outages
    assert (one.stage, one.still_off, one.minutes_over) == ("OVERDUE", 1, 24 * 60 + 7)
    assert (late.overdue, late.running, late.still_off) == (1, 0, 1)
    running.restore(number=number, on_at=ENDS + MINUTE, actor=PLANNER, at=ENDS + MINUTE)
    running.finish(number=number, actor=PLANNER, at=ENDS + MINUTE)
    assert board(EVERYWHERE, now=ENDS + 2 * MINUTE).outages[0].stage == "OVER"


def test_an_alarm_before_and_one_after_and_never_twice() -> None:
    number = published(request(isolation=opened("K11")))
    assert overruns.raise_due(at=ENDS + MINUTE) == 0  # it does not run
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    told = [
        overruns.raise_due(at=at) for at in (ENDS - 31 * MINUTE, ENDS - 30 * MINUTE, ENDS - MINUTE, ENDS, ENDS + MINUTE)
    ]
    assert told == [0, 1, 0, 1, 0]
    assert list(OutageOverrun.objects.order_by("id").values_list("kind", "areas")) == [("SOON", 2), ("OVER", 2)]
    assert Event.objects.filter(name="outages.overran").count() == 2
    assert (open_overruns(EVERYWHERE), open_overruns(EAST), board(EVERYWHERE, now=ENDS).alarms) == (2, 0, 2)


def test_an_alarm_is_answered_for_once_with_a_reason() -> None:
    number = published(request(isolation=opened("K11")))
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    overruns.raise_due(at=ENDS)
    alarm = OutageOverrun.objects.get().pk
    east = Actor("e", unit_path="BS/BS-E/", roles=frozenset({"DISPATCHER"}))
    reader = Actor("r", unit_path="BS/", roles=frozenset({"AUDITOR"}))
    for actor, why, refusal in (
        (east, "x", NotFound), (reader, "x", NotAllowed), (PLANNER, " ", InvalidInput),
    ):  # fmt: skip
        with pytest.raises(refusal):
            overruns.acknowledge(alarm=alarm, reason=why, actor=actor, at=ENDS)
    overruns.acknowledge(alarm=alarm, reason="电缆头返工", actor=PLANNER, at=ENDS)
    with pytest.raises(Conflict):
        overruns.acknowledge(alarm=alarm, reason="再", actor=PLANNER, at=ENDS)
    assert open_overruns(EVERYWHERE) == 0
    (one,) = board(EVERYWHERE, now=ENDS).outages
    assert [(found.kind, found.reason) for found in one.overruns] == [("OVER", "电缆头返工")]
