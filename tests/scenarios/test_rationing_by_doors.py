"""Rationing by command and by the API: an order from its proposal to who bore what, and what is refused on the way."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from tests.kits.doors import Doors, open_doors

from wandeng.domains.organization.types import Role
from wandeng.domains.rationing.tests import make
from wandeng.kernel.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = (("dis", "BS", Role.DISPATCHER), ("boss", "BS", Role.COUNTY_MANAGER), ("east", "BS-E", Role.DISPATCHER))


@pytest.fixture
def doors(settings: object, monkeypatch: pytest.MonkeyPatch) -> Doors:
    make.town()
    return open_doors("rationing", make.NOW, PEOPLE, settings=settings, monkeypatch=monkeypatch)


def test_an_order_by_command(doors: Doors) -> None:
    make.approved()
    window = ("--from", "2026-07-15T10:00", "--to", "2026-07-15T14:00")
    made = json.loads(doors.run("propose", "BS", *window, "--gap", "150", "--json"))
    number = made["number"]
    chosen = {one["code"] for one in made["shares"] if one["is_chosen"]}
    assert chosen == {"1001", "1002"}
    with pytest.raises(NotAllowed):
        doors.run("approve", number)
    doors.run("approve", number, "--note", "其余由上级调剂", by="boss")
    doors.run("publish", number)
    assert "1001" in doors.run("show", number)
    doors.now = make.STARTS
    doors.run("start", number, "--off", "2026-07-15T10:00")
    doors.now = make.ENDS
    doors.run("restore", number, "--on", "2026-07-15T14:00")
    doors.run("finish", number)
    borne = json.loads(doors.run("burdens", "BS", "2026", "--json"))
    assert {"1001", "1002"} <= {one["code"] for one in borne["rows"] if one["seconds"] == 4 * 3600}
    assert "MISSING_READINGS" in doors.run("saved", number, "--json")


def test_an_order_by_the_api_and_nothing_of_another_office(doors: Doors) -> None:
    make.approved()
    ours, theirs = doors.program("dis"), doors.program("east")
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


def test_a_participant_by_command_and_by_the_api(doors: Doors) -> None:
    scheme = make.drafted(())
    doors.run("take-in", str(scheme), "1001", "--before", "500", "--shed", "100", "--measure", "LIMIT")
    doors.run("take-in", str(scheme), "K11", "--line", "--before", "600")
    with pytest.raises(InvalidInput):
        doors.run("take-in", str(scheme), "1002", "--before", "500")
    ours, theirs = doors.program("dis"), doors.program("east")
    at = f"/api/v1/rationing/schemes/{scheme}"
    body = {"kind": "ACCOUNT", "code": "1002", "measure": "STAGGER", "before_kw": 400, "shed_kw": 90}
    assert theirs.post(f"{at}/take-in", body, content_type="application/json").status_code == 404
    answer = ours.post(f"{at}/take-in", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    shown = {one["code"]: (one["measure"], one["shed_kw"]) for one in ours.get(at).json()["participants"]}
    assert shown == {"1001": ("LIMIT", 100), "1002": ("STAGGER", 90), "K11": ("CUT", 600)}
