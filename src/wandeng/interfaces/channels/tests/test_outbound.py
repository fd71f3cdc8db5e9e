"""The addresses at which an exchange asks what to say in a call that was dialed, and tells how it ended: signed, and each told once."""

from __future__ import annotations

import json

import pytest
from django.conf import LazySettings
from django.test import Client

from wandeng.domains.conversations import actions
from wandeng.domains.conversations.models import OutboundCall
from wandeng.domains.conversations.types import CallPurpose, CallWanted, Dialed
from wandeng.domains.customers.tests import make
from wandeng.flows import outbound_calls
from wandeng.infra import signed_calls
from wandeng.infra.outgoing import Answer, CallFailed, CallNotAllowed
from wandeng.interfaces.channels import exchanges
from wandeng.interfaces.doorway import middleware

pytestmark = pytest.mark.django_db
ASK, END = "/channels/ivr/outbound/", "/channels/ivr/outbound/ended/"


@pytest.fixture
def call() -> str:
    make.accounts()
    account = make.ACCOUNTS[0][0]
    wanted = CallWanted(CallPurpose.CALL_BACK, "C-1/1", 1, "13800000001", account, "")
    placed = actions.place_call(wanted=wanted, at=middleware.now())
    assert placed is not None
    assert actions.place_call(wanted=wanted, at=middleware.now()) is None
    return placed.name


def post(path: str, told: object, *, name: str = outbound_calls.GATEWAY, signed_for: str = "") -> tuple[int, object]:
    body = json.dumps(told).encode()
    secret = signed_calls.make_secret(name)
    headers = signed_calls.headers_for(secret, signed_for or path, body, at=middleware.now())
    answer = Client(enforce_csrf_checks=True).post(path, body, content_type="application/json", headers=headers)
    return answer.status_code, json.loads(answer.content)


def test_an_exchange_asks_and_tells_once(call: str) -> None:
    ask = {"call": call, "turn": 0, "digits": ""}
    status, told = post(ASK, ask)
    assert (status, told["node"], told["then"]) == (200, "over", "HANGUP")  # type: ignore[index]
    assert post(ASK, ask) == (status, told)
    assert post(END, {"call": call, "result": "NO_ANSWER"}) == (200, {"new": True})
    assert post(END, {"call": call, "result": "BUSY"}) == (200, {"new": False})
    assert OutboundCall.objects.get().result == "HUNG_UP"  # it was taken up, whatever is said


def test_what_is_forged_or_nonsense_changes_nothing(call: str) -> None:
    signed_calls.make_secret(outbound_calls.GATEWAY)
    end = {"call": call, "result": "NO_ANSWER"}
    assert post(END, end, name="sms")[0] == 401
    assert post(END, end, signed_for=ASK)[0] == 401
    assert Client().post(END, json.dumps(end), content_type="application/json").status_code == 401
    for wrong in ({}, {"call": call, "result": "LOST"}, {"call": call, "result": "x"}, {"call": call, "result": 1}):
        assert post(END, wrong)[0] == 422
    for wrong in ({"call": call, "turn": 3, "digits": "1"}, {"call": call, "turn": "0", "digits": ""}, {"call": call}):
        assert post(ASK, wrong)[0] == 422
    for path, told in ((ASK, {"call": "OUT-999", "turn": 0, "digits": ""}), (END, {"call": "K1", "result": "BUSY"})):
        assert post(path, told)[0] == 404
    row = OutboundCall.objects.get()
    assert (row.state, row.result, row.answered_at) == ("PLACED", "", None)


def test_what_an_exchange_says_of_dialing(settings: LazySettings) -> None:
    assert exchanges.exchange() is None
    settings.WANDENG_EXCHANGE_URL, settings.WANDENG_EXCHANGE_TOKEN = "https://pbx.example.com/dial", "t"
    assert exchanges.exchange() is not None
    sent: list[tuple[str, dict[str, str]]] = []

    def said(outcome: Answer | Exception) -> Dialed:
        def send(url: str, *, body: bytes, headers: dict[str, str], **_more: object) -> Answer:
            sent.append((body.decode(), headers))
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return exchanges.HttpExchange("https://pbx.example.com/dial", token="t", post=send).dial(
            "OUT-1", "138", "DUNNING"
        )

    answers = [
        Answer(202, b"", 1),
        Answer(404, b"", 1),
        Answer(503, b"", 1),
        Answer(500, b"", 1),
        CallFailed("late", 1),
        CallNotAllowed("no"),
    ]
    assert [str(said(one)) for one in answers] == ["TAKEN", "REFUSED", "REFUSED", "UNKNOWN", "UNKNOWN", "REFUSED"]
    assert json.loads(sent[0][0]) == {"call": "OUT-1", "to": "138", "purpose": "DUNNING"}
    assert sent[0][1]["Authorization"] == "Bearer t"
