"""Permits to work (工作票): written by the dated list, each precondition seen by somebody, issued by another than who works."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.cases import permitting, reach
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import PermitCheck, WorkPermit
from wandeng.domains.cases.states import PERMIT
from wandeng.domains.organization.queries import acting
from wandeng.infra import audit, ids
from wandeng.infra.effective.topics.repairs import WorkPermits
from wandeng.infra.scope import require_role
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

WRITERS = ("CELL_MANAGER", "ACCOUNT_MANAGER", "DISPATCHER", "COUNTY_MANAGER")
ISSUERS = ("DISPATCHER", "COUNTY_MANAGER")
PERMIT_SUBJECT = "cases.WorkPermit"
MOST_DANGERS = 10


@dataclass(frozen=True, slots=True)
class PermitStands:
    """Where a permit stands after an action on it; ``open_checks`` are the preconditions nobody has seen yet."""

    number: str
    state: str
    open_checks: int


@transaction.atomic
def write(
    *, case: str, job: str, work: str, worker: str, valid_from: datetime, valid_to: datetime, actor: Actor, at: datetime,
    charter: Charter, dangers: Sequence[str] = (),
) -> PermitStands:  # fmt: skip
    """Write a permit for the step a case stands at, by the list of its kind of work; ``dangers`` are further ones of the place.

    Raises :class:`NotFound` for a kind of work there is no list of, :class:`Conflict` for a step that needs no permit or has
    one, :class:`InvalidInput` for times out of order or longer than the list allows, :class:`NoRuleInForce`.
    """
    row = locked_case(actor, case, in_hand=True)
    reach.require(actor, *WRITERS, row=row)
    if row.state != "OPEN" or not permitting.is_wanted(row, charter.body_of(row).step(row.step)):
        raise Conflict(f"case {case} stands at no step that needs a permit to work", step=row.step)
    if WorkPermit.objects.filter(case=row, step=row.step, state__in=["DRAFT", "ISSUED"]).exists():
        raise Conflict(f"case {case} has a permit to work for this step", step=row.step)
    acting.person_place(worker)
    version = charter.rules.version(WorkPermits, on=local_day(valid_from), territory=row.unit.territory)
    listed = next((one for one in version.body.jobs if one.code == job), None)
    if listed is None:
        raise NotFound(f"there is no list for the work {job}", job=job)
    further = [text.strip() for text in dangers if text.strip()]
    if not work.strip() or len(further) > MOST_DANGERS:
        raise InvalidInput(f"say what is to be done, and at most {MOST_DANGERS} further dangers")
    if not valid_from < valid_to <= valid_from + timedelta(hours=listed.most_hours):
        raise InvalidInput(f"such a permit holds for {listed.most_hours} hours at most", hours=listed.most_hours)
    known = [{"code": one.code, "zh": one.name_zh, "en": one.name_en} for one in listed.dangers]
    known += [{"code": "", "zh": audit.without_numbers(text), "en": audit.without_numbers(text)} for text in further]
    permit_id = ids.reserve(WorkPermit, 1)
    made = WorkPermit.objects.create(
        id=permit_id, number=f"P{local_day(at):%y%m%d}{permit_id:06d}", case=row, step=row.step, job=job,
        checklist_path=version.path, checklist_hash=version.content_hash, work=audit.without_numbers(work.strip())[:200],
        dangers=json.dumps(known, ensure_ascii=False), worker=worker, written_at=at, written_by=actor.code,
        valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    PermitCheck.objects.bulk_create(
        PermitCheck(permit=made, place=place, code=one.code, words_zh=one.name_zh, words_en=one.name_en)
        for place, one in enumerate(listed.preconditions, start=1)
    )
    return _done(made, "permit.write", actor, at, "", facts={"case_number": case, "job": job, "worker": worker})


@transaction.atomic
def see(*, number: str, check: str, actor: Actor, at: datetime) -> PermitStands:
    """Tick one precondition: whoever does says to have seen it done (逐项确认). Seeing it twice is seeing it once.

    Raises :class:`Conflict` for a permit that is no draft, :class:`NotFound` for a precondition it has not.
    """
    row = _permit(actor, number, *WRITERS)
    if row.state != "DRAFT":
        raise Conflict(f"permit {number} is {row.state}", state=row.state)
    one = PermitCheck.objects.filter(permit=row, code=check).first()
    if one is None:
        raise NotFound(f"permit {number} has no precondition {check}")
    if one.seen_at is None:
        PermitCheck.objects.filter(pk=one.pk).update(seen_at=at, seen_by=actor.code)
    return _done(row, "permit.see", actor, at, "", facts={"check": check})


@transaction.atomic
def issue(*, number: str, actor: Actor, at: datetime) -> PermitStands:
    """Give leave (签发): every precondition was seen, and whoever issues is not who works.

    Raises :class:`NotAllowed` for the worker, :class:`Conflict` while something was not seen or when its time is over.
    """
    row = _permit(actor, number, *ISSUERS)
    if not reach.is_over(actor, row.case):
        raise NotAllowed(f"permit {number} lies with another office: it is issued there")
    if actor.code == row.worker:
        raise NotAllowed("whoever is in charge of the work does not issue its permit")
    open_checks = _open_checks(row)
    if open_checks:
        raise Conflict(f"permit {number}: {open_checks} preconditions were not seen yet", open=open_checks)
    if at >= row.valid_to:
        raise Conflict(f"permit {number}: its time is over")
    move(row, PERMIT, "issue", actor=actor, at=at, issuer=actor.code, issued_at=at)
    return _done(row, "permit.issue", actor, at, "", facts={})


@transaction.atomic
def close(*, number: str, note: str, actor: Actor, at: datetime) -> PermitStands:
    """The work is done, people and tools are away, what was set up is taken down (工作终结)."""
    row = _permit(actor, number, *WRITERS)
    move(row, PERMIT, "close", actor=actor, at=at, closed_at=at, closed_by=actor.code, note=note.strip()[:200])
    return _done(row, "permit.close", actor, at, note, facts={})


@transaction.atomic
def withdraw(*, number: str, reason: str, actor: Actor, at: datetime) -> PermitStands:
    """Take a permit back (作废): nothing may be done under it any more. Raises :class:`InvalidInput` without a reason."""
    row = _permit(actor, number, *WRITERS)
    if not reason.strip():
        raise InvalidInput("say why the permit is withdrawn")
    move(row, PERMIT, "withdraw", actor=actor, at=at, reason=reason, closed_at=at, closed_by=actor.code,
         note=reason.strip()[:200])  # fmt: skip
    return _done(row, "permit.withdraw", actor, at, reason, facts={})


def _permit(actor: Actor, number: str, *roles: str) -> WorkPermit:
    rows = WorkPermit.objects.select_related("case__unit")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(number=number).first()
    if row is None or not reach.covers_permit(actor, row):
        raise NotFound(f"there is no permit {number}")
    require_role(actor, *roles)
    return row


def _open_checks(row: WorkPermit) -> int:
    return PermitCheck.objects.filter(permit=row, seen_at__isnull=True).count()


def _done(
    row: WorkPermit, action: str, actor: Actor, at: datetime, reason: str, *, facts: dict[str, object]
) -> PermitStands:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject=(PERMIT_SUBJECT, row.number), facts=facts, at=at, reason=reason,
        unit_path=row.case.unit.path,
    )  # fmt: skip
    return PermitStands(row.number, row.state, _open_checks(row))
