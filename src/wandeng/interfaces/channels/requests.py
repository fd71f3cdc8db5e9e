"""What every call of a gateway has in common: small, signed, JSON with texts and whole numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wandeng.infra import signed_calls
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.errors import InvalidInput, NotFound

MAX_BYTES = 16 * 1024
Told = dict[str, Any]
Answering = Callable[[Told, datetime], dict[str, Any]]


def signed(name: str, **kinds: type) -> Callable[[Answering], Callable[[HttpRequest], HttpResponse]]:
    """Make a view of a function that is given the fields and the moment of a genuine call and returns the answer.

    What it refuses as ``InvalidInput`` is answered 422, what it does not find 404. A field that is a word of Python ends in ``_``.
    """

    def made(answering: Answering) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @require_POST
        @wraps(answering)
        def view(request: HttpRequest) -> HttpResponse:
            at = middleware.now()
            body = opened(request, name, at=at)
            if isinstance(body, HttpResponse):
                return body
            try:
                return JsonResponse(answering(fields(body, **kinds), at))
            except InvalidInput:
                return JsonResponse({"error": "UNREADABLE"}, status=422)
            except NotFound:
                return JsonResponse({"error": "NOT_FOUND"}, status=404)

        return view

    return made


def opened(request: HttpRequest, name: str, *, at: datetime) -> bytes | HttpResponse:
    """The body of a call that is genuine, or how it is refused."""
    declared = request.headers.get("Content-Length", "0")
    if not declared.isdigit() or int(declared) > MAX_BYTES:
        return HttpResponse(status=413)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return HttpResponse(status=413)
    if not signed_calls.is_genuine(name, request.headers, request.path, body, at=at):
        return JsonResponse({"error": "NOT_GENUINE"}, status=401)
    return body


def fields(body: bytes, **kinds: type) -> dict[str, Any]:
    """The fields of a body. Raises :class:`InvalidInput` for one that is missing or of another kind."""
    try:
        given = json.loads(body)
        told = {name: given[name.rstrip("_")] for name in kinds}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InvalidInput("the body is no such call") from None
    if any(type(told[name]) is not kind for name, kind in kinds.items()):
        raise InvalidInput("the body is no such call")
    return told
