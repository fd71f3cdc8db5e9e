"""Giving supply back (复电单): made in the transaction of the payment, approved by nobody, limited by nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.collections import dispatching, prepaying, rules_orders
from wandeng.domains.collections.actions import cases
from wandeng.domains.collections.events import SupplyOrderedBack, SupplyRestored
from wandeng.domains.collections.models import LIVE, DisconnectionOrder, DunningCase, ReconnectionOrder
from wandeng.domains.collections.states_orders import DISCONNECTION, RECONNECTION
from wandeng.domains.collections.types_orders import Aftermath
from wandeng.domains.collections.types_prepay import PREPAY
from wandeng.domains.customers import actions as customers_actions
from wandeng.domains.notices import actions as notices
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import queries as payments
from wandeng.infra import audit, events, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

ORDERING = (
    Role.HALL_CLERK, Role.CALL_CLERK, Role.CELL_MANAGER, Role.DISPATCHER, Role.ACCOUNT_MANAGER, Role.ACCOUNTANT,
    Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER,
)  # fmt: skip
"""Whoever meets the customer may have supply given back; nobody may keep it from them."""
FIELD_WORKERS = (Role.CELL_MANAGER, Role.METER_READER, Role.DISPATCHER)
_AHEAD = timedelta(minutes=5)
PAID = "PAID"


def live_order(account: AccountId) -> DisconnectionOrder | None:
    """The disconnection order of an account that is neither ended nor undone."""
    rows = DisconnectionOrder.objects.select_related("unit", "account")
    return rows.filter(account_id=account, state__in=LIVE).first()


@transaction.atomic
def after_payment(
    *, account: AccountId, payment_key: str, paid_at: datetime, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> Aftermath:  # fmt: skip
    """What must happen to an account's dunning case and order when money has come in; called in the payment's own
    transaction, after it is posted and with the account locked.

    While the debt that the dated rule demands is not paid, nothing. Once it is: an order that has not left is withdrawn;
    one on its way is recalled, and supply that is off or may be is ordered back at once, the clock running from
    ``paid_at``; the responsible person is told.
    """
    cases.close_if_paid(account=account, on=dispatching.local_day(at), at=at, actor=actor)
    row = live_order(account)
    prepaying.settle(account, actor=actor, at=at, library=library)
    if row is None or row.state == "RECALLED" or not _is_paid(row, at, library):
        return Aftermath()
    if row.state in ("PROPOSED", "SECOND_WANTED", "APPROVED"):
        move(row, DISCONNECTION, "withdraw", actor=actor, at=at, reason=PAID, ended_at=at)
        _log("disconnection.withdraw", row, {"payment": payment_key}, actor, at, PAID)
        return Aftermath(withdrawn=row.number)
    recalled = ""
    if row.state == "DISPATCHED":
        move(row, DISCONNECTION, "recall", actor=actor, at=at, reason=PAID)
        _log("disconnection.recall", row, {"payment": payment_key}, actor, at, PAID)
        recalled = row.number
    back = order_back(
        row, cause="PAYMENT", due_from=paid_at, actor=actor, at=at, payment_key=payment_key, library=library
    )  # fmt: skip
    return Aftermath(recalled=recalled, reconnection=back.number)


def order_back(
    row: DisconnectionOrder, *, cause: str, due_from: datetime, actor: Actor, at: datetime, payment_key: str = "",
    library: RuleLibrary | None = None, reason: str = "",
) -> ReconnectionOrder:  # fmt: skip
    """The open reconnection order of the account, made if there is none, in the caller's transaction."""
    known = ReconnectionOrder.objects.filter(account_id=row.account_id, state="ORDERED").first()
    if known is not None:
        return known
    rule = rules_orders.back_rule(row.unit.territory, dispatching.local_day(at), library)
    row_id = ids.reserve(ReconnectionOrder, 1)
    made = ReconnectionOrder.objects.create(
        id=row_id, number=f"FD{dispatching.local_day(at):%y%m%d}{row_id:06d}", account_id=row.account_id,
        unit_id=row.unit_id, disconnection=row, cause=cause, payment_key=payment_key, due_from=due_from,
        due_at=rule.due(due_from, row.account.locality), rule_path=rule.path, ordered_by=actor.code, ordered_at=at,
    )  # fmt: skip
    _log("reconnection.order", row, {"number": made.number, "cause": cause, "due_at": made.due_at}, actor, at, reason)
    tell_responsible(made, actor=actor, at=at)
    told = SupplyOrderedBack(number=made.number, account_id=made.account_id, unit_path=row.unit.path)
    events.publish(told, at=at)
    return made


@transaction.atomic
def order_by_person(*, order: str, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> str:
    """Give supply back although the debt stands, because a person says so. Returns the reconnection order's number.

    Raises :class:`Conflict` unless supply is off, or may be, because of this disconnection order.
    """
    row = _locked(actor, order)
    require(actor, *ORDERING, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("say why supply is given back")
    if row.state == "DISPATCHED":
        move(row, DISCONNECTION, "recall", actor=actor, at=at, reason=reason)
    if row.state not in ("CUT", "RECALLED"):
        raise Conflict(f"order {order} is {row.state}: supply is on", state=row.state)
    made = order_back(row, cause="PERSON", due_from=at, actor=actor, at=at, library=library, reason=reason)
    return made.number


@transaction.atomic
def confirm(*, order: str, restored_at: datetime, actor: Actor, at: datetime) -> int:
    """Power is back, as the person in the field says. Returns the minutes from the payment to power.

    Raises :class:`InvalidInput` for a time before the payment or ahead of now; confirming again changes nothing.
    """
    rows = ReconnectionOrder.objects.select_related("unit", "account", "disconnection__unit")
    found = Scope.of(actor).one(rows, "unit__path", "reconnection order", number=order)
    require(actor, *FIELD_WORKERS, unit_path=found.unit.path)
    customers_actions.lock_accounts([AccountId(found.account_id)])
    row = rows.get(pk=found.pk)
    if row.state == "ORDERED" and (restored_at < row.due_from or restored_at > at + _AHEAD):
        raise InvalidInput("the time lies before the payment, or in the future")
    return record_on(row, restored_at=restored_at, actor=actor, at=at)


def record_on(row: ReconnectionOrder, *, restored_at: datetime, actor: Actor, at: datetime) -> int:
    """Write down that supply is on, in the caller's transaction, with the account locked; returns the minutes."""
    if row.state == "ORDERED":
        move(row, RECONNECTION, "restore", actor=actor, at=at, restored_at=restored_at, confirmed_by=actor.code,
             confirmed_at=at)  # fmt: skip
        cut = DisconnectionOrder.objects.select_related("unit").get(pk=row.disconnection_id)
        verb = {"CUT": "restore", "RECALLED": "spare"}.get(cut.state)
        if verb:
            move(cut, DISCONNECTION, verb, actor=actor, at=at, reason=row.number, ended_at=at)
        facts = {"number": row.number, "restored_at": restored_at, "minutes": minutes_of(row)}
        _log("reconnection.confirm", cut, facts, actor, at, "")
        told = SupplyRestored(
            number=row.number, account_id=row.account_id, unit_path=row.unit.path, minutes=minutes_of(row)
        )
        events.publish(told, at=at)
        if verb == "restore":
            notices.send(
                key=f"restored:{row.number}", template="power_restored", account=AccountId(row.account_id),
                slots={"at": _clock(restored_at)}, at=at, actor=actor,
            )  # fmt: skip
    return minutes_of(row)


def minutes_of(row: ReconnectionOrder) -> int:
    """Minutes from the start of the clock to power; 0 for one that is not back."""
    return int((row.restored_at - row.due_from).total_seconds() // 60) if row.restored_at else 0


def _is_paid(row: DisconnectionOrder, at: datetime, library: RuleLibrary | None) -> bool:
    """Whether what the rule demands is paid, but for less than it lets stay open; by balance, where the order rests on it."""
    if row.basis == PREPAY:
        return prepaying.is_enough(row, at, library)
    on = dispatching.local_day(at)
    rule = rules_orders.back_rule(row.unit.territory, on, library)
    standing = payments.standing(Scope.everywhere(), row.account.account_number, on=on)
    named = set(json.loads(row.bills))
    bills = [bill for bill in standing.open_bills if bill.due_on < on]
    if rule.paid == "demanded":
        bills = [bill for bill in bills if bill.bill_id in named]
    return sum(bill.open_fen for bill in bills) - standing.credit_fen < max(1, rule.least_fen)


def tell_responsible(made: ReconnectionOrder, *, actor: Actor, at: datetime) -> None:
    """Tell those who go, once: who dunned the account, or the cell managers of its unit."""
    owner, unit = made.account, made.unit
    case = DunningCase.objects.filter(account_id=owner.pk).exclude(responsible="").order_by("-id").first()
    nearest = organization.holders(unit.path, Role.CELL_MANAGER, dispatching.local_day(at))
    for person in (case.responsible,) if case else nearest:
        notices.send(
            key=f"reconnection:{made.number}:{person}", template="reconnection_order", person=person, urgent=True,
            slots={
                "order_number": made.number, "account_number": owner.account_number, "address": owner.address,
                "at": _clock(made.due_from), "deadline": _clock(made.due_at),
            },
            at=at, actor=actor,
        )  # fmt: skip


@transaction.atomic
def tell_of(*, number: str, actor: Actor, at: datetime) -> None:
    """:func:`tell_responsible` for an order that a batch made; telling again changes nothing."""
    rows = ReconnectionOrder.objects.select_related("unit", "account")
    row = rows.filter(number=number, state="ORDERED").first()
    if row is not None:
        tell_responsible(row, actor=actor, at=at)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(BILLING_ZONE):%m月%d日%H:%M}"


def _locked(actor: Actor, number: str) -> DisconnectionOrder:
    rows = DisconnectionOrder.objects.select_related("unit", "account")
    found = Scope.of(actor).one(rows, "unit__path", "disconnection order", number=number)
    customers_actions.lock_accounts([AccountId(found.account_id)])
    return rows.get(pk=found.pk)


def _log(
    action: str, row: DisconnectionOrder, facts: dict[str, object], actor: Actor, at: datetime, reason: str
) -> None:
    audit.record(actor=actor, action=action, subject=("collections.DisconnectionOrder", row.number), facts=facts, at=at,
                 reason=reason, unit_path=row.unit.path)  # fmt: skip
