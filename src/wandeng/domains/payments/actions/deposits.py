"""Deposits (电费保证金): taken as money, given back to the account's credit, never mixed with payments."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from wandeng.domains.customers import actions as customers
from wandeng.domains.ledger.types import CREDIT, DEPOSIT, Posting
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.actions import receiving
from wandeng.domains.payments.models import Deposit
from wandeng.infra import audit
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

_LOGGED = {"DEPOSIT_TAKEN": "payment.deposit_taken", "DEPOSIT_RELEASED": "payment.deposit_released"}


class DepositKeyUsed(Conflict):
    """A deposit with this key exists and says something else."""

    code = "DEPOSIT_KEY_USED"


class DepositTooSmall(Conflict):
    """More is to be given back than is held."""

    code = "DEPOSIT_TOO_SMALL"


@transaction.atomic
def take_deposit(
    *, key: str, account: AccountId, amount_fen: int, tender: str, channel: str, reason: str, actor: Actor,
    at: datetime, till_session: int | None = None,
) -> bool:  # fmt: skip
    """Take a deposit, once by ``key``; false when that was done before.

    Raises :class:`NotAllowed`, :class:`InvalidInput`, :class:`DepositKeyUsed`.
    """
    (place,) = customers.lock_accounts([account])
    require(actor, Role.HALL_CLERK, Role.ACCOUNTANT, unit_path=place.unit_path)
    if not _is_new(key, account, amount_fen):
        return False
    debited = receiving.debit_account(tender, channel, place.unit_code)
    lines = [Posting(debited, amount_fen, source=till_session), Posting(DEPOSIT, -amount_fen, account)]
    _keep(key, "DEPOSIT_TAKEN", place, amount_fen, lines, reason, actor, at)
    return True


@transaction.atomic
def release_deposit(
    *, key: str, account: AccountId, amount_fen: int, reason: str, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> bool:  # fmt: skip
    """Give a deposit, or part of it, to the account's credit, where it settles what is open; false when done before.

    Raises :class:`NotAllowed`, :class:`InvalidInput`, :class:`DepositKeyUsed`, :class:`DepositTooSmall`.
    """
    (place,) = customers.lock_accounts([account])
    require(actor, Role.ACCOUNTANT, unit_path=place.unit_path)
    if not _is_new(key, account, -amount_fen):
        return False
    held = Deposit.objects.filter(account_id=account).aggregate(total=Sum("amount_fen"))["total"] or 0
    if amount_fen > held:
        raise DepositTooSmall(f"{format_yuan(held)} are held as deposit, not {format_yuan(amount_fen)}")
    lines = [Posting(DEPOSIT, amount_fen, account), Posting(CREDIT, -amount_fen, account)]
    _keep(key, "DEPOSIT_RELEASED", place, -amount_fen, lines, reason, actor, at)
    day = at.astimezone(BILLING_ZONE).date()
    receiving.settle_first(
        place, key=f"settle:deposit:{key}", on=day, at=at, actor=actor, library=library or current.library()
    )
    return True


def _is_new(key: str, account: AccountId, amount_fen: int) -> bool:
    if amount_fen == 0 or not key.strip():
        raise InvalidInput("a deposit needs a key and an amount above zero")
    known = Deposit.objects.filter(key=key).first()
    if known is None:
        return True
    if (known.account_id, known.amount_fen) != (account, amount_fen):
        raise DepositKeyUsed(f"deposit '{key}' exists with other facts", key=key)
    return False


def _keep(
    key: str, kind: str, place: customers.AccountPlace, amount_fen: int, lines: list[Posting], reason: str,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    if not reason.strip():
        raise InvalidInput("say what the deposit is for")
    day = at.astimezone(BILLING_ZONE).date()
    row = Deposit.objects.create(
        key=key, account_id=place.account_id, amount_fen=amount_fen, on=day, actor=actor.code, at=at, reason=reason
    )
    receiving.post_lines(f"deposit:{row.pk}", kind, place, lines, on=day, at=at, actor=actor)
    facts = {"account": place.account_number, "amount_fen": amount_fen}
    audit.record(actor=actor, action=_LOGGED[kind], subject=row, facts=facts, at=at, reason=reason,
                 unit_path=place.unit_path)  # fmt: skip
