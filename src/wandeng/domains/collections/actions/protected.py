"""Protected customers (不停电保护名单): proposed with evidence by one person, approved or refused by another, ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.collections import states
from wandeng.domains.collections.models import ProtectedCustomer
from wandeng.domains.collections.types import ProtectionKind, SamePerson
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

PROPOSERS = (Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.HALL_CLERK, Role.CALL_CLERK, Role.COUNTY_MANAGER)
DECIDERS = (Role.COUNTY_MANAGER,)
_UNIT = "account__unit__path"


@transaction.atomic
def protect(
    *, account_number: str, kind: str, evidence: str, valid_from: date, valid_to: date, actor: Actor, at: datetime,
    reason: str = "",
) -> int:  # fmt: skip
    """Propose that an account is never cut for ``valid_from`` ≤ day < ``valid_to``. Until somebody else has decided it is not
    cut either. ``evidence`` names the paper (a certificate's number). Returns the protection.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for no evidence, an empty period or an unknown
    kind, :class:`Conflict` when one of the kind is proposed or holds already.
    """
    account = customers.account(Scope.of(actor), account_number)
    require(actor, *PROPOSERS, unit_path=account.unit_path)
    if kind not in set(ProtectionKind):
        raise InvalidInput(f"there is no kind of protection {kind}")
    if not evidence.strip():
        raise InvalidInput("a protection names its evidence")
    if valid_to <= valid_from:
        raise InvalidInput("a protection ends after it begins")
    standing = ProtectedCustomer.objects.filter(account_id=account.id, kind=kind, state__in=["PROPOSED", "APPROVED"])
    if standing.filter(valid_from__lt=valid_to, valid_to__gt=valid_from).exists():
        raise Conflict(f"account {account_number} is protected for this reason already")
    row = ProtectedCustomer.objects.create(
        id=ids.reserve(ProtectedCustomer, 1), account_id=account.id, kind=kind, evidence=evidence.strip(),
        valid_from=valid_from, valid_to=valid_to, proposed_by=actor.code, proposed_at=at, reason=reason,
    )  # fmt: skip
    _log("protection.propose", row, account.unit_path, actor, at, reason)
    return row.pk


@transaction.atomic
def approve_protection(*, protection_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Let a proposed protection hold. Raises :class:`SamePerson`, :class:`NotFound`, :class:`NotAllowed`,
    ``MoveRefused``."""
    _decide(protection_id, "protection.approve", actor, at, reason)


@transaction.atomic
def refuse_protection(*, protection_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """Refuse a proposed protection, for a reason. Raises :class:`SamePerson`, :class:`InvalidInput` without one,
    :class:`NotFound`, :class:`NotAllowed`, ``MoveRefused``."""
    if not reason.strip():
        raise InvalidInput("a protection is refused for a stated reason")
    _decide(protection_id, "protection.refuse", actor, at, reason)


def _decide(protection_id: int, action: str, actor: Actor, at: datetime, reason: str) -> None:
    row = _protection(protection_id, actor)
    require(actor, *DECIDERS, unit_path=row.account.unit.path)
    if row.proposed_by == actor.code:
        raise SamePerson("a protection is decided by a second person")
    verb = action.rpartition(".")[2]
    move(row, states.PROTECTION, verb, actor=actor, at=at, reason=reason, decided_by=actor.code, decided_at=at)
    _log(action, row, row.account.unit.path, actor, at, reason)


@transaction.atomic
def end_protection(*, protection_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """End a protection whose reason is gone; from then on the clocks count again.

    Raises :class:`InvalidInput` without a reason, :class:`NotFound`, :class:`NotAllowed`, ``MoveRefused``.
    """
    row = _protection(protection_id, actor)
    require(actor, *DECIDERS, unit_path=row.account.unit.path)
    if not reason.strip():
        raise InvalidInput("a protection is ended for a stated reason")
    move(row, states.PROTECTION, "end", actor=actor, at=at, reason=reason)
    _log("protection.end", row, row.account.unit.path, actor, at, reason)


def _protection(protection_id: int, actor: Actor) -> ProtectedCustomer:
    rows = ProtectedCustomer.objects.select_related("account__unit")
    return Scope.of(actor).one(rows, _UNIT, "protection", pk=protection_id)


def _log(action: str, row: ProtectedCustomer, unit_path: str, actor: Actor, at: datetime, reason: str) -> None:
    facts = {"kind": row.kind, "evidence": row.evidence, "from_on": row.valid_from, "to_on": row.valid_to}
    audit.record(actor=actor, action=action, subject=row, facts=facts, at=at, reason=reason, unit_path=unit_path)
