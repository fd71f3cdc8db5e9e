"""Crews: who may found and move them, what is proposed, and how a crew follows the case it was sent to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.kits import storm_world as storm

from wandeng.domains.cases.actions import crews, steering, work
from wandeng.domains.cases.models import Case, Crew, CrewJob, CrewPosition, CrewProposal
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, CrewNotOnDuty
from wandeng.domains.organization.models import Unit
from wandeng.infra.models import StateChange
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed


@pytest.fixture
def night(db: None) -> Charter:
    return storm.build()


def found(code: str = "Q9", *, leader: str = "cell_manager", members: tuple[str, ...] = (), by: str = "DISPATCHER",
          skills: tuple[str, ...] = ("LOW_VOLTAGE",)) -> crews.CrewStands:  # fmt: skip
    return crews.found(
        code=code, name="城关抢修队", unit_code="c01", leader=leader, members=members, skills=skills,
        actor=make.actor(by), at=storm.NIGHT,
    )  # fmt: skip


def send(charter: Charter, number: str, code: str, minutes: int = 1) -> None:
    crews.send(number=number, code=code, actor=make.actor("DISPATCHER"), at=storm.after(minutes), charter=charter)


def test_a_crew_is_founded_off_duty_by_who_directs_crews(night: Charter) -> None:
    with pytest.raises(NotAllowed):
        found(by="CALL_CLERK")

    assert found(members=("meter_reader",)).state == "OFF"

    assert list(Crew.objects.get().members.order_by("person").values_list("person", flat=True)) == [
        "cell_manager", "meter_reader",
    ]  # fmt: skip


def test_a_leader_holds_the_post_that_finishes_the_steps(night: Charter) -> None:
    with pytest.raises(InvalidInput, match="holds no post of CELL_MANAGER"):
        found(leader="meter_reader")


def test_nobody_is_in_two_crews(night: Charter) -> None:
    found()
    with pytest.raises(Conflict, match="cell_manager is in crew Q9"):
        found("Q8")
    unit = Unit.objects.get(code="c01")
    other = Crew.objects.create(id=99, code="Q7", name="x", unit=unit, leader="a", skills="METERING")
    with pytest.raises(IntegrityError), transaction.atomic():
        other.members.create(person="cell_manager", since=storm.NIGHT)


@pytest.mark.parametrize("skills", [(), ("FLYING",)])
def test_a_crew_can_do_something_known(night: Charter, skills: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        found(skills=skills)


def test_duty_ends_within_a_day(night: Charter) -> None:
    found()
    for until in (storm.NIGHT, storm.NIGHT + timedelta(hours=25)):
        with pytest.raises(InvalidInput):
            crews.come_on(code="Q9", until=until, actor=make.actor("DISPATCHER"), at=storm.NIGHT, charter=night)


def test_a_position_told_twice_is_told_once_and_an_older_one_moves_nothing(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))

    def tell(key: str, east: int, minutes: int) -> crews.CrewStands:
        return crews.report_position(
            code="Q1", longitude_e6=east, latitude_e6=26_000_000, actor=storm.leader("Q1"), at=storm.after(20),
            charter=night, key=key, happened_at=storm.after(minutes),
        )  # fmt: skip

    assert tell("b", 112_500_000, 10).longitude_e6 == 112_500_000
    assert tell("b", 113_000_000, 12).is_new is False
    assert tell("a", 112_100_000, 5).longitude_e6 == 112_500_000
    assert CrewPosition.objects.filter(crew__code="Q1").count() == 3


def test_only_its_people_and_who_directs_it_say_where_a_crew_is(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    stranger: Actor = make.actor("CELL_MANAGER")
    with pytest.raises(NotAllowed, match="is not of crew Q1"):
        crews.report_position(
            code="Q1", longitude_e6=1, latitude_e6=1, actor=stranger, at=storm.NIGHT, charter=night, key="k"
        )


def test_the_nearest_free_crew_is_proposed_and_another_once_it_was_sent(night: Charter) -> None:
    storm.put_crews(night, only=("Q1", "Q2"))
    first = storm.call(night, "A1-01").number
    second = storm.call(night, "B1-01").number

    def proposed(number: str) -> list[tuple[str, str]]:
        rows = CrewProposal.objects.filter(case__number=number).order_by("id")
        return list(rows.values_list("crew__code", "because"))

    assert proposed(first) == [("Q1", "OPENED")]
    assert proposed(second) == [("Q2", "OPENED")]

    send(night, second, "Q2")
    third = storm.call(night, "B2-01", at=storm.after(2)).number

    # Q2 has one thing in hand, an hour; Q1 drives a tenth of a degree, about 10 km at 300 m a minute: 34 minutes.
    assert proposed(third) == [("Q1", "OPENED")]

    make.repair_by(night, second, storm.leader("Q2"), at=storm.after(3))
    assert proposed(third) == [("Q1", "OPENED"), ("Q2", "CREW_FREE")]


def test_a_crew_that_moves_is_proposed_anew(night: Charter) -> None:
    storm.put_crews(night, only=("Q1", "Q2"))
    number = storm.call(night, "A1-01").number

    crews.report_position(code="Q1", longitude_e6=113_000_000, latitude_e6=26_020_000, actor=storm.leader("Q1"),
                          at=storm.after(5), charter=night, key="away")  # fmt: skip

    rows = CrewProposal.objects.filter(case__number=number).order_by("id")
    assert list(rows.values_list("crew__code", "because")) == [("Q1", "OPENED"), ("Q2", "CREW_MOVED")]


def test_sending_a_crew_dispatches_the_case_and_sets_the_crew_on_its_way(night: Charter) -> None:
    storm.put_crews(night, only=("Q1", "Q2"))
    number = storm.call(night, "A1-01").number

    send(night, number, "Q1")

    row, crew, job = Case.objects.get(number=number), Crew.objects.get(code="Q1"), CrewJob.objects.get()
    assert (row.step, row.handler, crew.state, job.place) == ("ACCEPT", "leader-Q1", "ON_THE_WAY", 1)
    # From (112.0, 26.02) to (112.0, 26.01): 0.01 degrees of a meridian.
    assert job.travel_m == 1_112


def test_a_crew_arrives_works_and_is_free_with_its_case(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    number = storm.call(night, "A1-01").number
    send(night, number, "Q1")

    make.repair_by(night, number, storm.leader("Q1"), at=storm.after(2))

    crew = Crew.objects.get(code="Q1")
    moves = StateChange.objects.filter(subject_type="cases.Crew", subject_id=crew.pk).order_by("id")
    assert list(moves.values_list("move", flat=True)) == ["come_on", "send", "arrive", "free"]
    assert CrewJob.objects.get().outcome == "DONE"


def test_a_crew_with_two_cases_goes_on_to_the_second(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    first, second = storm.call(night, "A1-01").number, storm.call(night, "B1-01").number
    send(night, first, "Q1")
    send(night, second, "Q1", 2)

    make.repair_by(night, first, storm.leader("Q1"), at=storm.after(3))

    assert Crew.objects.get(code="Q1").state == "ON_THE_WAY"
    assert list(CrewJob.objects.order_by("id").values_list("outcome", flat=True)) == ["DONE", ""]
    with pytest.raises(Conflict, match="has something in hand"):
        crews.go_off(code="Q1", actor=make.actor("DISPATCHER"), at=storm.after(9), charter=night)


def test_a_case_that_comes_back_or_ends_frees_its_crew(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    back, gone = storm.call(night, "A1-01").number, storm.call(night, "B1-01").number
    send(night, back, "Q1")
    send(night, gone, "Q1", 2)

    work.send_back(
        number=back, to_step="DISPATCH", reason="车辆故障", actor=storm.leader("Q1"), at=storm.after(3), charter=night
    )
    steering.withdraw(number=gone, reason="来电恢复", actor=make.actor("CALL_CLERK"), at=storm.after(4),
                      charter=night)  # fmt: skip

    assert Crew.objects.get(code="Q1").state == "FREE"
    assert list(CrewJob.objects.order_by("id").values_list("outcome", flat=True)) == ["TAKEN_BACK", "TAKEN_BACK"]
    send(night, back, "Q1", 5)
    assert Crew.objects.get(code="Q1").state == "ON_THE_WAY"


def test_a_crew_off_duty_is_neither_proposed_nor_sent(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    crews.go_off(code="Q1", actor=storm.leader("Q1"), at=storm.after(1), charter=night)
    number = storm.call(night, "A1-01", at=storm.after(2)).number

    assert not CrewProposal.objects.filter(case__number=number).exists()
    with pytest.raises(CrewNotOnDuty):
        send(night, number, "Q1", 3)
    assert Case.objects.get(number=number).step == "DISPATCH"
