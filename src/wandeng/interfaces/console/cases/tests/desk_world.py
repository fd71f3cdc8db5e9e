"""The small county with people of every role that a case meets, and the pages as they see them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wandeng.domains.customers.tests import make as customers
from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.tests.make import SINCE
from wandeng.domains.organization.types import Role
from wandeng.kernel.actors import SYSTEM

NOW = datetime(2026, 3, 10, 2, 5, tzinfo=UTC)
"""Tuesday 10:05 in Shanghai."""
PHONE = "13812345678"
MOST_QUERIES = 15
STAFF = (
    ("call", "BS", Role.CALL_CLERK),
    ("hall", "BS-W", Role.HALL_CLERK),
    ("dispatch", "BS", Role.DISPATCHER),
    ("cell-w", "BS-W", Role.CELL_MANAGER),
    ("audit", "BS", Role.AUDITOR),
    ("manager", "BS", Role.COUNTY_MANAGER),
    ("reader", "BS-W", Role.METER_READER),
    ("hall-e", "BS-E", Role.HALL_CLERK),
    ("biller", "BS", Role.BILLING_CLERK),
)


def county() -> None:
    """Accounts 1001 to 1006 (1001 with a telephone), and the people of :data:`STAFF`."""
    customers.accounts()
    customers.contact("1001", PHONE)
    for code, unit, role in STAFF:
        actions.add_person(code=code, name=f"人员{code}", unit_code=unit, actor=SYSTEM, at=NOW)
        actions.appoint(person_code=code, unit_code=unit, role=role, from_on=SINCE, actor=SYSTEM, at=NOW)


def client(code: str) -> Client:
    found = Client()
    found.force_login(queries.login_user(code))
    return found


def get(code: str, address: str, *, status: int = 200, most: int = MOST_QUERIES) -> str:
    """A page, with few queries."""
    known = client(code)
    with CaptureQueriesContext(connection) as asked:
        answer = known.get(f"/console/cases/{address}")
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-1500:])
    assert len(asked) <= most, "\n".join(one["sql"][:200] for one in asked.captured_queries)
    return str(answer.content.decode())


def post(code: str, address: str, *, status: int = 302, **given: Any) -> HttpResponse:
    answer = client(code).post(f"/console/cases/{address}", given)
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-3000:])
    return answer  # type: ignore[return-value]


def refused(code: str, address: str, *, status: int = 422, **given: Any) -> str:
    """What the page says of an action that was not done."""
    return str(post(code, address, status=status, **given).content.decode())


def opened(code: str, **given: Any) -> str:
    """Open a case by the page; its number."""
    answer = post(code, "intake/", do="open", **given)
    return str(answer.headers["Location"]).rstrip("/").rpartition("/")[2]


def fault(code: str = "call", **given: Any) -> str:
    """A fault of account 1001, taken by the page."""
    told = {
        "process": "fault_repair", "account": "1001", "channel": "PHONE_95598", "answer-SITUATION": "整栋楼没电",
        "answer-PLACE": "白水镇", "answer-DANGER": "NO", "first_and_second": "LOW_VOLTAGE/SERVICE_DROP",
        "urgency": "ORDINARY",
    }  # fmt: skip
    return opened(code, **(told | given))
