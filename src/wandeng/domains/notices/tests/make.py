"""A county whose customers can be told something: accounts with contacts of every kind, and the product's templates."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.customers import actions as customers_actions
from wandeng.domains.customers.queries import places
from wandeng.domains.customers.tests import make as customers
from wandeng.domains.customers.types import Verdict
from wandeng.domains.notices import actions
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

AT = datetime(2026, 9, 15, 10, 0, tzinfo=BILLING_ZONE)
"""A Tuesday morning: anything may be sent."""
PHONES = {"1001": "13800001001", "1002": "13800001002", "1003": "13800001003"}
PAYMENT = {"at": "9月15日 10:00", "amount": "128.50", "channel": "现金", "owed": "0.00", "credit": "0.00"}
REMINDER = {"owed": "256.80", "due_on": "9月10日"}


def people() -> None:
    """1001 has a number found right, 1002 one nobody verified, 1003 a wrong one; the others have none."""
    customers.accounts()
    actions.install_defaults(actor=SYSTEM, at=AT)
    for number, verdict in (("1001", Verdict.RIGHT), ("1002", None), ("1003", Verdict.WRONG)):
        contact = customers.contact(number, PHONES[number])
        if verdict:
            customers_actions.verify_contact(contact_id=contact, verdict=verdict, actor=SYSTEM, at=AT)


def account_id(number: str):
    """The id of an account by its number."""
    return places.account_id_of(number)


def paid(number: str = "1001", *, key: str = "payment:1", at: datetime = AT, **more) -> NoticeRecipient:
    """A payment notice to an account; returns its recipient."""
    notice = actions.send(
        key=key, template="payment_received", account=account_id(number), slots=PAYMENT, at=at, actor=SYSTEM, **more
    )
    return NoticeRecipient.objects.get(notice=notice)


def reminded(number: str, *, key: str = "reminder:1", at: datetime = AT, **more) -> NoticeRecipient:
    """A first reminder to an account; returns its recipient."""
    notice = actions.send(
        key=key, template="arrears_reminder_1", account=account_id(number), slots=REMINDER, at=at, actor=SYSTEM, **more
    )
    return NoticeRecipient.objects.get(notice=notice)
