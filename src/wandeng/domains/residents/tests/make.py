"""What tests of residents need: the code that a telephone would show, a contact that proves, a resident who holds."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.models import Contact
from wandeng.domains.customers.types import Verdict
from wandeng.domains.residents import actions, codes
from wandeng.domains.residents.types import SessionOpened
from wandeng.kernel.actors import SYSTEM

DIGITS = 6


def code_of(handle: str) -> str:
    """The code of a handle."""
    return codes.text_of(handle, DIGITS)


def checked(account_number: str, *, at: datetime) -> None:
    """Every contact of the account was found right just then."""
    for contact in Contact.objects.filter(account__account_number=account_number).values_list("pk", flat=True):
        customers.verify_contact(contact_id=contact, verdict=Verdict.RIGHT, actor=SYSTEM, at=at)


def logged_in(phone: str, *, at: datetime) -> SessionOpened:
    """A session by a phone and its code."""
    asked = actions.ask_login_code(phone=phone, address="10.0.0.1", at=at)
    return actions.log_in(handle=asked.handle, code=code_of(asked.handle), at=at)


def holding(phone: str, *accounts: str, at: datetime) -> SessionOpened:
    """The same, holding these accounts, of which the phone is a contact."""
    opened = logged_in(phone, at=at)
    for one in accounts:
        checked(one, at=at)
        assert actions.bind_own(resident_id=opened.resident_id, account_number=one, at=at)
    return opened
