"""The address a telephone exchange calls: signed, and the same turn answered the same."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from wandeng.domains.conversations.models import Turn
from wandeng.domains.customers.tests import make
from wandeng.flows import voice
from wandeng.infra import signed_calls
from wandeng.interfaces.channels import requests
from wandeng.interfaces.doorway import middleware

pytestmark = pytest.mark.django_db
ADDRESS = "/channels/ivr/"


@pytest.fixture(autouse=True)
def _county() -> None:
    make.accounts()


def post(name: str = voice.GATEWAY, **told: object) -> tuple[int, dict[str, object]]:
    body = json.dumps(told).encode()
    signed = signed_calls.headers_for(signed_calls.make_secret(name), ADDRESS, body, at=middleware.now())
    answer = Client(enforce_csrf_checks=True).post(ADDRESS, body, content_type="application/json", headers=signed)
    return answer.status_code, json.loads(answer.content)


def test_an_exchange_walks_a_call() -> None:
    call = {"call": "K1", "from": "13800000001"}
    status, told = post(**call, turn=0, digits="")
    assert (status, told["node"], told["then"], told["digits"], told["seconds"]) == (200, "main", "GATHER", 1, 8)
    assert [one["code"] for one in told["say"]] == ["welcome", "main"]  # type: ignore[attr-defined]
    first = post(**call, turn=1, digits="0")
    assert (first[1]["node"], first[1]["then"]) == ("agent", "TRANSFER")
    assert post(**call, turn=1, digits="0") == first
    assert Turn.objects.count() == 4


def test_the_secret_of_another_gateway_opens_nothing() -> None:
    signed_calls.make_secret(voice.GATEWAY)
    assert post("sms", call="K1", turn=0, **{"from": "13800000001"}, digits="") == (401, {"error": "NOT_GENUINE"})
    assert Turn.objects.count() == 0


@pytest.mark.parametrize(
    "told",
    [
        {}, {"call": "K", "turn": "0", "from": "13800000001", "digits": ""},
        {"call": "K", "turn": True, "from": "13800000001", "digits": ""},
        {"call": "K", "turn": 5, "from": "13800000001", "digits": "1"},
        {"call": "", "turn": 0, "from": "13800000001", "digits": ""},
        {"call": "K", "turn": 0, "from": "anonymous", "digits": ""},
    ],
)  # fmt: skip
def test_nonsense_that_is_signed_is_answered_and_never_a_defect(told: dict[str, object]) -> None:
    assert post(**told) == (422, {"error": "UNREADABLE"})
    assert Turn.objects.count() == 0


def test_a_large_body_is_not_read_and_only_post_is_taken() -> None:
    large = b"x" * (requests.MAX_BYTES + 1)
    assert Client().post(ADDRESS, large, content_type="application/json").status_code == 413
    assert Client().get(ADDRESS).status_code == 405
