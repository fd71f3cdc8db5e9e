"""A run handed to another vehicle: told is who must come at another time, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wandeng.domains.appointments import checks
from wandeng.domains.appointments.actions import routes, running, swapping
from wandeng.domains.appointments.actions.routes import Rhythm
from wandeng.domains.appointments.models import AppointmentTelling, RouteRun, RunSwap, ServiceSlot
from wandeng.domains.appointments.queries import rows, runs
from wandeng.domains.appointments.tests import make
from wandeng.domains.appointments.types import MOST_SWAPS, RunStands, StopGiven, VehicleTaken
from wandeng.domains.notices.models import Notice
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

RUN = "R1-261013"
TUESDAY = make.after(24 * 60 + 30)  # 08:30 of the run's day
pytestmark = pytest.mark.usefixtures("two_vehicles")


@pytest.fixture
def two_vehicles(county: None) -> None:
    make.vehicle()
    routes.add_vehicle(
        code="V2", name="流动服务车二号", unit_code="c01", keeper="meter_reader", actor=make.actor("COUNTY_MANAGER"),
        at=make.NOW, plate="湘L54321",
    )  # fmt: skip
    running.plan_ahead(on=make.TODAY, library=make.rules())


def stop(place: int) -> ServiceSlot:
    return ServiceSlot.objects.get(stop__run__number=RUN, stop__place=place)


def swap(vehicle: str = "V2", *, delay: int = 0, reason: str = "发动机故障", role: str = "DISPATCHER") -> RunStands:
    return swapping.hand_over(
        number=RUN, vehicle=vehicle, reason=reason, delay_minutes=delay, actor=make.actor(role), at=TUESDAY,
        library=make.rules(),
    )  # fmt: skip


def test_a_vehicle_takes_over_in_time_and_nobody_is_troubled() -> None:
    mine = make.book(stop(1))
    told = Notice.objects.count()
    assert swap() == RunStands(RUN, "PLANNED", told=0)
    sheet = runs.run(Scope("c01/"), RUN, library=make.rules())
    assert (sheet.vehicle, sheet.plate, sheet.keeper) == ("V2", "湘L54321", "meter_reader")
    assert [(one.left, one.took_over, one.delay_minutes, one.reason) for one in sheet.swaps] == [
        ("流动服务车一号", "流动服务车二号", 0, "发动机故障")
    ]
    assert Notice.objects.count() == told
    assert make.row(mine.number).slot.starts_at == mine.starts_at
    assert [one["number"] for one in rows.runs_with(Scope("c01/"), "meter_reader", on=make.TODAY)] == [RUN]
    assert Operation.objects.get(action="route_run.swap").reason == "发动机故障"
    # The route keeps its vehicle: the next week is driven with it again.
    assert RouteRun.objects.get(number="R1-261020").vehicle.code == "V1"


def test_who_must_wait_is_told_the_new_time_and_reminded_by_it() -> None:
    mine, other = make.book(stop(1)), make.book(stop(2), make.visitor(), key="k2")
    was = AppointmentTelling.objects.get(appointment__number=other.number, what="HOUR_BEFORE").due_at
    assert swap(delay=45).told == 2
    assert stop(1).starts_at == mine.starts_at + timedelta(minutes=45)
    notice = Notice.objects.get(key=f"appointment:{mine.number}:MOVED").recipients.get()
    assert "10月13日09:45–10:45" in str(notice.slots)
    assert make.row(other.number).tellings.get(what="MOVED").state == "TO_CALL"
    assert make.row(other.number).tellings.get(what="HOUR_BEFORE").due_at == was + timedelta(minutes=45)
    # Remind of 09:45, not of 09:00.
    assert make.row(mine.number).tellings.get(what="HOUR_BEFORE").due_at == mine.starts_at - timedelta(minutes=15)
    assert checks.faults() == []


def test_a_second_delay_is_told_too_and_an_old_call_is_not_made() -> None:
    mine, other = make.book(stop(1)), make.book(stop(2), make.visitor(), key="k2")
    swap(delay=30)
    assert swap("V1", delay=15).told == 2
    assert Notice.objects.filter(key__startswith=f"appointment:{mine.number}:MOVED").count() == 2
    assert dict(make.row(other.number).tellings.filter(what__startswith="MOVED").values_list("what", "state")) == {
        "MOVED": "DROPPED", "MOVED-2": "TO_CALL",
    }  # fmt: skip
    assert stop(2).starts_at == other.starts_at + timedelta(minutes=45)


def test_on_the_way_only_what_lies_ahead_is_put_off() -> None:
    driver = make.actor("CELL_MANAGER")
    first, second = stop(1), make.book(stop(2), make.visitor(), key="k2")
    running.start(number=RUN, actor=driver, at=TUESDAY)
    running.arrive(number=RUN, stop=1, actor=driver, at=TUESDAY)
    assert swap(delay=60).told == 1
    assert (stop(1).starts_at, stop(2).starts_at) == (first.starts_at, second.starts_at + timedelta(minutes=60))
    running.leave(number=RUN, stop=1, counts={}, actor=driver, at=TUESDAY, library=make.rules())
    running.skip(number=RUN, stop=2, reason="大雨", actor=driver, at=TUESDAY, library=make.rules())
    with pytest.raises(Conflict, match="no stop ahead"):
        swap("V1")
    running.finish(number=RUN, actor=driver, at=TUESDAY)
    with pytest.raises(MoveRefused):
        swap("V1")


def test_a_vehicle_that_is_under_way_elsewhere_does_not_take_over_and_nothing_is_left_of_the_attempt() -> None:
    actor = make.actor("COUNTY_MANAGER")
    routes.add_route(
        code="R2", name="石桥线", unit_code="c01", vehicle="V2", rhythm=Rhythm(make.TODAY, "2"),
        stops=(StopGiven("石桥村", 12 * 60 + 30, 13 * 60, 2),), actor=actor, at=make.NOW,
    )  # fmt: skip
    running.plan_route(code="R2", actor=actor, at=make.NOW, library=make.rules())
    make.book(stop(2))
    # R1 ends at 12:00, R2 begins at 12:30: 30 minutes later is in time, 31 are not.
    with pytest.raises(VehicleTaken, match="R2 on 2026-10-13"):
        swap(delay=31)
    assert not RunSwap.objects.exists()
    assert not AppointmentTelling.objects.filter(what__startswith="MOVED").exists()
    assert swap(delay=30).told == 1


def test_what_cannot_be_handed_over_is_refused_with_the_reason() -> None:
    for vehicle, delay, reason in (("V1", 0, "故障"), ("V2", -1, "故障"), ("V2", 721, "故障"), ("V2", 0, " ")):
        with pytest.raises(InvalidInput):
            swap(vehicle, delay=delay, reason=reason)
    swap(delay=720)  # the last stop ends at 12:00; twelve hours later is midnight, and a minute more is another day
    with pytest.raises(InvalidInput, match="another day"):
        swap("V1", delay=1)
    with pytest.raises(NotFound):
        swap("V9")
    with pytest.raises(NotAllowed):
        swap(role="CALL_CLERK")
    actor = make.actor("COUNTY_MANAGER")
    routes.add_vehicle(code="V3", name="三号", unit_code="c01", keeper="meter_reader", actor=actor, at=make.NOW)
    routes.retire_vehicle(code="V3", reason="报废", actor=actor, at=make.NOW)
    with pytest.raises(NotFound):
        swap("V3")


def test_a_run_is_not_handed_on_for_ever() -> None:
    for turn in range(MOST_SWAPS):
        swap("V1" if turn % 2 else "V2")
    with pytest.raises(Conflict, match="cancel it"):
        swap("V1")
