"""What is known of webhook endpoints and their deliveries: for lists, pages and the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from wandeng.infra.scope import Scope
from wandeng.infra.webhook_models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from wandeng.infra.webhooks import covers, find
from wandeng.kernel.errors import NotFound

Row = TypeVar("Row", bound=Model)

ENDPOINT_COLUMNS = (
    "id", "name", "url", "unit_path", "active", "made_by", "made_at", "failing_since", "disabled_at", "disabled_why",
)  # fmt: skip
DELIVERY_COLUMNS = (
    "id", "endpoint_id", "endpoint_name", "message_id", "kind", "state", "attempts", "made_at", "next_at", "done_at",
    "status", "milliseconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """An endpoint; ``kinds`` empty means every kind, ``unit_path`` empty the whole installation. ``counts``: state →
    deliveries. Never holds the secret."""

    id: int
    name: str
    url: str
    kinds: tuple[str, ...]
    unit_path: str
    active: bool
    made_by: str
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: str
    previous_until: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a delivery."""

    at: datetime
    status: int | None
    milliseconds: int
    excerpt: str
    error: str


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """A delivery with what was sent and every attempt, newest first."""

    id: int
    endpoint_id: int
    endpoint_name: str
    message_id: str
    kind: str
    state: str
    attempts: int
    made_at: datetime
    next_at: datetime
    done_at: datetime | None
    body: str
    tries: tuple[Attempt, ...]


def endpoint_rows(scope: Scope) -> QuerySet[WebhookEndpoint, dict[str, Any]]:
    """The endpoints inside the scope: :data:`ENDPOINT_COLUMNS`. Lazy."""
    rows = _inside(WebhookEndpoint.objects.all(), scope, "unit_path")
    found: QuerySet[WebhookEndpoint, dict[str, Any]] = rows.order_by("id").values(*ENDPOINT_COLUMNS)
    return found


def endpoint(scope: Scope, endpoint_id: int) -> EndpointFacts:
    """One endpoint. Raises :class:`NotFound`."""
    row = find(scope, endpoint_id)
    return EndpointFacts(
        row.pk,
        row.name,
        row.url,
        tuple(json.loads(row.kinds)),
        row.unit_path,
        row.active,
        row.made_by,
        row.made_at,
        row.failing_since,
        row.disabled_at,
        row.disabled_why,
        row.previous_until,
    )


def delivery_rows(scope: Scope, *, endpoint_id: int | None = None) -> QuerySet[WebhookDelivery, dict[str, Any]]:
    """Deliveries inside the scope, newest first: :data:`DELIVERY_COLUMNS`, with the last answer. Lazy."""
    rows = _inside(WebhookDelivery.objects.all(), scope, "endpoint__unit_path")
    if endpoint_id is not None:
        rows = rows.filter(endpoint_id=endpoint_id)
    last = WebhookAttempt.objects.filter(delivery=OuterRef("pk")).order_by("-id")
    named = rows.annotate(
        endpoint_name=F("endpoint__name"),
        status=Subquery(last.values("status")[:1]),
        milliseconds=Subquery(last.values("milliseconds")[:1]),
    )
    found: QuerySet[WebhookDelivery, dict[str, Any]] = named.order_by("-id").values(*DELIVERY_COLUMNS)
    return found


def delivery(scope: Scope, delivery_id: int) -> DeliveryFacts:
    """One delivery with its attempts. Raises :class:`NotFound`."""
    row = WebhookDelivery.objects.select_related("endpoint").filter(pk=delivery_id).first()
    if row is None or not covers(scope, row.endpoint.unit_path):
        raise NotFound(f"there is no delivery {delivery_id}")
    tries = tuple(
        Attempt(one.at, one.status, one.milliseconds, one.excerpt, one.error) for one in row.tries.order_by("-id")
    )
    return DeliveryFacts(
        row.pk,
        row.endpoint_id,
        row.endpoint.name,
        row.message_id,
        row.kind,
        row.state,
        row.attempts,
        row.made_at,
        row.next_at,
        row.done_at,
        row.body,
        tries,
    )


def _inside(rows: QuerySet[Row], scope: Scope, path: str) -> QuerySet[Row]:
    """What lies below the scope's unit; from a root unit also what is the whole installation's."""
    if not scope.prefix:
        return rows
    below = Q(Exact(Substr(path, 1, len(scope.prefix)), scope.prefix))
    return rows.filter(below | Q(**{path: ""}) if covers(scope, "") else below)
