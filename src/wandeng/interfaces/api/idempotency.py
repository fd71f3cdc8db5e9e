"""A write with a key is done once: the same key again gets the first answer (``Idempotency-Key``).

The answer is kept in the transaction of the write itself, so there is no instant at which the one is there without the
other. Two at the same time meet at the unique key: the second waits or is told to come again.

Actions that work on columns commit as they go, on a connection of their own that would wait for that transaction for
ever. For these (:data:`COMMITTING`) the key is claimed and committed first, and the answer written after them: whoever
comes in between, also after a crash there, is told to look whether it was done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from wandeng.infra import once
from wandeng.interfaces.doorway import errors
from wandeng.interfaces.doorway.middleware import API_PATH, READS
from wandeng.kernel.errors import Conflict, InvalidInput

HEADER = "Idempotency-Key"
LONGEST = 128
COMMITTING: set[str] = set()
"""Routes of actions that commit by themselves; ``operations`` fills it."""

Answer = Callable[[HttpRequest], HttpResponse]


class IdempotencyMiddleware:
    """Keeps the answers of writes that name a key."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER, "")
        asking = request.asking  # type: ignore[attr-defined]
        if not key or asking is None or request.method in READS or not request.path_info.startswith(API_PATH):
            return self.get_response(request)
        if len(key) > LONGEST or not key.isascii() or not key.isprintable():
            return errors.problem(request, InvalidInput(f"an idempotency key has 1 to {LONGEST} plain characters"))
        who, asked = asking.actor.code, _asked(request)
        if kept := once.answer_of(who, key):
            return _again(request, kept, asked)
        do = self._committing if _route(request) in COMMITTING else self._once
        try:
            return do(request, who, key, asked)
        except IntegrityError:
            # Somebody with the same key was faster; when it is not done yet, its row cannot be seen yet either.
            kept = once.answer_of(who, key)
            return _again(request, kept, asked) if kept else _under_way(request)

    def _once(self, request: HttpRequest, who: str, key: str, asked: str) -> HttpResponse:
        with transaction.atomic():
            once.begin(who, key, asked, at=request.asking.now)  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 400:
                # Nothing was done, so nothing is kept: the request may be mended and sent again.
                transaction.set_rollback(True)
            else:
                _keep(who, key, response)
            return response

    def _committing(self, request: HttpRequest, who: str, key: str, asked: str) -> HttpResponse:
        once.begin(who, key, asked, at=request.asking.now)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code >= 500:
            # How far it came is not known: the claim stands, and the same key does nothing again.
            return response
        if response.status_code >= 400:
            once.forget(who, key)
        else:
            _keep(who, key, response)
        return response


def _keep(who: str, key: str, response: HttpResponse) -> None:
    """Keep an answer. A file is not kept: writing it out again harms nobody."""
    if response["Content-Type"].startswith("application/json"):
        once.keep(who, key, status=response.status_code, body=response.content.decode())
    else:
        once.forget(who, key)


def _route(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _asked(request: HttpRequest) -> str:
    """A hash of method, address and body; of a form with files, of its fields and the files' bytes."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        told.update(request.body)
        return told.hexdigest()
    for name, values in sorted(request.POST.lists()):
        told.update(repr((name, values)).encode())
    for name in sorted(request.FILES):
        file: Any = request.FILES[name]
        told.update(repr((name, file.name, file.size)).encode())
        for chunk in file.chunks():
            told.update(chunk)
        file.seek(0)
    return told.hexdigest()


def _again(request: HttpRequest, kept: once.Answer, asked: str) -> HttpResponse:
    if kept.asked != asked:
        return errors.problem(request, InvalidInput("this idempotency key was used for another request"))
    if not kept.status:
        return _under_way(request)
    headers = {"Idempotent-Replay": "true"}
    return HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8", headers=headers)


def _under_way(request: HttpRequest) -> HttpResponse:
    return errors.problem(request, Conflict("the same request is being worked on: ask again in a moment"))
