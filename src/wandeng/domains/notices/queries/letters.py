"""The letters of a batch, as they are printed."""

from __future__ import annotations

from wandeng.domains.notices import rendering
from wandeng.domains.notices.models import LetterBatch, NoticeAttempt
from wandeng.domains.notices.queries.outbox import UNIT, slots_of
from wandeng.domains.notices.types import BatchShown, Channel, Letter
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope


def letters(scope: Scope, batch_id: int, *, library: RuleLibrary) -> BatchShown:
    """A batch with its letters in the order they were taken. Raises :class:`NotFound`, also outside the scope."""
    batch = scope.one(LetterBatch.objects.select_related("unit"), UNIT, "letter batch", pk=batch_id)
    attempts = NoticeAttempt.objects.filter(letter_batch=batch).select_related(
        "recipient__notice__version", "recipient__account", "recipient__unit"
    )
    found = []
    for attempt in attempts.order_by("id"):
        row = attempt.recipient
        text = rendering.texts_from_json(row.notice.version.texts)[Channel.LETTER]
        slots = slots_of(row, library)
        found.append(
            Letter(
                account_number=slots.get("account_number", ""),
                name=slots.get("name", ""),
                address=slots.get("address", ""),
                title=rendering.fill(text.title, slots),
                text=rendering.fill(text.text, slots),
                sender=row.unit.name,
                reference=attempt.message_id,
            )
        )
    return BatchShown(batch.pk, batch.unit.code, batch.unit.name, batch.printed_by, batch.printed_at, tuple(found))
