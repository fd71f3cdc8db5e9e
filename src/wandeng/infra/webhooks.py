"""Webhooks 事件推送: which addresses are told of which events, and the news written for them in the event's transaction.

Sending is ``infra/webhook_delivery.py``; what is known of endpoints and deliveries, ``infra/webhook_log.py``.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from wandeng.infra import audit, outgoing, pii, statements
from wandeng.infra.columns import ColumnStore, moments
from wandeng.infra.models import Event
from wandeng.infra.scope import Scope, require, require_root
from wandeng.infra.statements import Reading
from wandeng.infra.webhook_models import WebhookDelivery, WebhookEndpoint
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

PING = "wandeng.ping"
ADMINISTRATOR = "ADMINISTRATOR"
SECRET_COLUMN = "infra_webhookendpoint.secret"
SECRET_BYTES = 24
OVERLAP = timedelta(hours=24)
"""How long the old secret signs beside a new one, so that receivers can change it in their own time."""
MOST_REPLAYED = 10_000

Body = dict[str, Any]
UnitOf = Callable[[Body], str]


def kinds() -> Mapping[str, str]:
    """Every event that others may hear: name → what people call it."""
    table: Mapping[str, str] = import_string(settings.WANDENG_EVENT_KINDS)
    return table


def units() -> Mapping[str, UnitOf]:
    """Event name → function that finds the unit path an event belongs to; without one an event is the installation's."""
    table: Mapping[str, UnitOf] = import_string(settings.WANDENG_EVENT_UNITS)
    return table


@transaction.atomic
def register(
    *, name: str, url: str, kinds: Sequence[str], unit_path: str, actor: Actor, at: datetime
) -> tuple[int, str]:
    """A new endpoint. Returns its number and its secret, which is shown this once.

    Raises :class:`NotAllowed` unless the actor administers the unit (the whole installation for an empty path),
    :class:`InvalidInput`, :class:`wandeng.infra.outgoing.CallNotAllowed`, :class:`Conflict` for a name that is taken.
    """
    _require(actor, unit_path)
    chosen = _checked(name, url, kinds)
    if WebhookEndpoint.objects.filter(name=name.strip()).exists():
        raise Conflict(f"there is an endpoint called {name.strip()} already")
    secret = new_secret()
    row = WebhookEndpoint.objects.create(
        name=name.strip(),
        url=url,
        secret=seal(secret),
        kinds=json.dumps(chosen),
        unit_path=unit_path,
        made_by=actor.code,
        made_at=at,
    )
    _log(actor, "webhook.register", row, {"to_url": url, "kinds": chosen}, at)
    return row.pk, secret


@transaction.atomic
def change(
    *, endpoint_id: int, name: str, url: str, kinds: Sequence[str], unit_path: str, actor: Actor, at: datetime
) -> None:
    """Change what an endpoint is called, where it is and what it hears. Raises what :func:`register` raises and
    :class:`NotFound`."""
    row = find(Scope.of(actor), endpoint_id)
    _require(actor, row.unit_path)
    _require(actor, unit_path)
    chosen = _checked(name, url, kinds)
    if WebhookEndpoint.objects.filter(name=name.strip()).exclude(pk=row.pk).exists():
        raise Conflict(f"there is an endpoint called {name.strip()} already")
    facts = {"was_url": row.url, "url": url, "was_kinds": json.loads(row.kinds), "kinds": chosen}
    row.name, row.url, row.kinds, row.unit_path = name.strip(), url, json.dumps(chosen), unit_path
    row.save(update_fields=["name", "url", "kinds", "unit_path"])
    _log(actor, "webhook.change", row, facts, at)


@transaction.atomic
def switch(*, endpoint_id: int, active: bool, actor: Actor, at: datetime, reason: str = "") -> None:
    """Turn an endpoint on or off. While it is off nothing is written for it, and what waits for it waits.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for turning off without a reason.
    """
    row = _own(endpoint_id, actor)
    if not active and not reason.strip():
        raise InvalidInput("say why the endpoint is turned off")
    row.active, row.failing_since = active, None
    row.disabled_at, row.disabled_why = (None, "") if active else (at, "BY_HAND")
    row.save(update_fields=["active", "failing_since", "disabled_at", "disabled_why"])
    _log(actor, "webhook.switch", row, {"active": active}, at, reason)


@transaction.atomic
def rotate(*, endpoint_id: int, actor: Actor, at: datetime) -> str:
    """A new secret, shown this once; the old one signs beside it for a day.

    Raises :class:`NotFound`, :class:`NotAllowed`.
    """
    row, secret = _own(endpoint_id, actor), new_secret()
    row.previous_secret, row.previous_until, row.secret = row.secret, at + OVERLAP, seal(secret)
    row.save(update_fields=["previous_secret", "previous_until", "secret"])
    _log(actor, "webhook.rotate", row, {"previous_until": at + OVERLAP}, at)
    return secret


@transaction.atomic
def ping(*, endpoint_id: int, actor: Actor, at: datetime) -> int:
    """Write a test event for one endpoint; returns the delivery.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` for one that is turned off.
    """
    row = _own(endpoint_id, actor)
    if not row.active:
        raise Conflict(f"endpoint {row.name} is turned off")
    body = _message(PING, at, {"endpoint": row.name})
    message_id = f"ping_{secrets.token_hex(12)}"
    made = WebhookDelivery.objects.create(
        endpoint=row, message_id=message_id, kind=PING, body=body, next_at=at, made_at=at
    )
    return made.pk


@transaction.atomic
def replay(*, delivery_id: int, actor: Actor, at: datetime) -> None:
    """Send a delivery again under the same message id, whatever became of it.

    Raises :class:`NotFound`, :class:`NotAllowed`.
    """
    row = WebhookDelivery.objects.filter(pk=delivery_id).first()
    if row is None:
        raise NotFound(f"there is no delivery {delivery_id}")
    endpoint = _own(row.endpoint_id, actor)
    WebhookDelivery.objects.filter(pk=row.pk).update(state="PENDING", attempts=0, next_at=at, done_at=None)
    _log(actor, "webhook.replay", endpoint, {"delivery": row.pk}, at)


@transaction.atomic
def replay_range(
    *, endpoint_id: int, made_from: datetime, made_to: datetime, only_parked: bool, actor: Actor, at: datetime
) -> int:
    """Send everything again that was written for an endpoint in a stretch of time; returns how many.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for a stretch without length or with more than
    :data:`MOST_REPLAYED` deliveries.
    """
    endpoint = _own(endpoint_id, actor)
    if made_to <= made_from:
        raise InvalidInput("a stretch of time must end after it starts")
    rows = WebhookDelivery.objects.filter(endpoint=endpoint, made_at__gte=made_from, made_at__lt=made_to)
    rows = rows.filter(state="PARKED") if only_parked else rows.exclude(state="PENDING")
    if rows.count() > MOST_REPLAYED:
        raise InvalidInput(f"at most {MOST_REPLAYED} deliveries are sent again at once: take a shorter stretch")
    count = rows.update(state="PENDING", attempts=0, next_at=at, done_at=None)
    facts = {"made_from": made_from, "made_to": made_to, "only_parked": only_parked, "count": count}
    _log(actor, "webhook.replay_range", endpoint, facts, at)
    return count


def fan_out(event: Event, body: Body) -> None:
    """Write a delivery of an event for every endpoint that hears it, in the transaction that made it true."""
    fan_out_each([(event, body)])


def fan_out_each(told: Sequence[tuple[Event, Body]]) -> None:
    """The same for many events with their bodies, in their order."""
    endpoints = [dict(zip(("id", "kinds", "unit_path"), one, strict=True)) for one in _ACTIVE()]
    if not endpoints:
        return
    statements.insert(
        WebhookDelivery(
            endpoint_id=endpoint_id,
            event=event,
            message_id=f"evt_{event.pk}",
            kind=event.name,
            body=_message(event.name, event.occurred_at, body),
            next_at=event.occurred_at,
            made_at=event.occurred_at,
        )
        for event, body in told
        for endpoint_id in _listening(endpoints, event.name, body)
    )


_ACTIVE: Reading[tuple[int, str, str]] = Reading(
    lambda: WebhookEndpoint.objects.filter(active=True).order_by("pk").values_list("id", "kinds", "unit_path")
)


def fan_out_columns(store: ColumnStore, event_id: int, name: str, body: Body, at: datetime) -> None:
    """The same on a column connection, inside the caller's transaction there."""
    rows = store.read("SELECT id, kinds, unit_path FROM infra_webhookendpoint WHERE active").to_pylist()
    heard = _listening(rows, name, body)
    if not heard:
        return
    count, moment = len(heard), moments(at, len(heard))
    table = {
        "endpoint_id": heard,
        "event_id": [event_id] * count,
        "message_id": [f"evt_{event_id}"] * count,
        "kind": [name] * count,
        "body": [_message(name, at, body)] * count,
        "state": ["PENDING"] * count,
        "attempts": [0] * count,
        "next_at": moment,
        "made_at": moment,
    }
    store.append(WebhookDelivery, pa.table(table))


def _listening(rows: Any, name: str, body: Body) -> list[int]:
    """The endpoints that hear an event. Its unit is looked up only when some endpoint asks for one."""
    found, path = [], None
    for row in rows:
        if (wanted := json.loads(row["kinds"])) and name not in wanted:
            continue
        if row["unit_path"]:
            path = _unit_path(name, body) if path is None else path
            if not path.startswith(row["unit_path"]):
                continue
        found.append(row["id"])
    return found


def _unit_path(name: str, body: Body) -> str:
    if "unit_path" in body:
        return str(body["unit_path"])
    finder = units().get(name)
    return finder(body) if finder else ""


def _message(kind: str, at: datetime, data: Body) -> str:
    told = {"type": kind, "timestamp": at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def new_secret() -> str:
    """``whsec_`` and the key in base64, as receivers of Standard Webhooks expect it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal(secret: str) -> str:
    """A secret as it is stored."""
    return pii.seal_many([secret], column=SECRET_COLUMN)[0]


def opened(sealed: str) -> str:
    """A stored secret as it signs."""
    return pii.open_sealed(sealed, column=SECRET_COLUMN)


def find(scope: Scope, endpoint_id: int) -> WebhookEndpoint:
    """One endpoint that the scope holds. Raises :class:`NotFound`."""
    row = WebhookEndpoint.objects.filter(pk=endpoint_id).first()
    if row is None or not covers(scope, row.unit_path):
        raise NotFound(f"there is no endpoint {endpoint_id}")
    return row


def covers(scope: Scope, unit_path: str) -> bool:
    """What is the whole installation's is seen from a root unit only."""
    return scope.covers(unit_path) if unit_path else scope.is_root


def _own(endpoint_id: int, actor: Actor) -> WebhookEndpoint:
    row = find(Scope.of(actor), endpoint_id)
    _require(actor, row.unit_path)
    return row


def _require(actor: Actor, unit_path: str) -> None:
    if unit_path:
        require(actor, ADMINISTRATOR, unit_path=unit_path)
    else:
        require_root(actor, ADMINISTRATOR)


def _checked(name: str, url: str, chosen: Sequence[str]) -> list[str]:
    if not 1 <= len(name.strip()) <= 64:
        raise InvalidInput("an endpoint has a name of 1 to 64 characters")
    outgoing.check(url, allowed=outgoing.Allowed.parse(settings.WANDENG_OUTGOING))
    unknown = [kind for kind in chosen if kind not in kinds()]
    if unknown:
        raise InvalidInput(f"there is no event {', '.join(unknown)}")
    return sorted(set(chosen))


def _log(
    actor: Actor, action: str, row: WebhookEndpoint, facts: Mapping[str, object], at: datetime, reason: str = ""
) -> None:
    subject = ("infra.WebhookEndpoint", str(row.pk))
    audit.record(
        actor=actor, action=action, subject=subject, facts=facts, at=at, reason=reason, unit_path=row.unit_path
    )
