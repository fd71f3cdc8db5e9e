"""Decisions about money: proposed by one person, carried out at once or, above a dated limit, when a second one agrees.

What carrying out means is told by kind in :mod:`effects`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.actions import AccountPlace
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import rules
from wandeng.domains.payments.actions import effects
from wandeng.domains.payments.actions.receiving import debit_account
from wandeng.domains.payments.models import Payment, PaymentDecision
from wandeng.domains.payments.states import DECISION
from wandeng.domains.payments.types import Decided, DecisionKind
from wandeng.infra import audit
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.ids import AccountId, BillId
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

MAKERS = {
    DecisionKind.REVERSAL: (Role.HALL_CLERK, Role.ACCOUNTANT),
    DecisionKind.PART: (Role.ACCOUNTANT, Role.COUNTY_MANAGER),
    DecisionKind.REFUND: (Role.HALL_CLERK, Role.ACCOUNTANT),
    DecisionKind.WAIVER: (Role.HALL_CLERK, Role.ACCOUNTANT),
    DecisionKind.WRITE_OFF: (Role.ACCOUNTANT,),
    DecisionKind.TRANSFER: (Role.HALL_CLERK, Role.ACCOUNTANT),
}
CHECKERS = {
    DecisionKind.REVERSAL: (Role.ACCOUNTANT, Role.COUNTY_MANAGER),
    DecisionKind.PART: (Role.ACCOUNTANT, Role.COUNTY_MANAGER),
    DecisionKind.REFUND: (Role.ACCOUNTANT, Role.COUNTY_MANAGER),
    DecisionKind.WAIVER: (Role.ACCOUNTANT, Role.COUNTY_MANAGER),
    DecisionKind.WRITE_OFF: (Role.COUNTY_MANAGER,),
    DecisionKind.TRANSFER: (Role.ACCOUNTANT, Role.COUNTY_MANAGER),
}


class SamePerson(NotAllowed):
    """The person who proposed it cannot be the second one."""

    code = "PAYMENT_SAME_PERSON"


class DecisionKeyUsed(Conflict):
    """A decision with this key exists and says something else."""

    code = "DECISION_KEY_USED"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is to be decided; a repeat must say the same."""

    kind: str
    amount_fen: int
    payment_id: int | None = None
    bill_id: int | None = None
    to_account_id: int | None = None
    credited: str = ""
    till_session: int | None = None


@transaction.atomic
def reverse(
    *, key: str, payment_id: int, reason: str, actor: Actor, at: datetime, second: Actor | None = None,
    library: RuleLibrary | None = None,
) -> Decided:  # fmt: skip
    """Reverse a payment (冲正): what it settled is open again, its credit is taken back. Once.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`SamePerson`, ``CreditSpent`` when its credit has left the
    account, ``AlreadyReversed``.
    """
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound(f"there is no payment {payment_id}")
    others = payment.decisions.filter(kind="REVERSAL").exclude(state="REJECTED").exclude(key=key)
    if others.exists():
        raise effects.AlreadyReversed(f"payment {payment_id} was reversed before, or its reversal waits")
    if payment.decisions.filter(kind="PART").exclude(state="REJECTED").exists():
        raise effects.AlreadyReversed(f"a part of payment {payment_id} was given back: give back the rest as a part")
    facts = _Facts(DecisionKind.REVERSAL.value, payment.amount_fen, payment_id=payment_id)
    return _propose(key, AccountId(payment.account_id), facts, reason, actor, at, second, library)


@transaction.atomic
def reverse_part(
    *, key: str, payment_id: int, amount_fen: int, reason: str, actor: Actor, at: datetime,
    second: Actor | None = None, library: RuleLibrary | None = None,
) -> Decided:  # fmt: skip
    """Give back a part of a payment through the channel it came by (部分退回): of its credit first, then of what it
    settled last. The second person is asked for by what goes back of the payment altogether, so that many small parts are
    no way around the limit.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`SamePerson`, ``PartTooLarge``, ``CreditSpent``,
    ``AlreadyReversed``, :class:`Conflict` for money of a till.
    """
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound(f"there is no payment {payment_id}")
    if payment.till_session is not None:
        raise Conflict(f"payment {payment_id} was taken at a till: it is reversed whole")
    facts = _Facts(DecisionKind.PART.value, amount_fen, payment_id=payment_id)
    return _propose(key, AccountId(payment.account_id), facts, reason, actor, at, second, library)


@transaction.atomic
def refund(
    *, key: str, account: AccountId, amount_fen: int, tender: str, channel: str, reason: str, actor: Actor,
    at: datetime, second: Actor | None = None, till_session: int | None = None, paid_at: str = "",
    library: RuleLibrary | None = None,
) -> Decided:  # fmt: skip
    """Pay credit back (退费) in cash of a unit (``paid_at``, else the account's) or through a channel.

    Raises :class:`NotAllowed`, :class:`SamePerson`, ``CreditTooSmall``.
    """
    (place,) = customers.lock_accounts([account])
    credited = debit_account(tender, channel, paid_at or place.unit_code)
    facts = _Facts(DecisionKind.REFUND.value, amount_fen, credited=credited, till_session=till_session)
    return _propose(key, account, facts, reason, actor, at, second, library)


@transaction.atomic
def waive(
    *, key: str, account: AccountId, bill_id: BillId, amount_fen: int, reason: str, actor: Actor, at: datetime,
    second: Actor | None = None, library: RuleLibrary | None = None,
) -> Decided:  # fmt: skip
    """Waive late fee (违约金减免) of a bill, up to what is due on the day.

    Raises :class:`NotAllowed`, :class:`SamePerson`, ``WaiverTooLarge``.
    """
    facts = _Facts(DecisionKind.WAIVER.value, amount_fen, bill_id=bill_id)
    return _propose(key, account, facts, reason, actor, at, second, library)


@transaction.atomic
def write_off(
    *, key: str, account: AccountId, bill_id: BillId, amount_fen: int, reason: str, actor: Actor, at: datetime,
    second: Actor | None = None, library: RuleLibrary | None = None,
) -> Decided:  # fmt: skip
    """Give up what is open of a bill (坏账核销), or part of it.

    Raises :class:`NotAllowed`, :class:`SamePerson`, ``NotOpen``.
    """
    facts = _Facts(DecisionKind.WRITE_OFF.value, amount_fen, bill_id=bill_id)
    return _propose(key, account, facts, reason, actor, at, second, library)


@transaction.atomic
def transfer(
    *, key: str, account: AccountId, to_account: AccountId, amount_fen: int, reason: str, actor: Actor, at: datetime,
    second: Actor | None = None, library: RuleLibrary | None = None,
) -> Decided:  # fmt: skip
    """Move credit to another account of the same customer (预收转账), where it settles what is open.

    Raises :class:`NotAllowed`, :class:`SamePerson`, :class:`InvalidInput` for another customer's account,
    ``CreditTooSmall``.
    """
    facts = _Facts(DecisionKind.TRANSFER.value, amount_fen, to_account_id=to_account)
    return _propose(key, account, facts, reason, actor, at, second, library)


@transaction.atomic
def decide(
    *, decision_id: int, agree: bool, actor: Actor, at: datetime, reason: str = "", library: RuleLibrary | None = None
) -> Decided:
    """The second person agrees, and it is carried out; or rejects it.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`SamePerson`, ``MoveRefused`` when it was decided before, and
    what carrying it out refuses.
    """
    found = PaymentDecision.objects.filter(pk=decision_id).first()
    if found is None:
        raise NotFound(f"there is no payment decision {decision_id}")
    places = _lock(found.account_id, found.to_account_id)
    row = PaymentDecision.objects.get(pk=decision_id)
    _require_checker(row, places[row.account_id], actor)
    if not agree:
        if not reason.strip():
            raise InvalidInput("say why it is rejected")
        move(row, DECISION, "reject", actor=actor, at=at, reason=reason, checker=actor.code, decided_at=at)
        _log(row, places[row.account_id], "payment_decision.reject", actor, at, reason)
        return _decided(row)
    return _carry_out(row, places, actor, actor.code, at, library or current.library())


def _propose(
    key: str, account: AccountId, facts: _Facts, reason: str, actor: Actor, at: datetime, second: Actor | None,
    library: RuleLibrary | None,
) -> Decided:  # fmt: skip
    rulebook = library or current.library()
    places = _lock(account, facts.to_account_id)
    place = places[account]
    require(actor, *MAKERS[DecisionKind(facts.kind)], unit_path=place.unit_path)
    known = PaymentDecision.objects.filter(key=key).first()
    if known is not None:
        return _repeat(known, account, facts)
    if facts.amount_fen <= 0:
        raise InvalidInput(f"an amount must be above zero, got {format_yuan(facts.amount_fen)}")
    if not reason.strip() or not key.strip():
        raise InvalidInput("say why, under a key of its own")
    day = at.astimezone(BILLING_ZONE).date()
    limit = rules.second_person_limits(rulebook, on=day, territory=place.territory).of(facts.kind)
    row = PaymentDecision.objects.create(
        key=key, kind=facts.kind, account_id=account, payment_id=facts.payment_id, bill_id=facts.bill_id,
        to_account_id=facts.to_account_id, amount_fen=facts.amount_fen, credited=facts.credited,
        till_session=facts.till_session, reason=reason, needs_second=_weighed(facts) > limit, maker=actor.code,
        proposed_at=at,
    )  # fmt: skip
    effects.refuse_impossible(row, places, day, rulebook)
    if not row.needs_second:
        return _carry_out(row, places, actor, "", at, rulebook)
    if second is not None:
        _require_checker(row, place, second)
        return _carry_out(row, places, second, second.code, at, rulebook)
    _log(row, place, "payment_decision.propose", actor, at, reason)
    return _decided(row)


def _carry_out(
    row: PaymentDecision, places: dict[int, AccountPlace], actor: Actor, checker: str, at: datetime,
    library: RuleLibrary,
) -> Decided:  # fmt: skip
    effects.refuse_impossible(row, places, at.astimezone(BILLING_ZONE).date(), library)
    move(row, DECISION, "carry_out", actor=actor, at=at, reason=row.reason, checker=checker, decided_at=at)
    effects.carry_out(row, places, actor, at, library)
    _log(row, places[row.account_id], "payment_decision.done", actor, at, row.reason)
    return _decided(row)


def _weighed(facts: _Facts) -> int:
    """What is held against the limit: the amount, and of a payment's parts all that were decided so far."""
    if facts.kind != DecisionKind.PART or facts.payment_id is None:
        return facts.amount_fen
    return facts.amount_fen + effects.given_back(facts.payment_id)


def _lock(account: int, other: int | None) -> dict[int, AccountPlace]:
    wanted = [account] if other is None else [account, other]
    return {int(place.account_id): place for place in customers.lock_accounts(wanted)}


def _require_checker(row: PaymentDecision, place: AccountPlace, checker: Actor) -> None:
    require(checker, *CHECKERS[DecisionKind(row.kind)], unit_path=place.unit_path)
    if checker.code == row.maker:
        raise SamePerson(f"{checker.code} proposed it: a second person must decide")


def _repeat(known: PaymentDecision, account: AccountId, facts: _Facts) -> Decided:
    said = _Facts(
        known.kind, known.amount_fen, known.payment_id, known.bill_id, known.to_account_id, known.credited,
        known.till_session,
    )  # fmt: skip
    if said != facts or known.account_id != account:
        raise DecisionKeyUsed(f"decision '{known.key}' exists with other facts", key=known.key)
    return _decided(known, is_repeat=True)


def _decided(row: PaymentDecision, *, is_repeat: bool = False) -> Decided:
    return Decided(
        row.pk, row.kind, row.state, AccountId(row.account_id), row.amount_fen, row.needs_second,
        None if row.to_account_id is None else AccountId(row.to_account_id), is_repeat,
    )  # fmt: skip


def _log(row: PaymentDecision, place: AccountPlace, step: str, actor: Actor, at: datetime, reason: str) -> None:
    facts = {
        "kind": row.kind, "account": place.account_number, "amount_fen": row.amount_fen, "payment": row.payment_id,
        "bill": row.bill_id, "maker": row.maker, "checker": row.checker,
    }  # fmt: skip
    audit.record(actor=actor, action=step, subject=row, facts=facts, at=at, reason=reason,
                 unit_path=place.unit_path)  # fmt: skip
