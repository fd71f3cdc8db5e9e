"""Jobs are never lost, never done twice, and never block the queue: leases, fences, parking, death of a worker."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from wandeng.infra import jobs
from wandeng.infra.models import Job, Operation

T0 = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def enqueue(key: str = "k", kind: str = "count") -> bool:
    return jobs.enqueue(kind=kind, dedup_key=key, payload={"n": 1}, at=T0)


@pytest.mark.django_db
def test_the_same_key_is_one_job() -> None:
    assert enqueue() is True
    assert enqueue() is False
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_claimed_job_is_not_claimed_again_until_its_lease_runs_out() -> None:
    enqueue()
    first = jobs.claim(owner="a", now=T0)
    assert first is not None
    assert jobs.claim(owner="b", now=T0) is None
    later = first.lease_until + timedelta(seconds=1)
    second = jobs.claim(owner="b", now=later)
    assert second is not None
    assert (second.fence, second.attempts) == (2, 2)


@pytest.mark.django_db
def test_a_worker_thought_dead_cannot_finish_or_extend() -> None:
    enqueue()
    slow = jobs.claim(owner="slow", now=T0)
    assert slow is not None
    quick = jobs.claim(owner="quick", now=slow.lease_until + timedelta(seconds=1))
    assert quick is not None
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(slow, now=T0)
    with pytest.raises(jobs.LeaseLost):
        jobs.extend(slow, now=T0)
    jobs.finish(quick, now=T0)
    assert Job.objects.get().state == "DONE"


@pytest.mark.django_db
def test_a_failing_job_waits_longer_each_time_and_is_parked_with_its_error() -> None:
    enqueue(kind="bad")

    def bad(payload: jobs.Payload, held: jobs.Claim) -> None:
        raise ValueError("no such meter")

    now, pauses = T0, []
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.run_one({"bad": bad}, owner="w", clock=lambda now=now: now)
        job = Job.objects.get()
        pauses.append((job.run_at - now).total_seconds())
        now = job.run_at
    assert pauses == [5 * 2**n for n in range(jobs.MAX_ATTEMPTS)]
    assert (job.state, job.last_error) == ("PARKED", "ValueError: no such meter")
    assert not jobs.run_one({"bad": bad}, owner="w", clock=lambda: now + timedelta(days=1))
    assert jobs.retry_parked(job_id=job.pk, now=now)
    assert Job.objects.get().state == "QUEUED"


@pytest.mark.django_db
def test_poison_does_not_block_the_jobs_behind_it() -> None:
    enqueue("poison", kind="bad")
    enqueue("good")
    done: list[str] = []
    handlers = {
        "bad": lambda payload, held: 1 / 0,
        "count": lambda payload, held: done.append(held.kind),
    }
    for _ in range(2):
        jobs.run_one(handlers, owner="w", clock=lambda: T0)
    assert done == ["count"]


@pytest.mark.django_db
def test_a_job_whose_workers_always_die_is_parked() -> None:
    enqueue()
    now = T0
    for _ in range(jobs.MAX_ATTEMPTS):
        held = jobs.claim(owner="dies", now=now)
        assert held is not None
        now = held.lease_until + timedelta(seconds=1)
    assert jobs.claim(owner="next", now=now) is None
    assert Job.objects.get().state == "PARKED"


def _work(deadline: float, lease_seconds: float) -> None:
    """A worker process: the work is one log row, written in the transaction that finishes the job."""
    from django.db import transaction

    connections.close_all()
    while time.monotonic() < deadline:
        now = datetime.now(UTC)
        held = jobs.claim(owner=str(os.getpid()), now=now, lease=timedelta(seconds=lease_seconds))
        if held is None:
            time.sleep(0.02)
            continue
        with transaction.atomic():
            Operation.objects.create(
                at=now, actor="w", action="count", subject_type="job", subject_code=str(held.job_id)
            )
            time.sleep(0.002)
            try:
                jobs.finish(held, now=now)
            except jobs.LeaseLost:
                transaction.set_rollback(True)


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_do_nothing_twice() -> None:
    count = 60
    for n in range(count):
        enqueue(f"job:{n}")
    connections.close_all()
    context = multiprocessing.get_context("fork")
    deadline = time.monotonic() + 60
    kills = 0
    while Job.objects.exclude(state="DONE").exists() and time.monotonic() < deadline:
        connections.close_all()
        worker = context.Process(target=_work, args=(deadline, 0.2))
        worker.start()
        time.sleep(0.25 if kills < 8 else 3)
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        kills += 1
    done = list(Operation.objects.values_list("subject_code", flat=True))
    assert Job.objects.filter(state="DONE").count() == count
    assert len(done) == len(set(done)) == count
