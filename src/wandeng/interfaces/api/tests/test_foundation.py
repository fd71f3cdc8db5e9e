"""What every operation has from the house: tokens, problems, writes that are done once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import Client

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.tests import make
from wandeng.infra import once
from wandeng.infra.models import KeptAnswer
from wandeng.interfaces.api.idempotency import IdempotencyMiddleware
from wandeng.interfaces.doorway.asking import asking_for
from wandeng.interfaces.doorway.middleware import now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.staff()


def token(code: str = "head", *, may_write: bool = False, unit: str = "") -> str:
    at = datetime.now(UTC)
    actor = queries.actor_for(code, at.date())
    return actions.issue_token(
        label="测试", may_write=may_write, expires_at=at + timedelta(days=1), actor=actor, at=at, unit_code=unit
    ).secret


def get(client: Client, secret: str, path: str = "/api/v1/me", **headers: str) -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {secret}", **headers})


def test_a_token_says_whom_it_stands_for(client: Client) -> None:
    answer = get(client, token())
    assert answer.status_code == 200
    assert answer.json() == {
        "code": "head", "name": "周经理", "unit_code": "BS", "unit_path": "BS/", "roles": ["COUNTY_MANAGER"],
        "may_write": False,
    }  # fmt: skip
    assert answer["Cache-Control"] == "no-store"


def test_a_token_narrowed_to_an_office_acts_there(client: Client) -> None:
    assert get(client, token(unit="BS-W")).json()["unit_path"] == "BS/BS-W/"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wd_wrong", "Basic aGVhZDp4", "bearer"])
def test_without_a_valid_token_the_answer_is_a_problem(client: Client, header: str) -> None:
    answer = client.get("/api/v1/me", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "NOT_LOGGED_IN"


def test_the_detail_is_in_the_language_of_the_caller(client: Client) -> None:
    chinese = client.get("/api/v1/me").json()
    english = client.get("/api/v1/me", headers={"Accept-Language": "en"}).json()
    assert chinese["title"] == "请先登录"
    assert english["detail"] == "a valid token is needed"


def test_a_session_reads_the_document_but_cannot_write(client: Client) -> None:
    client.force_login(queries.login_user("head"))
    document = client.get("/api/v1/openapi.json")
    assert document.status_code == 200
    assert document.json()["info"]["title"] == "Wandeng 万灯"
    assert client.post("/api/v1/me").status_code == 401


class Writes:
    """A view that does something each time it is reached."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.done = status, 0

    def __call__(self, request: HttpRequest) -> Any:
        self.done += 1
        once.begin("somebody", f"work {self.done}", "", at=now())
        return JsonResponse({"number": self.done}, status=self.status)


@pytest.fixture
def asked(rf: Any) -> Iterator[Any]:
    def made(key: str, body: str = "{}", method: str = "POST", path: str = "/api/v1/x") -> HttpRequest:
        headers = {"Idempotency-Key": key} if key else {}
        request = rf.generic(method, path, body, content_type="application/json", headers=headers)
        request.asking = asking_for("head", now=now())
        return request

    return made


def test_the_same_key_is_done_once_and_answered_alike(asked: Any) -> None:
    view = Writes()
    door = IdempotencyMiddleware(view)
    first, second = door(asked("k1")), door(asked("k1"))
    assert (first.content, second.content, view.done) == (b'{"number": 1}', b'{"number": 1}', 1)
    assert second["Idempotent-Replay"] == "true"
    assert door(asked("k2")).content == b'{"number": 2}'


def test_the_same_key_for_something_else_is_refused(asked: Any) -> None:
    view = Writes()
    door = IdempotencyMiddleware(view)
    door(asked("k1"))
    assert door(asked("k1", body='{"other": 1}')).status_code == 422
    assert door(asked("k1", path="/api/v1/y")).status_code == 422
    assert view.done == 1


def test_what_was_refused_leaves_nothing_and_may_be_sent_again(asked: Any) -> None:
    door = IdempotencyMiddleware(Writes(status=409))
    assert door(asked("k1")).status_code == 409
    assert not KeptAnswer.objects.exists()


def test_without_a_key_and_for_reading_nothing_is_kept(asked: Any) -> None:
    door = IdempotencyMiddleware(Writes())
    door(asked(""))
    door(asked("k1", method="GET"))
    assert not KeptAnswer.objects.filter(key="k1").exists()


@pytest.mark.parametrize("key", ["x" * 129, "é", "a\tb"])
def test_a_key_is_plain_and_not_too_long(asked: Any, key: str) -> None:
    assert IdempotencyMiddleware(Writes())(asked(key)).status_code == 422


def test_old_answers_are_forgotten() -> None:
    at = now()
    once.begin("p", "old", "", at=at - timedelta(days=8))
    once.begin("p", "new", "", at=at)
    assert once.forget_old(now=at) == 1
    assert once.answer_of("p", "new") is not None
