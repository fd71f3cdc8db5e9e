"""Sending what waits for webhook endpoints, signed after Standard Webhooks, again and again with growing pauses.

Headers: ``webhook-id`` (the same in every attempt: receivers drop what they have seen), ``webhook-timestamp`` (seconds)
and ``webhook-signature``: ``v1,`` and the base64 HMAC-SHA256 of ``id.timestamp.body`` under the endpoint's secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from wandeng.infra import audit, outgoing, webhooks
from wandeng.infra.outgoing import Allowed, Answer, CallFailed
from wandeng.infra.webhook_models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import Refused

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""After the n-th failure; after the last one a delivery is parked, three days after it was first tried."""
GIVE_UP_AFTER = timedelta(days=5)
"""An endpoint that took nothing for so long is turned off, and the operation log says so."""
LEASE = timedelta(minutes=1)
AT_ONCE = 8
PER_ENDPOINT = 2
EXCERPT = 500
GONE = 410

Post = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class _Call:
    """A claimed delivery, with all that a thread needs to send it without the database."""

    delivery: WebhookDelivery
    endpoint: WebhookEndpoint
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Result:
    status: int | None
    milliseconds: int
    excerpt: str
    error: str

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver_due(*, clock: Callable[[], datetime], post: Post = outgoing.post) -> int:
    """Send what is due, several at a time but few to one endpoint; returns how many were taken.

    No transaction is open while a call is out. A worker killed in the middle leaves its deliveries to be sent again
    when their lease of a minute is over: receivers hear an event at least once.
    """
    now = clock()
    calls = [call for row in _due(now) if (call := _claimed(row, now)) is not None]
    if not calls:
        return 0
    allowed = Allowed.parse(settings.WANDENG_OUTGOING)
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="webhook") as pool:
        results = list(pool.map(lambda call: _sent(call, allowed, post), calls))
    good = 0
    for call, result in zip(calls, results, strict=True):
        _record(call, result, clock())
        good += result.is_good
    return good


def signature(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """``v1,`` and the signature of one message.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def _due(now: datetime) -> list[WebhookDelivery]:
    """The oldest due deliveries of active endpoints, at most two of each: one slow receiver keeps nobody waiting."""
    rows = WebhookDelivery.objects.filter(state="PENDING", next_at__lte=now, endpoint__active=True)
    chosen: list[WebhookDelivery] = []
    taken: dict[int, int] = {}
    for row in rows.select_related("endpoint").order_by("next_at", "id")[: AT_ONCE * 16]:
        if taken.get(row.endpoint_id, 0) < PER_ENDPOINT and len(chosen) < AT_ONCE:
            taken[row.endpoint_id] = taken.get(row.endpoint_id, 0) + 1
            chosen.append(row)
    return chosen


def _claimed(row: WebhookDelivery, now: datetime) -> _Call | None:
    taken = WebhookDelivery.objects.filter(
        pk=row.pk, state="PENDING", attempts=row.attempts, next_at=row.next_at
    ).update(next_at=now + LEASE, attempts=row.attempts + 1)
    if not taken:
        return None
    row.attempts += 1
    stamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Wandeng-Webhooks/1",
        "webhook-id": row.message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(
            signature(secret, row.message_id, stamp, row.body) for secret in _secrets(row.endpoint, now)
        ),
    }
    return _Call(row, row.endpoint, headers)


def _secrets(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    both = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_until and now < endpoint.previous_until:
        both.append(endpoint.previous_secret)
    return [webhooks.opened(sealed) for sealed in both]


def _sent(call: _Call, allowed: Allowed, post: Post) -> _Result:
    try:
        answer = post(call.endpoint.url, body=call.delivery.body.encode(), headers=call.headers, allowed=allowed)
    except CallFailed as failure:
        return _Result(None, failure.milliseconds, "", failure.message)
    except Refused as refusal:
        return _Result(None, 0, "", refusal.message)
    text = answer.body[: EXCERPT * 4].decode("utf-8", "replace").replace("\x00", "")[:EXCERPT]
    return _Result(answer.status, answer.milliseconds, text, "")


@transaction.atomic
def _record(call: _Call, result: _Result, now: datetime) -> None:
    delivery, endpoint = call.delivery, call.endpoint
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        status=result.status,
        milliseconds=result.milliseconds,
        excerpt=result.excerpt,
        error=result.error,
    )
    # Whoever replayed the delivery meanwhile has reset its attempts: theirs counts.
    ours = WebhookDelivery.objects.filter(pk=delivery.pk, state="PENDING", attempts=delivery.attempts)
    if result.is_good:
        ours.update(state="DONE", done_at=now)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).exclude(failing_since=None).update(failing_since=None)
        return
    if delivery.attempts > len(PAUSES):
        ours.update(state="PARKED")
    else:
        ours.update(next_at=now + PAUSES[delivery.attempts - 1])
    WebhookEndpoint.objects.filter(pk=endpoint.pk, failing_since=None).update(failing_since=now)
    endpoint.refresh_from_db()
    if result.status == GONE:
        _give_up(endpoint, "GONE", now)
    elif endpoint.failing_since and now - endpoint.failing_since >= GIVE_UP_AFTER:
        _give_up(endpoint, "FAILING", now)


def _give_up(endpoint: WebhookEndpoint, why: str, now: datetime) -> None:
    turned = WebhookEndpoint.objects.filter(pk=endpoint.pk, active=True).update(
        active=False, disabled_at=now, disabled_why=why
    )
    if turned:
        audit.record(
            actor=SYSTEM,
            action="webhook.give_up",
            subject=("infra.WebhookEndpoint", str(endpoint.pk)),
            facts={"why": why, "failing_since": endpoint.failing_since},
            at=now,
            unit_path=endpoint.unit_path,
        )
