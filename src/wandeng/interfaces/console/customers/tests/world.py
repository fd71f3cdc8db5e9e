"""A small county at the counter: six accounts, people of each role, and one account with a year of bills."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.tests import make
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries
from wandeng.domains.organization.types import Role
from wandeng.kernel.actors import SYSTEM

PHONE = "13812345678"
STAFF = (
    ("hall", "何营业", "BS", Role.HALL_CLERK),
    ("call", "丁坐席", "BS", Role.CALL_CLERK),
    ("hall-e", "江营业", "BS-E", Role.HALL_CLERK),
    ("auditor", "严稽查", "BS", Role.AUDITOR),
    ("clerk", "林核算", "BS", Role.BILLING_CLERK),
    ("admin", "管理员", "BS", Role.ADMINISTRATOR),
)


def county() -> int:
    """Accounts, people, one contact, one signed agreement and one draft of account 1001; returns the contact's id."""
    make.accounts()
    for code, name, unit, role in STAFF:
        organization.add_person(code=code, name=name, unit_code=unit, actor=SYSTEM, at=make.AT)
        organization.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT
        )
    make.agreement("HT-1", "1001", date(2024, 1, 1), date(2030, 1, 1))
    customers.sign_agreement(number="HT-1", signed_on=date(2024, 1, 1), actor=SYSTEM, at=make.AT, reason="柜台签订")
    make.agreement("HT-2", "1002", date(2026, 1, 1), date(2031, 1, 1))
    return make.contact("1001", PHONE)


def client_of(code: str) -> Client:
    client = Client()
    client.force_login(queries.login_user(code))
    client.get("/console/search/")  # a session notes once a minute that it is in use: not in the queries of a page
    return client


def text(client: Client, address: str, *, htmx: bool = False, most_queries: int = 15) -> str:
    """The page, answered well and with few queries."""
    headers = {"HX-Request": "true"} if htmx else {}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.content[:500]
    assert len(asked) <= most_queries, "\n".join(one["sql"][:160] for one in asked.captured_queries)
    return str(answer.content.decode())
