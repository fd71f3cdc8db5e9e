"""The telephone exchange that dials: any PBX with a small adapter before it.

Dialing: ``POST <WANDENG_EXCHANGE_URL>`` ``{"call", "to", "purpose"}``; a status of 2xx has taken it. ``call`` is the same in every request
for a call: an exchange that has dialed it drops a repetition. Then it asks ``/channels/ivr/outbound/`` what to say, turn by turn, and
tells ``/channels/ivr/outbound/ended/`` what came of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from django.conf import settings

from wandeng.domains.conversations.types import Dialed, Exchange
from wandeng.infra import outgoing
from wandeng.infra.outgoing import Allowed, CallFailed, CallNotAllowed

Post = Callable[..., outgoing.Answer]


def exchange() -> Exchange | None:
    """The exchange of this installation; ``None`` where none is configured."""
    if not settings.WANDENG_EXCHANGE_URL:
        return None
    return HttpExchange(settings.WANDENG_EXCHANGE_URL, token=settings.WANDENG_EXCHANGE_TOKEN)


class HttpExchange:
    """An exchange behind an address."""

    code = "http"

    def __init__(self, url: str, *, token: str = "", post: Post = outgoing.post) -> None:
        self._url, self._token, self._post = url, token, post

    def dial(self, call: str, phone: str, purpose: str) -> Dialed:
        """Ask for a call. What was surely not taken is refused; an answer that is late or broken leaves the call unknown."""
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Wandeng-Calls/1"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            answer = self._post(
                self._url, body=json.dumps({"call": call, "to": phone, "purpose": purpose}).encode(), headers=headers,
                allowed=Allowed.parse(settings.WANDENG_OUTGOING), seconds=outgoing.SECONDS,
            )  # fmt: skip
        except CallNotAllowed:
            return Dialed.REFUSED
        except CallFailed:
            return Dialed.UNKNOWN
        if 200 <= answer.status < 300:
            return Dialed.TAKEN
        return Dialed.REFUSED if 400 <= answer.status < 500 or answer.status == 503 else Dialed.UNKNOWN
