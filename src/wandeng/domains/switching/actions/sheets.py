"""A switching sheet is written, checked by a second person, issued by a dispatcher, voided."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from wandeng.domains.organization import queries as organization
from wandeng.domains.switching import checking, loading, rules
from wandeng.domains.switching.models import SwitchingFinding, SwitchingSheet, SwitchingStep
from wandeng.domains.switching.roles import ISSUERS, WRITERS
from wandeng.domains.switching.states import SHEET
from wandeng.domains.switching.types import (
    SWITCHED,
    SamePerson,
    SheetForbidden,
    SheetRequest,
    SheetWarningsOpen,
    StepAction,
    StepAsked,
)
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

MOST_STEPS = 200
TEXT = 200


@transaction.atomic
def draft(*, request: SheetRequest, actor: Actor, at: datetime) -> str:
    """Write a sheet. Returns its number.

    Raises :class:`NotAllowed`, :class:`NotFound` for a unit or device (the step is named), :class:`InvalidInput`.
    """
    unit = organization.unit(Scope.of(actor), request.unit_code)
    require(actor, *WRITERS, unit_path=unit.path)
    _refuse_impossible(request)
    written = loading.written(request, unit)
    first = ids.reserve(SwitchingSheet, 1)
    row = SwitchingSheet(
        id=first, number=f"CZ{at.astimezone(BILLING_ZONE):%Y}-{first:06d}", unit_id=unit.unit_id,
        feeder_id=written.feeder_id, purpose=request.purpose.strip(), outage=request.outage.strip(),
        incident=request.incident.strip(), written_by=actor.code, written_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    _steps(row, request.steps, written)
    _log("sheet.draft", row, actor, at, steps=len(request.steps))
    return row.number


@transaction.atomic
def rewrite(*, number: str, request: SheetRequest, actor: Actor, at: datetime) -> None:
    """Write a draft anew, or one that was checked: it is a draft again, of who wrote it last. Raises as :func:`draft`,
    :class:`Conflict` once it is issued."""
    row = loading.locked(actor, number)
    require(actor, *WRITERS, unit_path=row.unit.path)
    _refuse_impossible(request)
    if row.state == "CHECKED":
        move(row, SHEET, "send_back", actor=actor, at=at, checked_by="", checked_at=None)
    if row.state != "DRAFT":
        raise Conflict(f"sheet {number} is {row.state}: void it and write another")
    unit = organization.unit(Scope.of(actor), row.unit.code)
    written = loading.written(request, unit)
    SwitchingSheet.objects.filter(pk=row.pk).update(
        purpose=request.purpose.strip(), outage=request.outage.strip(), incident=request.incident.strip(),
        feeder_id=written.feeder_id, written_by=actor.code, written_at=at,
    )  # fmt: skip
    row.findings.all().delete()
    row.steps.all().delete()
    _steps(row, request.steps, written)
    _log("sheet.rewrite", row, actor, at, steps=len(request.steps))


@transaction.atomic
def check(
    *, number: str, actor: Actor, at: datetime, protected: Collection[int] = (), told: Collection[int] | None = None,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Check a sheet by a second person (审核): its steps are replayed on the network as it is switched now. Returns how many
    warnings somebody has to answer for before it is issued.

    Raises :class:`SamePerson` for who wrote it, :class:`SheetForbidden`, :class:`NotFound`, :class:`NotAllowed`, ``MoveRefused``,
    ``NoRuleInForce``.
    """
    row = loading.locked(actor, number)
    require(actor, *WRITERS, unit_path=row.unit.path)
    if actor.code == row.written_by:
        raise SamePerson(f"who wrote {number} does not check it", sheet=number)
    _review(row, at, protected, told, library)
    _refuse_forbidden(row)
    move(row, SHEET, "check", actor=actor, at=at, checked_by=actor.code, checked_at=at)
    _log("sheet.check", row, actor, at)
    return row.findings.filter(forbids=False, acknowledged_by="").count()


@transaction.atomic
def review(
    *, number: str, actor: Actor, at: datetime, protected: Collection[int] = (), told: Collection[int] | None = None,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Replay the steps of a sheet that is not issued yet (预校核); nothing is decided. Returns how many findings there are.
    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` once it is issued."""
    row = loading.locked(actor, number)
    require(actor, *WRITERS, unit_path=row.unit.path)
    if row.state not in ("DRAFT", "CHECKED"):
        raise Conflict(f"sheet {number} is {row.state}: it is not looked at again")
    _review(row, at, protected, told, library)
    _log("sheet.review", row, actor, at)
    return row.findings.count()


@transaction.atomic
def acknowledge(*, number: str, finding: int, reason: str, actor: Actor, at: datetime) -> None:
    """Answer for a warning with a reason. Raises :class:`InvalidInput` without one, :class:`Conflict` for one that forbids or is
    answered for, :class:`NotFound`, :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *WRITERS, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("a warning is acknowledged for a stated reason")
    found = row.findings.filter(pk=finding).first()
    if found is None:
        raise NotFound(f"there is no finding {finding} of {number}")
    if found.forbids or found.acknowledged_by or row.state not in ("DRAFT", "CHECKED"):
        raise Conflict(f"{found.code} is not to be acknowledged")
    row.findings.filter(pk=finding).update(
        acknowledged_by=actor.code, acknowledged_at=at, acknowledged_reason=reason.strip()
    )
    _log("sheet.acknowledge", row, actor, at, reason, finding=found.code)


@transaction.atomic
def issue(
    *, number: str, actor: Actor, at: datetime, protected: Collection[int] = (), told: Collection[int] | None = None,
    library: RuleLibrary | None = None,
) -> None:  # fmt: skip
    """Issue a checked sheet (签发): replayed once more, for the network may have been switched since.

    Raises :class:`SheetForbidden`, :class:`SheetWarningsOpen`, :class:`NotFound`, :class:`NotAllowed`, ``MoveRefused``,
    ``NoRuleInForce``.
    """
    row = loading.locked(actor, number)
    require(actor, *ISSUERS, unit_path=row.unit.path)
    move(row, SHEET, "issue", actor=actor, at=at, issued_by=actor.code, issued_at=at)
    _review(row, at, protected, told, library)
    _refuse_forbidden(row)
    waiting = list(row.findings.filter(acknowledged_by="").order_by("place").values_list("code", flat=True))
    if waiting:
        raise SheetWarningsOpen(f"acknowledge with a reason first: {', '.join(waiting)}", codes=waiting)
    _log("sheet.issue", row, actor, at)


@transaction.atomic
def void(*, number: str, reason: str, actor: Actor, at: datetime) -> None:
    """Void a sheet for a reason (作废); steps that were done stay on record. Raises :class:`InvalidInput`, :class:`NotFound`,
    :class:`NotAllowed`, ``MoveRefused``."""
    row = loading.locked(actor, number)
    require(actor, *(ISSUERS if row.issued_at else WRITERS), unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("say why the sheet is voided")
    move(
        row, SHEET, "void", actor=actor, at=at, reason=reason.strip(), ended_at=at, voided_by=actor.code,
        void_reason=reason.strip(),
    )  # fmt: skip
    _log("sheet.void", row, actor, at, reason)


def _review(
    row: SwitchingSheet, at: datetime, protected: Collection[int], told: Collection[int] | None,
    library: RuleLibrary | None,
) -> None:  # fmt: skip
    """Store what the replay finds; an answer stays while its finding says the same."""
    forbidding = rules.sheets(at.astimezone(BILLING_ZONE).date(), library=library).forbidding
    found = {
        (place, code.value): json.dumps(facts, ensure_ascii=False, sort_keys=True)
        for place, code, facts in checking.findings(row, at=at, protected=protected, told=told)
    }
    known = {(one.place, one.code): one.facts for one in row.findings.all()}
    for place, code in known:
        if found.get((place, code)) != known[place, code]:
            row.findings.filter(place=place, code=code).delete()
    new = {key: facts for key, facts in found.items() if known.get(key) != facts}
    first = ids.reserve(SwitchingFinding, max(1, len(new)))
    SwitchingFinding.objects.bulk_create(
        SwitchingFinding(
            id=first + ahead, sheet=row, place=place, code=code, forbids=code in forbidding, facts=facts
        )
        for ahead, ((place, code), facts) in enumerate(new.items())
    )  # fmt: skip


def _refuse_forbidden(row: SwitchingSheet) -> None:
    codes = list(row.findings.filter(forbids=True).order_by("place").values_list("place", "code"))
    if codes:
        told = ", ".join(f"{place} {code}" for place, code in codes)
        raise SheetForbidden(f"the sheet cannot go on: {told}", codes=[code for _place, code in codes])


def _steps(row: SwitchingSheet, steps: Sequence[StepAsked], written: loading.Written) -> None:
    first = ids.reserve(SwitchingStep, len(steps))
    SwitchingStep.objects.bulk_create(
        SwitchingStep(
            id=first + ahead, sheet=row, place=ahead + 1, action=one.action.value, switch_id=switch,
            transformer_id=transformer, text=one.text.strip(), expected=_expected(one),
        )
        for ahead, (one, (switch, transformer)) in enumerate(zip(steps, written.devices, strict=True))
    )  # fmt: skip


def _expected(one: StepAsked) -> str:
    if one.action not in SWITCHED:
        return ""
    return one.expected or (checking.CLOSED if one.action is StepAction.OPEN else checking.OPEN)


def _refuse_impossible(request: SheetRequest) -> None:
    if not request.purpose.strip() or len(request.purpose) > TEXT:
        raise InvalidInput("a sheet says in a line what it is for")
    if not 0 < len(request.steps) <= MOST_STEPS:
        raise InvalidInput(f"a sheet has 1 to {MOST_STEPS} steps")
    if len(request.outage.strip()) > 24 or len(request.incident.strip()) > 24:
        raise InvalidInput("a number of an outage or an incident has 24 characters at most")
    if request.outage.strip() and request.incident.strip():
        raise InvalidInput("a sheet serves an outage plan or an incident")
    for place, one in enumerate(request.steps, start=1):
        if len(one.text) > TEXT or one.expected not in ("", checking.OPEN, checking.CLOSED):
            raise InvalidInput(f"step {place} is not to be understood")


def _log(
    action: str, row: SwitchingSheet, actor: Actor, at: datetime, reason: str = "", **facts: object
) -> None:  # fmt: skip
    told = {"sheet": row.number, **facts}
    audit.record(
        actor=actor, action=action, subject=("sheet", row.number), facts=told, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip
