"""Contacts are added, checked, and their numbers shown in the clear only for a stated reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.customers.models import Contact, CustomerAccount
from wandeng.domains.customers.types import PHONE_COLUMN, PHONE_TAIL_COLUMN, Verdict
from wandeng.infra import audit, ids, pii
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

VERIFY = "contact.verify"
REVEAL = "contact.reveal"


@transaction.atomic
def add_contact(
    *, account_number: str, phone: str, name: str = "", is_primary: bool = True, actor: Actor, at: datetime
) -> int:
    """Add a phone number to an account, unverified; a new primary one takes the place of the old.

    Raises :class:`InvalidInput` for something that is no phone number, :class:`Conflict` for one the account has.
    """
    digits = "".join(phone.split()).replace("-", "")
    if not digits.lstrip("+").isdigit() or not 7 <= len(digits) <= 20:
        raise InvalidInput("a phone number has 7 to 20 digits")
    account = Scope.of(actor).one(
        CustomerAccount.objects.select_related("unit"), "unit__path", "account", account_number=account_number
    )
    (index,) = pii.index_many([digits], column=PHONE_COLUMN)
    if Contact.objects.filter(account=account, phone_index=index).exists():
        raise Conflict(f"account {account_number} has this number already")
    if is_primary:
        Contact.objects.filter(account=account, is_primary=True).update(is_primary=False)
    contact = Contact.objects.create(
        id=ids.reserve(Contact, 1),
        account=account,
        name=name,
        phone_sealed=pii.seal_many([digits], column=PHONE_COLUMN)[0],
        phone_index=index,
        phone_tail_index=pii.index_many([digits[-4:]], column=PHONE_TAIL_COLUMN)[0],
        is_primary=is_primary,
    )
    facts = {"account_number": account_number, "primary": is_primary}
    audit.record(actor=actor, action="contact.add", subject=contact, facts=facts, at=at, unit_path=account.unit.path)
    return contact.id


@transaction.atomic
def verify_contact(*, contact_id: int, verdict: Verdict, actor: Actor, at: datetime, reason: str = "") -> None:
    """Record what a check of a contact found; every check stays in its history.

    Raises :class:`NotFound`, also outside the actor's scope.
    """
    contact = _contact(contact_id, actor)
    Contact.objects.filter(pk=contact.pk).update(verification=str(verdict), verified_at=at)
    audit.record(
        actor=actor,
        action=VERIFY,
        subject=contact,
        facts={"from": contact.verification, "to": str(verdict)},
        at=at,
        reason=reason,
        unit_path=contact.account.unit.path,
    )


@transaction.atomic
def reveal_phone(*, contact_id: int, actor: Actor, at: datetime, reason: str) -> str:
    """The number in the clear. Who looked, when and why is logged in the same transaction.

    Raises :class:`InvalidInput` without a reason, :class:`NotFound`, also outside the actor's scope.
    """
    if not reason.strip():
        raise InvalidInput("a phone number is shown only for a stated reason")
    contact = _contact(contact_id, actor)
    audit.record(
        actor=actor,
        action=REVEAL,
        subject=contact,
        facts={"account_number": contact.account.account_number},
        at=at,
        reason=reason,
        unit_path=contact.account.unit.path,
    )
    return pii.open_sealed(contact.phone_sealed, column=PHONE_COLUMN)


def _contact(contact_id: int, actor: Actor) -> Contact:
    rows = Contact.objects.select_related("account__unit")
    return Scope.of(actor).one(rows, "account__unit__path", "contact", pk=contact_id)
