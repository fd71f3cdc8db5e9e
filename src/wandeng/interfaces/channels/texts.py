"""Where a gateway hands over short messages that customers sent: ``POST /channels/sms/`` ``{"id", "from", "text"}``, signed.

Answered ``{"id", "new"}`` once the message is kept; the answer to the customer goes through the gateway like every message.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wandeng.flows import text_service
from wandeng.interfaces.channels import requests
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.errors import InvalidInput


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Check, keep, answer."""
    at = middleware.now()
    body = requests.opened(request, text_service.GATEWAY, at=at)
    if isinstance(body, HttpResponse):
        return body
    try:
        told = requests.fields(body, id=str, from_=str, text=str)
        taken = text_service.receive(outside_id=told["id"], phone=told["from_"], text=told["text"], at=at)
    except InvalidInput:
        return JsonResponse({"error": "UNREADABLE"}, status=422)
    return JsonResponse({"id": told["id"], "new": taken.is_new})
