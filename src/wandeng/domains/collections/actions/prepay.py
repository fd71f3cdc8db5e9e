"""Prepay agreements (费控协议): enrolled with the terms in force, ended with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.collections import rules_prepay
from wandeng.domains.collections.models import LIVE, DisconnectionOrder, PrepayAgreement, PrepayEpisode
from wandeng.domains.collections.states_orders import DISCONNECTION
from wandeng.domains.collections.states_prepay import PREPAY_AGREEMENT, PREPAY_EPISODE
from wandeng.domains.collections.types_prepay import PrepayEnrolled, PrepayNotEnrolled, PrepaySupplyOff
from wandeng.domains.customers import actions as customers_actions
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

ENROLLERS = (
    Role.HALL_CLERK, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.ACCOUNTANT, Role.COUNTY_MANAGER,
)  # fmt: skip
_BEFORE_LEAVING = ("PROPOSED", "SECOND_WANTED", "APPROVED")


@transaction.atomic
def enroll(
    *, account_number: str, valid_from: date, actor: Actor, at: datetime, library: RuleLibrary, document: str = "",
    agreed_warn_fen: int | None = None, reason: str = "",
) -> int:  # fmt: skip
    """Sign an account up for prepay (签订费控协议) on the terms in force on ``valid_from``. Returns the agreement.

    ``agreed_warn_fen``: a warning threshold the customer asked for instead of the rule's.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`PrepayEnrolled`, :class:`NoPrepayTerms`,
    :class:`InvalidInput`, ``NoRuleInForce``.
    """
    account = customers.account(Scope.of(actor), account_number)
    require(actor, *ENROLLERS, unit_path=account.unit_path)
    terms = rules_prepay.prepay_rule(account.territory, valid_from, library).of_class(account.customer_class)
    _require_warning(agreed_warn_fen, terms.restore_from_fen)
    customers_actions.lock_accounts([account.id])
    if PrepayAgreement.objects.filter(account_id=account.id, state="ACTIVE").exists():
        raise PrepayEnrolled(f"account {account_number} has a prepay agreement already")
    last = PrepayAgreement.objects.filter(account_id=account.id).order_by("-valid_to").first()
    if last is not None and last.valid_to is not None and valid_from < last.valid_to:
        raise InvalidInput("a prepay agreement begins after the one before it has ended")
    row = PrepayAgreement.objects.create(
        id=ids.reserve(PrepayAgreement, 1), account_id=account.id, valid_from=valid_from, document=document.strip(),
        agreed_warn_fen=agreed_warn_fen, rule_path=terms.path, rule_hash=terms.content_hash, enrolled_by=actor.code,
        enrolled_at=at, reason=reason.strip(),
    )  # fmt: skip
    facts = {"account": account_number, "valid_from": valid_from, "document": row.document}
    _log("prepay.enroll", row, account.unit_path, facts, actor, at, reason)
    return int(row.pk)


def enroll_each(
    *, account_numbers: Sequence[str], valid_from: date, actor: Actor, at: datetime, library: RuleLibrary,
    reason: str = "",
) -> int:  # fmt: skip
    """Sign several accounts up, each in one transaction; the first that cannot be stops the rest. Returns how many."""
    for number in account_numbers:
        enroll(account_number=number, valid_from=valid_from, actor=actor, at=at, library=library, reason=reason)
    return len(account_numbers)


@transaction.atomic
def agree_warning(*, account_number: str, warn_fen: int | None, actor: Actor, at: datetime, reason: str = "") -> None:
    """Change the warning threshold that was agreed; ``None``: by the rule again. Raises :class:`PrepayNotEnrolled`."""
    row = _active(account_number, actor)
    _require_warning(warn_fen, 0)
    PrepayAgreement.objects.filter(pk=row.pk).update(agreed_warn_fen=warn_fen)
    facts: dict[str, object] = {"account": account_number, "warn_fen": warn_fen}
    _log("prepay.agree_warning", row, row.account.unit.path, facts, actor, at, reason)


@transaction.atomic
def end(*, account_number: str, reason: str, actor: Actor, at: datetime) -> None:
    """End a prepay agreement (解除费控协议) as of today: its episode is closed and an order that has not left withdrawn.

    Raises :class:`PrepayNotEnrolled`, :class:`PrepaySupplyOff` while supply is off by it, or may be,
    :class:`InvalidInput` without a reason, :class:`NotFound`, :class:`NotAllowed`.
    """
    row = _active(account_number, actor)
    if not reason.strip():
        raise InvalidInput("say why the prepay agreement ends")
    on = at.astimezone(BILLING_ZONE).date()
    for order in DisconnectionOrder.objects.filter(episode__agreement=row, state__in=LIVE):
        if order.state not in _BEFORE_LEAVING:
            raise PrepaySupplyOff(
                f"supply of account {account_number} is off by order {order.number}, or may be: it is given back first"
            )
        move(order, DISCONNECTION, "withdraw", actor=actor, at=at, reason=reason, ended_at=at)
    for episode in PrepayEpisode.objects.filter(agreement=row).exclude(state="CLOSED"):
        move(episode, PREPAY_EPISODE, "close", actor=actor, at=at, reason=reason, closed_at=at, closed_as="ENDED")
    move(
        row, PREPAY_AGREEMENT, "end", actor=actor, at=at, reason=reason, valid_to=max(on, row.valid_from),
        ended_by=actor.code, ended_at=at, end_reason=reason.strip(),
    )  # fmt: skip
    _log("prepay.end", row, row.account.unit.path, {"account": account_number}, actor, at, reason)


def _active(account_number: str, actor: Actor) -> PrepayAgreement:
    """The active agreement of an account within the actor's scope, read after its account was locked."""
    account = customers.account(Scope.of(actor), account_number)
    require(actor, *ENROLLERS, unit_path=account.unit_path)
    customers_actions.lock_accounts([account.id])
    rows = PrepayAgreement.objects.select_related("account__unit")
    found = rows.filter(account_id=account.id, state="ACTIVE").first()
    if found is None:
        raise PrepayNotEnrolled(f"account {account_number} has no prepay agreement")
    return found


def _require_warning(warn_fen: int | None, least_fen: int) -> None:
    if warn_fen is not None and not max(0, least_fen) <= warn_fen <= 10**9:
        raise InvalidInput("a warning threshold lies above the balance at which supply is given back")


def _log(
    action: str, row: PrepayAgreement, unit_path: str, facts: dict[str, object], actor: Actor, at: datetime, reason: str
) -> None:
    audit.record(
        actor=actor, action=action, subject=row, facts=facts, at=at, reason=reason, unit_path=unit_path
    )  # fmt: skip
