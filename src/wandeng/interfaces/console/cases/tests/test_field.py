"""The field on a telephone: today's list, a step with proof, the same step told twice, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from wandeng.domains.cases.actions import intake, work
from wandeng.domains.cases.models import Case, CaseEntry, CasePaper
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Request
from wandeng.domains.organization import queries as organization_queries
from wandeng.domains.organization.models import Unit
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db
FIELD = "/console/cases/field/"
SCRIPT = {"HTTP_X_WANDENG_FIELD": "1"}


@pytest.fixture(autouse=True)
def _county(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.county()


def dispatched(minutes_ago: int = 30) -> str:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    request = Request("fault_repair", "PHONE_95598", make.FAULT, account_number=make.ACCOUNT)
    number = intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=at, charter=Charter.current()).number
    work.finish(number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=at, charter=Charter.current())
    return number


def client(code: str = "cell_manager") -> Client:
    found = Client()
    found.force_login(organization_queries.login_user(code))
    return found


def local(minutes_ago: int) -> str:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return at.astimezone(BILLING_ZONE).strftime("%Y-%m-%dT%H:%M")


def arrival(key: str = "k2", **also: str) -> dict[str, str]:
    return {
        "step": "ARRIVE", "key": key, "answer-EXPECTED": local(-60), "proof-longitude": "112.5", "proof-latitude": "26.1",
        "note": "",
    } | also  # fmt: skip


def test_the_list_parts_what_is_mine_from_what_anybody_may_take() -> None:
    pool, mine = dispatched(), dispatched()
    work.assign(
        number=mine, handler="cell_manager", actor=make.actor("CELL_MANAGER"), at=datetime.now(UTC),
        charter=Charter.current(),
    )  # fmt: skip
    text = client().get(FIELD).content.decode()
    first, _mark, second = text.partition('id="field-pool"')
    assert f"{FIELD}{mine}/" in first
    assert f"{FIELD}{pool}/" in second
    make.person("second", "CELL_MANAGER", Unit.objects.get())
    text = client("second").get(FIELD).content.decode()
    assert f"{FIELD}{pool}/" in text
    assert f"{FIELD}{mine}/" not in text


def test_a_case_shows_its_steps_one_after_the_other_and_no_number_in_the_clear() -> None:
    number = dispatched()
    text = client().get(f"{FIELD}{number}/").content.decode()
    assert "138****5678" in text
    assert "13812345678" not in text
    assert 'capture="environment"' in text
    steps = [part.split('"')[0] for part in text.split('data-step="')[1:]]
    assert steps == ["ACCEPT", "ARRIVE", "RESTORE"]
    assert text.count('data-step="ACCEPT">') == 1
    assert 'data-step="ARRIVE" hidden' in text


def test_a_fault_is_mended_from_the_telephone() -> None:
    number = dispatched()
    address, who = f"{FIELD}{number}/", client()
    accepted = {"step": "ACCEPT", "key": "k1", "note": "", "moment": local(20)}
    assert who.post(address, accepted).headers["Location"] == address
    assert who.post(address, arrival(moment=local(10))).headers["Location"] == address
    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0pole", "image/jpeg")
    done = {
        "step": "RESTORE", "key": "k3", "answer-CAUSE": "接户线断", "answer-RESTORED": local(1), "result": "REPAIRED",
        "proof-longitude": "112.5", "proof-latitude": "26.1", "note": "",
    }  # fmt: skip
    without = who.post(address, done)
    assert without.status_code == 422
    assert Case.objects.get().step == "RESTORE"
    assert who.post(address, done | {"proof-PHOTO": photo}).headers["Location"] == FIELD
    row = Case.objects.get()
    assert (row.state, row.result) == ("FINISHED", "REPAIRED")
    assert sorted(CasePaper.objects.values_list("kind", flat=True)) == ["PHOTO", "PLACE", "PLACE"]
    entry = CaseEntry.objects.get(what="ARRIVE", kind="FINISHED")
    assert entry.at.astimezone(BILLING_ZONE).strftime("%Y-%m-%dT%H:%M") == local(10)


def test_a_step_told_twice_under_one_key_is_done_once() -> None:
    number = dispatched()
    address, who = f"{FIELD}{number}/", client()
    since = (datetime.now(UTC) - timedelta(minutes=20)).isoformat()
    told = {"step": "ACCEPT", "key": "k1", "note": "", "happened_at": since}
    first, second = (who.post(address, told, **SCRIPT).json() for _ in range(2))
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["next"] == address
    entry = CaseEntry.objects.get(what="ACCEPT", kind="FINISHED")
    assert entry.at == datetime.fromisoformat(since)
    assert entry.noted_at > entry.at
    # Told again after the next step was done, by a telephone that did not hear the answer: still once.
    who.post(address, arrival())
    assert who.post(address, told, **SCRIPT).json()["is_new"] is False
    assert CaseEntry.objects.filter(kind="FINISHED").count() == 3


def test_a_script_hears_why_it_was_refused() -> None:
    number = dispatched()
    address, who = f"{FIELD}{number}/", client()
    answer = who.post(address, arrival(), **SCRIPT)
    assert answer.status_code == 422
    assert "ACCEPT" in answer.json()["error"] or "接单" in answer.json()["error"]
    who.post(address, {"step": "ACCEPT", "key": "k1", "note": ""})
    answer = who.post(address, arrival(**{"proof-latitude": ""}), **SCRIPT)
    assert answer.status_code == 422
    assert "纬度" in answer.json()["error"]
    assert Case.objects.get().step == "ARRIVE"


def test_what_lies_in_other_hands_offers_nothing_but_to_take_it() -> None:
    number = dispatched()
    make.person("second", "CELL_MANAGER", Unit.objects.get())
    client().post(f"{FIELD}{number}/", {"do": "take"})
    assert Case.objects.get().handler == "cell_manager"
    text = client("second").get(f"{FIELD}{number}/").content.decode()
    assert "data-field-form" not in text
    assert "由我经办" in text
    refused = client("second").post(f"{FIELD}{number}/", {"step": "ACCEPT", "key": "k", "note": ""}, **SCRIPT)
    assert refused.status_code == 422


def test_a_telephone_asks_the_database_seldom(django_assert_max_num_queries: object) -> None:
    for _ in range(5):
        number = dispatched()
    who = client()
    who.get("/console/search/")
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        assert who.get(FIELD).status_code == 200
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        answer = who.get(f"{FIELD}{number}/")
    # Far from the 200 KB that a page may cost on a weak signal, once scripts and styles are there.
    assert len(answer.content) < 60_000
