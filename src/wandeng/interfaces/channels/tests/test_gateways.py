"""The ways out: what a provider says becomes what is known, and what it leaves open stays open."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from wandeng.domains.notices.types import Answer, Channel, Message, Outcome
from wandeng.infra import outgoing
from wandeng.infra.outgoing import CallFailed, CallNotAllowed
from wandeng.interfaces import channels
from wandeng.interfaces.channels.http import HttpGateway
from wandeng.interfaces.channels.recording import RecordingOutbox

MESSAGE = Message("7-SMS-1", Channel.SMS, "13800001001", "已交128.50元", is_urgent=True)


def answering(status: int, body: bytes) -> Callable[..., outgoing.Answer]:
    return lambda *_args, **_words: outgoing.Answer(status, body, 5)


def failing(error: Exception) -> Callable[..., outgoing.Answer]:
    def fail(*_args: object, **_words: object) -> outgoing.Answer:
        raise error

    return fail


def gateway(post: Callable[..., outgoing.Answer]) -> HttpGateway:
    return HttpGateway(
        Channel.SMS, "https://sms.example.com/send", query_url="https://sms.example.com/query", post=post
    )


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"status": "accepted"}', Outcome.ACCEPTED),
        (202, b'{"status": "delivered", "detail": "ok"}', Outcome.DELIVERED),
        (200, b'{"status": "refused", "detail": "no such number"}', Outcome.REFUSED),
        (422, b"", Outcome.REFUSED),
        (503, b"", Outcome.BUSY),
        (429, b"", Outcome.BUSY),
        (401, b"", Outcome.BUSY),
        (404, b"", Outcome.BUSY),
        (500, b"", Outcome.UNKNOWN),
        (504, b"", Outcome.UNKNOWN),
        (302, b"", Outcome.UNKNOWN),
        (200, b"<html>", Outcome.UNKNOWN),
        (200, b'["accepted"]', Outcome.UNKNOWN),
        (200, b'{"status": "unknown"}', Outcome.UNKNOWN),
        (200, b'{"status": "\xe5\xa5\xbd"}', Outcome.UNKNOWN),
        (200, b"\xff", Outcome.UNKNOWN),
    ],
)
def test_what_a_provider_answers_is_read_strictly(status: int, body: bytes, outcome: Outcome) -> None:
    assert gateway(answering(status, body)).send([MESSAGE])[0].outcome is outcome


def test_a_call_that_failed_is_unknown_and_one_that_never_went_out_is_not() -> None:
    assert (
        gateway(failing(CallFailed("no answer within 3 seconds", 3000))).send([MESSAGE])[0].outcome is Outcome.UNKNOWN
    )
    assert gateway(failing(CallNotAllowed("not on the list"))).send([MESSAGE])[0].outcome is Outcome.BUSY


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"messages": {"a": {"status": "delivered"}}}, {"a": Outcome.DELIVERED}),
        (200, {"messages": {"a": {"status": "unknown"}, "b": {"status": "undelivered"}}},
         {"a": Outcome.NOT_KNOWN, "b": Outcome.UNDELIVERED}),
        (200, {"messages": {"a": {"status": "?"}, "b": 3}}, {}),
        (200, {"messages": []}, {}),
        (200, [], {}),
        (500, {"messages": {"a": {"status": "unknown"}}}, {}),
    ],
)  # fmt: skip
def test_only_a_clear_word_says_what_became_of_a_message(status: int, body: Any, expected: dict[str, Outcome]) -> None:
    told = gateway(answering(status, json.dumps(body).encode())).ask(["a", "b"])
    assert {one: answer.outcome for one, answer in told.items()} == expected


def test_without_a_query_address_a_gateway_cannot_be_asked() -> None:
    assert not HttpGateway(Channel.SMS, "https://sms.example.com/send").can_be_asked
    assert gateway(answering(200, b"")).can_be_asked


@pytest.fixture
def provider(settings: Any) -> Iterator[tuple[str, list[tuple[dict[str, str], dict[str, Any]]]]]:
    heard: list[tuple[dict[str, str], dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append((dict(self.headers), body))
            content = b'{"status": "accepted"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WANDENG_OUTGOING = "127.0.0.0/8"
    yield f"http://127.0.0.1:{server.server_port}/send", heard
    server.shutdown()
    server.server_close()


def test_a_message_goes_out_whole_with_its_number_and_the_token(
    provider: tuple[str, list[tuple[dict[str, str], dict[str, Any]]]],
) -> None:
    url, heard = provider
    assert HttpGateway(Channel.SMS, url, token="t").send([MESSAGE]) == [Answer(Outcome.ACCEPTED)]
    headers, body = heard[0]
    assert headers["Authorization"] == "Bearer t"
    assert body == {
        "id": "7-SMS-1", "channel": "SMS", "to": "13800001001", "title": "", "text": "已交128.50元", "urgent": True,
    }  # fmt: skip


def test_nothing_goes_to_an_address_that_is_not_allowed(settings: Any, provider: Any) -> None:
    settings.WANDENG_OUTGOING = ""
    url, heard = provider
    assert HttpGateway(Channel.SMS, url).send([MESSAGE])[0].outcome is Outcome.BUSY
    assert heard == []


def test_the_recording_outbox_keeps_a_message_once_and_can_be_asked(tmp_path: Path) -> None:
    outbox = RecordingOutbox(Channel.SMS, tmp_path / "outbox.sqlite3")
    assert outbox.ask(["7-SMS-1"])["7-SMS-1"].outcome is Outcome.NOT_KNOWN
    assert [one.outcome for one in outbox.send([MESSAGE, MESSAGE])] == [Outcome.DELIVERED] * 2
    assert outbox.ask(["7-SMS-1", "8"])["7-SMS-1"].outcome is Outcome.DELIVERED
    (kept,) = outbox.recorded()
    assert (kept.text, kept.masked, kept.is_urgent) == ("已交128.50元", "138****1001", True)
    assert b"13800001001" not in (tmp_path / "outbox.sqlite3").read_bytes()
    assert (tmp_path / "outbox.sqlite3").stat().st_mode & 0o077 == 0


def test_each_channel_has_the_gateway_that_was_configured_and_else_the_recording_one(settings: Any) -> None:
    assert {type(one) for one in channels.ways_out()} == {RecordingOutbox}
    settings.WANDENG_GATEWAYS = {"SMS": {"url": "https://sms.example.com/send", "query_url": "", "token": ""}}
    ways = {one.channel: one for one in channels.ways_out()}
    assert isinstance(ways[Channel.SMS], HttpGateway)
    assert isinstance(ways[Channel.VOICE], RecordingOutbox)
    assert Channel.LETTER not in ways
