"""Money comes in: locked, keyed, allocated and posted in one transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from django.db import transaction

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.actions import AccountPlace
from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger import types as ledger_accounts
from wandeng.domains.ledger.types import Posting
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import reading, rules, settling
from wandeng.domains.payments.events import PaymentReceived
from wandeng.domains.payments.models import Allocation, Payment
from wandeng.domains.payments.types import PartKind, Receipt, SettledPart, Tender
from wandeng.infra import events
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

TAKERS = (Role.HALL_CLERK, Role.ACCOUNTANT, Role.CELL_MANAGER, Role.METER_READER)
_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,31}")


class PaymentKeyUsed(Conflict):
    """A payment with this key exists and says something else."""

    code = "PAYMENT_KEY_USED"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a payment says of itself; a repeat must say the same."""

    key: str
    amount_fen: int
    tender: str
    channel: str
    received_on: date


@transaction.atomic
def receive(
    *,
    key: str,
    account: AccountId,
    amount_fen: int,
    tender: str,
    channel: str,
    received_on: date,
    at: datetime,
    actor: Actor,
    till_session: int | None = None,
    bills: Sequence[int] = (),
    payer: str = "",
    taken_at: str = "",
    library: RuleLibrary | None = None,
) -> Receipt:
    """Take a payment, once by ``key``: bills (``bills`` first, then by the rule of ``received_on``), their late fees to
    that day, and what is left is credit. The same key with the same facts answers with the first receipt.

    ``taken_at``: code of the unit whose cash it is, where it is not the account's own.

    Raises :class:`NotAllowed`, :class:`NotFound`, :class:`InvalidInput`, :class:`PaymentKeyUsed`, ``NoRuleInForce``.
    """
    facts = _Facts(key, amount_fen, tender, channel, received_on)
    _refuse_unsound(facts, at)
    (place,) = customers.lock_accounts([account])
    require(actor, *TAKERS, unit_path=place.unit_path)
    known = Payment.objects.filter(key=key).first()
    if known is not None:
        return _first_receipt(known, place, facts, library or current.library())
    rulebook = library or current.library()
    settled = settle_first(place, key=f"settle:{key}", on=received_on, at=at, actor=actor, library=rulebook)
    rule = rules.allocation_rule(rulebook, on=received_on, territory=place.territory)
    money = pl.DataFrame(
        {"account_id": [account], "amount_fen": [amount_fen]}, schema={"account_id": pl.Int64, "amount_fen": pl.Int64}
    )
    parts = settling.settle_payments(money, settled, rule, tuple(bills))
    debited = debit_account(tender, channel, taken_at or place.unit_code)
    payment = Payment.objects.create(
        key=key, account_id=account, unit_id=place.unit_id, channel=channel, tender=tender, debited=debited,
        amount_fen=amount_fen, received_on=received_on, received_at=at, actor=actor.code, payer=payer,
        till_session=till_session,
    )  # fmt: skip
    keep_parts(parts, account, payment_id=payment.pk, on=received_on)
    post_lines(
        f"payment:{key}", "PAYMENT", place,
        [Posting(debited, amount_fen, source=till_session), *postings(settling.part_lines(parts), credit_source=payment.pk)],
        on=received_on, at=at, actor=actor,
    )  # fmt: skip
    left = settling.reduced(settled.items, parts)
    receipt = _receipt(payment, _parts_of(parts), _owed(left))
    events.publish(PaymentReceived(payment.pk, account, place.unit_path, amount_fen, receipt.owed_fen_after), at=at)
    return receipt


@transaction.atomic
def settle_account(
    *, account: AccountId, key: str, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> bool:
    """Net corrections of an account and lay its credit on open bills; false when nothing moved. Twice is once."""
    (place,) = customers.lock_accounts([account])
    day = at.astimezone(BILLING_ZONE).date()
    settled = settle_first(place, key=f"settle:{key}", on=day, at=at, actor=actor, library=library or current.library())
    return bool(settled.lines.height)


def settle_first(
    place: AccountPlace, *, key: str, on: date, at: datetime, actor: Actor, library: RuleLibrary
) -> settling.Settled:
    """Net and use up credit of a locked account, posted under ``key`` where anything moves; what is open then."""
    position = reading.position(reading.by_django, reading.of_accounts([place.account_id]), on, library)
    rule = rules.allocation_rule(library, on=on, territory=place.territory)
    settled = settling.settle_standing(position, rule)
    if settled.lines.height:
        post_lines(key, "CREDIT_USED", place, postings(settled.lines), on=on, at=at, actor=actor)
        keep_parts(settled.parts, place.account_id, payment_id=None, on=on)
    return settled


def post_lines(
    key: str, kind: str, place: AccountPlace, lines: Sequence[Posting], *, on: date, at: datetime, actor: Actor
) -> None:
    """Post an entry of an account into the month of ``on``, or into that of ``at`` when the former is closed."""
    post = {"biz_key": key, "kind": kind, "unit": place.unit_id, "lines": lines, "at": at, "actor": actor}
    try:
        ledger.post(month=settling.month_of(on), **post)  # type: ignore[arg-type]
    except ledger.MonthClosed:
        ledger.post(month=settling.month_of(at.astimezone(BILLING_ZONE).date()), **post)  # type: ignore[arg-type]


def postings(lines: pl.DataFrame, *, credit_source: int | None = None) -> list[Posting]:
    """Lines as the ledger's actions take them; lines of credit without a source get ``credit_source``."""
    return [
        Posting(name, fen, account_id, credit_source if name == ledger_accounts.CREDIT and source is None else source)
        for name, account_id, source, fen in lines.select(settling.LINES.names()).iter_rows()
    ]


def keep_parts(parts: pl.DataFrame, account: AccountId, *, payment_id: int | None, on: date) -> None:
    """Write parts down as allocations."""
    Allocation.objects.bulk_create(
        Allocation(payment_id=payment_id, account_id=account, kind=kind, bill_id=bill, amount_fen=fen, settled_on=on)
        for _, kind, bill, fen in parts.iter_rows()
    )


def debit_account(tender: str, channel: str, unit_code: str) -> str:
    """The ledger account that receives: cash of a unit, or what is owed by the channel. Card and QR at a till are owed by
    their acquirers, so there the tender is the channel."""
    if tender == Tender.CASH:
        return ledger_accounts.cash(unit_code)
    return ledger_accounts.clearing(tender if channel in ("TILL", "MOBILE", "AGENT") else channel)


def _refuse_unsound(facts: _Facts, at: datetime) -> None:
    if facts.amount_fen <= 0:
        raise InvalidInput(f"a payment must be above zero, got {format_yuan(facts.amount_fen)}")
    if not facts.key.strip() or len(facts.key) > 120:
        raise InvalidInput("a payment needs a key of at most 120 characters")
    if facts.tender not in Tender.__members__:
        raise InvalidInput(f"'{facts.tender}' is no tender: {', '.join(Tender.__members__)}")
    if not _NAME.fullmatch(facts.channel):
        raise InvalidInput(f"'{facts.channel}' is no channel: upper-case letters, digits and underscores")
    if facts.received_on > at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"the payment of {facts.received_on} lies in the future")


def _first_receipt(known: Payment, place: AccountPlace, facts: _Facts, library: RuleLibrary) -> Receipt:
    said = _Facts(known.key, known.amount_fen, known.tender, known.channel, known.received_on)
    if said != facts or known.account_id != place.account_id:
        raise PaymentKeyUsed(f"payment '{facts.key}' is already posted with other facts", key=facts.key)
    parts = tuple(
        SettledPart(*row) for row in known.allocations.order_by("id").values_list("kind", "bill_id", "amount_fen")
    )
    position = reading.position(reading.by_django, reading.of_accounts([place.account_id]), known.received_on, library)
    return _receipt(known, parts, _owed(position.items.filter(pl.col("open_fen") > 0)), is_repeat=True)


def _receipt(payment: Payment, parts: tuple[SettledPart, ...], owed_fen: int, *, is_repeat: bool = False) -> Receipt:
    credit = sum(part.amount_fen for part in parts if part.kind == PartKind.CREDIT)
    return Receipt(
        payment_id=payment.pk,
        key=payment.key,
        account_id=AccountId(payment.account_id),
        amount_fen=payment.amount_fen,
        settled=parts,
        credit_fen=credit,
        owed_fen_after=owed_fen,
        is_repeat=is_repeat,
    )


def _parts_of(parts: pl.DataFrame) -> tuple[SettledPart, ...]:
    return tuple(SettledPart(kind, bill, fen) for _, kind, bill, fen in parts.iter_rows())


def _owed(items: pl.DataFrame) -> int:
    return int(items.select((pl.col("open_fen") + pl.col("fee_fen")).sum()).item())
