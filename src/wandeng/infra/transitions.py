"""State tables and the one function that moves a row through them.

``move`` is a conditional update on the expected state plus a history row, in the caller's transaction; nobody else
writes a state column (an architecture test looks for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from wandeng.infra.models import StateChange
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict


@dataclass(frozen=True)
class StateTable:
    """``moves`` maps a verb to (from-state or states, to-state)."""

    name: str
    start: str
    moves: Mapping[str, tuple[str | tuple[str, ...], str]]
    final: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        seen = dict.fromkeys([self.start])
        for origins, target in self.moves.values():
            seen.update(dict.fromkeys((origins,) if isinstance(origins, str) else origins))
            seen[target] = None
        return tuple(seen)

    def origins(self, verb: str) -> tuple[str, ...]:
        origins = self.moves[verb][0]
        return (origins,) if isinstance(origins, str) else origins


class MoveRefused(Conflict):
    """The row is not in a state from which this move starts."""

    code = "MOVE_REFUSED"


def move(
    row: models.Model, table: StateTable, verb: str, *, actor: Actor, at: datetime, reason: str = "", **also: Any
) -> tuple[str, str]:
    """Move ``row`` by ``verb``; ``also`` are columns set in the same update. Returns (old, new) and refreshes the row.

    Raises :class:`MoveRefused` when the row stands elsewhere, also when somebody else moved it first.
    """
    target = table.moves[verb][1]
    model = type(row)
    with transaction.atomic():
        for origin in table.origins(verb):
            updated = model._default_manager.filter(pk=row.pk, state=origin).update(state=target, **also)
            if updated:
                StateChange.objects.create(
                    subject_type=model._meta.label,
                    subject_id=row.pk,
                    move=verb,
                    from_state=origin,
                    to_state=target,
                    actor=actor.code,
                    at=at,
                    reason=reason,
                )
                row.refresh_from_db()
                return origin, target
    found = model._default_manager.filter(pk=row.pk).values_list("state", flat=True).first()
    raise MoveRefused(
        f"cannot {verb} {table.name} {row.pk}: it is {found}, not {' or '.join(table.origins(verb))}",
        subject=row.pk,
        state=found,
        move=verb,
    )
