"""A switching sheet by command and by the API: from the plan it serves to supply taken off, and what is refused on the way."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.kits.doors import Doors, open_doors

from wandeng.domains.organization.types import Role
from wandeng.domains.outages.tests import make
from wandeng.domains.reliability.models import InterruptionStep
from wandeng.domains.switching.models import SwitchingSheet
from wandeng.domains.switching.types import SamePerson, StepOutOfOrder

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = (
    ("dis", "BS-W", Role.DISPATCHER), ("zhao", "BS-W", Role.CELL_MANAGER), ("qian", "BS-W", Role.CELL_MANAGER),
    ("east", "BS-E", Role.DISPATCHER),
)  # fmt: skip


@pytest.fixture
def doors(settings: object, monkeypatch: pytest.MonkeyPatch) -> Doors:
    make.town()
    return open_doors("sheet", make.STARTS, PEOPLE, settings=settings, monkeypatch=monkeypatch)


def test_a_sheet_by_command(doors: Doors) -> None:
    plan = make.published(make.request(isolation=make.opened("K11")))
    assert "K11" in doors.run("suggest", plan)
    doors.run("draft", "--outage", plan)
    number = SwitchingSheet.objects.get().number
    with pytest.raises(SamePerson):
        doors.run("check", number)
    doors.run("check", number, by="zhao")
    for found in SwitchingSheet.objects.get().findings.all():
        doors.run("acknowledge", number, str(found.pk), "--reason", "已安排")
    doors.run("issue", number)
    with pytest.raises(SamePerson):
        doors.run("begin", number, "--operator", "zhao", "--guardian", "zhao")
    doors.run("begin", number, "--operator", "zhao", "--guardian", "qian")
    doors.now = make.STARTS + timedelta(minutes=5)
    with pytest.raises(StepOutOfOrder):
        doors.run("execute", number, "2", by="zhao")
    first = json.loads(doors.run("execute", number, "1", "--key", "k1", "--json", by="zhao"))
    again = json.loads(doors.run("execute", number, "1", "--key", "k1", "--json", by="zhao"))
    assert first["off"] == again["off"] > 0
    assert InterruptionStep.objects.count() == first["off"]
    assert number in doors.run("list")


def test_a_sheet_by_the_api_and_nothing_of_another_office(doors: Doors) -> None:
    plan = make.published(make.request(isolation=make.opened("K11")))
    ours, theirs = doors.program("dis"), doors.program("east")
    asked = ours.get(f"/api/v1/outages/plans/{plan}/switching-sheet").json()
    assert (asked["steps"][0]["action"], asked["steps"][0]["device"]) == ("OPEN", "K11")
    body = {"unit_code": "BS-W", "purpose": "西线停电", "steps": ["OPEN K11"], "outage": plan}
    assert theirs.post("/api/v1/switching-sheets/draft", body, content_type="application/json").status_code == 404
    answer = ours.post("/api/v1/switching-sheets/draft", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    number = answer.json()["result"]
    assert ours.get(f"/api/v1/switching-sheets/{number}").json()["state"] == "DRAFT"
    assert theirs.get(f"/api/v1/switching-sheets/{number}").status_code == 404
    own_check = ours.post(f"/api/v1/switching-sheets/{number}/check", {}, content_type="application/json")
    assert (own_check.status_code, own_check.json()["code"]) == (409, "SHEET_SAME_PERSON")
    today = ours.get("/api/v1/outages/today").json()
    assert plan in json.dumps(today)
