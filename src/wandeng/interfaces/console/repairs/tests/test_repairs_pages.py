"""The dispatch board, a crew, an incident from call to light, a permit from list to sheet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.kits import storm_world as storm

from wandeng.domains.cases.actions import work
from wandeng.domains.cases.models import Case, Crew, CrewJob, PermitCheck, RepairIncident, WorkPermit
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.organization.models import Person

LATER = datetime.now(UTC) + timedelta(hours=2)


@pytest.fixture
def charter(db: None) -> Charter:
    return storm.build()


def client(code: str = "dispatcher") -> Client:
    found = Client()
    found.force_login(Person.objects.get(code=code), backend="wandeng.interfaces.doorway.backend.StaffBackend")
    return found


def page(who: Client, name: str, *arguments: str) -> str:
    answer = who.get(reverse(f"console:repairs-{name}", args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def post(who: Client, name: str, /, *arguments: str, **given: object) -> int:
    return who.post(reverse(f"console:repairs-{name}", args=arguments), given).status_code


def struck(charter: Charter) -> str:
    now = datetime.now(UTC)
    storm.put_crews(charter, at=now, only=("Q1",))
    for account in ("A1-01", "A1-02"):
        storm.call(charter, account, at=now)
    return RepairIncident.objects.get().number


def test_an_empty_board_says_what_will_stand_there(charter: Charter) -> None:
    text = page(client(), "board")

    assert "没有待派工的报修" in text
    assert "没有未恢复的归并故障" in text
    assert "没有抢修队" in text


def test_the_board_shows_what_waits_with_the_crew_proposed_and_sends_it(
    charter: Charter, django_assert_max_num_queries
) -> None:
    number = struck(charter)
    lone = storm.call(charter, "B1-01", at=datetime.now(UTC)).number
    who = client()
    page(who, "board")

    with django_assert_max_num_queries(15):
        text = page(who, "board")
    assert number in text
    assert lone in text
    assert "派 Q1" in text

    assert post(who, "send", lone, crew="Q1") == 302
    assert (Case.objects.get(number=lone).handler, Crew.objects.get().state) == ("leader-Q1", "ON_THE_WAY")


def test_who_does_not_direct_sees_the_board_and_sends_nobody(charter: Charter) -> None:
    struck(charter)
    lone = storm.call(charter, "B1-01", at=datetime.now(UTC)).number

    assert "派 Q1" not in page(client("call_clerk"), "board")
    assert post(client("call_clerk"), "send", lone, crew="Q1") == 403


def test_a_crew_is_founded_put_on_duty_and_says_where_it_is(charter: Charter) -> None:
    who = client()
    given = {"code": "Q9", "name": "城南队", "unit": "c01", "leader": "cell_manager", "skills": ["LOW_VOLTAGE"]}

    assert post(who, "crew-new", **(given | {"leader": "meter_reader"})) == 422
    assert post(who, "crew-new", **given) == 302
    assert post(who, "crew-act", "Q9", "on", until=(LATER + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")) == 302
    assert post(who, "crew-act", "Q9", "position", longitude="112.1", latitude="91") == 422
    assert post(who, "crew-act", "Q9", "position", longitude="112.1", latitude="26.5") == 302

    text = page(who, "crew", "Q9")
    assert "112.100000, 26.500000" in text
    assert "空闲" in text
    features = who.get(reverse("console:repairs-map")).json()["features"]
    assert [one["geometry"]["coordinates"] for one in features] == [[112.1, 26.5]]
    assert post(who, "crew-act", "Q9", "off") == 302
    assert post(who, "crew-act", "Q9", "fly") == 404


def test_an_incident_goes_from_call_to_light_on_its_page(charter: Charter) -> None:
    number = struck(charter)
    who, leader = client(), client("leader-Q1")
    assert "直线 1.1 公里" in page(who, "incident", number)

    assert post(who, "incident-act", number, "send", crew="Q1") == 302
    assert post(leader, "incident-act", number, "accept") == 302
    place = {"longitude": "112.0", "latitude": "26.01"}
    assert post(leader, "incident-act", number, "arrive", **place) == 422
    soon = (LATER + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    assert post(leader, "incident-act", number, "arrive", expected=soon, **place) == 302
    assert "抢修人员已到现场。" in page(client("call_clerk"), "known", "A1-05")
    back = (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8\xffa")
    given = place | {"cause": "树枝碰线", "restored": back, "result": "REPAIRED", "photo": photo}
    assert post(leader, "incident-act", number, "restore", **given) == 302

    assert set(Case.objects.values_list("state", flat=True)) == {"FINISHED"}
    assert "已恢复" in page(who, "incident", number)
    assert "没有已知停电" in page(client("call_clerk"), "known", "A1-05")


def test_a_case_is_put_in_and_an_incident_taken_back_and_dissolved(charter: Charter) -> None:
    number = struck(charter)
    lone = storm.call(charter, "B1-01", at=datetime.now(UTC)).number
    who = client()

    assert post(who, "incident-act", number, "join", case=lone) == 302
    assert post(who, "incident-act", number, "leave", case=lone, reason="另一处") == 302
    post(who, "incident-act", number, "send", crew="Q1")
    assert post(who, "incident-act", number, "dissolve", reason="误并") == 422
    assert post(who, "incident-act", number, "take-back", reason="车坏") == 302
    assert post(who, "incident-act", number, "dissolve", reason="误并") == 302
    assert CrewJob.objects.get().outcome == "TAKEN_BACK"
    assert post(who, "incident-act", number, "fly") == 404


def test_a_permit_is_written_seen_issued_printed_and_closed(charter: Charter) -> None:
    now = datetime.now(UTC)
    number = storm.call(charter, "A1-01", at=now, first_class="CUSTOMER_INSIDE").number
    for step, role, more in (
        ("DISPATCH", "DISPATCHER", {}), ("ACCEPT", "CELL_MANAGER", {}),
        ("ARRIVE", "CELL_MANAGER", {"answers": {"EXPECTED": LATER.isoformat()}, "proofs": (make.HERE,)}),
    ):  # fmt: skip
        work.finish(number=number, step=step, actor=make.actor(role), at=now, charter=charter, **more)
    worker, issuer = client("cell_manager"), client()
    local = now + timedelta(hours=8)
    given = {
        "job": "CUSTOMER_FAULT", "work": "更换断路器", "worker": "cell_manager", "dangers": "院内有狗",
        "valid_from": local.strftime("%Y-%m-%dT%H:%M"), "valid_to": (local + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip

    assert "填写工作票" in page(worker, "permit-new", number)
    assert post(worker, "permit-new", number, **given) == 302
    permit = WorkPermit.objects.get().number
    assert "院内有狗" in page(worker, "permit", permit)
    assert post(issuer, "permit-act", permit, "issue") == 422
    for check in PermitCheck.objects.values_list("code", flat=True):
        assert post(worker, "permit-act", permit, "see", check=check) == 302
    assert post(worker, "permit-act", permit, "issue") in (403, 422)
    assert post(issuer, "permit-act", permit, "issue") == 302
    sheet = issuer.get(reverse("console:repairs-permit-sheet", args=[permit]))
    assert (sheet["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
    assert post(worker, "permit-act", permit, "close") == 302
    assert WorkPermit.objects.get().state == "CLOSED"
    assert "不需要工作票" in page(worker, "permit-new", storm.call(charter, "B1-01", at=now).number)


@pytest.mark.parametrize("name", ["crews", "incidents", "permits"])
def test_the_lists_open(charter: Charter, name: str) -> None:
    struck(charter)
    page(client(), name)


def test_the_page_of_a_case_shows_crews_proposed_and_its_incident(charter: Charter) -> None:
    number = struck(charter)
    lone = storm.call(charter, "B1-01", at=datetime.now(UTC)).number
    joined = Case.objects.filter(incident_member__isnull=False).first()

    assert "派 Q1" in page(client(), "part", lone)
    assert number in page(client(), "part", joined.number)
    assert reverse("console:repairs-part", args=[lone]) in client().get(
        reverse("console:cases-detail", args=[lone])
    ).content.decode()  # fmt: skip


def test_how_long_repairs_took_by_stage_and_class(charter: Charter) -> None:
    make.repair(charter, storm.call(charter, "A1-01", at=make.NOW).number, minutes=5)
    manager = client("county_manager")
    address = reverse("console:repairs-times")

    shown = manager.get(address, {"unit": "c01", "month": "2026-10", "by": "CLASS"}).content.decode()
    book = manager.get(address, {"unit": "c01", "year": "2026", "format": "xlsx"})
    nothing = manager.get(address, {"unit": "c01", "month": "2026-09"}).content.decode()
    told = manager.get("/api/v1/units/c01/repair-times/months/2026-10", {"by": "MONTH"}).json()

    assert "5.0 / 5.0" in shown
    assert "未分类" in shown
    assert book.content[:2] == b"PK"
    assert "这段时间没有抢修工单" in nothing
    assert told["whole"]["spreads"][0] == {
        "stage": "DISPATCH", "cases": 1, "p50_s": 300, "p90_s": 300, "p95_s": 300, "longest_s": 300,
    }  # fmt: skip
    assert [one["code"] for one in told["groups"]] == ["2026-10"]
