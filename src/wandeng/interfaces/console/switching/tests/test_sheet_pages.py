"""A sheet on its pages: written from a plan, checked by another, issued, its steps pressed one by one on a telephone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries
from wandeng.domains.organization.types import Role
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.tests.make import NOW, STARTS, opened, published, request
from wandeng.domains.reliability.models import InterruptionStep
from wandeng.domains.switching.models import SwitchingSheet
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = (("dis", Role.DISPATCHER), ("zhao", Role.CELL_MANAGER), ("qian", Role.CELL_MANAGER), ("aud", Role.AUDITOR))
SHEETS = "/console/switching/sheets/"


@pytest.fixture(autouse=True)
def people(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    for code, role in PEOPLE:
        organization.add_person(code=code, name=f"{code}先生", unit_code="BS-W", actor=SYSTEM, at=NOW)
        organization.appoint(
            person_code=code, unit_code="BS-W", role=role, from_on=NOW.date() - timedelta(days=30), actor=SYSTEM, at=NOW
        )
    monkeypatch.setattr(middleware, "now", lambda: STARTS)


def asks(code: str) -> Client:
    found = Client()
    found.force_login(queries.login_user(code))
    return found


def test_from_plan_to_power() -> None:
    plan = published(request(isolation=opened("K11")))
    dispatcher, zhao = asks("dis"), asks("zhao")
    page = dispatcher.get(f"{SHEETS}new/?outage={plan}").content.decode()
    assert "断开 K11" in page
    assert plan in page
    given = {"unit": "BS-W", "purpose": "西线停电", "outage": plan, "steps": "断开 K11\n合上 K11"}
    assert dispatcher.post(f"{SHEETS}new/", {**given, "steps": "断开 K11\n敲 K12"}).status_code == 422
    where = dispatcher.post(f"{SHEETS}new/", given)["Location"]
    number = SwitchingSheet.objects.get().number
    assert "须由另一人审核" in dispatcher.get(where).content.decode()
    assert dispatcher.post(f"{where}check/").status_code == 422
    assert zhao.post(f"{where}check/").status_code == 302
    for found in SwitchingSheet.objects.get().findings.all():
        assert dispatcher.post(f"{where}acknowledge/", {"finding": found.pk, "reason": "已安排"}).status_code == 302
    assert dispatcher.post(f"{where}issue/").status_code == 302
    assert zhao.post(f"{where}begin/", {"operator": "zhao", "guardian": "zhao"}).status_code == 422
    assert zhao.post(f"{where}begin/", {"operator": "zhao", "guardian": "qian"}).status_code == 302
    page = zhao.get(where).content.decode()
    assert "下一步：1 / 2" in page
    assert "已执行这一步" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    for _twice in range(2):  # a nervous thumb
        assert zhao.post(f"{where}execute/", {"place": 1, "key": key[1]}).status_code == 302
    assert InterruptionStep.objects.filter(interruption__number=plan, on_at=None).count() == 2
    assert "下一步：2 / 2" in zhao.get(where).content.decode()
    later = zhao.post(f"{where}execute/", {"place": 2, "key": "b", "done_at": "2026-03-12T07:00:00"})
    assert later.status_code == 422
    assert number in dispatcher.get(SHEETS).content.decode()
    auditor = asks("aud")
    assert auditor.get(where).status_code == 200
    assert auditor.post(f"{where}void/", {"reason": "x"}).status_code == 403


def test_what_is_not_there() -> None:
    dispatcher = asks("dis")
    assert dispatcher.get(f"{SHEETS}CZ-NONE/").status_code == 404
    assert dispatcher.post(f"{SHEETS}CZ-NONE/void/").status_code == 404
    assert dispatcher.get(f"{SHEETS}new/?outage=TD-NONE").status_code == 404
