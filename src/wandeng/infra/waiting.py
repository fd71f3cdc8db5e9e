"""Jobs and deliveries that are not done, as one list for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.infra.models import Delivery, Job


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


def unfinished(*, parked_only: bool, limit: int) -> list[Waiting]:
    """Everything not done, what is due first; at most ``limit`` of each kind."""
    jobs = Job.objects.exclude(state="DONE").order_by("run_at", "id")
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
