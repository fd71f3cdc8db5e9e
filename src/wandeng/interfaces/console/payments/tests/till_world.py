"""The small county with people at the counter, bills that are owed, and a till."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.actions import tills
from wandeng.domains.payments.tests import make
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE, Month

MOST_QUERIES = 15
STAFF = (
    ("hall", "BS", Role.HALL_CLERK),
    ("hall2", "BS", Role.HALL_CLERK),
    ("account2", "BS", Role.ACCOUNTANT),
    ("head", "BS", Role.COUNTY_MANAGER),
    ("east", "BS-E", Role.HALL_CLERK),
    ("call", "BS", Role.CALL_CLERK),
)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(BILLING_ZONE).date()


def county() -> dict[str, int]:
    """People, one till, a mill (1003) that owes 88.88 and is not late, a household (1001) that owes nothing."""
    accounts = make.accounts()
    for code, unit, role in STAFF:
        actions.add_person(code=code, name=f"人员{code}", unit_code=unit, actor=SYSTEM, at=make.AT)
        actions.appoint(person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT)
    month = Month.of(today()).previous()
    make.bill(accounts[make.MILL], str(month), 88_88, today() + timedelta(days=5))
    tills.add_till(code="BS-1", name="一号台", unit_code="BS", kind="COUNTER", actor=SYSTEM, at=now())
    return accounts


def client(code: str) -> Client:
    known = Client()
    known.force_login(queries.login_user(code))
    return known


def page(known: Client, address: str, *, status: int = 200) -> str:
    """The page, with few queries."""
    with CaptureQueriesContext(connection) as asked:
        answer = known.get(f"/console/{address}", follow=False)
    assert answer.status_code == status, (answer.status_code, answer.headers, answer.content.decode()[:3000])
    assert len(asked) <= MOST_QUERIES, "\n".join(one["sql"][:180] for one in asked.captured_queries)
    return answer.content.decode()


def send(known: Client, address: str, *, status: int = 302, **data: object) -> str:
    """Where a form leads; for one that comes back, its page."""
    answer = known.post(f"/console/{address}", data)
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:3000])
    return answer.headers["Location"] if status == 302 else answer.content.decode()


def open_till(code: str = "hall", *, till: str = "BS-1", opening: str = "200") -> str:
    """A session opened on the page; its number."""
    assert send(client(code), "payments/desk/open/", till=till, opening=opening) == "/console/payments/desk/"
    return f"{till}-{today():%Y%m%d}-1"


def take(known: Client, number: str, amount: str, *, key: str = "k1", status: int = 302, **other: object) -> str:
    """Money over the counter; the address of the receipt."""
    given = {"account_number": number, "key": key, "amount": amount, "purpose": "FULL", "tender": "CASH"} | other
    return send(known, "payments/desk/", status=status, **given)
