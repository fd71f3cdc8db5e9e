"""What proves that somebody may see an account: the phones its register holds. For sending codes, never for showing."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.customers.models import Contact, CustomerAccount
from wandeng.domains.customers.types import PHONE_COLUMN
from wandeng.infra import pii
from wandeng.kernel.ids import AccountId


def open_account_id(account_number: str) -> AccountId | None:
    """The id of an open account, ``None`` when there is none of this number."""
    rows = CustomerAccount.objects.filter(account_number=account_number, closed_on__isnull=True)
    found = rows.values_list("pk", flat=True).first()
    return None if found is None else AccountId(found)


def is_contact(account: AccountId, phone: str) -> bool:
    """Whether a phone is a contact of an account that nobody found wrong. Only blind indexes are compared."""
    (index,) = pii.index_many([phone], column=PHONE_COLUMN)
    return Contact.objects.filter(account_id=account, phone_index=index).exclude(verification="WRONG").exists()


def is_checked_contact(account: AccountId, phone: str, *, since: datetime) -> bool:
    """Whether a phone is a contact of an account that was found right since then: numbers go to other people with time, so
    only a fresh check shows by itself whose account it is."""
    (index,) = pii.index_many([phone], column=PHONE_COLUMN)
    rows = Contact.objects.filter(account_id=account, phone_index=index, verification="RIGHT")
    return rows.filter(verified_at__gte=since).exists()


def numbers(account: AccountId) -> list[str]:
    """The numbers of an account in the clear, but those found wrong: to find who proved one of them."""
    rows = Contact.objects.filter(account_id=account).exclude(verification="WRONG").order_by("id")
    return [pii.open_sealed(one, column=PHONE_COLUMN) for one in rows.values_list("phone_sealed", flat=True)]


def number_to_prove(account: AccountId) -> str:
    """The number in the clear that a code of an account goes to: a verified one before others, never one found wrong; empty
    for none."""
    rows = Contact.objects.filter(account_id=account).exclude(verification="WRONG")
    found = rows.order_by("verification", "-is_primary", "id").values_list("phone_sealed", flat=True).first()
    return pii.open_sealed(found or "", column=PHONE_COLUMN)
