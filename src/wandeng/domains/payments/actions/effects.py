"""What a decision about money does once it is carried out: entries, releases, states. Called with its accounts locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import polars as pl
from django.db.models import Sum

from wandeng.domains.customers.actions import AccountPlace
from wandeng.domains.ledger.types import BAD_DEBT, CREDIT, LATE_FEE, RECEIVABLE, Posting
from wandeng.domains.payments import reading
from wandeng.domains.payments.actions import receiving
from wandeng.domains.payments.events import PaymentPartReversed, PaymentReversed
from wandeng.domains.payments.models import Allocation, Payment, PaymentDecision
from wandeng.domains.payments.states import PAYMENT
from wandeng.domains.payments.types import PartKind
from wandeng.infra import events
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

Places = dict[int, AccountPlace]
_LEDGER = {PartKind.BILL: RECEIVABLE, PartKind.LATE_FEE: LATE_FEE, PartKind.CREDIT: CREDIT}


class AlreadyReversed(Conflict):
    """The payment was reversed before, or its reversal waits for a second person."""

    code = "PAYMENT_ALREADY_REVERSED"


class CreditTooSmall(Conflict):
    """The account has less credit than is to be paid back or moved."""

    code = "CREDIT_TOO_SMALL"


class CreditSpent(Conflict):
    """What a payment left as credit was paid back or moved since, so the payment cannot be reversed."""

    code = "CREDIT_SPENT"


class WaiverTooLarge(Conflict):
    """More is to be waived than the late fee of the day."""

    code = "WAIVER_TOO_LARGE"


class PartTooLarge(Conflict):
    """More of a payment is to be given back than is left of it."""

    code = "PAYMENT_PART_TOO_LARGE"


class NotOpen(Conflict):
    """More is to be given up than is open of the bill."""

    code = "BILL_NOT_OPEN"


def refuse_impossible(row: PaymentDecision, places: Places, on: date, library: RuleLibrary) -> None:
    """Refuse what cannot be carried out as things stand; asked when it is proposed and again when it is carried out."""
    if row.kind == "REVERSAL" and row.payment is not None and row.payment.state != "RECEIVED":
        raise AlreadyReversed(f"payment {row.payment_id} was reversed before")
    if row.kind == "PART" and row.payment is not None:
        _refuse_part(row, row.payment)
    if row.kind in ("REFUND", "TRANSFER"):
        credit = credit_fen(row.account_id, library, on)
        if row.amount_fen > credit:
            raise CreditTooSmall(f"the account has {format_yuan(credit)} of credit, not {format_yuan(row.amount_fen)}")
    if row.kind == "TRANSFER":
        here, there = places[row.account_id], places.get(row.to_account_id or 0)
        if there is None or there.customer_id != here.customer_id or there.account_id == here.account_id:
            raise InvalidInput("credit moves only between two accounts of one customer")
    if row.kind in ("WAIVER", "WRITE_OFF"):
        item = _item(row, library, on)
        if row.kind == "WAIVER" and row.amount_fen > item["fee_fen"]:
            raise WaiverTooLarge(f"the late fee of bill {row.bill_id} is {format_yuan(item['fee_fen'])}")
        if row.kind == "WRITE_OFF" and row.amount_fen > item["open_fen"]:
            raise NotOpen(f"{format_yuan(item['open_fen'])} of bill {row.bill_id} are open")


def carry_out(row: PaymentDecision, places: Places, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    """Do what was decided. A waiver does nothing more: what is waived is never booked."""
    effect = _EFFECTS.get(row.kind)
    if effect is not None:
        effect(row, places, actor, at, library)


def credit_fen(account_id: int, library: RuleLibrary, on: date) -> int:
    """Credit of a locked account, in fen."""
    found = reading.position(reading.by_django, reading.of_accounts([account_id]), on, library)
    return int(found.credits.select(pl.col("credit_fen").sum()).item())


def given_back(payment_id: int, *, but: int = 0) -> int:
    """Fen of a payment whose giving back was decided or waits for a second person, without that of decision ``but``."""
    rows = PaymentDecision.objects.filter(payment_id=payment_id, kind="PART").exclude(state="REJECTED").exclude(pk=but)
    return int(rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def _refuse_part(row: PaymentDecision, payment: Payment) -> None:
    whole = payment.decisions.filter(kind="REVERSAL").exclude(state="REJECTED")
    if payment.state != "RECEIVED" or whole.exists():
        raise AlreadyReversed(f"payment {payment.pk} was reversed before")
    left = payment.amount_fen - given_back(payment.pk, but=row.pk)
    if row.amount_fen > left:
        raise PartTooLarge(f"{format_yuan(left)} of payment {payment.pk} are left to give back")


def _item(row: PaymentDecision, library: RuleLibrary, on: date) -> dict[str, int]:
    found = reading.position(reading.by_django, reading.of_accounts([row.account_id]), on, library)
    items = found.items.filter((pl.col("bill_id") == row.bill_id) & (pl.col("open_fen") > 0))
    if items.is_empty():
        raise NotOpen(f"bill {row.bill_id} of this account has nothing open")
    return items.select("open_fen", "fee_fen").row(0, named=True)


def _reverse(row: PaymentDecision, places: Places, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    place = places[row.account_id]
    payment = Payment.objects.get(decisions=row)
    move(payment, PAYMENT, "reverse", actor=actor, at=at, reason=row.reason)
    parts = list(payment.allocations.filter(released_at=None).order_by("id"))
    payment.allocations.filter(released_at=None).update(released_at=at)
    _open_again(row, payment, parts, place, actor, at, library)
    events.publish(PaymentReversed(payment.pk, payment.account_id, place.unit_path, payment.amount_fen), at=at)


def _give_part(row: PaymentDecision, places: Places, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    place = places[row.account_id]
    payment = Payment.objects.get(decisions=row)
    parts = _cut_off(payment, row.amount_fen, at)
    if not payment.allocations.filter(released_at=None).exists():
        move(payment, PAYMENT, "reverse", actor=actor, at=at, reason=row.reason)
    _open_again(row, payment, parts, place, actor, at, library)
    part = PaymentPartReversed(payment.pk, row.pk, payment.account_id, place.unit_path, row.amount_fen)
    events.publish(part, at=at)


def _cut_off(payment: Payment, amount_fen: int, at: datetime) -> list[Allocation]:
    """Release so much of what a payment settled: its credit first, then the last bill first. The parts of a payment still
    add up to it: one that is cut through becomes two."""
    standing = payment.allocations.filter(released_at=None)
    taken: list[Allocation] = []
    for part in [*standing.filter(kind="CREDIT").order_by("-id"), *standing.exclude(kind="CREDIT").order_by("-id")]:
        cut = min(part.amount_fen, amount_fen)
        if cut <= 0:
            break
        if cut < part.amount_fen:
            Allocation.objects.filter(pk=part.pk).update(amount_fen=part.amount_fen - cut)
            part.pk, part.amount_fen = None, cut
        part.released_at = at
        part.save()
        taken.append(part)
        amount_fen -= cut
    return taken


def _open_again(
    row: PaymentDecision, payment: Payment, parts: list[Allocation], place: AccountPlace, actor: Actor, at: datetime,
    library: RuleLibrary,
) -> None:  # fmt: skip
    """Post that released parts of a payment are open again and that their money leaves by the way it came."""
    day = at.astimezone(BILLING_ZONE).date()
    back = sum(part.amount_fen for part in parts if part.kind == PartKind.CREDIT)
    short = back - credit_fen(row.account_id, library, day)
    lines = _release_credit(row.account_id, short, at) if back and short > 0 else []
    lines += [
        Posting(
            _LEDGER[PartKind(part.kind)], part.amount_fen, payment.account_id,
            payment.pk if part.kind == PartKind.CREDIT else part.bill_id,
        )
        for part in parts
    ]  # fmt: skip
    money = sum(part.amount_fen for part in parts)
    lines.append(Posting(payment.debited, -money, source=payment.till_session))
    receiving.post_lines(f"reversal:{row.pk}", "PAYMENT_REVERSAL", place, lines, on=day, at=at, actor=actor)
    receiving.settle_first(place, key=f"settle:reversal:{row.pk}", on=day, at=at, actor=actor, library=library)


def _release_credit(account_id: int, short_fen: int, at: datetime) -> list[Posting]:
    """Take credit back from bills it settled, the last first, until ``short_fen`` is there again."""
    lines: list[Posting] = []
    used = Allocation.objects.filter(account_id=account_id, payment=None, released_at=None).order_by("-id")
    for part in used:
        if short_fen <= 0:
            break
        Allocation.objects.filter(pk=part.pk).update(released_at=at)
        lines.append(Posting(_LEDGER[PartKind(part.kind)], part.amount_fen, account_id, part.bill_id))
        lines.append(Posting(CREDIT, -part.amount_fen, account_id))
        short_fen -= part.amount_fen
    if short_fen > 0:
        raise CreditSpent("what the payment left as credit was paid back or moved since: settle that first")
    return lines


def _refund(row: PaymentDecision, places: Places, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    lines = [
        Posting(CREDIT, row.amount_fen, row.account_id),
        Posting(row.credited, -row.amount_fen, source=row.till_session),
    ]
    _post(row, "REFUND", places, lines, actor, at)


def _write_off(row: PaymentDecision, places: Places, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    lines = [
        Posting(BAD_DEBT, row.amount_fen, row.account_id, row.bill_id),
        Posting(RECEIVABLE, -row.amount_fen, row.account_id, row.bill_id),
    ]
    _post(row, "WRITE_OFF", places, lines, actor, at)


def _transfer(row: PaymentDecision, places: Places, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    lines = [
        Posting(CREDIT, row.amount_fen, row.account_id),
        Posting(CREDIT, -row.amount_fen, row.to_account_id),
    ]
    _post(row, "CREDIT_TRANSFER", places, lines, actor, at)
    there, day = places[row.to_account_id or 0], at.astimezone(BILLING_ZONE).date()
    receiving.settle_first(there, key=f"settle:decision:{row.pk}", on=day, at=at, actor=actor, library=library)


def _post(row: PaymentDecision, kind: str, places: Places, lines: list[Posting], actor: Actor, at: datetime) -> None:
    place, day = places[row.account_id], at.astimezone(BILLING_ZONE).date()
    receiving.post_lines(f"decision:{row.pk}", kind, place, lines, on=day, at=at, actor=actor)


_EFFECTS: dict[str, Callable[[PaymentDecision, Places, Actor, datetime, RuleLibrary], None]] = {
    "REVERSAL": _reverse,
    "PART": _give_part,
    "REFUND": _refund,
    "WRITE_OFF": _write_off,
    "TRANSFER": _transfer,
}
