"""Jobs: work as rows of the same database, written in the business transaction.

A claim takes a lease and a new fence; finishing checks the fence, so a worker that was thought dead cannot overwrite
its successor. A failed job is tried again with growing pauses and parked after eight attempts, never lost. django-tasks
was tried first; its database worker leaves a killed job RUNNING for ever (docs/decisions).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from wandeng.infra import audit
from wandeng.infra.models import Job
from wandeng.infra.scope import require_root
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

MAX_ATTEMPTS = 8
FIRST_RETRY = timedelta(seconds=5)
DEFAULT_LEASE = timedelta(minutes=5)

Payload = dict[str, Any]
Handler = Callable[[Payload, "Claim"], Payload | None]
"""Does the work; what it returns is kept with the job as its result."""


class LeaseLost(Conflict):
    """Another worker has claimed the job since: what this one did must not be marked done."""

    code = "JOB_LEASE_LOST"


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in this worker's hands until ``lease_until``; ``fence`` is this claim's number."""

    job_id: int
    kind: str
    payload: Payload
    attempts: int
    fence: int
    lease_until: datetime


def enqueue(
    *, kind: str, dedup_key: str, payload: Payload, at: datetime, run_at: datetime | None = None, queue: str = "default"
) -> bool:
    """Write a job unless one with this key exists. Returns whether it was written."""
    body = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    _, created = Job.objects.get_or_create(
        dedup_key=dedup_key,
        defaults={"queue": queue, "kind": kind, "payload": body, "run_at": run_at or at, "created_at": at},
    )
    return created


@transaction.atomic
def claim(*, owner: str, now: datetime, queue: str = "default", lease: timedelta = DEFAULT_LEASE) -> Claim | None:
    """Take the oldest due job, or one whose worker let its lease run out; ``None`` when there is nothing to do."""
    due = Q(state="QUEUED", run_at__lte=now) | Q(state="RUNNING", lease_until__lt=now)
    rows = Job.objects.filter(due, queue=queue).order_by("run_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    job = rows.first()
    if job is None:
        return None
    if job.attempts >= MAX_ATTEMPTS:
        # Its workers died every time: poison must not come round for ever.
        Job.objects.filter(pk=job.pk).update(state="PARKED", last_error="lease ran out on every attempt")
        return claim(owner=owner, now=now, queue=queue, lease=lease)
    taken = Job.objects.filter(pk=job.pk, fence=job.fence).update(
        state="RUNNING", lease_owner=owner, lease_until=now + lease, fence=F("fence") + 1, attempts=F("attempts") + 1
    )
    if not taken:
        return None
    return Claim(job.pk, job.kind, json.loads(job.payload), job.attempts + 1, job.fence + 1, now + lease)


def extend(held: Claim, *, now: datetime, lease: timedelta = DEFAULT_LEASE) -> None:
    """Heartbeat of a long job. Raises :class:`LeaseLost`."""
    if not Job.objects.filter(pk=held.job_id, fence=held.fence, state="RUNNING").update(lease_until=now + lease):
        raise LeaseLost(f"job {held.job_id} was taken over by another worker")


def finish(held: Claim, *, now: datetime, result: Payload | None = None) -> None:
    """Mark done; call it inside the transaction of the work. Raises :class:`LeaseLost`."""
    kept = json.dumps(result, sort_keys=True, ensure_ascii=False) if result else ""
    done = Job.objects.filter(pk=held.job_id, fence=held.fence, state="RUNNING").update(
        state="DONE", finished_at=now, lease_owner="", last_error="", result=kept
    )
    if not done:
        raise LeaseLost(f"job {held.job_id} was taken over by another worker")


def fail(held: Claim, *, error: str, now: datetime) -> None:
    """Put back with a pause that doubles, or park after the last attempt."""
    parked = held.attempts >= MAX_ATTEMPTS
    Job.objects.filter(pk=held.job_id, fence=held.fence, state="RUNNING").update(
        state="PARKED" if parked else "QUEUED",
        run_at=now + FIRST_RETRY * 2 ** (held.attempts - 1),
        last_error=error[:2000],
        lease_owner="",
    )


def retry_parked(*, job_id: int, now: datetime) -> bool:
    """Put a parked job back in line; returns whether there was one."""
    return bool(Job.objects.filter(pk=job_id, state="PARKED").update(state="QUEUED", attempts=0, run_at=now))


@transaction.atomic
def cancel(*, job_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """Take a job out of line for good; one that runs is left to its worker.

    Raises :class:`NotAllowed` unless the actor administers the whole installation, :class:`InvalidInput` without a
    reason, :class:`Conflict` for a job that neither waits nor is parked.
    """
    require_root(actor, "ADMINISTRATOR")
    if not reason.strip():
        raise InvalidInput("a job is cancelled for a stated reason")
    job = Job.objects.filter(pk=job_id, state__in=["QUEUED", "PARKED"]).first()
    if job is None or not Job.objects.filter(pk=job_id, state=job.state).update(
        state="CANCELLED", finished_at=at, lease_owner=""
    ):
        raise Conflict(f"job {job_id} neither waits nor is parked")
    facts = {"from": job.state, "to": "CANCELLED", "kind": job.kind}
    audit.record(
        actor=actor, action="job.cancel", subject=("infra.Job", str(job_id)), facts=facts, at=at, reason=reason
    )


@transaction.atomic
def retry(*, job_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Put a parked or cancelled job back in line, by a person.

    Raises :class:`NotAllowed` unless the actor administers the whole installation, :class:`Conflict` for a job that is
    neither.
    """
    require_root(actor, "ADMINISTRATOR")
    was = Job.objects.filter(pk=job_id).values_list("state", flat=True).first()
    if was not in {"PARKED", "CANCELLED"} or not Job.objects.filter(pk=job_id, state=was).update(
        state="QUEUED", attempts=0, run_at=at, finished_at=None
    ):
        raise Conflict(f"job {job_id} is neither parked nor cancelled")
    facts = {"from": was, "to": "QUEUED"}
    audit.record(actor=actor, action="job.retry", subject=("infra.Job", str(job_id)), facts=facts, at=at, reason=reason)


def run_one(
    handlers: Mapping[str, Handler], *, owner: str, clock: Callable[[], datetime], queue: str = "default"
) -> bool:
    """Claim one job and run its handler; returns whether there was one.

    The handler does its work and calls :func:`finish` in the same transaction. One that returns without finishing is
    finished here: its work must then be idempotent by its own key.
    """
    held = claim(owner=owner, now=clock(), queue=queue)
    if held is None:
        return False
    try:
        result = handlers[held.kind](held.payload, held)
        if Job.objects.filter(pk=held.job_id, state="RUNNING", fence=held.fence).exists():
            finish(held, now=clock(), result=result)
    except LeaseLost:
        return True
    except Exception as error:
        fail(held, error=f"{type(error).__name__}: {error}", now=clock())
    return True
