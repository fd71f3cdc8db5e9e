"""The address a short-message gateway calls: signed, just now, small, once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from wandeng.domains.conversations.models import Turn
from wandeng.domains.customers.tests import make
from wandeng.flows import text_service
from wandeng.infra import signed_calls
from wandeng.interfaces.channels import requests
from wandeng.interfaces.doorway import middleware

pytestmark = pytest.mark.django_db
ADDRESS = "/channels/sms/"
BODY = json.dumps({"id": "M1", "from": "+86 13800000001", "text": "帮助"}).encode()


@pytest.fixture(autouse=True)
def _county() -> None:
    make.accounts()


def post(body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, object]]:
    """From a client that checks form tokens."""
    answer = Client(enforce_csrf_checks=True).post(ADDRESS, body, content_type="application/json", headers=headers)
    return answer.status_code, json.loads(answer.content or b"{}")


def signed(body: bytes, *, seconds: int = 0, path: str = ADDRESS) -> dict[str, str]:
    at = middleware.now() + timedelta(seconds=seconds)
    return signed_calls.headers_for(signed_calls.make_secret(text_service.GATEWAY), path, body, at=at)


def test_a_signed_message_is_kept_and_answered_once() -> None:
    assert post(BODY, signed(BODY)) == (200, {"id": "M1", "new": True})
    assert post(BODY, signed(BODY)) == (200, {"id": "M1", "new": False})
    assert list(Turn.objects.order_by("id").values_list("direction", "outcome")) == [
        ("IN", "ANSWERED"),
        ("OUT", "SENT"),
    ]


def test_what_is_forged_stale_or_of_another_address_is_refused_and_not_kept() -> None:
    other = json.dumps({"id": "M2", "from": "13800000001", "text": "TD"}).encode()
    for body, headers in (
        (BODY, {}),
        (other, signed(BODY)),
        (BODY, signed(BODY, path="/channels/ivr/")),
        (BODY, signed(BODY, seconds=-signed_calls.SECONDS - 5)),
        (BODY, signed(BODY, seconds=signed_calls.SECONDS + 5)),
        (BODY, {**signed(BODY), signed_calls.TIME: "soon"}),
        (BODY, {**signed(BODY), signed_calls.SIGNATURE: "é"}),
    ):
        assert post(body, headers) == (401, {"error": "NOT_GENUINE"})
    assert Turn.objects.count() == 0


def test_without_a_secret_nothing_is_genuine() -> None:
    headers = signed(BODY)
    signed_calls.secret_path(text_service.GATEWAY).unlink()
    assert post(BODY, headers)[0] == 401


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"\xff", b'{"id":"1","from":"13800000001"}', b'{"id":1,"from":"13800000001","text":"CX"}',
        b'{"id":"1","from":"nobody","text":"CX"}', b'{"id":"1","from":"13800000001","text":" "}', b"[" * 9_000,
    ],
)  # fmt: skip
def test_nonsense_that_is_signed_is_answered_and_never_a_defect(body: bytes) -> None:
    assert post(body, signed(body)) == (422, {"error": "UNREADABLE"})
    assert Turn.objects.count() == 0


def test_a_large_body_is_not_read_and_only_post_is_taken() -> None:
    assert Client().post(ADDRESS, b"x" * (requests.MAX_BYTES + 1), content_type="application/json").status_code == 413
    assert Client().get(ADDRESS).status_code == 405
