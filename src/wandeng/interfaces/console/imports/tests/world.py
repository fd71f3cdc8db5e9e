"""The town of the import tests with people at the desk, and a worker that does what waits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import desk
from wandeng.flows.imports.tests import make
from wandeng.infra import jobs
from wandeng.infra.models import Job
from wandeng.infra.upload_models import ImportUpload
from wandeng.kernel.actors import SYSTEM

MOST_QUERIES = 15
STAFF = (
    ("adm", "43", Role.ADMINISTRATOR),
    ("adm-office", "43042601", Role.ADMINISTRATOR),
    ("reader", "43042601", Role.METER_READER),
    ("call", "43", Role.CALL_CLERK),
)
BAD = make.CUSTOMERS.replace("个人,低压居民,农村,2015-06-01", "外星人,低压居民,农村,2015-06-01").replace(
    "D2,T1", "D2,T9"
)
"""Row 2 has a customer kind that does not exist, row 3 a transformer that does not; row 4 is good."""


def town(folder: Path) -> None:
    """Units and network from files, and one of each post."""
    make.town(folder, "organizations", "network")
    for code, unit, role in STAFF:
        actions.add_person(code=code, name=f"人员{code}", unit_code=unit, actor=SYSTEM, at=make.AT)
        actions.appoint(person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT)


def client(code: str = "adm") -> Client:
    known = Client()
    known.force_login(queries.login_user(code))
    return known


def url(name: str, *args: object) -> str:
    return reverse(f"console:imports-{name}", args=args)


def now() -> datetime:
    return datetime.now(UTC)


def work() -> None:
    """What a worker does until nothing is due; a job that fails fails the test."""
    while jobs.run_one(desk.handlers(now), owner="w:1", clock=now):
        continue
    failed = list(Job.objects.exclude(last_error="").values_list("kind", "last_error"))
    assert not failed, failed


def bring(text: str | bytes, *, kind: str = "customers", who: str = "adm", name: str = "客户.csv") -> int:
    """Send a file through the page; returns the upload."""
    content = text.encode() if isinstance(text, str) else text
    answer = client(who).post(url("new"), {"kind": kind, "unit": "", "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def batch_of(text: str = BAD) -> int:
    """Bring a file, look it through and land it; returns its batch."""
    upload = bring(text)
    work()
    assert client().post(url("land", upload)).status_code == 302
    work()
    batch = ImportUpload.objects.get(pk=upload).batch_id
    assert batch is not None
    return batch


def text_of(address: str, *, who: str = "adm", status: int = 200) -> str:
    """The page, with few queries."""
    known = client(who)
    with CaptureQueriesContext(connection) as asked:
        answer = known.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    assert len(asked) <= MOST_QUERIES, "\n".join(one["sql"][:160] for one in asked.captured_queries)
    return answer.content.decode()
