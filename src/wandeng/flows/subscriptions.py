"""The one table of who hears what: event name → functions, in order. Handlers are idempotent by the event's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wandeng.infra.events import Subscriber

SUBSCRIPTIONS: Mapping[str, Sequence[Subscriber]] = {}
