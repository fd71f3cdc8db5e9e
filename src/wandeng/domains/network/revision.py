"""Which state of the network a process has in hand: marks that change with every write, in its transaction.

A mark is a random text, not a number: after a restored backup or a rolled-back import no two states share one. A
network without marks (rows written around the actions and imports) is kept by nobody.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from wandeng.domains.network.models import NetworkRevision
from wandeng.infra.columns import ColumnStore


class Part(StrEnum):
    """What changed."""

    EQUIPMENT = "EQUIPMENT"
    """Anything but a switch position: equipment, normal positions, usage points."""
    SWITCHING = "SWITCHING"
    """The log of switch operations."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks that stand; empty where nothing was ever marked."""

    equipment: str
    switching: str


def renew(part: Part) -> None:
    """A new mark, in the caller's transaction."""
    NetworkRevision.objects.update_or_create(part=part.value, defaults={"mark": uuid.uuid4().hex})


def renew_columns(store: ColumnStore, part: Part) -> None:
    """The same on a column connection."""
    store.execute(
        "INSERT INTO network_networkrevision (part, mark) VALUES (?, ?) "
        "ON CONFLICT (part) DO UPDATE SET mark = excluded.mark",
        (part.value, uuid.uuid4().hex),
    )


def marks() -> Marks:
    """The marks that stand now."""
    found = dict(NetworkRevision.objects.values_list("part", "mark"))
    return Marks(found.get(Part.EQUIPMENT.value, ""), found.get(Part.SWITCHING.value, ""))
