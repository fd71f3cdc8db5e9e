"""Runs: planned once a day, driven stop by stop, over when everybody is accounted for; cancelled, and everybody is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wandeng.domains.appointments import checks
from wandeng.domains.appointments.actions import booking, outcome, reminding, routes, running
from wandeng.domains.appointments.actions.routes import Rhythm
from wandeng.domains.appointments.models import AppointmentTelling, RouteRun, RunStop, ServiceSlot
from wandeng.domains.appointments.queries import figures, runs
from wandeng.domains.appointments.tests import make
from wandeng.domains.appointments.types import RunNotReady, StopGiven, TooEarly, VehicleTaken
from wandeng.domains.notices.models import Notice
from wandeng.infra.models import Event
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.errors import Conflict, InvalidInput

RUN = "R1-261013"
SCOPE = Scope("c01/")
TUESDAY = make.after(24 * 60 + 30)  # 08:30 of the run's day


@pytest.fixture
def planned(county: None) -> None:
    make.vehicle()
    running.plan_ahead(on=make.TODAY, library=make.rules())


def stop(place: int) -> ServiceSlot:
    return ServiceSlot.objects.get(stop__run__number=RUN, stop__place=place)


@pytest.mark.usefixtures("planned")
def test_a_route_is_planned_on_its_weekdays_and_never_twice() -> None:
    assert list(RouteRun.objects.order_by("on").values_list("on", flat=True)) == [
        date(2026, 10, 13),
        date(2026, 10, 20),
    ]
    assert running.plan_ahead(on=make.TODAY, library=make.rules()) == 0
    sheet = runs.run(SCOPE, RUN, library=make.rules())
    assert [(one.name, one.capacity, f"{one.starts_at:%H:%M}") for one in sheet.stops] == [
        ("白水村", 2, "01:00"), ("幸福小区", 3, "02:30"),
    ]  # fmt: skip


@pytest.mark.usefixtures("county")
def test_every_other_week_counts_from_the_first() -> None:
    make.vehicle()
    actor = make.actor("COUNTY_MANAGER")
    routes.add_route(
        code="R2", name="隔周线", unit_code="c01", vehicle="V1", rhythm=Rhythm(make.TODAY, "3", every_weeks=2),
        stops=make.STOPS, actor=actor, at=make.NOW,
    )  # fmt: skip
    running.plan_route(code="R2", actor=actor, at=make.NOW, library=make.rules())
    assert list(RouteRun.objects.values_list("on", flat=True)) == [date(2026, 10, 14)]
    running.plan_ahead(on=date(2026, 10, 27), library=make.rules())
    assert set(RouteRun.objects.filter(route__code="R2").values_list("on", flat=True)) == {
        date(2026, 10, 14), date(2026, 10, 28),
    }  # fmt: skip


@pytest.mark.usefixtures("county")
def test_a_vehicle_is_on_one_route_at_a_time() -> None:
    make.vehicle()
    with pytest.raises(VehicleTaken, match="R1 on 2026-10-13"):
        _another("R2", Rhythm(make.TODAY, "25"), make.STOPS)
    assert _another("R2", Rhythm(make.TODAY, "2"), (StopGiven("石桥村", 14 * 60, 15 * 60, 2),)) == "R2"


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    "stops",
    [
        (),
        (StopGiven("", 540, 600, 1),),
        (StopGiven("甲村", 540, 600, 0),),
        (StopGiven("甲村", 600, 540, 1),),
        (StopGiven("甲村", 540, 600, 1), StopGiven("乙村", 590, 660, 1)),
        (StopGiven("甲村", 540, 600, 1, longitude_e6=112_000_000),),
    ],
)
def test_stops_lie_one_after_the_other(stops: tuple[StopGiven, ...]) -> None:
    make.vehicle()
    with pytest.raises(InvalidInput):
        _another("R2", Rhythm(make.TODAY, "4"), stops)


@pytest.mark.usefixtures("planned")
def test_a_run_is_over_when_every_stop_and_appointment_is_decided() -> None:
    first = make.book(stop(1))
    driver = make.actor("CELL_MANAGER")
    with pytest.raises(TooEarly):
        running.start(number=RUN, actor=driver, at=make.NOW)
    with pytest.raises(MoveRefused):
        running.arrive(number=RUN, stop=1, actor=driver, at=TUESDAY)
    running.start(number=RUN, actor=driver, at=TUESDAY)
    running.arrive(number=RUN, stop=1, actor=driver, at=TUESDAY)
    with pytest.raises(InvalidInput):
        running.leave(number=RUN, stop=1, counts={"NOTHING": 1}, actor=driver, at=TUESDAY, library=make.rules())
    running.leave(
        number=RUN, stop=1, counts={"PAYMENT": 7, "METER": 1, "ENQUIRY": 0}, actor=driver, at=TUESDAY, library=make.rules()
    )  # fmt: skip
    with pytest.raises(RunNotReady) as refused:
        running.finish(number=RUN, actor=driver, at=TUESDAY)
    assert refused.value.facts == {"stops": [2], "appointments": [first.number]}
    outcome.keep(number=first.number, actor=driver, at=TUESDAY)
    running.skip(number=RUN, stop=2, reason="道路施工", actor=driver, at=TUESDAY, library=make.rules())
    assert running.finish(number=RUN, actor=driver, at=TUESDAY).state == "DONE"
    assert figures.served(SCOPE, first=make.TODAY, last=date(2026, 10, 31)) == (1, 8)
    assert not ServiceSlot.objects.filter(stop__run__number=RUN, state="OPEN").exists()
    assert checks.faults() == []


@pytest.mark.usefixtures("planned")
def test_a_cancelled_run_tells_everybody_and_all_can_book_again() -> None:
    mine, other = make.book(stop(1)), make.book(stop(2), make.visitor(), key="k2")
    done = running.cancel(
        number=RUN, reason="车辆故障", actor=make.actor("COUNTY_MANAGER"), at=make.NOW, library=make.rules()
    )  # fmt: skip
    assert (done.state, done.told) == ("CANCELLED", 2)
    assert Notice.objects.filter(key=f"appointment:{mine.number}:CANCELLED").count() == 1
    assert make.row(other.number).tellings.get(what="CANCELLED").state == "TO_CALL"
    assert set(RunStop.objects.filter(run__number=RUN).values_list("state", "explanation")) == {("SKIPPED", "车辆故障")}
    assert Event.objects.filter(name="appointments.run_cancelled").count() == 1
    again = booking.rebook(
        number=mine.number, slot_id=ServiceSlot.objects.get(stop__run__number="R1-261020", stop__place=1).pk,
        reason="改乘下周", side="US", actor=make.actor("CALL_CLERK"), at=make.NOW, library=make.rules(), key="k3",
    )  # fmt: skip
    assert make.row(again.number).follows.number == mine.number  # type: ignore[union-attr]
    assert running.plan_ahead(on=make.TODAY, library=make.rules()) == 0  # what was cancelled is not planned anew
    assert checks.faults() == []


@pytest.mark.usefixtures("planned")
def test_a_stop_left_out_after_its_hour_is_missed_by_us() -> None:
    first = make.book(stop(1))
    driver = make.actor("CELL_MANAGER")
    running.start(number=RUN, actor=driver, at=TUESDAY)
    running.skip(
        number=RUN, stop=1, reason="堵车", actor=driver, at=TUESDAY + timedelta(hours=1), library=make.rules()
    )  # fmt: skip
    assert make.row(first.number).state == "MISSED_BY_US"
    found = figures.kept(SCOPE, first=make.TODAY, last=date(2026, 10, 31))
    assert [(one.unit_code, one.missed_by_us, one.percent_kept) for one in found] == [("c01", 1, 0)]


@pytest.mark.usefixtures("planned")
def test_a_route_with_runs_ahead_does_not_end_and_a_vehicle_with_a_route_is_not_retired() -> None:
    actor = make.actor("COUNTY_MANAGER")
    with pytest.raises(Conflict, match="2 runs"):
        routes.end_route(code="R1", on=make.TODAY, reason="撤线", actor=actor, at=make.NOW)
    with pytest.raises(Conflict):
        routes.retire_vehicle(code="V1", reason="报废", actor=actor, at=make.NOW)
    for run in RouteRun.objects.order_by("on"):
        running.cancel(number=run.number, reason="撤线", actor=actor, at=make.NOW, library=make.rules())
    routes.end_route(code="R1", on=make.TODAY, reason="撤线", actor=actor, at=make.NOW)
    routes.retire_vehicle(code="V1", reason="报废", actor=actor, at=make.NOW)
    assert running.plan_ahead(on=make.TODAY, library=make.rules()) == 0


@pytest.mark.usefixtures("planned")
def test_new_stops_hold_for_runs_that_are_planned_later() -> None:
    routes.set_stops(
        code="R1", stops=(StopGiven("石桥村", 540, 600, 1),), actor=make.actor("COUNTY_MANAGER"), at=make.NOW
    )  # fmt: skip
    assert len(runs.run(SCOPE, RUN, library=make.rules()).stops) == 2
    running.plan_ahead(on=date(2026, 10, 20), library=make.rules())
    later = runs.run(SCOPE, "R1-261027", library=make.rules())
    assert [one.name for one in later.stops] == ["石桥村"]


@pytest.mark.usefixtures("planned")
def test_reminders_are_sent_once_and_who_has_no_account_is_called() -> None:
    mine, other = make.book(stop(1)), make.book(stop(2), make.visitor(), key="k2")
    later = TUESDAY - timedelta(minutes=30)  # 08:00: the hour before nine
    due = reminding.due(now=later, most=10)
    # The day before and the hour before of nine o'clock are due; of half past ten only the day before.
    assert len(due) == 3
    assert [reminding.remind(telling_id=one, at=later, library=make.rules()) for one in due].count(True) == 2
    assert [reminding.remind(telling_id=one, at=later, library=make.rules()) for one in due].count(True) == 0
    assert Notice.objects.filter(key=f"appointment:{mine.number}:HOUR_BEFORE").count() == 1
    assert not Notice.objects.filter(key__contains=other.number).exists()
    clerk = make.actor("CALL_CLERK")
    reminding.called(number=other.number, what="DAY_BEFORE", actor=clerk, at=later)
    told = AppointmentTelling.objects.get(appointment__number=other.number, what="DAY_BEFORE")
    assert (told.state, told.told_by) == ("TOLD", "call_clerk")
    with pytest.raises(MoveRefused):
        reminding.called(number=other.number, what="DAY_BEFORE", actor=clerk, at=later)


def _another(code: str, rhythm: Rhythm, stops: tuple[StopGiven, ...]) -> str:
    return routes.add_route(
        code=code, name="另一条线", unit_code="c01", vehicle="V1", rhythm=rhythm, stops=stops,
        actor=make.actor("COUNTY_MANAGER"), at=make.NOW,
    )  # fmt: skip
