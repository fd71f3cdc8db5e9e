"""Every event that is published can be heard by others, and is told only over its unit."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

from wandeng import domains
from wandeng.flows import subscriptions


def published() -> dict[str, set[str]]:
    """Name → fields of every event of every domain."""
    found = {}
    for domain in pkgutil.iter_modules(domains.__path__):
        try:
            module = import_module(f"wandeng.domains.{domain.name}.events")
        except ModuleNotFoundError:
            continue
        for one in vars(module).values():
            if inspect.isclass(one) and hasattr(one, "NAME"):
                found[one.NAME] = set(one.__dataclass_fields__)
    return found


def test_every_event_has_its_word() -> None:
    assert set(subscriptions.EVENT_KINDS) == set(published())


def test_events_about_one_thing_know_their_unit() -> None:
    """Without a unit an event is told to endpoints of the whole installation only: right for batches, not for one thing."""
    whole = {"metering.ReadingsAccepted", "metering.MeterTested"}
    for name, fields in published().items():
        assert name in whole or "unit_path" in fields or name in subscriptions.EVENT_UNITS, name
