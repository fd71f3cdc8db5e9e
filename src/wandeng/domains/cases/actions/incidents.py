"""Incidents (故障归并): one crew, one expected time and one end for all who rang about one fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.cases import following, grouping, proposing, reach, stepping
from wandeng.domains.cases.actions import crews, work
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.events import IncidentExpected, IncidentRestored
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import Case, CrewJob, IncidentCase, RepairIncident
from wandeng.domains.cases.states import INCIDENT
from wandeng.domains.cases.types import Proof
from wandeng.infra import audit, events
from wandeng.infra.effective.topics.repairs import Repairs
from wandeng.infra.scope import require, require_role
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import BILLING_ZONE

INCIDENT_SUBJECT = "cases.RepairIncident"
DIRECTING = work.SUPERVISORS


@dataclass(frozen=True, slots=True)
class IncidentStands:
    """Where an incident stands after an action on it, and at how many cases something was done."""

    number: str
    state: str
    step: str
    expected_at: datetime | None
    cases: int


@transaction.atomic
def send(*, number: str, code: str, actor: Actor, at: datetime, charter: Charter, note: str = "") -> IncidentStands:
    """Send a crew to an incident: all its cases are dispatched to the crew's leader, who is told once.

    Raises :class:`Conflict` when a crew has it in hand, ``CrewNotOnDuty``.
    """
    row = _open(actor, number)
    require(actor, *DIRECTING, unit_path=row.unit.path)
    if _job(row):
        raise Conflict(f"incident {number} is in the hands of a crew", incident=number)
    rule = proposing.rule_for(charter, row.unit.territory, at)
    job = crews.new_job(proposing.of_incident(row), row.unit.path, code, rule, actor=actor, at=at)
    moved = _advance(row, rule.steps.dispatch, rule, charter, actor=actor, at=at, answers={}, note=note,
                     handler=job.crew.leader)  # fmt: skip
    following.sent(job, charter, actor=actor, at=at)
    return _done(
        row, "incident.send", actor, at, note, moved, facts={"crew": code, "place": job.place or 0, "cases": moved}
    )


@transaction.atomic
def accept(*, number: str, actor: Actor, at: datetime, charter: Charter) -> IncidentStands:
    """The crew accepts it: so do all its cases."""
    row = _open(actor, number, in_hand=True)
    _require_crew(row, actor)
    rule = proposing.rule_for(charter, row.unit.territory, at)
    moved = _advance(row, rule.steps.accept, rule, charter, actor=actor, at=at, answers={})
    return _done(row, "incident.accept", actor, at, "", moved, facts={"cases": moved})


@transaction.atomic
def arrive(
    *, number: str, proofs: Sequence[Proof], expected_at: datetime | None, actor: Actor, at: datetime, charter: Charter
) -> IncidentStands:  # fmt: skip
    """The crew is there, which its place proves for all cases, and says when supply is expected back, unless that was said.

    Raises :class:`InvalidInput` where nobody has said it, ``EvidenceMissing``.
    """
    row = _open(actor, number, in_hand=True)
    _require_crew(row, actor)
    rule = proposing.rule_for(charter, row.unit.territory, at)
    if expected_at is not None:
        _expect(row, expected_at, rule, charter, actor=actor, at=at, at_place=True)
    if row.expected_at is None:
        raise InvalidInput("say when supply is expected back")
    moved = _advance(row, rule.steps.arrive, rule, charter, actor=actor, at=at, answers={}, proofs=proofs)
    job = _job(row)
    if job:
        following.arrived(job, actor=actor, at=at)
    return _done(row, "incident.arrive", actor, at, "", moved, facts={"cases": moved})


@transaction.atomic
def expect(
    *, number: str, expected_at: datetime, reason: str, actor: Actor, at: datetime, charter: Charter
) -> IncidentStands:  # fmt: skip
    """Say when supply is expected back (预计恢复时间): it is written to every case, and whoever rings later is told the same.

    Raises :class:`InvalidInput` for a time that has passed, or another one without a reason.
    """
    row = _open(actor, number, in_hand=True)
    _require_crew(row, actor)
    if row.expected_at is not None and row.expected_at != expected_at and not reason.strip():
        raise InvalidInput("say why the expected time changes")
    rule = proposing.rule_for(charter, row.unit.territory, at)
    told = _expect(
        row, expected_at, rule, charter, actor=actor, at=at, at_place=_is_there(row, rule, actor), reason=reason
    )
    facts = {"expected": expected_at.isoformat(), "cases": told}
    return _done(row, "incident.expect", actor, at, reason, told, facts=facts)


@transaction.atomic
def restore(
    *, number: str, cause: str, restored_at: datetime, proofs: Sequence[Proof], result: str, actor: Actor, at: datetime,
    charter: Charter, note: str = "",
) -> IncidentStands:  # fmt: skip
    """Supply is back: the last step of every case is finished with the same proofs, and the crew is free.

    Raises :class:`InvalidInput` without a cause or for a time ahead, :class:`Conflict` before the crew was there,
    ``EvidenceMissing``.
    """
    row = _open(actor, number, in_hand=True)
    _require_crew(row, actor)
    rule = proposing.rule_for(charter, row.unit.territory, at)
    if not cause.strip() or restored_at > at:
        raise InvalidInput("supply is back at a time that has come, and there is a cause")
    if row.step != rule.steps.arrive:
        raise Conflict(f"incident {number} was not reached yet", step=row.step)
    answers = {
        rule.steps.cause: cause,
        rule.steps.restored: restored_at.astimezone(BILLING_ZONE).isoformat(timespec="minutes"),
    }
    moved = _advance(row, rule.steps.restore, rule, charter, actor=actor, at=at, answers=answers, proofs=proofs,
                     result=result, note=note)  # fmt: skip
    move(row, INCIDENT, "restore", actor=actor, at=at, cause=audit.without_numbers(cause), restored_at=restored_at,
         ended_at=at)  # fmt: skip
    job = _job(row)
    if job:
        following.end_job(job, "DONE", charter, actor=actor, at=at)
    events.publish(IncidentRestored(row.number, restored_at.isoformat(), row.unit.path), at=at)
    return _done(row, "incident.restore", actor, at, note, moved, facts={"cases": moved})


@transaction.atomic
def take_back(*, number: str, reason: str, actor: Actor, at: datetime, charter: Charter) -> IncidentStands:
    """Take an incident out of a crew's hands before it was reached: its cases go back to dispatching (退单), with the reason.

    Raises :class:`Conflict` when no crew has it, or it was reached.
    """
    row = _open(actor, number)
    require(actor, *DIRECTING, unit_path=row.unit.path)
    rule = proposing.rule_for(charter, row.unit.territory, at)
    job = _job(row)
    if job is None or row.step not in (rule.steps.dispatch, rule.steps.accept) or not reason.strip():
        raise Conflict(f"incident {number} cannot be taken back: there is no crew, no reason, or it was reached")
    numbers = _lock_members(row)
    for one in numbers:
        work.send_back(number=one, to_step=rule.steps.dispatch, reason=reason, actor=actor, at=at, charter=charter)
    RepairIncident.objects.filter(pk=row.pk).update(step="")
    row.refresh_from_db()
    following.end_job(job, "TAKEN_BACK", charter, actor=actor, at=at)
    return _done(row, "incident.take_back", actor, at, reason, len(numbers), facts={"cases": len(numbers)})


@transaction.atomic
def join(*, number: str, case: str, actor: Actor, at: datetime, charter: Charter) -> IncidentStands:
    """Put a case into an incident by hand: one whose transformer is not known, or that was taken before.

    Raises :class:`Conflict` for a case that is not open, goes with an incident, or is none of a fault.
    """
    row = _open(actor, number)
    require(actor, *DIRECTING, unit_path=row.unit.path)
    rule = proposing.rule_for(charter, row.unit.territory, at)
    one = locked_case(actor, case)
    if one.state != "OPEN" or one.process != rule.steps.process or hasattr(one, "incident_member"):
        raise Conflict(f"case {case} cannot go with an incident", case=case, state=one.state)
    alone = CrewJob.objects.filter(case=one, ended_at__isnull=True).first()
    if alone:
        following.end_job(alone, "TAKEN_BACK", charter, actor=actor, at=at)
    grouping.take_in(row, [one], rule, charter, at=at)
    return _done(row, "incident.join", actor, at, "", 1, facts={"case_number": case})


@transaction.atomic
def leave(*, number: str, case: str, reason: str, actor: Actor, at: datetime) -> IncidentStands:
    """Take a case out of an incident (拆分): its fault is another one. It stays at its step, and goes on alone."""
    row = _open(actor, number)
    require(actor, *DIRECTING, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("say why the case goes alone")
    gone, _ = IncidentCase.objects.filter(incident=row, case__number=case).delete()
    if not gone:
        raise Conflict(f"case {case} does not go with incident {number}", case=case)
    return _done(row, "incident.leave", actor, at, reason, 1, facts={"case_number": case})


@transaction.atomic
def dissolve(*, number: str, reason: str, actor: Actor, at: datetime, charter: Charter) -> IncidentStands:
    """It was not one fault: the cases go on alone, each from where it stands. Not while a crew has it in hand."""
    row = _open(actor, number)
    require(actor, *DIRECTING, unit_path=row.unit.path)
    if not reason.strip() or _job(row):
        raise Conflict(f"incident {number} is dissolved with a reason, and not while a crew has it", incident=number)
    members = IncidentCase.objects.filter(incident=row)
    count = members.count()
    members.delete()
    move(row, INCIDENT, "dissolve", actor=actor, at=at, reason=reason, ended_at=at)
    proposing.propose_again(row.unit.path, charter, row.unit.territory, because="GROUPED", at=at)
    return _done(row, "incident.dissolve", actor, at, reason, count, facts={"cases": count})


def _open(actor: Actor, number: str, *, in_hand: bool = False) -> RepairIncident:
    """The incident under its lock; ``in_hand``: for its crew too, from whichever office. Raises :class:`NotFound`,
    :class:`NotAllowed` for a crew of another office, :class:`Conflict` for one that has ended."""
    rows = RepairIncident.objects.select_related("unit")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(number=number).first()
    if row is None or not reach.covers_incident(actor, row):
        raise NotFound(f"there is no incident {number}")
    if not in_hand and not reach.is_over(actor, row):
        raise NotAllowed(f"incident {number} lies with another office: only the work on it is yours")
    if row.state != "OPEN":
        raise Conflict(f"incident {number} is {row.state}", state=row.state)
    return row


def _job(row: RepairIncident) -> CrewJob | None:
    return CrewJob.objects.filter(incident=row, ended_at__isnull=True).select_related("crew").first()


def _is_crew(row: RepairIncident, actor: Actor) -> bool:
    job = _job(row)
    return job is not None and job.crew.leader == actor.code


def _require_crew(row: RepairIncident, actor: Actor) -> None:
    """The leader of the crew that has it, or who directs."""
    if not _is_crew(row, actor):
        require_role(actor, *DIRECTING)
        if not reach.is_over(actor, row):
            raise NotAllowed(f"incident {row.number} lies with another office: its crew is led by another person")


def _lock_members(row: RepairIncident) -> list[str]:
    ids = IncidentCase.objects.filter(incident=row, case__state="OPEN").values_list("case_id", flat=True)
    return [one.number for one in grouping.cases_locked(list(ids))]


def _advance(
    row: RepairIncident, step: str, rule: Repairs, charter: Charter, *, actor: Actor, at: datetime,
    answers: Mapping[str, str], proofs: Sequence[Proof] = (), handler: str = "", result: str = "", note: str = "",
) -> int:  # fmt: skip
    moved = stepping.advance(
        _lock_members(row), step, rule, charter, actor=actor, at=at, answers=answers, proofs=proofs, handler=handler,
        result=result, note=note or row.number,
    )  # fmt: skip
    RepairIncident.objects.filter(pk=row.pk).update(step=step)
    row.refresh_from_db()
    return moved


def _is_there(row: RepairIncident, rule: Repairs, actor: Actor) -> bool:
    return row.step in (rule.steps.arrive, rule.steps.restore) and _is_crew(row, actor)


def _expect(
    row: RepairIncident, expected_at: datetime, rule: Repairs, charter: Charter, *, actor: Actor, at: datetime,
    at_place: bool, reason: str = "",
) -> int:  # fmt: skip
    if expected_at <= at:
        raise InvalidInput("supply is expected back at a time that is still to come")
    RepairIncident.objects.filter(pk=row.pk).update(
        expected_at=expected_at, expected_set_at=at, expected_set_by=actor.code
    )  # fmt: skip
    row.refresh_from_db()
    numbers = _lock_members(row)
    for one in Case.objects.select_related("unit").filter(number__in=numbers).order_by("pk"):
        stepping.tell_expected(one, rule, expected_at, charter, actor=actor, at=at)
    told = IncidentExpected(
        row.number, expected_at.isoformat(), at.isoformat(), actor.code, at_place, audit.without_numbers(reason),
        row.unit.path,
    )  # fmt: skip
    events.publish(told, at=at)
    return len(numbers)


def _done(
    row: RepairIncident, action: str, actor: Actor, at: datetime, reason: str, cases: int, *, facts: dict[str, object]
) -> IncidentStands:
    audit.record(
        actor=actor, action=action, subject=(INCIDENT_SUBJECT, row.number), facts=facts, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip
    return IncidentStands(row.number, row.state, row.step, row.expected_at, cases)
