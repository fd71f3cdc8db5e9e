"""Where a telephone exchange asks what to do with a call: ``POST /channels/ivr/`` ``{"call", "turn", "from", "digits"}``, signed.

``turn`` 0 begins a call with empty digits; each further one brings what was pressed, empty for nothing in time. Answered
``{"node", "say": [{"code", "text"}], "then": "GATHER" | "TRANSFER" | "HANGUP", "digits", "seconds"}``. A turn that comes again is
answered the same.
"""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wandeng.flows import voice
from wandeng.interfaces.channels import requests
from wandeng.interfaces.doorway.middleware import now
from wandeng.kernel.errors import InvalidInput


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Check, walk, answer."""
    at = now()
    body = requests.opened(request, voice.GATEWAY, at=at)
    if isinstance(body, HttpResponse):
        return body
    try:
        told = requests.fields(body, call=str, turn=int, from_=str, digits=str)
        answer = voice.take(call=told["call"], number=told["turn"], phone=told["from_"], digits=told["digits"], at=at)
    except InvalidInput:
        return JsonResponse({"error": "UNREADABLE"}, status=422)
    return JsonResponse(asdict(answer))
