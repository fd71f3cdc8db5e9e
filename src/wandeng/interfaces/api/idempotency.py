"""A write with a key is done once: the same key again gets the first answer (``Idempotency-Key``).

The answer is kept in the transaction of the write itself, so there is no instant at which the one is there without the
other. Two at the same time meet at the unique key: the second waits or is told to come again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from wandeng.infra import once
from wandeng.interfaces.doorway import errors
from wandeng.interfaces.doorway.middleware import API_PATH, READS
from wandeng.kernel.errors import Conflict, InvalidInput

HEADER = "Idempotency-Key"
LONGEST = 128


class IdempotencyMiddleware:
    """Keeps the answers of writes that name a key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER, "")
        asking = request.asking  # type: ignore[attr-defined]
        if not key or asking is None or request.method in READS or not request.path_info.startswith(API_PATH):
            return self.get_response(request)
        if len(key) > LONGEST or not key.isascii() or not key.isprintable():
            return errors.problem(request, InvalidInput(f"an idempotency key has 1 to {LONGEST} plain characters"))
        who = asking.actor.code
        asked = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).hexdigest()
        try:
            return self._once(request, who, key, asked)
        except IntegrityError:
            # Somebody with the same key was faster; when it is not done yet, its row cannot be seen yet either.
            kept = once.answer_of(who, key)
            if kept is None:
                return errors.problem(request, Conflict("the same request is being worked on: ask again in a moment"))
            return _again(request, kept, asked)

    def _once(self, request: HttpRequest, who: str, key: str, asked: str) -> HttpResponse:
        if kept := once.answer_of(who, key):
            return _again(request, kept, asked)
        with transaction.atomic():
            once.begin(who, key, asked, at=request.asking.now)  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 400:
                # Nothing was done, so nothing is kept: the request may be mended and sent again.
                transaction.set_rollback(True)
                return response
            once.keep(who, key, status=response.status_code, body=response.content.decode())
        return response


def _again(request: HttpRequest, kept: once.Answer, asked: str) -> HttpResponse:
    if kept.asked != asked:
        return errors.problem(request, InvalidInput("this idempotency key was used for another request"))
    headers = {"Idempotent-Replay": "true"}
    return HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8", headers=headers)
