"""The network as it is switched now, for whoever judges many devices at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wandeng.calc.tracing import Topology
from wandeng.domains.network import live
from wandeng.domains.network.models import PowerTransformer, Switch


@dataclass(frozen=True, slots=True)
class Now:
    """The current state; never to be changed: copy it. ``supplied``: accounts of each transformer."""

    topology: Topology
    supplied: Mapping[int, int]


def current(on: date) -> Now:
    """As this process keeps it (``live``). Raises :class:`InvalidInput` where a feeder has not exactly one source."""
    kept = live.states(on)
    return Now(kept.current, kept.supplied)


def switch_ids(codes: list[str]) -> dict[str, int]:
    """Ids of switches by code; those that are not there are absent."""
    return dict(Switch.objects.filter(code__in=codes).values_list("code", "pk"))


def area_names(ids: list[int]) -> dict[int, str]:
    """Names of transformers."""
    return dict(PowerTransformer.objects.filter(pk__in=ids).values_list("pk", "name"))
