"""A switching sheet by command and by the API: from the plan it serves to supply taken off, and what is refused on the way."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages.tests import make
from wandeng.domains.reliability.models import InterruptionStep
from wandeng.domains.switching.models import SwitchingSheet
from wandeng.domains.switching.types import SamePerson, StepOutOfOrder
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.main import app
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = (
    ("dis", "BS-W", Role.DISPATCHER), ("zhao", "BS-W", Role.CELL_MANAGER), ("qian", "BS-W", Role.CELL_MANAGER),
    ("east", "BS-E", Role.DISPATCHER),
)  # fmt: skip
CLOCK = {"now": make.STARTS}


@pytest.fixture(autouse=True)
def town(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    CLOCK["now"] = make.STARTS
    for door in (middleware, terminal):
        monkeypatch.setattr(door, "now", lambda: CLOCK["now"])
    monkeypatch.setattr(terminal, "today", lambda: CLOCK["now"].date())
    make.town()
    for code, unit, role in PEOPLE:
        organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=make.NOW)
        organization_actions.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.NOW
        )


def run(*words: str, by: str = "dis") -> str:
    answer = CliRunner().invoke(app, ["sheet", *words, "--as", by], env={"COLUMNS": "220"})
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


def program(code: str) -> Client:
    token = organization_actions.issue_token(
        label="测试", may_write=True, expires_at=make.STARTS + timedelta(days=1), at=make.STARTS,
        actor=organization.actor_for(code, make.STARTS.date()),
    )  # fmt: skip
    return Client(headers={"Authorization": f"Bearer {token.secret}"})


def test_a_sheet_by_command() -> None:
    plan = make.published(make.request(isolation=make.opened("K11")))
    assert "K11" in run("suggest", plan)
    run("draft", "--outage", plan)
    number = SwitchingSheet.objects.get().number
    with pytest.raises(SamePerson):
        run("check", number)
    run("check", number, by="zhao")
    for found in SwitchingSheet.objects.get().findings.all():
        run("acknowledge", number, str(found.pk), "--reason", "已安排")
    run("issue", number)
    with pytest.raises(SamePerson):
        run("begin", number, "--operator", "zhao", "--guardian", "zhao")
    run("begin", number, "--operator", "zhao", "--guardian", "qian")
    CLOCK["now"] = make.STARTS + timedelta(minutes=5)
    with pytest.raises(StepOutOfOrder):
        run("execute", number, "2", by="zhao")
    first = json.loads(run("execute", number, "1", "--key", "k1", "--json", by="zhao"))
    again = json.loads(run("execute", number, "1", "--key", "k1", "--json", by="zhao"))
    assert first["off"] == again["off"] > 0
    assert InterruptionStep.objects.count() == first["off"]
    assert number in run("list")


def test_a_sheet_by_the_api_and_nothing_of_another_office() -> None:
    plan = make.published(make.request(isolation=make.opened("K11")))
    ours, theirs = program("dis"), program("east")
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
