"""Keeping what proves a case (证据保管): held while somebody may still need it, destroyed by two persons when its years are over.

Each action takes several cases and does all or none, so that what one person signs for is one list.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wandeng.domains.cases import evidence, log, recording
from wandeng.domains.cases.charter import local_day
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import Case, CasePaper, EvidenceDestruction, EvidenceHold
from wandeng.domains.cases.states import DESTRUCTION
from wandeng.infra import audit
from wandeng.infra.scope import require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed

KEEPERS = ("AUDITOR", "COUNTY_MANAGER")
APPROVERS = ("COUNTY_MANAGER", "PROVINCIAL_MANAGER")
ENDED = ("CLOSED", "WITHDRAWN")
"""How a case stands whose evidence has an end of its keeping; a merged one has that of the case it went into."""
MOST_AT_ONCE = 1_000


@transaction.atomic
def hold(*, numbers: Sequence[str], reason: str, actor: Actor, at: datetime) -> int:
    """Keep the evidence of cases whatever their years say (保全): a court, an inspection, a customer who still disputes.

    A proposal to destroy it falls. Returns how many were not held already. Raises :class:`InvalidInput` without a reason,
    :class:`NotFound`.
    """
    why, held = _why(reason), 0
    for row in _cases(actor, numbers, KEEPERS):
        if EvidenceHold.objects.filter(case=row, released_at__isnull=True).exists():
            continue
        EvidenceHold.objects.create(case=row, reason=why, held_at=at, held_by=actor.code)
        for proposed in EvidenceDestruction.objects.filter(case=row, state="PROPOSED"):
            _refuse(proposed, why, actor, at)
        _note(row, "HELD", why, actor, at)
        recording.record("evidence.hold", row, {}, actor, at, why)
        held += 1
    return held


@transaction.atomic
def release(*, numbers: Sequence[str], reason: str, actor: Actor, at: datetime) -> int:
    """Nobody needs it any more (解除保全): the years hold again. Raises :class:`Conflict` for a case that is not held."""
    why, rows = _why(reason), _cases(actor, numbers, KEEPERS)
    for row in rows:
        released = EvidenceHold.objects.filter(case=row, released_at__isnull=True)
        if not released.update(released_at=at, released_by=actor.code):
            raise Conflict(f"the evidence of case {row.number} is not held")
        _note(row, "RELEASED", why, actor, at)
        recording.record("evidence.release", row, {}, actor, at, why)
    return len(rows)


@transaction.atomic
def propose(*, numbers: Sequence[str], reason: str, actor: Actor, at: datetime) -> int:
    """Propose to destroy the evidence of cases whose years are over (提请销毁).

    Raises :class:`Conflict` for a case that has not ended, or was merged into one that has not; whose years are not over; that
    is held, itself or by what it was merged into; that is proposed already or has no file. Then nothing is proposed.
    """
    why, rows = _why(reason), _cases(actor, numbers, KEEPERS)
    for row in rows:
        _require_over(row, at)
        if EvidenceDestruction.objects.filter(case=row, state="PROPOSED").exists():
            raise Conflict(f"it was already proposed to destroy the evidence of case {row.number}")
        if not _files(row):
            raise Conflict(f"case {row.number} has no file that could be destroyed")
        EvidenceDestruction.objects.create(case=row, reason=why, proposed_at=at, proposed_by=actor.code)
        recording.record("evidence.propose", row, {}, actor, at, why)
    return len(rows)


@transaction.atomic
def approve(*, numbers: Sequence[str], note: str = "", actor: Actor, at: datetime) -> int:
    """Destroy it (批准销毁): another than who proposed says so. The files go; that they were there, their kind, step and hash
    stay. Files go after the transaction; what a crash leaves behind goes with the next sweep.

    Raises :class:`NotAllowed` for whoever proposed it, :class:`Conflict` as :func:`propose`.
    """
    rows = _cases(actor, numbers, APPROVERS)
    for row in rows:
        proposed = _proposed(row)
        if proposed.proposed_by == actor.code:
            raise NotAllowed("whoever proposed to destroy evidence does not approve it")
        _require_over(row, at)
        papers = _files(row)
        what = [{"kind": one.kind, "step": one.step, "hash": one.file_hash} for one in papers]
        move(
            proposed, DESTRUCTION, "approve", actor=actor, at=at, decided_at=at, decided_by=actor.code,
            note=_kept_words(note), what=audit.canonical({"files": what}),
        )  # fmt: skip
        CasePaper.objects.filter(pk__in=[one.pk for one in papers]).update(destroyed_at=at)
        _note(row, "DESTROYED", proposed.reason, actor, at, files=len(papers))
        recording.record("evidence.destroy", row, {"files": len(papers)}, actor, at, note)
    transaction.on_commit(lambda: evidence.forget(at))
    return len(rows)


@transaction.atomic
def refuse(*, numbers: Sequence[str], reason: str, actor: Actor, at: datetime) -> int:
    """Do not destroy it (驳回), or take one's own proposal back; it can be proposed again. Raises :class:`Conflict` where nothing was proposed."""
    why, rows = _why(reason), _cases(actor, numbers, (*APPROVERS, *KEEPERS))
    for row in rows:
        _refuse(_proposed(row), why, actor, at)
        recording.record("evidence.refuse", row, {}, actor, at, why)
    return len(rows)


def forget(*, at: datetime) -> int:
    """Remove files of destroyed evidence that a crash left behind; returns how many. For the night."""
    return evidence.forget(at)


def _cases(actor: Actor, numbers: Sequence[str], roles: Sequence[str]) -> list[Case]:
    if not 0 < len(set(numbers)) <= MOST_AT_ONCE:
        raise InvalidInput(f"name at least one case and at most {MOST_AT_ONCE}")
    rows = [locked_case(actor, number) for number in sorted(set(numbers))]
    for row in rows:
        require(actor, *roles, unit_path=row.unit.path)
    return rows


def _require_over(row: Case, at: datetime) -> None:
    decides = row.into if row.state == "MERGED" and row.into else row
    if decides.state not in ENDED or row.kept_until is None:
        raise Conflict(f"case {decides.number} is {decides.state}, or its evidence is kept without a bound",
                       state=decides.state)  # fmt: skip
    if row.kept_until >= local_day(at):
        raise Conflict(
            f"the evidence of case {row.number} is kept until {row.kept_until}", until=row.kept_until.isoformat()
        )
    held = EvidenceHold.objects.filter(case__in=[row, decides], released_at__isnull=True).order_by("id").first()
    if held is not None:
        raise Conflict(f"the evidence of case {held.case.number} is held")


def _files(row: Case) -> list[CasePaper]:
    rows = CasePaper.objects.filter(case=row, destroyed_at__isnull=True).exclude(file_hash="")
    return list(rows.order_by("id"))


def _proposed(row: Case) -> EvidenceDestruction:
    found = EvidenceDestruction.objects.filter(case=row, state="PROPOSED").first()
    if found is None:
        raise Conflict(f"nobody proposed to destroy the evidence of case {row.number}")
    return found


def _refuse(proposed: EvidenceDestruction, why: str, actor: Actor, at: datetime) -> None:
    if actor.code == proposed.proposed_by:
        move(proposed, DESTRUCTION, "withdraw", actor=actor, at=at, reason=why, note=why)
        return
    move(
        proposed, DESTRUCTION, "refuse", actor=actor, at=at, reason=why, decided_at=at, decided_by=actor.code, note=why
    )  # fmt: skip


def _note(row: Case, kind: str, text: str, actor: Actor, at: datetime, **facts: object) -> None:
    written = log.Log.of(row)
    written.add(kind, at=at, noted_at=at, actor=actor, what=row.step, note=text, facts=facts)
    written.keep()


def _why(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("say why")
    return _kept_words(reason)


def _kept_words(text: str) -> str:
    return audit.without_numbers(text.strip())[:200]
