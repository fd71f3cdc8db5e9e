"""The operation log as it is read: scope, before and after, views of personal data; and the queues, retried and cancelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wandeng.infra import audit, events, jobs, operations, waiting
from wandeng.infra.models import Delivery, Event, Job, Operation
from wandeng.infra.operations import Fact
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ROOT = Actor("root-admin", unit_path="BS/", roles=frozenset({"ADMINISTRATOR"}))
WEST = Actor("west-admin", unit_path="BS/BS-W/", roles=frozenset({"ADMINISTRATOR"}))


def log(actor: Actor, action: str, code: str, at: datetime = T0, **facts: object) -> Operation:
    return audit.record(actor=actor, action=action, subject=("demo.Thing", code), facts=facts, at=at)


def test_a_log_is_read_newest_first_and_only_inside_the_scope() -> None:
    log(ROOT, "a.one", "1")
    log(WEST, "a.two", "2")
    log(Actor("east", unit_path="BS/BS-E/"), "a.three", "3")
    assert [row["action"] for row in operations.rows(Scope("BS/"))] == ["a.three", "a.two", "a.one"]
    assert [row["action"] for row in operations.rows(Scope("BS/BS-W/"))] == ["a.two"]


def test_what_belongs_to_no_unit_is_seen_from_the_root_only() -> None:
    made = log(SYSTEM, "job.done", "9")
    assert made.unit_path == ""
    assert operations.rows(Scope("BS/")).count() == 1
    assert operations.rows(Scope("BS/BS-W/")).count() == 0
    with pytest.raises(NotFound):
        operations.operation(Scope("BS/BS-W/"), made.pk)


def test_an_operation_shows_what_was_before_and_after() -> None:
    made = log(ROOT, "post.dismiss", "7", to="2026-04-01", was_to="9999-01-01", role="AUDITOR")
    assert operations.operation(Scope("BS/"), made.pk).facts == (
        Fact("role", None, "AUDITOR"),
        Fact("to", "9999-01-01", "2026-04-01"),
    )
    moved = log(ROOT, "contact.verify", "8", **{"from": "WRONG", "to": "RIGHT"})
    assert operations.operation(Scope("BS/"), moved.pk).facts == (Fact("", "WRONG", "RIGHT"),)


def test_views_of_personal_data_are_told_apart_and_the_history_of_a_thing_is_its_own() -> None:
    log(ROOT, "contact.reveal", "5")
    log(ROOT, "contact.verify", "5")
    log(ROOT, "contact.verify", "6")
    assert [row["subject_code"] for row in operations.views_of_personal_data(Scope("BS/"))] == ["5"]
    history = operations.of_subject(Scope("BS/"), subject_type="demo.Thing", subject_code="5")
    assert [one.action for one in history] == ["contact.verify", "contact.reveal"]
    assert operations.actions() == ("contact.reveal", "contact.verify")


def job(key: str, state: str, **columns: object) -> Job:
    return Job.objects.create(kind="count", dedup_key=key, state=state, run_at=T0, created_at=T0, **columns)


def test_depths_count_by_state_and_name_the_worker_whose_lease_ran_out() -> None:
    job("a", "QUEUED")
    job("b", "PARKED")
    held = job("c", "RUNNING", lease_owner="w1", lease_until=T0 - timedelta(minutes=1))
    found = waiting.depths(T0 + timedelta(minutes=5))
    assert (found.jobs, found.parked, found.oldest_due) == ({"PARKED": 1, "QUEUED": 1, "RUNNING": 1}, 1, T0)
    assert [(lease.owner, lease.job_id, lease.is_overdue) for lease in found.leases] == [("w1", held.pk, True)]
    assert waiting.job(Scope.everywhere(), held.pk)["kind"] == "count"
    with pytest.raises(NotFound):
        waiting.job(Scope.everywhere(), held.pk + 1)


def test_a_waiting_job_is_cancelled_for_a_reason_and_can_be_put_back() -> None:
    made = job("a", "QUEUED")
    with pytest.raises(InvalidInput):
        jobs.cancel(job_id=made.pk, actor=ROOT, at=T0, reason=" ")
    jobs.cancel(job_id=made.pk, actor=ROOT, at=T0, reason="run twice")
    assert jobs.claim(owner="w", now=T0) is None
    jobs.retry(job_id=made.pk, actor=ROOT, at=T0)
    assert jobs.claim(owner="w", now=T0) is not None
    assert [row["action"] for row in operations.rows(Scope("BS/"))] == ["job.retry", "job.cancel"]
    with pytest.raises(Conflict):
        jobs.cancel(job_id=made.pk, actor=ROOT, at=T0, reason="it runs")
    with pytest.raises(Conflict):
        jobs.retry(job_id=made.pk, actor=ROOT, at=T0)


def test_the_queue_belongs_to_administrators_of_the_root() -> None:
    made = job("a", "PARKED")
    clerk = Actor("clerk", unit_path="BS/", roles=frozenset({"BILLING_CLERK"}))
    for actor in (WEST, clerk):
        with pytest.raises(NotAllowed):
            jobs.cancel(job_id=made.pk, actor=actor, at=T0, reason="x")
        with pytest.raises(NotAllowed):
            jobs.retry(job_id=made.pk, actor=actor, at=T0)
        with pytest.raises(NotAllowed):
            events.retry(delivery_id=1, actor=actor, at=T0)


def test_a_parked_delivery_is_put_back_in_line_and_listed_with_its_event() -> None:
    event = Event.objects.create(name="bill.published", key="7", body="{}", occurred_at=T0)
    delivery = Delivery.objects.create(event=event, subscriber="s", state="PARKED", attempts=8, next_at=T0)
    assert waiting.delivery_rows(Scope.everywhere())[0]["event_name"] == "bill.published"
    events.retry(delivery_id=delivery.pk, actor=ROOT, at=T0)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("PENDING", 0)
    with pytest.raises(Conflict):
        events.retry(delivery_id=delivery.pk, actor=ROOT, at=T0)
