"""Agreements by which an account is debited at its bank (代扣协议)."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import IntegrityError, transaction

from wandeng.domains.customers import queries as customers
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.bank_states import BANK_AGREEMENT
from wandeng.domains.payments.models import BankAgreement
from wandeng.domains.payments.queries.bank_values import BANK_ACCOUNT_COLUMN
from wandeng.infra import audit, ids, pii
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

SIGNERS = (Role.HALL_CLERK, Role.ACCOUNTANT)
KINDS = ("DEBIT", "COLLECTION")
_BANK_ACCOUNT = re.compile(r"[0-9]{8,32}")
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,32}")


@transaction.atomic
def sign_bank_agreement(
    *,
    number: str,
    bank: str,
    account_number: str,
    kind: str,
    bank_account: str,
    holder: str,
    signed_on: date,
    actor: Actor,
    at: datetime,
) -> int:
    """Sign an agreement; returns its id. An account has one in force at a time. ``bank`` is a code of the bank_files rule.

    Raises :class:`InvalidInput`, :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` for a number used before or an
    account that has one.
    """
    if kind not in KINDS:
        raise InvalidInput(f"'{kind}' is no kind of bank agreement: {', '.join(KINDS)}")
    if not _NUMBER.fullmatch(number) or not _BANK_ACCOUNT.fullmatch(bank_account):
        raise InvalidInput("an agreement's number has at most 32 letters and digits, a bank account 8 to 32 digits")
    if not holder.strip() or len(holder) > 128:
        raise InvalidInput("a bank agreement names the holder of the bank account")
    account = customers.account(Scope.of(actor), account_number)
    require(actor, *SIGNERS, unit_path=account.unit_path)
    (sealed,) = pii.seal_many([bank_account], column=BANK_ACCOUNT_COLUMN)
    (index,) = pii.index_many([bank_account], column=BANK_ACCOUNT_COLUMN)
    try:
        with transaction.atomic():
            row = BankAgreement.objects.create(
                id=ids.reserve(BankAgreement, 1), number=number, bank=bank, account_id=account.id, kind=kind,
                holder=holder.strip(), bank_account_sealed=sealed, bank_account_index=index, tail=bank_account[-4:],
                signed_on=signed_on,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(
            f"agreement {number} of bank {bank} is there already, or account {account_number} has another in force"
        ) from None
    facts = {"bank": bank, "number": number, "account": account_number, "kind": kind}
    audit.record(
        actor=actor, action="bank_agreement.sign", subject=row, facts=facts, at=at, unit_path=account.unit_path
    )
    return row.pk


@transaction.atomic
def end_bank_agreement(*, bank: str, number: str, reason: str, actor: Actor, at: datetime) -> None:
    """End an agreement. What was asked of the bank already may still come back paid.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without a reason, ``MoveRefused``.
    """
    row = Scope.of(actor).one(
        BankAgreement.objects.select_related("account__unit"), "account__unit__path", "bank agreement",
        bank=bank, number=number,
    )  # fmt: skip
    require(actor, *SIGNERS, unit_path=row.account.unit.path)
    if not reason.strip():
        raise InvalidInput("a bank agreement is ended for a stated reason")
    move(row, BANK_AGREEMENT, "end", actor=actor, at=at, reason=reason)
    facts = {"bank": bank, "number": number}
    audit.record(
        actor=actor, action="bank_agreement.end", subject=row, facts=facts, at=at, reason=reason,
        unit_path=row.account.unit.path,
    )  # fmt: skip
