"""A storm over the west: the county sends a crew of the east. It accepts, arrives, writes its permit and finishes, with its
leader's own token and telephone; before and after it knows nothing of the west."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.api import world
from tests.kits import storm_world as storm

from wandeng.domains.cases.models import Case, CaseEntry, RepairIncident
from wandeng.domains.cases.types import Charter
from wandeng.domains.organization import queries as organization
from wandeng.infra.models import Operation
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db(transaction=True)
FIELD = "/console/cases/field/"
PLACE = {"kind": "PLACE", "place": {"longitude_e6": 112_000_000, "latitude_e6": 26_000_000}}
PHOTO = {"kind": "PHOTO", "file_name": "p.jpg", "content": base64.b64encode(b"\xff\xd8\xff\xe0p").decode()}
ON_THE_SPOT = {"proof-longitude": "112.0", "proof-latitude": "26.0", "note": ""}
CHECKS = ("CUSTOMER_PERMIT", "SWITCHED_OFF", "TESTED", "BRIEFED")
MOST_QUERIES = 15


def soon(minutes: int) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds")


def told(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["result"]


class Leader:
    """Who leads the east's crew, with a token and a telephone."""

    def __init__(self, code: str) -> None:
        self.api, self.phone = world.Caller(code), Client()
        self.phone.force_login(organization.login_user(code))

    def page(self, address: str) -> str:
        with CaptureQueriesContext(connection) as asked:
            answer = self.phone.get(address)
        assert answer.status_code == 200, address
        assert len(asked) <= MOST_QUERIES, address
        return answer.content.decode()

    def knows(self, number: str, incident: str) -> set[int]:
        """How the addresses of a case and of an incident answer."""
        pages = (f"{FIELD}{number}/", f"/console/cases/case/{number}/", f"/console/repairs/incidents/{incident}/")
        found = {self.phone.get(one).status_code for one in pages}
        return found | {
            self.api.get(f"/cases/{number}").status_code,
            self.api.get(f"/incidents/{incident}").status_code,
        }


def test_a_neighbors_crew_in_a_storm(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False
    charter, now = storm.build(), datetime.now(UTC)
    storm.two_offices(charter, at=now)
    house = storm.call(charter, "B1-01", at=now, first_class="CUSTOMER_INSIDE").number
    first = [storm.call(charter, one, at=now).number for one in ("A1-01", "A1-02")]
    line = RepairIncident.objects.get().number
    leader, director = Leader("leader-N1"), world.Caller("dispatcher")
    assert leader.knows(house, line) == {404}
    assert house not in leader.page(FIELD)

    # The county sends; from then on both are on the telephone.
    told(director.post(f"/incidents/{line}/send", {"code": "N1"}))
    told(director.post(f"/cases/{house}/send", {"code": "N1"}))
    listed = leader.page(FIELD)
    assert all(number in listed for number in (house, *first))
    assert leader.knows(house, line) == {200}
    assert Leader("other-east").knows(house, line) == {404}
    assert leader.api.get("/accounts/B1-01").status_code == 404
    assert leader.phone.get("/console/customers/B1-01/").status_code == 404

    on_the_line(leader, director, charter, line)
    in_the_house(leader, director, house)

    assert leader.knows(house, line) == {404}
    assert house not in leader.page(FIELD)
    assert Case.objects.exclude(state="FINISHED").count() == 0
    assert {one.actor for one in CaseEntry.objects.filter(kind="FINISHED", what="ARRIVE")} <= {"leader-N1", "system"}


def on_the_line(leader: Leader, director: world.Caller, charter: Charter, line: str) -> None:
    """By the API: accepted, arrived with place, joined by a third caller, mended."""
    base = f"/incidents/{line}"
    told(leader.api.post(f"{base}/accept"))
    arrived = {"proofs": [PLACE], "expected_at": soon(120)}
    assert told(leader.api.post(f"{base}/arrive", arrived))["cases"] == 2
    third = storm.call(charter, "A1-03", at=datetime.now(UTC)).number
    assert leader.api.get(f"/cases/{third}").json()["step"] == "RESTORE"
    page = leader.page(f"/console/repairs/incidents/{line}/")
    assert "西供电所" in page
    assert "take-back" not in page
    assert leader.api.post(f"{base}/take-back", {"reason": "换队"}).status_code == 403
    restored = {"cause": "树枝碰线", "restored_at": datetime.now(UTC).isoformat(), "proofs": [PLACE, PHOTO]}
    assert told(leader.api.post(f"{base}/restore", restored))["cases"] == 3
    assert leader.api.get(f"/cases/{third}").status_code == 404
    assert leader.api.post(f"{base}/expect", {"expected_at": soon(60), "why": "再查"}).status_code == 404


def in_the_house(leader: Leader, director: world.Caller, house: str) -> None:
    """On the telephone: accepted, arrived; the number shown for a reason; the permit; the end, told twice."""
    address, script = f"{FIELD}{house}/", {"HTTP_X_WANDENG_FIELD": "1"}
    page = leader.page(address)
    assert "跨所支援" in page
    assert "由我经办" not in page
    assert leader.phone.post(address, {"step": "ACCEPT", "key": "k1", "note": ""}, **script).json()["next"] == address
    arrival = ON_THE_SPOT | {"step": "ARRIVE", "key": "k2", "answer-EXPECTED": storm_clock(90)}
    assert leader.phone.post(address, arrival, **script).json()["is_new"]
    shown = leader.phone.post(f"/console/cases/case/{house}/reveal/PLACE/", {"reason": "找不到门"})
    assert shown.status_code == 200
    assert Operation.objects.filter(action="case.reveal", actor="leader-N1", reason="找不到门").count() == 1
    assert "进度链接" not in leader.page(f"/console/cases/case/{house}/")
    leader.page(f"/console/repairs/cases/{house}/part/")

    wanted = {"case": house, "job": "CUSTOMER_FAULT", "work": "更换断路器", "worker": "leader-N1",
              "valid_from": datetime.now(UTC).isoformat(), "valid_to": soon(60)}  # fmt: skip
    permit = told(leader.api.post("/permits/write", wanted))["number"]
    for check in CHECKS:
        told(leader.api.post(f"/permits/{permit}/see", {"check": check}))
    assert leader.api.post(f"/permits/{permit}/issue").status_code == 403
    told(director.post(f"/permits/{permit}/issue"))
    assert "签发" in leader.page(f"/console/repairs/permits/{permit}/")

    done = ON_THE_SPOT | {"step": "RESTORE", "key": "k3", "answer-CAUSE": "接户线断", "answer-RESTORED": storm_clock(0),
                          "result": "REPAIRED"}  # fmt: skip
    last = leader.phone.post(address, done | {"proof-PHOTO": photo()}, **script)
    assert (last.status_code, last.json()) == (200, {"next": FIELD, "is_new": True})
    # Its answer was lost, and it is told again.
    again = leader.phone.post(address, done | {"proof-PHOTO": photo()}, **script)
    assert again.json() == {"next": FIELD, "is_new": False}
    assert leader.phone.post(address, done | {"key": "k4"}, **script).status_code == 404
    assert told(leader.api.post(f"/permits/{permit}/close", {"note": "人员撤离"}))["state"] == "CLOSED"
    assert leader.api.get(f"/permits/{permit}").status_code == 404


def storm_clock(minutes: int) -> str:
    """A time as a telephone types it."""
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    return at.astimezone(BILLING_ZONE).strftime("%Y-%m-%dT%H:%M")


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0pole", "image/jpeg")
