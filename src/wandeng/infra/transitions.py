"""State tables and the one function that moves a row through them.

``move`` is a conditional update on the expected state plus a history row, in the caller's transaction; ``move_many``
is the same for a batch on a column connection. Nobody else writes a state column (an architecture test looks for it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import models, transaction

from wandeng.infra import statements
from wandeng.infra.columns import ColumnStore, moments
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
    raise _refused(row, table, verb, found)


def moved(
    row: models.Model, table: StateTable, verb: str, *, actor: Actor, at: datetime, reason: str = "", **also: Any
) -> StateChange:
    """Move a row that the caller holds under its lock and writes itself, with the history row that it stores too: for a
    batch of rows in one transaction.

    Raises :class:`MoveRefused` when the row stands elsewhere.
    """
    here, target = getattr(row, "state"), table.moves[verb][1]  # noqa: B009  (models in general have no states)
    if here not in table.origins(verb):
        raise _refused(row, table, verb, here)
    for name, value in {"state": target, **also}.items():
        setattr(row, name, value)
    return StateChange(
        subject_type=row._meta.label, subject_id=row.pk, move=verb, from_state=here, to_state=target, actor=actor.code,
        at=at, reason=reason,
    )  # fmt: skip


def keep_history(changes: Sequence[StateChange]) -> None:
    """Store the history rows of a batch, in their order."""
    statements.insert(changes)


def move_held(
    row: models.Model, table: StateTable, verb: str, *, actor: Actor, at: datetime, reason: str = "", **also: Any
) -> None:
    """:func:`move` for a row that was read under its lock in this transaction: it is not read again. ``also`` by the names of
    the columns' attributes, values only.

    Raises :class:`MoveRefused`.
    """
    change = moved(row, table, verb, actor=actor, at=at, reason=reason, **also)
    statements.change(row, ["state", *also])
    keep_history([change])


def _refused(row: models.Model, table: StateTable, verb: str, found: str | None) -> MoveRefused:
    return MoveRefused(
        f"cannot {verb} {table.name} {row.pk}: it is {found}, not {' or '.join(table.origins(verb))}",
        subject=row.pk,
        state=found,
        move=verb,
    )


_IDS_A_STATEMENT = 5_000


def move_many(
    store: ColumnStore,
    model: type[models.Model],
    table: StateTable,
    verb: str,
    subject_ids: Sequence[int],
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    also: Mapping[str, object] | None = None,
) -> list[int]:
    """Move the rows that stand where ``verb`` starts, inside the caller's transaction on ``store``; ``also`` are columns
    set in the same update. Returns the ids moved, ascending: those that stood elsewhere are left and not in it.
    """
    target, label = table.moves[verb][1], model._meta.label
    moved: dict[int, str] = {}
    for origin in table.origins(verb):
        waiting = [subject for subject in subject_ids if subject not in moved]
        for start in range(0, len(waiting), _IDS_A_STATEMENT):
            chosen = waiting[start : start + _IDS_A_STATEMENT]
            moved |= dict.fromkeys(_move_chunk(store, model, origin, target, chosen, also or {}), origin)
    ids = sorted(moved)
    if ids:
        history = {
            "subject_type": [label] * len(ids),
            "subject_id": ids,
            "move": [verb] * len(ids),
            "from_state": [moved[subject] for subject in ids],
            "to_state": [target] * len(ids),
            "actor": [actor.code] * len(ids),
            "at": moments(at, len(ids)),
            "reason": [reason] * len(ids),
        }
        store.append(StateChange, pa.table(history))
    return ids


def _move_chunk(
    store: ColumnStore,
    model: type[models.Model],
    origin: str,
    target: str,
    chosen: Sequence[int],
    also: Mapping[str, object],
) -> list[int]:
    # Ids are integers, so they may stand in the text; a parameter each would pass the databases' limits.
    named = ",".join(str(int(subject)) for subject in chosen)
    sets = ", ".join(["state = ?", *[f"{column} = ?" for column in also]])
    found = store.read(
        f"UPDATE {model._meta.db_table} SET {sets} WHERE state = ? AND id IN ({named}) RETURNING id",
        (target, *also.values(), origin),
    )
    return [int(subject) for subject in found.column(0).to_pylist()]
