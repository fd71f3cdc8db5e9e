"""Cutting off for arrears (停电单): proposed by one, approved by another, sent only while every guard holds, read back."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.collections import dispatching, instructing, rules_orders
from wandeng.domains.collections.actions import cases, reconnection, steps
from wandeng.domains.collections.events import SupplyCut
from wandeng.domains.collections.models import DisconnectionOrder, DispatchRefusal
from wandeng.domains.collections.states_orders import DISCONNECTION
from wandeng.domains.collections.types import Eligibility
from wandeng.domains.collections.types_orders import (
    Approved,
    ApproverSame,
    ChainIncomplete,
    CutRefused,
    Dispatched,
    LevelTooLow,
    OrderLive,
)
from wandeng.domains.collections.types_prepay import ARREARS
from wandeng.domains.customers import actions as customers_actions
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import queries as payments
from wandeng.infra import audit, events, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

PROPOSERS = (Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.ACCOUNTANT)
APPROVERS = (Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER)
SENDERS = (Role.DISPATCHER, Role.CELL_MANAGER)
FIELD_WORKERS = (Role.CELL_MANAGER, Role.METER_READER, Role.DISPATCHER)
_AHEAD = timedelta(minutes=5)
"""How far the clock of whoever reports may run ahead of ours."""


@transaction.atomic
def propose(*, account_number: str, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> str:
    """Propose to cut an account off; the chain of evidence is kept with the order as it stands now. Returns its number.

    Raises ``ChainIncomplete`` while anything stands against it, :class:`OrderLive`.
    """
    facts = customers.account(Scope.of(actor), account_number)
    require(actor, *PROPOSERS, unit_path=facts.unit_path)
    if not reason.strip():
        raise InvalidInput("say why the account is to be cut off")
    customers_actions.lock_accounts([facts.id])
    live = reconnection.live_order(facts.id)
    if live is not None:
        raise OrderLive(f"account {account_number} has order {live.number} already", order=live.number)
    found = dispatching.require_due(facts.id, at=at, for_dispatch=False, library=library)
    evidence = _evidence(found)
    row_id = ids.reserve(DisconnectionOrder, 1)
    order = DisconnectionOrder.objects.create(
        id=row_id, number=f"TD{dispatching.local_day(at):%y%m%d}{row_id:06d}", account_id=facts.id,
        unit_id=organization.unit_id(facts.unit_code), demanded_fen=found.open_fen,
        level=rules_orders.level_of(facts.customer_class, facts.importance),
        bills=json.dumps(_overdue_bills(account_number, at)), evidence=evidence,
        evidence_hash=hashlib.sha256(evidence.encode()).hexdigest(), reason=reason, proposed_by=actor.code,
        proposed_at=at,
    )  # fmt: skip
    _log("disconnection.propose", order, {"demanded_fen": found.open_fen, "level": order.level}, actor, at, reason)
    return order.number


def propose_each(
    *, account_numbers: Sequence[str], reason: str, actor: Actor, at: datetime, library: RuleLibrary
) -> int:
    """Propose several accounts; each is one transaction, the first that may not be cut stops the rest. Returns how many."""
    for number in account_numbers:
        propose(account_number=number, reason=reason, actor=actor, at=at, library=library)
    return len(account_numbers)


@transaction.atomic
def approve(*, order: str, actor: Actor, at: datetime, library: RuleLibrary, reason: str = "") -> Approved:
    """Approve by the level that the account needs: PROPOSED → APPROVED. Beyond the bulk limit of the company's day the
    first approval only makes it SECOND_WANTED, and another person approves again.

    Raises :class:`ApproverSame`, :class:`LevelTooLow`, ``ChainIncomplete`` when something stands against it by now.
    """
    row = locked(actor, order)
    require(actor, *APPROVERS, unit_path=row.unit.path)
    rule = _rule(row, at, library)
    _require_level(row, rule, actor)
    if actor.code in (row.proposed_by, row.approved_by):
        raise ApproverSame(f"{actor.code} has proposed or approved order {order}: another person must decide")
    dispatching.require_due_of(row, at=at, for_dispatch=False, library=library)
    if row.state == "SECOND_WANTED":
        move(
            row, DISCONNECTION, "approve_second", actor=actor, at=at, reason=reason, second_by=actor.code, second_at=at
        )
    else:
        bulk = _approved_today(row, at) >= rule.bulk
        verb = "approve_first" if bulk else "approve"
        move(row, DISCONNECTION, verb, actor=actor, at=at, reason=reason, approved_by=actor.code, approved_at=at,
             needs_second=bulk)  # fmt: skip
    _log("disconnection.approve", row, {"state": row.state, "level": row.level}, actor, at, reason)
    return Approved(row.number, row.state)


@transaction.atomic
def refuse(*, order: str, reason: str, actor: Actor, at: datetime) -> None:
    """Do not approve: → REFUSED, with the reason."""
    row = locked(actor, order)
    require(actor, *APPROVERS, unit_path=row.unit.path)
    _end(row, "refuse", reason, actor, at)


@transaction.atomic
def withdraw(*, order: str, reason: str, actor: Actor, at: datetime) -> None:
    """Take an order back before it is sent: → WITHDRAWN, with the reason."""
    row = locked(actor, order)
    require(actor, *PROPOSERS, *APPROVERS, unit_path=row.unit.path)
    _end(row, "withdraw", reason, actor, at)


@transaction.atomic
def announce(*, order: str, cut_at: datetime, actor: Actor, at: datetime) -> int:
    """Tell the customer of an approved order again when power will be cut (停电前再次通知), as the clock of the dispatch
    demands; returns the step. Raises :class:`Conflict` for an order that is not approved."""
    row = locked(actor, order)
    require(actor, *SENDERS, *APPROVERS, unit_path=row.unit.path)
    if row.state != "APPROVED":
        raise Conflict(f"order {order} is {row.state}: only an approved order is announced", state=row.state)
    if cut_at <= at:
        raise InvalidInput("the time of the cut lies in the past")
    _log("disconnection.announce", row, {"cut_at": cut_at}, actor, at, "")
    return steps.give_second_notice(account=AccountId(row.account_id), cut_at=cut_at, actor=actor, at=at)


@transaction.atomic
def dispatch(*, order: str, remote: bool = False, actor: Actor, at: datetime, library: RuleLibrary) -> Dispatched:
    """Send an approved order to the field, or to the remote-control gateway, if every guard holds at this moment.

    One transaction holds the account's lock from before the debt is looked at until the instruction is written. A guard
    that does not hold is no exception here: the refusal is kept with the order and answered; an order whose debt is paid
    is withdrawn as well.
    """
    row = locked(actor, order)
    require(actor, *SENDERS, *APPROVERS, unit_path=row.unit.path)
    if row.state != "APPROVED":
        raise Conflict(f"order {order} is {row.state}: only an approved order is sent", state=row.state)
    rule = _rule(row, at, library)
    try:
        with transaction.atomic():
            require_guards(row, rule, at, library)
            return send(row, rule, remote=remote, actor=actor, at=at)
    except CutRefused as refused:
        DispatchRefusal.objects.create(
            order=row, code=refused.code, sentence=refused.message, actor=actor.code, at=at
        )  # fmt: skip
        reasons = refused.reasons if isinstance(refused, ChainIncomplete) else ()
        facts: dict[str, object] = {"code": refused.code, "reasons": list(reasons)}
        _log("disconnection.dispatch_refused", row, facts, actor, at, "")
        if "PAID" in reasons or "BALANCE_ENOUGH" in reasons:
            move(row, DISCONNECTION, "withdraw", actor=actor, at=at, reason="PAID", ended_at=at)
        return Dispatched(row.number, False, None, refused.code, refused.message)


def require_guards(row: DisconnectionOrder, rule: rules_orders.CutRule, at: datetime, library: RuleLibrary) -> None:
    """Every guard of a dispatch, under the account's lock. Raises :class:`CutRefused`."""
    dispatching.require_no_halt(row.unit.path)
    dispatching.require_fresh_approval(row, rule, at)
    dispatching.require_due_of(row, at=at, for_dispatch=True, library=library)
    dispatching.take_quota(row, rule, at)


def send(
    row: DisconnectionOrder, rule: rules_orders.CutRule, *, remote: bool, actor: Actor, at: datetime
) -> Dispatched:
    """APPROVED → DISPATCHED and the signed instruction. Only :func:`dispatch` calls this, after the guards."""
    move(row, DISCONNECTION, "dispatch", actor=actor, at=at, dispatched_by=actor.code, dispatched_at=at)
    means = instructing.REMOTE if remote else instructing.FIELD
    number = row.account.account_number
    made = instructing.cut_instruction(row, means=means, account_number=number, at=at, valid=rule.instruction_valid)
    _log("disconnection.dispatch", row, {"channel": made.channel.code, "sequence": made.sequence}, actor, at, "")
    return Dispatched(row.number, True, made.pk)


@transaction.atomic
def confirm_cut(*, order: str, cut_at: datetime, actor: Actor, at: datetime) -> str:
    """Supply is off, as the person in the field says. Returns the state the order then has.

    What has happened is never refused: a cut after the instruction expired, or after a payment, is written down and a
    reconnection order is there at once. Raises :class:`InvalidInput` for a time before the order left or ahead of now.
    """
    row = locked(actor, order)
    require(actor, *FIELD_WORKERS, unit_path=row.unit.path)
    _require_plausible(row, cut_at, at)
    record_off(row, cut_at=cut_at, actor=actor, at=at)
    return row.state


def record_off(row: DisconnectionOrder, *, cut_at: datetime, actor: Actor, at: datetime) -> None:
    """Write down that supply went off, in the caller's transaction, with the account locked."""
    if row.state == "CUT":
        return
    in_vain = row.state not in ("DISPATCHED", "RECALLED")
    if not in_vain:
        sent = row.instructions.filter(kind="DISCONNECT").order_by("-id").first()
        in_vain = row.state == "RECALLED" or sent is None or cut_at >= sent.expires_at
        move(row, DISCONNECTION, "cut", actor=actor, at=at, cut_at=cut_at)
        events.publish(SupplyCut(number=row.number, account_id=row.account_id, unit_path=row.unit.path), at=at)
        case = cases.open_case(AccountId(row.account_id)) if row.basis == ARREARS else None
        if case is not None and case.state != "CUT":
            cases.mark_cut(account=AccountId(row.account_id), at=cut_at, actor=actor, reference=row.number)
    if in_vain:
        reconnection.order_back(row, cause="WRONG_CUT", due_from=cut_at, actor=actor, at=at)
    _log("disconnection.confirm", row, {"cut_at": cut_at, "in_vain": int(in_vain)}, actor, at, "")


@transaction.atomic
def report_failure(*, order: str, reason: str, actor: Actor, at: datetime) -> None:
    """The field could not cut, and supply is on: DISPATCHED → FAILED, with the reason."""
    row = locked(actor, order)
    require(actor, *FIELD_WORKERS, unit_path=row.unit.path)
    _end(row, "fail", reason, actor, at)


def locked(actor: Actor, number: str) -> DisconnectionOrder:
    """The order within the actor's scope, read after its account was locked. Raises :class:`NotFound`."""
    rows = DisconnectionOrder.objects.select_related("unit", "account")
    found = Scope.of(actor).one(rows, "unit__path", "disconnection order", number=number)
    customers_actions.lock_accounts([AccountId(found.account_id)])
    return rows.get(pk=found.pk)


def _rule(row: DisconnectionOrder, at: datetime, library: RuleLibrary) -> rules_orders.CutRule:
    return rules_orders.cut_rule(row.unit.territory, dispatching.local_day(at), library)


def _require_level(row: DisconnectionOrder, rule: rules_orders.CutRule, actor: Actor) -> None:
    if not actor.unit_path:
        return
    kinds = rule.level(row.level).unit_kinds
    place = next(node for node in organization.unit_tree(Scope.of(actor)) if node.path == actor.unit_path)
    if place.kind not in kinds:
        raise LevelTooLow(f"order {row.number} needs an approver of a higher unit than {place.code}", level=row.level)


def _approved_today(row: DisconnectionOrder, at: datetime) -> int:
    """How many orders of the company were approved on this local day."""
    company = Scope(dispatching.company_path(row.unit.path))
    day = at.astimezone(BILLING_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = DisconnectionOrder.objects.filter(approved_at__gte=day, approved_at__lt=day + timedelta(days=1))
    return company.limit(rows, "unit__path").count()


def _end(row: DisconnectionOrder, verb: str, reason: str, actor: Actor, at: datetime) -> None:
    if not reason.strip():
        raise InvalidInput("say why, for the order's record")
    move(row, DISCONNECTION, verb, actor=actor, at=at, reason=reason, ended_at=at)
    _log(f"disconnection.{verb}", row, {"state": row.state}, actor, at, reason)


def _require_plausible(row: DisconnectionOrder, cut_at: datetime, at: datetime) -> None:
    if row.dispatched_at is None:
        raise NotFound(f"order {row.number} was never sent")
    if cut_at < row.dispatched_at or cut_at > at + _AHEAD:
        raise InvalidInput("the time lies before the order was sent, or in the future")


def _evidence(found: Eligibility) -> str:
    """The chain as canonical JSON: equal chains give equal bytes."""
    return json.dumps(dataclasses.asdict(found), default=str, sort_keys=True, separators=(",", ":"))


def _overdue_bills(account_number: str, at: datetime) -> list[int]:
    on = dispatching.local_day(at)
    standing = payments.standing(Scope.everywhere(), account_number, on=on)
    return [int(bill.bill_id) for bill in standing.open_bills if bill.due_on < on and bill.open_fen > 0]


def _log(
    action: str, row: DisconnectionOrder, facts: dict[str, object], actor: Actor, at: datetime, reason: str
) -> None:
    audit.record(actor=actor, action=action, subject=("collections.DisconnectionOrder", row.number), facts=facts, at=at,
                 reason=reason, unit_path=row.unit.path)  # fmt: skip
