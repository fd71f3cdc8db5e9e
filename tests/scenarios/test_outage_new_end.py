"""Another end of an outage that runs, said on the page, on the API and by command: those still off hear it, once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages.actions import running
from wandeng.domains.outages.models import OutageTold, PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.flows import outage_notices
from wandeng.interfaces.cli import outage_run, terminal
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db(transaction=True)
DURING = make.STARTS + timedelta(hours=2)
ENDS = make.STARTS + timedelta(hours=4)


def dispatcher(unit: str, code: str) -> tuple[Client, Client]:
    """A dispatcher's browser, and their program on the API."""
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=make.NOW)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=Role.DISPATCHER, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.NOW
    )
    browser = Client()
    browser.force_login(organization.login_user(code))
    token = organization_actions.issue_token(
        label="测试", may_write=True, expires_at=DURING + timedelta(days=1), at=DURING,
        actor=organization.actor_for(code, DURING.date()),
    )  # fmt: skip
    return browser, Client(headers={"Authorization": f"Bearer {token.secret}"})


def written(at: datetime) -> str:
    return f"{at.astimezone(BILLING_ZONE):%Y-%m-%dT%H:%M}"


def test_the_new_end_on_page_api_and_command(
    settings: object, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: object
) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    for door in (middleware, terminal):
        monkeypatch.setattr(door, "now", lambda: DURING)
    make.town()
    number = make.published()
    (browser, program), (east, foreign) = dispatcher("BS", "dispatch"), dispatcher("BS-E", "east")
    outage_notices.tell(number=number, at=make.NOW)
    running.start(number=number, off_at=make.STARTS, actor=make.PLANNER, at=make.STARTS)
    where = f"/console/outages/plans/{number}/run/"
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        assert "更正并告知" in browser.get(where).content.decode()
    said = {"do": "new_end", "ends_at": written(ENDS + timedelta(hours=1)), "reason": "电缆头击穿"}
    assert east.post(where, said).status_code == 404
    assert browser.post(where, said | {"reason": ""}).status_code == 422
    assert browser.post(where, said | {"ends_at": written(ENDS)}).status_code == 422
    assert browser.post(where, said).status_code == 302
    assert outage_notices.tell(number=number, at=DURING).accounts == {"CORRECTION": 1}
    path, body = (
        f"/api/v1/outages/plans/{number}/new-end",
        {"ends_at": (ENDS + timedelta(hours=2)).isoformat(), "reason": "雨"},
    )
    assert foreign.post(path, body, content_type="application/json").status_code == 404
    answer = program.post(path, body, content_type="application/json").json()["result"]
    assert (answer["version"], answer["is_late"]) == (3, False)
    assert datetime.fromisoformat(answer["tell_by"]) == ENDS + timedelta(
        minutes=30
    )  # half an hour before the end told last
    assert outage_notices.tell(number=number, at=DURING).accounts == {"CORRECTION": 1}
    until = f"{(ENDS + timedelta(hours=3)).astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}"
    done = CliRunner().invoke(outage_run.app, ["new-end", number, "--until", until, "--reason", "换缆", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["version"] == 4
    assert PlannedOutage.objects.get(number=number).versions.get(state="STANDS").ends_at == ENDS + timedelta(hours=3)
    assert outage_notices.tell(number=number, at=DURING).accounts == {"CORRECTION": 1}
    assert OutageTold.objects.filter(telling__kind="CORRECTION").count() == 3
    assert browser.get(f"/console/outages/plans/{number}/").status_code == 200
