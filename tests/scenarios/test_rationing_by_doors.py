"""Rationing by command and by the API: an order from its proposal to who bore what, and what is refused on the way."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.rationing.tests import make
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.main import app
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = {"now": make.NOW}
PEOPLE = (("dis", "BS", Role.DISPATCHER), ("boss", "BS", Role.COUNTY_MANAGER), ("east", "BS-E", Role.DISPATCHER))


@pytest.fixture(autouse=True)
def town(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    CLOCK["now"] = make.NOW
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
    answer = CliRunner().invoke(app, ["rationing", *words, "--as", by], env={"COLUMNS": "220"})
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


def program(code: str) -> Client:
    token = organization_actions.issue_token(
        label="测试", may_write=True, expires_at=make.ENDS + timedelta(days=1), at=make.NOW,
        actor=organization.actor_for(code, make.NOW.date()),
    )  # fmt: skip
    return Client(headers={"Authorization": f"Bearer {token.secret}"})


def test_an_order_by_command() -> None:
    make.approved()
    window = ("--from", "2026-07-15T10:00", "--to", "2026-07-15T14:00")
    made = json.loads(run("propose", "BS", *window, "--gap", "150", "--json"))
    number = made["number"]
    chosen = {one["code"] for one in made["shares"] if one["is_chosen"]}
    assert chosen == {"1001", "1002"}
    with pytest.raises(NotAllowed):
        run("approve", number)
    run("approve", number, "--note", "其余由上级调剂", by="boss")
    run("publish", number)
    assert "1001" in run("show", number)
    CLOCK["now"] = make.STARTS
    run("start", number, "--off", "2026-07-15T10:00")
    CLOCK["now"] = make.ENDS
    run("restore", number, "--on", "2026-07-15T14:00")
    run("finish", number)
    borne = json.loads(run("burdens", "BS", "2026", "--json"))
    assert {"1001", "1002"} <= {one["code"] for one in borne["rows"] if one["seconds"] == 4 * 3600}
    assert "MISSING_READINGS" in run("saved", number, "--json")


def test_an_order_by_the_api_and_nothing_of_another_office() -> None:
    make.approved()
    ours, theirs = program("dis"), program("east")
    body = {
        "unit_code": "BS", "starts_at": make.STARTS.isoformat(), "ends_at": make.ENDS.isoformat(), "gap_kw": 150,
    }  # fmt: skip
    assert theirs.post("/api/v1/rationing/propose", body, content_type="application/json").status_code == 404
    answer = ours.post("/api/v1/rationing/propose", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    number = answer.json()["result"]
    shown = ours.get(f"/api/v1/rationing/orders/{number}").json()
    assert datetime.fromisoformat(shown["starts_at"]) == make.STARTS
    assert theirs.get(f"/api/v1/rationing/orders/{number}").status_code == 404
    refused = ours.post(f"/api/v1/rationing/orders/{number}/approve", {}, content_type="application/json")
    assert refused.status_code in (403, 409), refused.content
