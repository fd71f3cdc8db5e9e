"""Cases by the API: taken in once under a key, worked to the end, asked about, opened again; files two ways."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api import world
from tests.kits import bill_world
from wandeng.domains.cases.models import Case, CasePaper
from wandeng.domains.cases.tests import make

pytestmark = pytest.mark.django_db(transaction=True)
FAULT = {"process": "fault_repair", "channel": "PHONE_95598", "account_number": make.ACCOUNT, "answers": make.FAULT}
PHOTO = {
    "kind": "PHOTO", "file_name": "pole.jpg", "content": base64.b64encode(b"\xff\xd8\xffpole").decode(),
}  # fmt: skip
HERE = {"kind": "PLACE", "place": {"longitude_e6": 112_000_000, "latitude_e6": 26_000_000}}


@pytest.fixture
def people(db: None) -> dict[str, world.Caller]:
    make.county()
    roles = ("call_clerk", "dispatcher", "cell_manager", "county_manager")
    return {code: world.Caller(code) for code in roles}


def done(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["result"]


def test_a_key_opens_one_case(people: dict[str, world.Caller]) -> None:
    clerk = people["call_clerk"]
    first, again = (clerk.post("/cases/open", FAULT, key="call-1") for _ in range(2))
    assert done(first) == done(again)
    assert again["Idempotent-Replay"] == "true"
    assert Case.objects.count() == 1


def test_a_fault_is_worked_to_its_end_and_opened_again(people: dict[str, world.Caller]) -> None:
    clerk, dispatcher, crew = people["call_clerk"], people["dispatcher"], people["cell_manager"]
    number = done(clerk.post("/cases/open", FAULT))["number"]
    base = f"/cases/{number}"
    assert done(dispatcher.post(f"{base}/finish", {"step": "DISPATCH", "handler": "cell_manager"}))["step"] == "ACCEPT"
    assert done(clerk.post(f"{base}/press", {"note": "又来电"}))["state"] == "OPEN"
    assert done(crew.post(f"{base}/finish", {"step": "ACCEPT"}))["step"] == "ARRIVE"
    lacking = crew.post(f"{base}/finish", {"step": "ARRIVE", "answers": {"EXPECTED": "2030-10-12T13:00:00+08:00"}})
    assert (lacking.status_code, lacking.json()["code"]) == (422, "EVIDENCE_MISSING")
    arrived = {"step": "ARRIVE", "answers": {"EXPECTED": "2030-10-12T13:00:00+08:00"}, "proofs": [HERE], "key": "k1"}
    assert done(crew.post(f"{base}/finish", arrived))["is_new"]
    assert not done(crew.post(f"{base}/finish", arrived))["is_new"]
    restored = {"step": "RESTORE", "answers": make.REPAIRED, "proofs": [HERE, PHOTO], "result": "REPAIRED"}
    assert done(crew.post(f"{base}/finish", restored))["state"] == "FINISHED"
    again = done(clerk.post(f"{base}/call-back", {"score": 1, "remark": "又停了"}))
    assert (again["state"], again["step"]) == ("OPEN", "DISPATCH")
    shown = clerk.get(base).json()
    assert (shown["rounds"], shown["pressed"]) == (2, 1)
    assert {one["kind"] for one in shown["papers"]} == {"PLACE", "PHOTO"}
    assert make.FAULT["PHONE"] not in clerk.get(base).content.decode()


def test_a_photo_comes_as_a_form_too_and_is_given_back(people: dict[str, world.Caller]) -> None:
    number = done(people["call_clerk"].post("/cases/open", FAULT))["number"]
    client = Client(headers={"Authorization": f"Bearer {world.token('cell_manager')}"})
    for _ in range(2):
        answer = client.post(
            f"/api/v1/cases/{number}/hand-in-file",
            {"kind": "PHOTO", "key": "p1", "file": SimpleUploadedFile("pole.jpg", b"\xff\xd8\xffpole")},
        )
        assert answer.status_code == 200, answer.content.decode()
    paper = CasePaper.objects.get(case__number=number)
    file = people["call_clerk"].get(f"/case-papers/{paper.pk}")
    assert (file.content, file["Content-Type"]) == (b"\xff\xd8\xffpole", "image/jpeg")


def test_what_is_no_base64_is_refused(people: dict[str, world.Caller]) -> None:
    number = done(people["call_clerk"].post("/cases/open", FAULT))["number"]
    answer = people["cell_manager"].post(f"/cases/{number}/hand-in", {"proofs": [PHOTO | {"content": "=="}]})
    assert answer.status_code == 422
    assert not CasePaper.objects.exists()


def test_what_stands_beside_a_caller(people: dict[str, world.Caller]) -> None:
    clerk = people["call_clerk"]
    number = done(clerk.post("/cases/open", FAULT))["number"]
    asked = {"process": "fault_repair", "account_number": make.ACCOUNT}
    assert [one["number"] for one in done(clerk.post("/cases/duplicates", asked))] == [number]
    assert [one["number"] for one in done(clerk.post("/cases/by-phone", {"phone": make.FAULT["PHONE"]}))] == [number]
    assert [one["number"] for one in clerk.get(f"/accounts/{make.ACCOUNT}/cases").json()] == [number]
    assert clerk.get("/accounts/9999999999/cases").status_code == 404
    assert "PLACE" in done(clerk.post("/cases/prefilled", asked))
    assert clerk.get("/case-counts").json()["open"] == 1


def test_a_definition_tells_every_promise_of_the_territory(people: dict[str, world.Caller]) -> None:
    clerk = people["call_clerk"]
    assert "fault_repair" in {one["process"] for one in clerk.get("/processes").json()}
    shown = clerk.get("/processes/fault_repair", on="2026-10-12").json()
    arrival = next(one for one in shown["clocks"] if one["code"] == "ARRIVAL")
    bound = {one["of"]: one["amount"] for one in arrival["promises"] if one["is_strictest"]}
    assert bound == {"URBAN": 45, "RURAL": 90, "REMOTE": 120}
    assert {one["territory"] for one in arrival["promises"]} == {"hunan"}
    assert clerk.get("/processes/nothing").status_code == 404
    assert bill_world.UNIT


def test_a_split_makes_a_second_case_of_the_same_account(people: dict[str, world.Caller]) -> None:
    clerk = people["call_clerk"]
    number = done(clerk.post("/cases/open", FAULT))["number"]
    made = done(
        clerk.post(
            f"/cases/{number}/split",
            {"process": "fault_repair", "channel": "PHONE_95598", "answers": make.FAULT | {"SITUATION": "灯闪"}},
        )
    )
    shown = clerk.get(f"/cases/{made['number']}").json()
    assert (shown["parent"], shown["glance"]["account_number"]) == (number, make.ACCOUNT)
    done(clerk.post(f"/cases/{number}/merge", {"into": made["number"], "reason": "同一处"}))
    assert clerk.get(f"/cases/{number}").json()["into"] == made["number"]
