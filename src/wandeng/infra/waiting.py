"""Jobs and deliveries as people see them: what waits, runs, is parked or done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, QuerySet

from wandeng.infra.models import Delivery, Job
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

Rows = QuerySet[Any, dict[str, Any]]
JOB_COLUMNS = (
    "id", "queue", "kind", "dedup_key", "state", "attempts", "run_at", "lease_owner", "lease_until", "last_error",
    "created_at", "finished_at", "result",
)  # fmt: skip
DELIVERY_COLUMNS = ("id", "event_name", "event_key", "subscriber", "state", "attempts", "next_at", "last_error")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One piece of work that waits, runs or is parked; ``kind`` is ``job`` or ``delivery``."""

    kind: str
    id: int
    name: str
    state: str
    attempts: int
    due_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker and the job it holds; ``is_overdue`` when the lease ran out and nobody has taken over yet."""

    owner: str
    job_id: int
    kind: str
    until: datetime
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Depths:
    """How much work there is: state → count; ``oldest_due`` is the moment since which something due has waited."""

    jobs: dict[str, int]
    deliveries: dict[str, int]
    oldest_due: datetime | None
    leases: tuple[Lease, ...]

    @property
    def parked(self) -> int:
        return self.jobs.get("PARKED", 0) + self.deliveries.get("PARKED", 0)


def job_rows(scope: Scope) -> Rows:
    """All jobs, newest first: :data:`JOB_COLUMNS`; none below a root unit, because jobs are the whole installation's.
    Lazy."""
    rows = Job.objects.order_by("-id") if scope.is_root else Job.objects.none()
    found: Rows = rows.values(*JOB_COLUMNS)
    return found


def job(scope: Scope, job_id: int) -> dict[str, Any]:
    """One job with its ``payload``. Raises :class:`NotFound`, also below a root unit."""
    found = Job.objects.filter(pk=job_id).values(*JOB_COLUMNS, "payload").first() if scope.is_root else None
    if found is None:
        raise NotFound(f"there is no job {job_id}")
    return dict(found)


def delivery_rows(scope: Scope) -> Rows:
    """All deliveries of events, newest first: :data:`DELIVERY_COLUMNS`; none below a root unit. Lazy."""
    rows = Delivery.objects.all() if scope.is_root else Delivery.objects.none()
    named = rows.annotate(event_name=F("event__name"), event_key=F("event__key"))
    found: Rows = named.order_by("-id").values(*DELIVERY_COLUMNS)
    return found


def depths(now: datetime) -> Depths:
    """How deep the queues are, and which worker holds what."""
    jobs = Job.objects.values_list("state").annotate(n=Count("id"), first=Min("run_at")).order_by("state")
    deliveries = Delivery.objects.values_list("state").annotate(n=Count("id"), first=Min("next_at")).order_by("state")
    due = [first for state, _n, first in [*jobs, *deliveries] if state in {"QUEUED", "PENDING"} and first <= now]
    running = Job.objects.filter(state="RUNNING").order_by("lease_owner", "id")
    leases = tuple(
        Lease(row.lease_owner, row.pk, row.kind, row.lease_until, row.lease_until < now)
        for row in running
        if row.lease_until is not None
    )
    return Depths(
        {state: n for state, n, _first in jobs}, {state: n for state, n, _first in deliveries}, min(due, default=None),
        leases,
    )  # fmt: skip


def unfinished(*, parked_only: bool, limit: int) -> list[Waiting]:
    """Everything not done, what is due first; at most ``limit`` of each kind."""
    jobs = Job.objects.exclude(state__in=["DONE", "CANCELLED"]).order_by("run_at", "id")
    deliveries = Delivery.objects.exclude(state="DONE").select_related("event").order_by("next_at", "id")
    if parked_only:
        jobs, deliveries = jobs.filter(state="PARKED"), deliveries.filter(state="PARKED")
    rows = [
        Waiting("job", job.pk, job.kind, job.state, job.attempts, job.run_at, job.last_error) for job in jobs[:limit]
    ]
    rows += [
        Waiting("delivery", one.pk, one.event.name, one.state, one.attempts, one.next_at, one.last_error)
        for one in deliveries[:limit]
    ]
    return sorted(rows, key=lambda row: row.due_at)
