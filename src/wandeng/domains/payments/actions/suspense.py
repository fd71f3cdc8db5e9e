"""Money that nobody knows (待查款): taken out of suspense for an account, given back, or left with a note."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from wandeng.domains.customers import queries as customers
from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger.types import BANK, SUSPENSE, Posting, clearing
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import rules, settling
from wandeng.domains.payments.actions.decisions import SamePerson
from wandeng.domains.payments.bank_states import SUSPENSE_ITEM
from wandeng.domains.payments.models import SuspenseItem
from wandeng.infra import audit
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import MoveRefused, move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import BILLING_ZONE

DECIDERS = (Role.ACCOUNTANT,)
CHECKERS = (Role.ACCOUNTANT, Role.COUNTY_MANAGER)


@transaction.atomic
def release_for(
    *, item_id: int, account_number: str, reason: str, actor: Actor, at: datetime
) -> SuspenseItem:  # fmt: skip
    """Take an item out of suspense for an account: back onto the channel it came by, where the payment that follows in
    the same transaction (``flows.suspense.match``) finds it. Returns the item, MATCHED.

    Raises :class:`NotFound` for item or account, :class:`NotAllowed`, :class:`InvalidInput` without a reason,
    ``MoveRefused`` when somebody decided first.
    """
    item = _open(item_id, actor, reason)
    account = customers.account(Scope.of(actor), account_number)
    _post(item, "out", clearing(item.channel), actor, at)
    move(
        item, SUSPENSE_ITEM, "match", actor=actor, at=at, reason=reason, matched_account_id=account.id,
        decided_by=actor.code, decided_at=at, note=reason[:500],
    )  # fmt: skip
    _log("suspense.match", item, {"account": account_number, "amount_fen": item.amount_fen}, reason, actor, at)
    return item


@transaction.atomic
def give_back(
    *, item_id: int, document: str, reason: str, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> str:  # fmt: skip
    """Give an item back to who paid it, by a transfer of which ``document`` is the number; the money leaves the bank. Above
    the dated limit of refunds it waits for a second person (:func:`decide_return`). Returns the item's state.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, ``MoveRefused``.
    """
    item = _open(item_id, actor, reason)
    if not document.strip() or len(document) > 64:
        raise InvalidInput("money is given back by a transfer: its document number is needed")
    day = at.astimezone(BILLING_ZONE).date()
    territory = organization.unit(Scope.everywhere(), item.unit.code).territory
    limit = rules.second_person_limits(library or current.library(), on=day, territory=territory).refund_fen
    asked = {"document": document.strip(), "asked_by": actor.code, "asked_at": at, "note": reason.strip()[:500]}
    facts = {"document": document.strip(), "amount_fen": item.amount_fen}
    if item.amount_fen > limit:
        move(item, SUSPENSE_ITEM, "ask_return", actor=actor, at=at, reason=reason, needs_second=True, **asked)
        _log("suspense.ask_return", item, facts, reason, actor, at)
        return "RETURNING"
    _post(item, "returned", BANK, actor, at)
    move(
        item, SUSPENSE_ITEM, "give_back", actor=actor, at=at, reason=reason, decided_by=actor.code, decided_at=at,
        **asked,
    )  # fmt: skip
    _log("suspense.give_back", item, facts, reason, actor, at)
    return "RETURNED"


@transaction.atomic
def decide_return(*, item_id: int, agree: bool, actor: Actor, at: datetime, reason: str = "") -> str:
    """The second person agrees that an item is given back, and it is; or leaves it in suspense. Returns the item's state.

    Raises :class:`NotFound`, :class:`NotAllowed`, ``SamePerson``, :class:`InvalidInput` for a refusal without a reason,
    ``MoveRefused`` for an item that does not wait for it.
    """
    item = _held(item_id, actor)
    require(actor, *CHECKERS, unit_path=item.unit.path)
    if item.state != "RETURNING":
        raise MoveRefused(f"suspense item {item_id} is {item.state}: nobody asked to give it back", state=item.state)
    if actor.code == item.asked_by:
        raise SamePerson(f"{actor.code} proposed it: a second person must decide")
    facts = {"document": item.document, "amount_fen": item.amount_fen, "asked_by": item.asked_by}
    if not agree:
        if not reason.strip():
            raise InvalidInput("say why it is rejected")
        kept = {"document": "", "asked_by": "", "asked_at": None, "needs_second": False}
        move(item, SUSPENSE_ITEM, "keep", actor=actor, at=at, reason=reason, note=reason.strip()[:500], **kept)
        _log("suspense.reject_return", item, facts, reason, actor, at)
        return "OPEN"
    _post(item, "returned", BANK, actor, at)
    move(
        item, SUSPENSE_ITEM, "give_back", actor=actor, at=at, reason=reason, decided_by=actor.code, decided_at=at,
    )  # fmt: skip
    _log("suspense.give_back", item, facts, reason or item.note, actor, at)
    return "RETURNED"


@transaction.atomic
def leave(*, item_id: int, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Leave an item in suspense: who looked on which day, and why nothing was done.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, ``MoveRefused``.
    """
    item = _open(item_id, actor, reason)
    SuspenseItem.objects.filter(pk=item.pk).update(looked_on=on, note=reason.strip()[:500])
    _log("suspense.leave", item, {"on": on}, reason, actor, at)


def _held(item_id: int, actor: Actor) -> SuspenseItem:
    rows = SuspenseItem.objects.select_related("unit")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return Scope.of(actor).one(rows, "unit__path", "suspense item", id=item_id)


def _open(item_id: int, actor: Actor, reason: str) -> SuspenseItem:
    item = _held(item_id, actor)
    require(actor, *DECIDERS, unit_path=item.unit.path)
    if not reason.strip():
        raise InvalidInput("an item of suspense is decided for a stated reason")
    if item.state != SUSPENSE_ITEM.start:
        raise MoveRefused(
            f"suspense item {item_id} is {item.state}: it has been decided", subject=item_id, state=item.state
        )
    return item


def _post(item: SuspenseItem, step: str, to: str, actor: Actor, at: datetime) -> None:
    lines = [Posting(SUSPENSE, item.amount_fen, source=item.pk), Posting(to, -item.amount_fen, source=item.pk)]
    ledger.post(
        biz_key=f"suspense:{item.pk}:{step}", kind="SUSPENSE", unit=UnitId(item.unit_id),
        month=settling.month_of(at.astimezone(BILLING_ZONE).date()), lines=lines, at=at, actor=actor,
    )  # fmt: skip


def _log(
    action: str, item: SuspenseItem, facts: dict[str, object], reason: str, actor: Actor, at: datetime
) -> None:  # fmt: skip
    audit.record(actor=actor, action=action, subject=item, facts=facts, at=at, reason=reason, unit_path=item.unit.path)
