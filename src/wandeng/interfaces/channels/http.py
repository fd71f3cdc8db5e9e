"""A gateway that speaks JSON over HTTP, configurable for any provider that a small adapter can be put before.

Sending: ``POST <url>`` ``{"id", "channel", "to", "title", "text", "urgent"}``, answered with a status of 2xx and
``{"status": "accepted" | "delivered" | "refused", "detail": "…"}``. Asking: ``POST <query_url>`` ``{"ids": […]}``,
answered with ``{"messages": {id: {"status": "accepted" | "delivered" | "undelivered" | "refused" | "unknown"}}}``.
``id`` is the same in every call for a message: a provider that drops what it has seen drops a repetition too.

Only what surely was not taken counts as busy: 429, 503 and refusals of the call itself (401, 403, 404 …). An answer that
is late, broken or senseless leaves the message unknown, to be asked about.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from wandeng.domains.notices.types import Answer, Channel, Message, Outcome
from wandeng.infra import outgoing
from wandeng.infra.outgoing import Allowed, CallFailed, CallNotAllowed

THREADS = 8
_STATUS = {
    "accepted": Outcome.ACCEPTED,
    "delivered": Outcome.DELIVERED,
    "refused": Outcome.REFUSED,
    "undelivered": Outcome.UNDELIVERED,
    "unknown": Outcome.NOT_KNOWN,
}
_SAID_OF_SENDING = frozenset({Outcome.ACCEPTED, Outcome.DELIVERED, Outcome.REFUSED})
_NOT_TAKEN = frozenset({400, 401, 403, 404, 405, 413, 415, 429, 503})
_UNPROCESSABLE = 422

Post = Callable[..., outgoing.Answer]


class HttpGateway:
    """One channel through one address; few messages at once, so that a dead provider costs few calls."""

    reports = True
    at_once = 16

    def __init__(
        self,
        channel: Channel,
        url: str,
        *,
        query_url: str = "",
        token: str = "",
        seconds: float = outgoing.SECONDS,
        settle_seconds: int = 60,
        post: Post = outgoing.post,
    ) -> None:
        self.channel = channel
        self.code = f"http-{channel.lower()}"
        self.can_be_asked = bool(query_url)
        self.settle_seconds = settle_seconds
        self.call_seconds = math.ceil(seconds * (self.at_once // THREADS + 1))
        self._url, self._query_url, self._token = url, query_url, token
        self._seconds, self._post = seconds, post

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        """Hand messages over, several at a time."""
        with ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix=self.code) as pool:
            return list(pool.map(self._send_one, messages))

    def ask(self, message_ids: Sequence[str]) -> Mapping[str, Answer]:
        """What became of messages; nothing when the provider cannot say just now."""
        try:
            answer = self._call(self._query_url, {"ids": list(message_ids)})
            told = json.loads(answer.body)["messages"] if 200 <= answer.status < 300 else {}
            said = {one: _read(told[one]) for one in message_ids if isinstance(told.get(one), dict)}
        except (CallFailed, CallNotAllowed, ValueError, KeyError, TypeError, AttributeError):
            return {}
        return {one: found for one, found in said.items() if found is not None}

    def _send_one(self, message: Message) -> Answer:
        body = {
            "id": message.message_id,
            "channel": str(message.channel),
            "to": message.address,
            "title": message.title,
            "text": message.text,
            "urgent": message.is_urgent,
        }
        try:
            answer = self._call(self._url, body)
        except CallNotAllowed as refusal:
            return Answer(Outcome.BUSY, refusal.message)
        except CallFailed as failure:
            return Answer(Outcome.UNKNOWN, failure.message)
        if answer.status in _NOT_TAKEN:
            return Answer(Outcome.BUSY, f"HTTP {answer.status}")
        if answer.status == _UNPROCESSABLE:
            return Answer(Outcome.REFUSED, f"HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            return Answer(Outcome.UNKNOWN, f"HTTP {answer.status}")
        try:
            said = _read(json.loads(answer.body))
        except ValueError:
            said = None
        if said is None or said.outcome not in _SAID_OF_SENDING:
            return Answer(Outcome.UNKNOWN, "the answer makes no sense")
        return said

    def _call(self, url: str, body: Mapping[str, Any]) -> outgoing.Answer:
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Wandeng-Notices/1"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return self._post(
            url,
            body=json.dumps(body, ensure_ascii=False).encode(),
            headers=headers,
            allowed=Allowed.parse(settings.WANDENG_OUTGOING),
            seconds=self._seconds,
        )


def _read(said: Any) -> Answer | None:
    """A status as the provider writes it; ``None`` for what is none."""
    if not isinstance(said, dict):
        return None
    outcome = _STATUS.get(str(said.get("status", "")))
    return None if outcome is None else Answer(outcome, str(said.get("detail", ""))[:200])
