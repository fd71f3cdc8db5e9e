"""Events: past-tense facts, written in the transaction that made them true, delivered at least once to each subscriber.

An event is a frozen dataclass whose fields are ids, texts, numbers and dates, with a ``NAME`` and a ``key`` that keeps
order. Who hears what stands in one table, ``flows/subscriptions.py``, which the settings name; there are no signals.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Protocol

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from wandeng.infra import audit, statements, webhooks
from wandeng.infra.columns import ColumnStore, moments
from wandeng.infra.models import Delivery, Event
from wandeng.infra.scope import require_root
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict

MAX_ATTEMPTS = 8
FIRST_RETRY = timedelta(seconds=10)


class DomainEvent(Protocol):
    """What :func:`publish` takes: a frozen dataclass with these two names."""

    NAME: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def key(self) -> str: ...


Body = dict[str, Any]
Subscriber = Callable[[Body, datetime], None]


class NotInTransaction(RuntimeError):
    """Publishing outside a transaction would let the fact and its news part ways."""


def subscriptions() -> Mapping[str, Sequence[Subscriber]]:
    """Event name → subscribers, from the one table of the product."""
    table: Mapping[str, Sequence[Subscriber]] = import_string(settings.WANDENG_SUBSCRIPTIONS)
    return table


def subscriber_name(subscriber: Subscriber) -> str:
    """The stable name a delivery row carries."""
    return f"{subscriber.__module__}.{subscriber.__qualname__}"


def publish(event: DomainEvent, *, at: datetime) -> None:
    """Write the event, one delivery per subscriber and one per webhook that hears it into the current transaction.

    Raises :class:`NotInTransaction` outside ``transaction.atomic()``.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"publish {event.NAME} inside the transaction that makes it true")
    publish_each([(event, at)])


def publish_each(told: Sequence[tuple[DomainEvent, datetime]]) -> None:
    """The same for many events with their times, in their order. Raises as :func:`publish`."""
    if told and not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"publish {told[0][0].NAME} inside the transaction that makes it true")
    rows = [Event(name=event.NAME, key=event.key, body=_body(event), occurred_at=at) for event, at in told]
    statements.insert(rows)
    hearers = {name: [subscriber_name(one) for one in found] for name, found in subscriptions().items()}
    statements.insert(
        Delivery(event=row, subscriber=name, next_at=row.occurred_at)
        for row in rows
        for name in hearers.get(row.name, ())
    )
    webhooks.fan_out_each([(row, json.loads(row.body)) for row in rows])


def publish_columns(store: ColumnStore, event: DomainEvent, *, at: datetime) -> None:
    """The same on a column connection, inside the caller's transaction there."""
    moment = moments(at)
    store.append(
        Event, pa.table({"name": [event.NAME], "key": [event.key], "body": [_body(event)], "occurred_at": moment})
    )
    last = "last_insert_rowid()" if store.is_sqlite else "currval(pg_get_serial_sequence('infra_event', 'id'))"
    event_id = int(store.scalar(f"SELECT {last}"))
    names = [subscriber_name(subscriber) for subscriber in subscriptions().get(event.NAME, ())]
    if names:
        count = len(names)
        rows = {
            "event_id": [event_id] * count,
            "subscriber": names,
            "state": ["PENDING"] * count,
            "attempts": [0] * count,
            "next_at": moments(at, count),
            "last_error": [""] * count,
        }
        store.append(Delivery, pa.table(rows))
    webhooks.fan_out_columns(store, event_id, event.NAME, json.loads(_body(event)), at)


def _body(event: DomainEvent) -> str:
    return json.dumps(dataclasses.asdict(event), default=_plain, sort_keys=True, ensure_ascii=False)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"an event carries plain values, not {type(value).__name__}")


def deliver_due(*, now: datetime, limit: int = 100) -> int:
    """Deliver what is due, oldest first; returns how many succeeded.

    A delivery waits for earlier ones of the same subscriber and key, unless those are parked. A handler that raises is
    tried again with growing pauses and parked after eight attempts, with the error, for a person.
    """
    by_name = {subscriber_name(s): s for subscribers in subscriptions().values() for s in subscribers}
    due = Delivery.objects.filter(state="PENDING", next_at__lte=now).select_related("event").order_by("event_id")
    done = 0
    for delivery in due[:limit]:
        if _is_behind(delivery):
            continue
        done += _deliver_one(delivery, by_name, now)
    return done


def _is_behind(delivery: Delivery) -> bool:
    return Delivery.objects.filter(
        state="PENDING", subscriber=delivery.subscriber, event__key=delivery.event.key, event_id__lt=delivery.event_id
    ).exists()


def _deliver_one(delivery: Delivery, by_name: Mapping[str, Subscriber], now: datetime) -> int:
    try:
        with transaction.atomic():
            claimed = Delivery.objects.filter(pk=delivery.pk, state="PENDING", attempts=delivery.attempts).update(
                state="DONE", attempts=delivery.attempts + 1
            )
            if not claimed:
                return 0
            by_name[delivery.subscriber](json.loads(delivery.event.body), now)
    except Exception as error:
        attempts = delivery.attempts + 1
        Delivery.objects.filter(pk=delivery.pk, state="PENDING").update(
            attempts=attempts,
            state="PARKED" if attempts >= MAX_ATTEMPTS else "PENDING",
            next_at=now + FIRST_RETRY * 2 ** (attempts - 1),
            last_error=f"{type(error).__name__}: {error}",
        )
        return 0
    return 1


def retry_parked(*, delivery_id: int, now: datetime) -> bool:
    """Put a parked delivery back in line; returns whether there was one."""
    return bool(
        Delivery.objects.filter(pk=delivery_id, state="PARKED").update(state="PENDING", attempts=0, next_at=now)
    )


@transaction.atomic
def retry(*, delivery_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Put a parked delivery back in line, by a person.

    Raises :class:`NotAllowed` unless the actor administers the whole installation, :class:`Conflict` for a delivery
    that is not parked.
    """
    require_root(actor, "ADMINISTRATOR")
    if not retry_parked(delivery_id=delivery_id, now=at):
        raise Conflict(f"delivery {delivery_id} is not parked")
    facts, subject = {"from": "PARKED", "to": "PENDING"}, ("infra.Delivery", str(delivery_id))
    audit.record(actor=actor, action="delivery.retry", subject=subject, facts=facts, at=at, reason=reason)
