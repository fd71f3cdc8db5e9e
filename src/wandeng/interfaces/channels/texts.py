"""Where a gateway hands over short messages that customers sent: ``POST /channels/sms/`` ``{"id", "from", "text"}``, signed.

Answered ``{"id", "new"}`` once the message is kept; the answer to the customer goes through the gateway like every message.
"""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wandeng.flows import text_service
from wandeng.infra import signed_calls
from wandeng.interfaces.doorway.middleware import now
from wandeng.kernel.errors import InvalidInput

MAX_BYTES = 16 * 1024


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Check, keep, answer."""
    declared = request.headers.get("Content-Length", "0")
    if not declared.isdigit() or int(declared) > MAX_BYTES:
        return HttpResponse(status=413)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return HttpResponse(status=413)
    at = now()
    if not signed_calls.is_genuine(text_service.GATEWAY, request.headers, request.path, body, at=at):
        return JsonResponse({"error": "NOT_GENUINE"}, status=401)
    try:
        given = json.loads(body)
        told = {name: given[name] for name in ("id", "from", "text")}
        if not all(isinstance(one, str) for one in told.values()):
            raise TypeError
        taken = text_service.receive(outside_id=told["id"], phone=told["from"], text=told["text"], at=at)
    except (ValueError, KeyError, TypeError, RecursionError, InvalidInput):
        return JsonResponse({"error": "UNREADABLE"}, status=422)
    return JsonResponse({"id": told["id"], "new": taken.is_new})
