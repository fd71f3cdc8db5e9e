"""Contacts are added, checked, and their numbers shown in the clear only for a stated reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.customers.models import Contact, CustomerAccount
from wandeng.domains.customers.types import PHONE_COLUMN, PHONE_TAIL_COLUMN, Verdict
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, ids, operations, pii
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import BILLING_ZONE

VERIFY = "contact.verify"
REVEAL = "contact.reveal"
REVEALS_AN_HOUR = "reveal.per_hour"
"""The parameter that limits how many numbers one person may see in the clear within an hour."""
HOUR = timedelta(hours=1)


class TooManyReveals(NotAllowed):
    """A person has seen as many numbers in the clear within an hour as the utility lets anybody see."""

    code = "TOO_MANY_REVEALS"


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
    """Record what a check of a contact found; every check stays in its history, and whoever was to do it is done.

    Raises :class:`NotFound`, also outside the actor's scope.
    """
    contact = _contact(contact_id, actor)
    Contact.objects.filter(pk=contact.pk).update(verification=str(verdict), verified_at=at, assigned_to="")
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
def correct_contact(
    *, contact_id: int, phone: str, actor: Actor, at: datetime, reason: str, name: str | None = None
) -> int:
    """Replace a wrong number: the old one is found WRONG, the new one takes its place, unverified, and stands in the
    verify list until somebody confirms it. ``name`` is kept unless another is given. Returns the new contact's id.

    Raises as :func:`verify_contact` and :func:`add_contact`; then nothing has changed.
    """
    old = _contact(contact_id, actor)
    verify_contact(contact_id=contact_id, verdict=Verdict.WRONG, actor=actor, at=at, reason=reason)
    return add_contact(
        account_number=old.account.account_number,
        phone=phone,
        name=old.name if name is None else name,
        is_primary=old.is_primary,
        actor=actor,
        at=at,
    )


@transaction.atomic
def recheck_contacts(*, contact_ids: Sequence[int], actor: Actor, at: datetime, reason: str) -> int:
    """Send contacts back to the verify list; returns how many were not in it. Raises :class:`NotFound` for any outside
    the actor's scope."""
    sent = 0
    for contact_id in contact_ids:
        if _contact(contact_id, actor).verification != Verdict.UNVERIFIED:
            verify_contact(contact_id=contact_id, verdict=Verdict.UNVERIFIED, actor=actor, at=at, reason=reason)
            sent += 1
    return sent


@transaction.atomic
def assign_contacts(*, contact_ids: Sequence[int], person_code: str, actor: Actor, at: datetime) -> int:
    """Give contacts to somebody to check (an empty code: to nobody); returns how many changed hands. One that was found
    right stays as it is: there is nothing to check.

    Raises :class:`NotFound` for any contact outside the actor's scope, or a person unknown or without a post from which
    that contact is seen.
    """
    paths = [post.unit_path for post in organization.posts_of(person_code, at.astimezone(BILLING_ZONE).date())]
    given = 0
    for contact_id in contact_ids:
        contact = _contact(contact_id, actor)
        path = contact.account.unit.path
        if person_code and not any(path.startswith(one) for one in paths):
            raise NotFound(f"there is no person {person_code}")
        if contact.verification == Verdict.RIGHT or contact.assigned_to == person_code:
            continue
        Contact.objects.filter(pk=contact.pk).update(assigned_to=person_code)
        facts = {"assigned_to": person_code, "was_assigned_to": contact.assigned_to}
        audit.record(actor=actor, action="contact.assign", subject=contact, facts=facts, at=at, unit_path=path)
        given += 1
    return given


@transaction.atomic
def reveal_phone(*, contact_id: int, actor: Actor, at: datetime, reason: str) -> str:
    """The number in the clear. Who looked, when and why is logged in the same transaction.

    Raises :class:`InvalidInput` without a reason, :class:`NotFound`, also outside the actor's scope,
    :class:`TooManyReveals` beyond the parameter ``reveal.per_hour``.
    """
    if not reason.strip():
        raise InvalidInput("a phone number is shown only for a stated reason")
    contact = _contact(contact_id, actor)
    most = organization.parameter_int(REVEALS_AN_HOUR, at.astimezone(BILLING_ZONE).date())
    if operations.count_since(actor_code=actor.code, action=REVEAL, since=at - HOUR, most=most) >= most:
        raise TooManyReveals(f"{actor.code} has seen {most} phone numbers within an hour: no more for now")
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
