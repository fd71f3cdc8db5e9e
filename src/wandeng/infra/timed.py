"""How far the timetable has got, kind by kind: the mark that only moves forward, in the transaction that writes the jobs.

Whoever moves the mark writes the slot's jobs; another worker at the same slot waits for that transaction and then finds
the mark moved. Killed before the commit, neither the mark nor a job is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from wandeng.infra.models import Job, TimedWork

TURN = "timetable"
"""The mark of the timetable itself: when a worker last looked at it."""
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """The last slot of a kind that was dealt with, and the first job of the last one that was written."""

    kind: str
    slot_at: datetime
    first_job: int | None


@dataclass(frozen=True, slots=True)
class JobOfSlot:
    """A job of a kind, from the last slot on (a run asked for by a person among them)."""

    id: int
    kind: str
    payload: str
    state: str
    created_at: datetime
    finished_at: datetime | None
    last_error: str
    result: str


def marks() -> dict[str, Mark]:
    """Kind → mark, the timetable's own among them."""
    return {row.kind: Mark(row.kind, row.slot_at, row.first_job) for row in TimedWork.objects.all()}


def begin(kind: str, *, at: datetime) -> None:
    """A kind is seen for the first time: nothing before this instant is due."""
    TimedWork.objects.get_or_create(kind=kind, defaults={"slot_at": at})


def advance(kind: str, *, to: datetime) -> bool:
    """Move the mark forward, in the transaction of the slot's jobs; whether it was us who moved it."""
    return bool(TimedWork.objects.filter(kind=kind, slot_at__lt=to).update(slot_at=to))


def note_jobs(kind: str, *, dedup_keys: Sequence[str]) -> None:
    """Remember the jobs just written as those of the last slot."""
    first = Job.objects.filter(dedup_key__in=dedup_keys).order_by("id").values_list("id", flat=True).first()
    TimedWork.objects.filter(kind=kind).update(first_job=first)


def note_turn(*, at: datetime, noted: datetime | None) -> None:
    """A worker has looked at the timetable; written once a minute."""
    if noted is None:
        begin(TURN, at=at)
    elif at - noted >= NOTED_EVERY:
        advance(TURN, to=at)


def is_pending(kind: str) -> bool:
    """Whether a job of the kind waits for a worker or is at one."""
    return Job.objects.filter(kind=kind, state__in=["QUEUED", "RUNNING"]).exists()


def last_jobs(known: Sequence[Mark]) -> dict[str, list[JobOfSlot]]:
    """Kind → its jobs from the last slot on, the oldest first. One query."""
    wanted = Q(pk__in=[])
    for mark in known:
        if mark.first_job is not None:
            wanted |= Q(kind=mark.kind, id__gte=mark.first_job)
    found: dict[str, list[JobOfSlot]] = {}
    fields = ("id", "kind", "payload", "state", "created_at", "finished_at", "last_error", "result")
    for row in Job.objects.filter(wanted).order_by("id").values(*fields):
        found.setdefault(row["kind"], []).append(JobOfSlot(**row))
    return found


def forget_done(*, before: datetime) -> int:
    """Remove finished jobs of timed work, of which there are a thousand a day; what is parked stays. Returns how many."""
    kinds = list(TimedWork.objects.values_list("kind", flat=True))
    return Job.objects.filter(kind__in=kinds, state="DONE", finished_at__lt=before).delete()[0]
