"""The address that providers call: open to anybody, small bodies, POST only, no session, no form token."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from wandeng.domains.payments.models.online import PaymentOrder, ProviderMessage
from wandeng.flows.tests import online_world as world
from wandeng.interfaces.channels.payments import callbacks
from wandeng.interfaces.doorway import middleware

pytestmark = pytest.mark.django_db
ADDRESS = f"/channels/payments/{world.CHANNEL}/"


@pytest.fixture(autouse=True)
def _county() -> None:
    world.county()


def send(body: bytes, headers: dict[str, str], address: str = ADDRESS) -> tuple[int, str]:
    """From a client that checks form tokens."""
    answer = Client(enforce_csrf_checks=True).post(address, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.content.decode()


def test_a_signed_call_back_needs_no_login_and_no_form_token() -> None:
    at = middleware.now()
    number = world.opened(at=at)
    world.house().pay(number, at=at)
    headers, body = world.house().call_back(number, at=at)
    status, text = send(body, headers)
    assert (status, json.loads(text)["code"]) == (200, "SUCCESS")
    assert PaymentOrder.objects.get().state == "PAID"
    assert ProviderMessage.objects.get().came_from == "127.0.0.1"


def test_an_unsigned_one_is_refused_and_kept() -> None:
    status, text = send(b'{"event_type":"TRANSACTION.SUCCESS"}', {})
    assert (status, json.loads(text)["code"], ProviderMessage.objects.get().fault) == (401, "FAIL", "NOT_SIGNED")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff\x00", b"{" * 5_000, b'{"resource":{"nonce":1}}'])
def test_nonsense_is_answered_and_never_a_defect(body: bytes) -> None:
    at = middleware.now()
    headers = world.house()._headers(body, at)
    assert send(body, headers)[0] == 401
    assert ProviderMessage.objects.get().fault == "UNREADABLE"


def test_a_body_that_is_too_large_is_not_read() -> None:
    assert send(b"x" * (callbacks.MAX_BYTES + 1), {})[0] == 413
    assert ProviderMessage.objects.count() == 0


def test_only_post_and_only_channels_that_are_set_up() -> None:
    assert Client().get(ADDRESS).status_code == 405
    assert send(b"{}", {}, "/channels/payments/NOWHERE/")[0] == 404


def test_a_flood_that_nobody_signed_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    from wandeng.flows.online_payments import callbacks as flow

    monkeypatch.setattr(flow, "MOST_NOT_GENUINE", 2)
    assert [send(b"{}", {})[0] for _time in range(4)] == [401, 401, 429, 429]
    assert ProviderMessage.objects.count() == 2
