"""The utility decides a parameter: one person drafts, another approves, and from its day on it holds for good."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.organization import parameters, states
from wandeng.domains.organization.models import ParameterValue
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids, transitions
from wandeng.infra.scope import require_root
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import BILLING_ZONE


class OwnDraft(NotAllowed):
    """Nobody approves what they drafted themselves."""

    code = "OWN_DRAFT"


@transaction.atomic
def draft_parameter(*, code: str, value: str, valid_from: date, reason: str, actor: Actor, at: datetime) -> int:
    """Propose a value from a day on; it holds once somebody else approves. Returns its id.

    Raises :class:`NotFound` for a parameter nobody reads, :class:`InvalidInput` for a value outside its limits, a day
    in the past or no reason, :class:`NotAllowed` unless the actor administers the whole installation.
    """
    require_root(actor, Role.ADMINISTRATOR)
    kind = parameters.kind(code)
    number = kind.parse(value)
    if not reason.strip():
        raise InvalidInput("a parameter is changed for a stated reason")
    _not_past(valid_from, at)
    row = ParameterValue.objects.create(
        id=ids.reserve(ParameterValue, 1),
        code=code,
        value=number,
        valid_from=valid_from,
        reason=reason.strip(),
        drafted_by=actor.code,
        drafted_at=at,
    )
    facts = {"parameter": code, "value": kind.text(number), "from_on": valid_from}
    audit.record(actor=actor, action="parameter.draft", subject=row, facts=facts, at=at, reason=reason)
    return row.pk


@transaction.atomic
def approve_parameter(*, value_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Let a drafted value hold from its day on.

    Raises :class:`OwnDraft`, :class:`NotFound`, :class:`InvalidInput` when its day has passed, :class:`Conflict` when
    another value holds from the same day or it is no draft any more.
    """
    require_root(actor, Role.ADMINISTRATOR)
    row = _value(value_id)
    if row.drafted_by == actor.code:
        raise OwnDraft("a parameter is approved by a second person")
    _not_past(row.valid_from, at)
    same = ParameterValue.objects.filter(code=row.code, valid_from=row.valid_from, state="APPROVED")
    if same.exists():
        raise Conflict(f"another value of {row.code} holds from {row.valid_from} already")
    was = _before(row.code, row.valid_from)
    transitions.move(
        row, states.PARAMETER, "approve", actor=actor, at=at, reason=reason, approved_by=actor.code, approved_at=at
    )
    kind = parameters.kind(row.code)
    facts = {
        "parameter": row.code, "value": kind.text(row.value), "was_value": kind.text(was), "from_on": row.valid_from,
    }  # fmt: skip
    audit.record(actor=actor, action="parameter.approve", subject=row, facts=facts, at=at, reason=reason)


@transaction.atomic
def withdraw_parameter(*, value_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take back a draft, or an approved value whose day has not come.

    Raises :class:`Conflict` for one that has been in force: what was used is followed by another, never taken back.
    """
    require_root(actor, Role.ADMINISTRATOR)
    row = _value(value_id)
    if not reason.strip():
        raise InvalidInput("a parameter is changed for a stated reason")
    if row.state == "APPROVED" and row.valid_from <= at.astimezone(BILLING_ZONE).date():
        value = parameters.kind(row.code).text(row.value)
        raise Conflict(f"{row.code} has been {value} since {row.valid_from}: draft a new value instead")
    transitions.move(row, states.PARAMETER, "withdraw", actor=actor, at=at, reason=reason)
    facts = {
        "parameter": row.code, "value": parameters.kind(row.code).text(row.value), "from_on": row.valid_from,
    }  # fmt: skip
    audit.record(actor=actor, action="parameter.withdraw", subject=row, facts=facts, at=at, reason=reason)


def _value(value_id: int) -> ParameterValue:
    row = ParameterValue.objects.filter(pk=value_id).first()
    if row is None:
        raise NotFound(f"there is no parameter value {value_id}")
    return row


def _before(code: str, on: date) -> int:
    """What would hold on a day without the value that begins there."""
    rows = ParameterValue.objects.filter(code=code, state="APPROVED", valid_from__lt=on).order_by("-valid_from")
    found = rows.values_list("value", flat=True).first()
    return parameters.kind(code).shipped if found is None else found


def _not_past(valid_from: date, at: datetime) -> None:
    if valid_from < at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"{valid_from} is in the past: what has been is not decided anew")
