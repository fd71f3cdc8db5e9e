"""Where a telephone exchange asks what to do with a call: ``POST /channels/ivr/`` ``{"call", "turn", "from", "digits"}``, signed.

``turn`` 0 begins a call with empty digits; each further one brings what was pressed, empty for nothing in time. Answered
``{"node", "say": [{"code", "text"}], "then": "GATHER" | "TRANSFER" | "HANGUP", "digits", "seconds"}``. A turn that comes again is
answered the same.

Of calls that the product has dialed (自动外呼) the exchange asks ``POST /channels/ivr/outbound/`` ``{"call", "turn", "digits"}``, answered in
the same way, and tells the end to ``POST /channels/ivr/outbound/ended/`` ``{"call", "result"}``, ``result`` REACHED, NO_ANSWER, BUSY or FAILED;
answered ``{"new"}``, false for what was told before. A call that was never dialed is 404.
"""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wandeng.domains.conversations.types import CallResult
from wandeng.flows import outbound_calls, voice
from wandeng.interfaces.channels import requests
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.errors import InvalidInput, NotFound


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Check, walk, answer."""
    at = middleware.now()
    body = requests.opened(request, voice.GATEWAY, at=at)
    if isinstance(body, HttpResponse):
        return body
    try:
        told = requests.fields(body, call=str, turn=int, from_=str, digits=str)
        answer = voice.take(call=told["call"], number=told["turn"], phone=told["from_"], digits=told["digits"], at=at)
    except InvalidInput:
        return JsonResponse({"error": "UNREADABLE"}, status=422)
    return JsonResponse(asdict(answer))


@csrf_exempt
@require_POST
def take_outbound(request: HttpRequest) -> HttpResponse:
    """Check, walk, answer: a turn of a call that was dialed."""
    at = middleware.now()
    body = requests.opened(request, outbound_calls.GATEWAY, at=at)
    if isinstance(body, HttpResponse):
        return body
    try:
        told = requests.fields(body, call=str, turn=int, digits=str)
        answer = outbound_calls.take(call=told["call"], number=told["turn"], digits=told["digits"], at=at)
    except InvalidInput:
        return JsonResponse({"error": "UNREADABLE"}, status=422)
    except NotFound:
        return JsonResponse({"error": "NOT_FOUND"}, status=404)
    return JsonResponse(asdict(answer))


TOLD = frozenset({CallResult.REACHED, CallResult.NO_ANSWER, CallResult.BUSY, CallResult.FAILED})
"""What an exchange may say of a call."""


@csrf_exempt
@require_POST
def end_outbound(request: HttpRequest) -> HttpResponse:
    """Check, write down, answer: how a call ended that was dialed."""
    at = middleware.now()
    body = requests.opened(request, outbound_calls.GATEWAY, at=at)
    if isinstance(body, HttpResponse):
        return body
    try:
        told = requests.fields(body, call=str, result=str)
        result = CallResult(told["result"])
        if result not in TOLD:
            raise InvalidInput("an exchange says no such result")
        is_new = outbound_calls.ended(call_id=outbound_calls.call_id_of(told["call"]), told=result, at=at)
    except (InvalidInput, ValueError):
        return JsonResponse({"error": "UNREADABLE"}, status=422)
    except NotFound:
        return JsonResponse({"error": "NOT_FOUND"}, status=404)
    return JsonResponse({"new": is_new})
