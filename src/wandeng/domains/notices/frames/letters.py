"""Letters: those that wait in a unit are taken together, as one batch that can be printed again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pyarrow as pa

from wandeng.domains.notices.frames import claiming, settling
from wandeng.domains.notices.models import LetterBatch
from wandeng.domains.notices.types import Answer, Channel, Outcome, SendingRule
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore, moments
from wandeng.kernel.actors import Actor

MOST = 500
"""Letters of one batch: as much as somebody folds in a morning."""
_AT_ONCE = timedelta(hours=1)


def print_letters(
    store: ColumnStore,
    *,
    unit_id: int,
    unit_path: str,
    rule_of: Callable[[str], SendingRule],
    actor: Actor,
    at: datetime,
) -> tuple[int, int]:
    """Take the letters that wait in a unit and below into a batch, in one transaction; its id and how many there are.

    (0, 0) when none waits. Paper has no hours; those who opted out of what the law does not require are left out.
    """
    with store.transaction():
        waiting = store.read(
            "SELECT r.id AS id FROM notices_noticerecipient r JOIN organization_unit u ON u.id = r.unit_id "
            "WHERE r.state = 'WAITING' AND r.channel = 'LETTER' AND r.due_at <= ? "
            f"AND substr(u.path, 1, {len(unit_path)}) = ? ORDER BY r.rank, r.due_at, r.id LIMIT {MOST}",
            (at, unit_path),
        )
        chosen = [int(one) for one in waiting.column("id").to_pylist()]
        if not chosen:
            return 0, 0
        batch = ids.reserve_columns(store, LetterBatch, 1)
        claimed = claiming.claim(
            store,
            gateway="letters",
            channel=Channel.LETTER,
            now=at,
            limit=MOST,
            lease=_AT_ONCE,
            rule_of=rule_of,
            allowed_from=lambda _territory, _purpose: at,
            actor=actor,
            chosen=chosen,
        )
        if not claimed.to_send:
            return 0, 0
        row = {
            "id": [batch],
            "unit_id": [unit_id],
            "printed_by": [actor.code],
            "printed_at": moments(at),
            "letters": pa.array([len(claimed.to_send)], pa.int32()),
        }
        store.append(LetterBatch, pa.table(row))
        printed = Answer(Outcome.ACCEPTED, f"batch {batch}")
        told = [settling.Told(message, calls, printed) for message, calls in claimed.calls.items()]
        settling.settle(
            store, told, manner=settling.Manner(can_be_asked=False, reports=False, settle=_AT_ONCE), now=at, actor=actor
        )
        marks = ", ".join("?" for _ in told)
        store.execute(
            f"UPDATE notices_noticeattempt SET letter_batch_id = ? WHERE message_id IN ({marks})",
            (batch, *(one.message_id for one in told)),
        )
    return batch, len(claimed.to_send)
