"""The timetable: each slot is written once whoever comes to it, what was missed is made up once, and a person may not wait."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, connections
from tests.kits.crash_points import Crash, Points, watching

from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries as people
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Role
from wandeng.flows import disconnection, dunning, housekeeping, payment_days, timetable, work
from wandeng.infra import jobs, operations
from wandeng.infra.models import Job, TimedWork
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db
EVERY = 1 if os.environ.get("WANDENG_CHAOS") == "long" else 7
WITH_COLUMNS = pytest.mark.django_db(transaction=True)
"""Work on columns has connections of its own, so has a second worker."""


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=BILLING_ZONE)


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    timetable.enqueue_due(now=at("2026-11-21T12:00"))


def slots(kind: str) -> list[str]:
    return list(Job.objects.filter(kind=kind).order_by("id").values_list("dedup_key", flat=True))


def administrator(code: str) -> Actor:
    organization.add_person(code=code, name=code, unit_code="BS", actor=SYSTEM, at=make.AT)
    organization.appoint(
        person_code=code, unit_code="BS", role=Role.ADMINISTRATOR, from_on=make.SINCE, actor=SYSTEM, at=make.AT
    )
    return people.actor_for(code, make.SINCE)


def settle(code: str, value: str, on: date, now: datetime) -> None:
    """The utility decides a parameter: two persons."""
    one, two = (people.actor_for(code, on) for code in ("a1", "a2"))
    made = organization.draft_parameter(code=code, value=value, valid_from=on, reason="试", actor=one, at=now)
    organization.approve_parameter(value_id=made, actor=two, at=now)


def run_all(now: datetime) -> None:
    class NoPool:
        """Nothing here prices bills."""

    handlers = work.kinds(lambda: now, NoPool())  # type: ignore[arg-type]
    while jobs.run_one(handlers, owner="w", clock=lambda: now):
        pass


def test_the_first_look_writes_nothing_and_the_next_slot_is_written_once() -> None:
    assert Job.objects.count() == 0
    assert timetable.enqueue_due(now=at("2026-11-21T12:00:30")) == 0
    for now in ("2026-11-22T01:59", "2026-11-22T02:00", "2026-11-22T02:01"):
        timetable.enqueue_due(now=at(now))
    assert slots(dunning.RUN) == ["dunning.run:2026-11-22:BS"]
    assert Job.objects.get(kind=dunning.RUN).payload == '{"on": "2026-11-22", "slot": "2026-11-22", "unit": "BS"}'


def test_every_kind_has_a_handler_a_name_and_a_time() -> None:
    handlers = work.kinds(lambda: at("2026-11-22T00:00"), None)  # type: ignore[arg-type]
    assert {one.kind for one in timetable.TIMETABLE} <= set(handlers)
    assert {one.name for one in timetable.TIMETABLE} == {one.name for one in people.TIMED}
    assert all(line.next_at for line in timetable.shown(Scope.everywhere(), now=at("2026-11-21T12:00")))


def test_three_days_away_are_made_up_once_but_a_day_s_work_for_each_day() -> None:
    timetable.enqueue_due(now=at("2026-11-24T12:00"))
    assert slots(dunning.RUN) == ["dunning.run:2026-11-24:BS"]
    assert slots(disconnection.EXCHANGE) == ["supply.exchange:2026-11-24T12:00"]
    assert slots(payment_days.SETTLE_ONLINE) == [f"payments.settle_online:2026-11-{day}" for day in (22, 23, 24)]
    # The newest slot of every kind, and three days of the one that goes day by day.
    assert Job.objects.count() == len(timetable.TIMETABLE) - 1 + 3


@WITH_COLUMNS
def test_what_is_repeated_does_not_queue_up_behind_itself() -> None:
    for minute in range(5):
        timetable.enqueue_due(now=at(f"2026-11-21T12:0{minute + 1}"))
    assert slots(disconnection.EXCHANGE) == ["supply.exchange:2026-11-21T12:01"]
    run_all(at("2026-11-21T12:06"))
    timetable.enqueue_due(now=at("2026-11-21T12:07"))
    assert slots(disconnection.EXCHANGE)[1:] == ["supply.exchange:2026-11-21T12:07"]


def test_switched_off_it_is_not_written_and_not_made_up_afterwards() -> None:
    administrator("a1"), administrator("a2")
    settle("timetable.dunning.on", "0", date(2026, 11, 22), at("2026-11-21T12:00"))
    timetable.enqueue_due(now=at("2026-11-22T10:00"))
    assert slots(dunning.RUN) == []
    settle("timetable.dunning.on", "1", date(2026, 11, 23), at("2026-11-22T11:00"))
    timetable.enqueue_due(now=at("2026-11-22T12:00"))
    assert slots(dunning.RUN) == []
    timetable.enqueue_due(now=at("2026-11-23T02:00"))
    assert slots(dunning.RUN) == ["dunning.run:2026-11-23:BS"]


def test_the_utility_says_when_as_people_write_it() -> None:
    administrator("a1"), administrator("a2")
    settle("timetable.dunning.at", "21:30", date(2026, 11, 22), at("2026-11-21T12:00"))
    timetable.enqueue_due(now=at("2026-11-22T21:29"))
    assert slots(dunning.RUN) == []
    timetable.enqueue_due(now=at("2026-11-22T21:30"))
    assert slots(dunning.RUN) == ["dunning.run:2026-11-22:BS"]
    with pytest.raises(InvalidInput, match=r"time of day such as 02:30, not '24:00'"):
        settle("timetable.dunning.at", "24:00", date(2026, 11, 23), at("2026-11-22T22:00"))


@WITH_COLUMNS
def test_a_person_may_have_it_now_for_a_reason_even_when_it_is_off() -> None:
    one, _two = administrator("a1"), administrator("a2")
    settle("timetable.dunning.on", "0", date(2026, 11, 22), at("2026-11-21T12:00"))
    now = at("2026-11-22T15:00")
    with pytest.raises(InvalidInput):
        timetable.run_now(kind=dunning.RUN, actor=one, at=now, reason=" ")
    with pytest.raises(NotFound):
        timetable.run_now(kind="bill_run.check", actor=one, at=now, reason="补跑")
    with pytest.raises(NotAllowed):
        timetable.run_now(kind=dunning.RUN, actor=Actor("x", roles=frozenset({"AUDITOR"})), at=now, reason="补跑")
    assert timetable.run_now(kind=housekeeping.CLEAR, actor=one, at=now, reason="补跑") == 1
    with pytest.raises(Conflict):
        timetable.run_now(kind=housekeeping.CLEAR, actor=one, at=now, reason="再跑")
    run_all(now)
    (line,) = (line for line in timetable.shown(Scope.everywhere(), now=now) if line.kind == housekeeping.CLEAR)
    (told,) = operations.of_subject(Scope.everywhere(), subject_type="infra.TimedWork", subject_code=housekeeping.CLEAR)
    assert (told.actor, told.reason, told.action) == ("a1", "补跑", "timetable.run")
    assert line.last is not None
    assert (line.last.state, line.last.slot[:4]) == ("DONE", "now:")


@WITH_COLUMNS
def test_the_timetable_tells_what_ran_what_it_came_to_and_what_comes_next() -> None:
    timetable.enqueue_due(now=at("2026-11-22T04:00"))
    run_all(at("2026-11-22T04:05"))
    lines = {line.kind: line for line in timetable.shown(Scope.everywhere(), now=at("2026-11-22T04:10"))}
    books = lines[housekeeping.CHECK_BOOKS]
    assert books.last is not None
    assert books.last.finished_at == at("2026-11-22T04:05")
    assert (books.last.state, books.last.result) == (
        "DONE",
        {
            "bill_faults": 0,
            "payment_faults": 0,
            "ledger_faults": 0,
            "prepay_faults": 0,
            "interruption_faults": 0,
            "outage_faults": 0,
        },
    )
    assert (books.at_minute, books.next_at) == (240, at("2026-11-23T04:00"))
    assert {line.last.state for line in lines.values() if line.last is not None} == {"DONE"}
    assert lines[disconnection.EXCHANGE].next_at == at("2026-11-22T04:11")
    with pytest.raises(NotFound):
        timetable.shown(Scope("BS/BS-W/"), now=at("2026-11-22T04:10"))


def test_it_costs_four_questions_to_see_that_nothing_is_due(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4):
        timetable.enqueue_due(now=at("2026-11-21T12:00:10"))


@WITH_COLUMNS
def test_two_workers_at_the_same_slot_write_it_once() -> None:
    now, gate = at("2026-11-22T12:00"), threading.Barrier(2)
    written: list[int] = []

    def worker() -> None:
        gate.wait()
        written.append(timetable.enqueue_due(now=now))
        connections.close_all()

    both = [threading.Thread(target=worker) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(written) == Job.objects.count() == len(timetable.TIMETABLE)


@WITH_COLUMNS
@pytest.mark.chaos
def test_a_worker_killed_at_any_write_loses_no_slot_and_doubles_none() -> None:
    def run(day: int, points: Points) -> None:
        with watching(points), contextlib.suppress(Crash):
            timetable.enqueue_due(now=at("2026-11-22T12:00") + timedelta(days=day))

    counted = Points()
    run(0, counted)
    points = range(1, len(counted.passed) + 1, EVERY)
    for day, point in enumerate(points, start=1):
        run(day, Points(at=point))
        connection.close()
        run(day, Points())
    days = len(points) + 1
    # Each day each daily kind once, whatever the crash; the two that are repeated wait for their first job.
    for kind in (dunning.RUN, payment_days.SETTLE_ONLINE, housekeeping.CLEAR):
        assert len(slots(kind)) == len(set(slots(kind))) == days
    assert slots(disconnection.EXCHANGE) == ["supply.exchange:2026-11-22T12:00"]


@WITH_COLUMNS
@pytest.mark.chaos
def test_a_worker_killed_between_the_slot_and_its_work_leaves_the_job_to_the_next() -> None:
    now = at("2026-11-22T12:00")
    connections.close_all()

    def dies() -> None:
        connections.close_all()
        timetable.enqueue_due(now=now)
        jobs.claim(owner="dead", now=now)

    process = multiprocessing.get_context("fork").Process(target=_killed_after, args=(dies,))
    process.start()
    process.join()
    assert process.exitcode == -9
    assert Job.objects.filter(state="RUNNING", lease_owner="dead").count() == 1
    timetable.enqueue_due(now=now + timedelta(minutes=6))
    run_all(now + timedelta(minutes=6))
    assert set(Job.objects.values_list("state", flat=True)) == {"DONE"}
    assert {job.partition(":")[0] for job in Job.objects.values_list("dedup_key", flat=True)} == {
        one.kind for one in timetable.TIMETABLE
    }


def _killed_after(work_done) -> None:
    work_done()
    os.kill(os.getpid(), signal.SIGKILL)


@WITH_COLUMNS
def test_old_records_go_and_what_is_parked_stays() -> None:
    timetable.enqueue_due(now=at("2026-11-22T12:00"))
    run_all(at("2026-11-22T12:00"))
    Job.objects.filter(kind=dunning.RUN).update(state="PARKED")
    jobs.enqueue(kind="bill_run.check", dedup_key="other", payload={}, at=at("2026-11-22T12:00"))
    Job.objects.filter(dedup_key="other").update(state="DONE", finished_at=at("2026-11-22T12:00"))
    assert housekeeping.clear(now=at("2026-12-22T11:59"))["jobs"] == 0
    assert housekeeping.clear(now=at("2026-12-22T12:01"))["jobs"] == len(timetable.TIMETABLE) - 1
    assert set(Job.objects.values_list("kind", flat=True)) == {dunning.RUN, "bill_run.check"}
    # A slot whose job is gone is not written again: the mark has passed it.
    timetable.enqueue_due(now=at("2026-11-22T12:00:30"))
    assert slots(housekeeping.CLEAR) == []
    assert TimedWork.objects.count() == len(timetable.TIMETABLE) + 1
