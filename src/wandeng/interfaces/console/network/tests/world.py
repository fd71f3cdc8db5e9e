"""The small town with a dispatcher, a call clerk and a biller."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wandeng.domains.network.tests import make
from wandeng.domains.network.tests import make as network_make
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries
from wandeng.domains.organization.types import Role
from wandeng.kernel.actors import SYSTEM

STAFF = (
    ("dispatch", "彭调度", "BS", Role.DISPATCHER),
    ("dispatch-w", "西调度", "BS-W", Role.DISPATCHER),
    ("call", "丁坐席", "BS", Role.CALL_CLERK),
    ("clerk", "林核算", "BS", Role.BILLING_CLERK),
    ("reader", "陈抄表", "BS-W", Role.METER_READER),
    ("auditor", "严稽查", "BS", Role.AUDITOR),
)
MOST_QUERIES = 15


def people() -> None:
    """One of each post."""
    for code, name, unit, role in STAFF:
        organization.add_person(code=code, name=name, unit_code=unit, actor=SYSTEM, at=make.AT)
        organization.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT
        )


def town() -> None:
    """The town of network's tests, kept by its marks, and its people."""
    make.town()
    network_make.mark_written()
    people()


def client_of(code: str) -> Client:
    client = Client()
    client.force_login(queries.login_user(code))
    return client


def text(client: Client, address: str, *, htmx: bool = False, status: int = 200) -> str:
    """The page, with few queries."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code == status, answer.content[:500]
    assert len(asked) <= MOST_QUERIES, "\n".join(one["sql"][:160] for one in asked.captured_queries)
    return b"".join(answer).decode()
