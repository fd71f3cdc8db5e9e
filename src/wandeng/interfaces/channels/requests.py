"""What every call of a gateway has in common: small, signed, JSON with texts and whole numbers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from wandeng.infra import signed_calls
from wandeng.kernel.errors import InvalidInput

MAX_BYTES = 16 * 1024


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
