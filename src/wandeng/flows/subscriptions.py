"""The one table of who hears what: event name → functions, in order. Handlers are idempotent by the event's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wandeng.domains.metering.events import ReadingsAccepted
from wandeng.flows.late_readings import mend_missing_readings
from wandeng.infra.events import Subscriber

SUBSCRIPTIONS: Mapping[str, Sequence[Subscriber]] = {
    ReadingsAccepted.NAME: (mend_missing_readings,),
}
