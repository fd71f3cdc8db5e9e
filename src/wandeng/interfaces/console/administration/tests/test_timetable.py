"""The page of the timetable: what is due, what ran, having it done now; times and switches as parameters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wandeng.domains.organization import actions
from wandeng.domains.organization.models import ParameterValue, Person
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Role
from wandeng.flows import housekeeping, timetable
from wandeng.infra.models import Job, TimedWork
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _county(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.county()
    make.staff()
    actions.add_person(code="a1", name="管理", unit_code="BS", actor=SYSTEM, at=make.AT)
    actions.appoint(
        person_code="a1", unit_code="BS", role=Role.ADMINISTRATOR, from_on=make.SINCE, actor=SYSTEM, at=make.AT
    )


def client(code: str = "a1") -> Client:
    known = Client()
    known.force_login(Person.objects.get(code=code))
    return known


def page(**query: str) -> str:
    return client().get(reverse("console:administration-timetable"), query).content.decode()


def run(kind: str, reason: str, code: str = "a1") -> object:
    address = reverse("console:administration-timetable-run", args=[kind])
    return client(code).post(address, {"reason": reason}, follow=True)


def test_the_page_says_that_nobody_looks_at_the_timetable() -> None:
    assert "还没有工作进程查看过时间表" in page()
    now = timezone.now()
    timetable.enqueue_due(now=now - timedelta(hours=2))
    assert "到时的工作没有人做" in page()
    timetable.enqueue_due(now=now)
    assert "到时的工作没有人做" not in page()


def test_every_kind_stands_there_with_its_time_and_what_it_came_to() -> None:
    timetable.enqueue_due(now=timezone.now())
    Job.objects.create(
        kind=housekeeping.CHECK_BOOKS, dedup_key="x", state="DONE", run_at=make.AT, created_at=make.AT,
        finished_at=make.AT, payload='{"slot": "2026-01-01"}', result='{"bill_faults": 0, "ledger_faults": 2}',
    )  # fmt: skip
    TimedWork.objects.filter(kind=housekeeping.CHECK_BOOKS).update(first_job=Job.objects.get().pk)
    known, address = client(), reverse("console:administration-timetable")
    with CaptureQueriesContext(connection) as seen:
        shown = known.get(address).content.decode()
    assert len(seen) <= MOST_QUERIES
    for kind in timetable.TIMETABLE:
        assert kind.kind in shown
    assert "每天 02:00" in shown
    assert "每 15 分钟" in shown
    assert "总账问题 2" in shown
    assert "账单问题" not in shown


def test_now_means_once_and_for_a_reason() -> None:
    assert "原因" in run(housekeeping.CLEAR, " ").content.decode()  # type: ignore[attr-defined]
    assert Job.objects.count() == 0
    run(housekeeping.CLEAR, "磁盘紧张")
    run(housekeeping.CLEAR, "磁盘紧张")
    assert Job.objects.get().state == "QUEUED"
    assert "排队" in page()


def test_only_administrators_see_it_and_start_it() -> None:
    other = make.STAFF[0][0]
    assert client(other).get(reverse("console:administration-timetable")).status_code == 403
    assert run(housekeeping.CLEAR, "试", other).status_code == 403  # type: ignore[attr-defined]
    assert Job.objects.count() == 0


def test_a_time_of_day_is_typed_and_shown_as_one() -> None:
    address = reverse("console:administration-parameter", args=["timetable.dunning.at"])
    assert 'value="02:00"' in client().get(address).content.decode()
    client().post(address, {"value": "21:30", "valid_from": "2099-01-01", "reason": "避开结账"})
    assert ParameterValue.objects.get().value == 21 * 60 + 30
    assert "21:30" in client().get(address).content.decode()
    assert "02:00" in client().get(reverse("console:administration-parameters")).content.decode()
