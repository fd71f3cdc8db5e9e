"""A crew's state follows its cases: it arrives when they say so, and is free when the last one is out of its hands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.cases import proposing
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import Case, Crew, CrewJob
from wandeng.domains.cases.states import CREW
from wandeng.infra.statements import Reading
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor


def locked_crew(pk: int) -> Crew:
    """A crew under its lock; whoever holds a case's lock may take it, never the other way about."""
    rows = Crew.objects.select_related("unit")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.get(pk=pk)


def follow(row: Case, charter: Charter | None, *, actor: Actor, at: datetime) -> None:
    """After something happened to a case that a crew has in hand: the crew is there, has done it, or is rid of it.

    ``charter`` ``None``: where the case ends without one being asked, nothing is proposed anew.
    """
    job = _IN_HAND.first(row.pk)
    if job is None:
        return
    if row.state in ("MERGED", "WITHDRAWN"):
        end_job(job, "TAKEN_BACK", charter, actor=actor, at=at)
    elif row.state != "OPEN" or not row.step:
        end_job(job, "DONE", charter, actor=actor, at=at)
    elif charter is not None:
        steps = proposing.rule_for(charter, row.unit.territory, at).steps
        if row.step == steps.dispatch:
            end_job(job, "TAKEN_BACK", charter, actor=actor, at=at)
        elif row.step == steps.restore:
            arrived(job, actor=actor, at=at)


_IN_HAND: Reading[CrewJob] = Reading(
    lambda case: CrewJob.objects.filter(case_id=case, ended_at__isnull=True).order_by("pk"), int
)


def arrived(job: CrewJob, *, actor: Actor, at: datetime) -> None:
    """The crew is at the place of this job."""
    crew = locked_crew(job.crew_id)
    if crew.state == "ON_THE_WAY":
        move(crew, CREW, "arrive", actor=actor, at=at)


def end_job(job: CrewJob, outcome: str, charter: Charter | None, *, actor: Actor, at: datetime) -> None:
    """Out of the crew's hands: it goes on to the next it has, or is free and proposed for what waits."""
    CrewJob.objects.filter(pk=job.pk).update(ended_at=at, outcome=outcome)
    crew = locked_crew(job.crew_id)
    if CrewJob.objects.filter(crew=crew, ended_at__isnull=True).exists():
        if crew.state == "WORKING":
            move(crew, CREW, "go_on", actor=actor, at=at)
    elif crew.state in ("ON_THE_WAY", "WORKING"):
        move(crew, CREW, "free", actor=actor, at=at)
    if charter is not None:
        proposing.propose_again(crew.unit.path, charter, crew.unit.territory, because="CREW_FREE", at=at)


def sent(job: CrewJob, charter: Charter, *, actor: Actor, at: datetime) -> None:
    """The crew sets out, unless it is busy: then this is its next."""
    crew = locked_crew(job.crew_id)
    if crew.state == "FREE":
        move(crew, CREW, "send", actor=actor, at=at)
    proposing.propose_again(crew.unit.path, charter, crew.unit.territory, because="CREW_SENT", at=at)
