"""Many calls about one fault: when they become one incident, what every caller is told, and how it ends for all of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.kits import storm_world as storm

from wandeng.domains.cases.actions import crews, incidents
from wandeng.domains.cases.models import Case, CaseEntry, CasePaper, Crew, CrewJob, IncidentCase, RepairIncident
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, InIncident
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed


@pytest.fixture
def night(db: None) -> Charter:
    return storm.build()


@pytest.fixture
def traced(transactional_db: None) -> Charter:
    """Committed, as a trace reads it."""
    return storm.build()


def rang(charter: Charter, *accounts: str, minutes: int = 0) -> list[str]:
    return [storm.call(charter, one, at=storm.after(minutes)).number for one in accounts]


def the_open() -> RepairIncident:
    return RepairIncident.objects.get(state="OPEN")


def members(row: RepairIncident) -> list[str]:
    return list(IncidentCase.objects.filter(incident=row).order_by("case_id").values_list("case__number", flat=True))


def expected(number: str) -> str | None:
    return json.loads(Case.objects.get(number=number).form).get("EXPECTED")


def send(charter: Charter, minutes: int, code: str = "Q1") -> incidents.IncidentStands:
    return incidents.send(
        number=the_open().number, code=code, actor=make.actor("DISPATCHER"), at=storm.after(minutes), charter=charter
    )


def arrive(charter: Charter, minutes: int, *, hours: int = 2) -> incidents.IncidentStands:
    number, leader = the_open().number, storm.leader("Q1")
    incidents.accept(number=number, actor=leader, at=storm.after(minutes), charter=charter)
    return incidents.arrive(
        number=number, proofs=(make.HERE,), expected_at=storm.after(minutes) + timedelta(hours=hours), actor=leader,
        at=storm.after(minutes + 1), charter=charter,
    )  # fmt: skip


def restore(charter: Charter, minutes: int) -> incidents.IncidentStands:
    return incidents.restore(
        number=the_open().number, cause="树枝碰线", restored_at=storm.after(minutes), proofs=(make.HERE, make.PHOTO),
        result="REPAIRED", actor=storm.leader("Q1"), at=storm.after(minutes), charter=charter,
    )  # fmt: skip


def test_two_callers_of_a_transformer_are_one_incident_and_one_caller_twice_is_none(night: Charter) -> None:
    first, again = rang(night, "A1-01", "A1-01")
    assert not RepairIncident.objects.exists()

    (second,) = rang(night, "A1-02", minutes=3)

    row = the_open()
    assert (row.level, row.transformer.code, row.customers, members(row)) == (
        "TRANSFORMER",
        "TA1",
        12,
        [first, again, second],
    )
    assert CaseEntry.objects.filter(case__number=first, kind="JOINED").count() == 1


def test_calls_longer_apart_than_the_window_stay_alone(night: Charter) -> None:
    rang(night, "A1-01")
    rang(night, "A1-02", minutes=121)

    assert not RepairIncident.objects.exists()


def test_a_fault_inside_a_customers_house_joins_nobody(night: Charter) -> None:
    rang(night, "A1-01")
    storm.call(night, "A1-02", first_class="CUSTOMER_INSIDE")

    assert not RepairIncident.objects.exists()


def test_calls_of_three_transformers_are_the_nearest_switch_above_all_of_them(traced: Charter) -> None:
    numbers = rang(traced, "A4-01", "A5-01", "A6-01")

    row = the_open()
    assert (row.level, row.switch.code, row.customers, members(row)) == ("SWITCH", "KA2", 36, numbers)
    assert sorted(row.areas.values_list("transformer__code", flat=True)) == ["TA4", "TA5", "TA6"]


def test_calls_from_both_sides_of_the_switch_are_the_whole_feeder(traced: Charter) -> None:
    rang(traced, "A1-01", "A4-01", "A5-01")

    row = the_open()
    assert (row.level, row.feeder.code, row.switch, row.customers, row.areas.count()) == ("FEEDER", "FA", None, 72, 6)


def test_a_wider_incident_takes_the_narrower_in(traced: Charter) -> None:
    rang(traced, "A4-01", "A4-02")
    narrow = the_open()

    rang(traced, "A5-01", "A6-01", minutes=5)

    narrow.refresh_from_db()
    wide = the_open()
    assert (narrow.state, narrow.into, wide.level) == ("ABSORBED", wide, "SWITCH")
    assert len(members(wide)) == 4


def test_feeders_are_apart(night: Charter) -> None:
    rang(night, "A1-01", "B1-01", "C1-01")

    assert not RepairIncident.objects.exists()


def test_one_crew_goes_for_all_and_whoever_rings_later_is_dispatched_at_once(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    numbers = rang(night, "A1-01", "A1-02", minutes=1)

    with pytest.raises(InIncident):
        crews.send(number=numbers[0], code="Q1", actor=make.actor("DISPATCHER"), at=storm.after(2), charter=night)
    assert send(night, 2).cases == 2
    (late,) = rang(night, "A1-03", minutes=4)

    rows = Case.objects.filter(number__in=[*numbers, late])
    assert set(rows.values_list("step", "handler")) == {("ACCEPT", "leader-Q1")}
    assert CrewJob.objects.get().place == 1
    with pytest.raises(Conflict, match="in the hands of a crew"):
        send(night, 5)


def test_the_expected_time_is_said_once_and_told_to_every_caller(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    first, second = rang(night, "A1-01", "A1-02")
    send(night, 2)
    arrive(night, 5)
    (late,) = rang(night, "A1-03", minutes=9)

    # 21:05 and two hours.
    assert {expected(one) for one in (first, second, late)} == {"2026-10-12T23:05:00+08:00"}
    assert Case.objects.get(number=late).step == "RESTORE"
    assert CasePaper.objects.filter(case__number=late, kind="PLACE").count() == 1

    with pytest.raises(InvalidInput, match="say why"):
        incidents.expect(number=the_open().number, expected_at=storm.after(200), reason="", actor=storm.leader("Q1"),
                         at=storm.after(10), charter=night)  # fmt: skip
    incidents.expect(number=the_open().number, expected_at=storm.after(200), reason="等待备件", actor=storm.leader("Q1"),
                     at=storm.after(10), charter=night)  # fmt: skip
    assert {expected(one) for one in (first, second, late)} == {"2026-10-13T00:20:00+08:00"}


def test_restoring_ends_every_case_with_the_same_proof_and_frees_the_crew(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    rang(night, "A1-01", "A1-02", "A1-03")
    send(night, 2)
    arrive(night, 5)
    assert Crew.objects.get().state == "WORKING"

    assert restore(night, 40).cases == 3

    assert set(Case.objects.values_list("state", "result")) == {("FINISHED", "REPAIRED")}
    photos = CasePaper.objects.filter(kind="PHOTO", step="RESTORE")
    assert (photos.count(), len(set(photos.values_list("file_hash", flat=True)))) == (3, 1)
    assert (RepairIncident.objects.get().state, Crew.objects.get().state, CrewJob.objects.get().outcome) == (
        "RESTORED", "FREE", "DONE",
    )  # fmt: skip


def test_an_incident_is_restored_after_it_was_reached_by_its_crew(night: Charter) -> None:
    storm.put_crews(night, only=("Q1", "Q2"))
    rang(night, "A1-01", "A1-02")
    send(night, 2)

    with pytest.raises(Conflict, match="was not reached"):
        restore(night, 5)
    with pytest.raises(NotAllowed):
        incidents.accept(number=the_open().number, actor=storm.leader("Q2"), at=storm.after(3), charter=night)
    assert set(Case.objects.values_list("step", flat=True)) == {"ACCEPT"}


def test_a_crew_sent_to_one_caller_takes_the_incident_that_its_case_becomes(traced: Charter) -> None:
    storm.put_crews(traced, only=("Q1", "Q2"))
    first, other = rang(traced, "A4-01", "A5-01")
    crews.send(number=first, code="Q1", actor=make.actor("DISPATCHER"), at=storm.after(1), charter=traced)
    make.work.finish(number=first, step="ACCEPT", actor=storm.leader("Q1"), at=storm.after(2), charter=traced)
    crews.send(number=other, code="Q2", actor=make.actor("DISPATCHER"), at=storm.after(3), charter=traced)

    (third,) = rang(traced, "A6-01", minutes=4)

    job = CrewJob.objects.get(ended_at__isnull=True)
    assert (job.crew.code, job.incident, job.case) == ("Q1", the_open(), None)
    assert dict(Case.objects.values_list("number", "step")) == {first: "ARRIVE", other: "ARRIVE", third: "ARRIVE"}
    assert set(Case.objects.values_list("handler", flat=True)) == {"leader-Q1"}
    assert Crew.objects.get(code="Q2").state == "FREE"


def test_taking_an_incident_back_sends_its_cases_back(night: Charter) -> None:
    storm.put_crews(night, only=("Q1",))
    rang(night, "A1-01", "A1-02")
    send(night, 2)

    incidents.take_back(
        number=the_open().number, reason="车辆故障", actor=make.actor("DISPATCHER"), at=storm.after(3), charter=night
    )

    assert set(Case.objects.values_list("step", "returned")) == {("DISPATCH", 1)}
    assert Crew.objects.get().state == "FREE"
    send(night, 4)
    assert set(Case.objects.values_list("step", flat=True)) == {"ACCEPT"}


def test_a_case_joins_and_leaves_by_hand(night: Charter) -> None:
    rang(night, "A1-01", "A1-02")
    (lone,) = rang(night, "B1-01")
    row, dispatcher = the_open(), make.actor("DISPATCHER")

    incidents.join(number=row.number, case=lone, actor=dispatcher, at=storm.after(2), charter=night)
    assert lone in members(row)
    with pytest.raises(Conflict):
        incidents.join(number=row.number, case=lone, actor=dispatcher, at=storm.after(2), charter=night)

    incidents.leave(number=row.number, case=lone, reason="另一条线路", actor=dispatcher, at=storm.after(3))
    assert lone not in members(row)
    incidents.dissolve(number=row.number, reason="各自故障", actor=dispatcher, at=storm.after(4), charter=night)
    row.refresh_from_db()
    assert (row.state, members(row)) == ("DISSOLVED", [])
