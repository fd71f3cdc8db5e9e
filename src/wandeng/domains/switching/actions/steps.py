"""An issued sheet is executed: begun by two persons, step by step in its order. What a step does to the network and to who has
supply is the flow's (``flows.switching_sheets``), in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.organization import queries as organization
from wandeng.domains.switching import loading
from wandeng.domains.switching.models import SwitchingSheet, SwitchingStep
from wandeng.domains.switching.roles import ISSUERS, WRITERS
from wandeng.domains.switching.states import SHEET
from wandeng.domains.switching.types import (
    SamePerson,
    SheetState,
    StepAction,
    StepAnswer,
    StepDone,
    StepDue,
    StepOutOfOrder,
)
from wandeng.infra import audit
from wandeng.infra.scope import require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound


@transaction.atomic
def begin(*, number: str, operator: str, guardian: str, actor: Actor, at: datetime) -> None:
    """Begin an issued sheet, or hand one that runs over: who operates (操作人) and who guards (监护人), by person code.

    Raises :class:`SamePerson`, :class:`InvalidInput` for a person nobody knows, :class:`NotFound`, :class:`NotAllowed`,
    ``MoveRefused``.
    """
    row = loading.locked(actor, number)
    require(actor, *WRITERS, unit_path=row.unit.path)
    names = operator.strip(), guardian.strip()
    if names[0] == names[1]:
        raise SamePerson("who operates does not guard", sheet=number)
    known = organization.people_names(names)
    for one in names:
        if one not in known:
            raise InvalidInput(f"there is no person {one}")
    if not actor.has(ISSUERS[0]) and actor.code not in names:
        raise NotAllowed("a sheet is begun by one of the two who execute it, or by a dispatcher")
    move(row, SHEET, "begin", actor=actor, at=at, operator=names[0], guardian=names[1], began_at=row.began_at or at)
    _log("sheet.begin", row, actor, at, operator=names[0], guardian=names[1])


def due(*, number: str, place: int, key: str, done_at: datetime, actor: Actor, at: datetime) -> StepDue:
    """A step that is to be executed now, under the lock of its sheet; within a transaction.

    Raises :class:`StepOutOfOrder` naming the step that comes first, :class:`StepDone` when it was done under another key,
    :class:`Conflict` for a sheet that is not being executed, :class:`InvalidInput`, :class:`NotFound`, :class:`NotAllowed`.
    """
    row = loading.locked(actor, number)
    _may_execute(row, actor)
    step = row.steps.select_related("switch", "transformer").filter(place=place).first()
    if step is None:
        raise NotFound(f"there is no step {place} of {number}")
    if not key.strip() or len(key) > 64:
        raise InvalidInput("a step is executed under a key of 1 to 64 characters")
    is_done = step.done_at is not None and step.key == key
    if not is_done:
        _refuse(row, step, done_at, at)
    device = step.switch or step.transformer
    return StepDue(
        sheet_id=row.pk, number=row.number, place=place, unit_code=row.unit.code, unit_path=row.unit.path,
        feeder_code=row.feeder.code if row.feeder else "", purpose=row.purpose, outage=row.outage,
        incident=row.incident, action=StepAction(step.action), switch_id=step.switch_id,
        transformer_id=step.transformer_id, device_name=device.name if device else step.text, is_done=is_done,
        off=step.off, back=step.back,
    )  # fmt: skip


def done(*, step: StepDue, key: str, done_at: datetime, off: int, back: int, actor: Actor, at: datetime) -> StepAnswer:
    """A step was executed: it is written down with the two persons, and the last one ends the sheet; within a transaction."""
    row = SwitchingSheet.objects.select_related("unit").get(pk=step.sheet_id)
    if not step.is_done:
        row.steps.filter(place=step.place).update(
            done_at=done_at, recorded_at=at, recorded_by=actor.code, operator=row.operator, guardian=row.guardian,
            key=key, off=off, back=back,
        )  # fmt: skip
        _log("sheet.step", row, actor, at, place=step.place, off=off, back=back, done_at=done_at)
        _end(row, actor, at)
    return StepAnswer(row.number, step.place, off, back, _next(row), SheetState(row.state), step.is_done)


@transaction.atomic
def skip(*, number: str, place: int, reason: str, actor: Actor, at: datetime) -> StepAnswer:
    """Leave out the step whose turn it is, by who issued the sheet, for a reason (跳步). Raises :class:`NotAllowed` for anybody
    else, :class:`StepOutOfOrder`, :class:`StepDone`, :class:`InvalidInput`, :class:`Conflict`, :class:`NotFound`."""
    row = loading.locked(actor, number)
    require(actor, *ISSUERS, unit_path=row.unit.path)
    if actor.code != row.issued_by:
        raise NotAllowed("a step is left out only by who issued the sheet")
    if not reason.strip():
        raise InvalidInput("a step is left out for a stated reason")
    step = row.steps.filter(place=place).first()
    if step is None:
        raise NotFound(f"there is no step {place} of {number}")
    _refuse(row, step, at, at)
    row.steps.filter(pk=step.pk).update(skipped_at=at, skipped_by=actor.code, skip_reason=reason.strip())
    _log("sheet.skip", row, actor, at, reason, place=place)
    _end(row, actor, at)
    return StepAnswer(row.number, place, 0, 0, _next(row), SheetState(row.state))


def _may_execute(row: SwitchingSheet, actor: Actor) -> None:
    require(actor, *WRITERS, unit_path=row.unit.path)
    if not actor.has(ISSUERS[0]) and actor.code not in (row.operator, row.guardian):
        raise NotAllowed("a step is recorded by who operates, who guards, or a dispatcher")


def _refuse(row: SwitchingSheet, step: SwitchingStep, done_at: datetime, at: datetime) -> None:
    """Raises for a step whose turn it is not, or a time that cannot be."""
    if step.done_at is not None or step.skipped_at is not None:
        raise StepDone(f"step {step.place} of {row.number} is done already", sheet=row.number, place=step.place)
    if row.state != SheetState.EXECUTING:
        raise Conflict(f"sheet {row.number} is {row.state}: nothing of it is executed")
    first = _next(row)
    if first != step.place:
        raise StepOutOfOrder(f"step {first} of {row.number} comes first", sheet=row.number, place=first)
    if done_at.utcoffset() is None or done_at > at:
        raise InvalidInput("a step was done at a time that has come")
    last = row.steps.filter(done_at__isnull=False).order_by("-done_at").values_list("done_at", flat=True).first()
    earliest = max(filter(None, (last, row.issued_at)))
    if done_at < earliest:
        raise InvalidInput("a step is done after the one before it, and after the sheet was issued")


def _next(row: SwitchingSheet) -> int:
    left = row.steps.filter(done_at__isnull=True, skipped_at__isnull=True).order_by("place")
    return left.values_list("place", flat=True).first() or 0


def _end(row: SwitchingSheet, actor: Actor, at: datetime) -> None:
    if not _next(row):
        move(row, SHEET, "finish", actor=actor, at=at, ended_at=at)
        _log("sheet.finish", row, actor, at)


def _log(
    action: str, row: SwitchingSheet, actor: Actor, at: datetime, reason: str = "", **facts: object
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject=("sheet", row.number), facts={"sheet": row.number, **facts}, at=at,
        reason=reason, unit_path=row.unit.path,
    )  # fmt: skip
