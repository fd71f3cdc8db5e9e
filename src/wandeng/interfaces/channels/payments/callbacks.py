"""Where payment providers call back. Open to anybody, because a provider has no account here: what it says is believed by
its signature alone. A body is small; what nobody signed is kept up to a number an hour, so that it cannot fill the disk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wandeng.flows.online_payments import callbacks
from wandeng.interfaces.channels.payments.wechat import SIGNED_HEADERS
from wandeng.interfaces.doorway.middleware import address_of, now

MAX_BYTES = 64 * 1024
KEPT_HEADERS = (*SIGNED_HEADERS, "Content-Type")


@csrf_exempt
@require_POST
def take(request: HttpRequest, channel: str) -> HttpResponse:
    """Keep, check, act, answer."""
    declared = request.headers.get("Content-Length", "0")
    if not declared.isdigit() or int(declared) > MAX_BYTES:
        return HttpResponse(status=413)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return HttpResponse(status=413)
    headers = {name: request.headers[name][:1_000] for name in KEPT_HEADERS if name in request.headers}
    taken = callbacks.receive_call(
        channel=channel, headers=headers, body=body, came_from=address_of(request), at=now()
    )  # fmt: skip
    if not taken.message_id:
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    return HttpResponse(taken.reply.body, status=taken.reply.status, content_type=taken.reply.kind)
