"""A county with a month billed and published and the next one checked, and the people who look at it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing.types import RunView
from wandeng.domains.organization import queries
from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.flows import work
from wandeng.flows.bill_pool import Pool
from wandeng.infra import ids, jobs
from wandeng.kernel.periods import FAR_FUTURE, Month

AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
AUG1, SEP1, OCT1 = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
MOST_QUERIES = 15


def county() -> RunView:
    """Two homes (150 → 250 kWh, 100 → 300 kWh) and one whose September is not read; August published, September checked."""
    world.found()
    world.add_account("1001", total={AUG1: 850, SEP1: 1000, OCT1: 1250})
    world.add_account("1002", total={AUG1: 900, SEP1: 1000, OCT1: 1300})
    world.add_account("1003", total={AUG1: 900, SEP1: 1000})
    for code, role in (("hall", "HALL_CLERK"), ("reader", "METER_READER"), ("head", "COUNTY_MANAGER")):
        appoint(code, role)
    Unit.objects.create(
        id=ids.reserve(Unit, 1), code="c02", name="别县公司", kind="COUNTY", path="c02/", territory="demo"
    )
    appoint("stranger", "BILLING_CLERK", unit_code="c02")
    steps.bill_month(AUGUST)
    return steps.run_to_check(SEPTEMBER)


def appoint(code: str, role: str, *, unit_code: str = world.UNIT) -> None:
    unit = Unit.objects.get(code=unit_code)
    person = Person.objects.filter(code=code).first() or Person.objects.create(
        id=ids.reserve(Person, 1), code=code, name=code, unit=unit
    )
    Post.objects.create(
        id=ids.reserve(Post, 1), person=person, unit=unit, role=role, valid_from=world.OPENED, valid_to=FAR_FUTURE
    )


def client_of(code: str) -> Client:
    client = Client()
    client.force_login(queries.login_user(code))
    return client


def text(client: Client, address: str, *, htmx: bool = False, most: int = MOST_QUERIES) -> str:
    """The page, answered well and with few queries."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/console/{address}", headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code == 200, answer.content[:2000]
    # The stamp of a new session is not the page's. A question that PostgreSQL planned before is asked without its text.
    said = [one["sql"] or "SELECT, planned before" for one in asked.captured_queries]
    own = [sql for sql in said if sql[:6] in ("SELECT", "INSERT")]
    assert len(own) <= most, "\n".join(sql[:200] for sql in own)
    return str(answer.content.decode())


def posted(client: Client, address: str, **data: str) -> str:
    """Where a form leads to; a form that is shown again answers with an empty text."""
    answer = client.post(f"/console/{address}", data)
    assert answer.status_code in (200, 302, 422), answer.content[:2000]
    return str(answer.headers.get("Location", ""))


def work_off() -> None:
    """Do the jobs that wait, as a worker would, at a time when all are due."""
    now = datetime(2100, 1, 1, tzinfo=UTC)
    handlers = work.kinds(lambda: now, Pool())
    while jobs.run_one(handlers, owner="test", clock=lambda: now):
        continue
