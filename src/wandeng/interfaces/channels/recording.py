"""The recording outbox: every message is written down beside the database and goes nowhere. The default of each channel.

It is a system of its own on purpose: a file that is committed by itself and can be asked by message number, like a real
gateway, so that what is shown with it is the ordinary path.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from wandeng.domains.notices.types import Answer, Channel, Message, Outcome
from wandeng.infra import pii

_TABLE = (
    "CREATE TABLE IF NOT EXISTS message (message_id TEXT PRIMARY KEY, channel TEXT NOT NULL, masked TEXT NOT NULL, "
    "title TEXT NOT NULL, text TEXT NOT NULL, is_urgent INTEGER NOT NULL, "
    "written_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))"
)
_RECORDED = Answer(Outcome.DELIVERED, "recorded")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message as the outbox keeps it: where to is masked."""

    message_id: str
    channel: str
    masked: str
    title: str
    text: str
    is_urgent: bool


class RecordingOutbox:
    """Writes messages of one channel into ``WANDENG_HOME/outbox.sqlite3``."""

    can_be_asked = True
    reports = False
    settle_seconds = 0
    call_seconds = 30
    at_once = 500

    def __init__(self, channel: Channel, path: Path | None = None) -> None:
        self.channel = channel
        self.code = f"recording-{channel.lower()}"
        self._path = path or Path(settings.HOME) / "outbox.sqlite3"

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        """Write them down; the same number again is the same message."""
        rows = [
            (one.message_id, str(one.channel), _masked(one), one.title, one.text, int(one.is_urgent))
            for one in messages
        ]
        with self._opened() as opened, opened:
            opened.executemany(
                "INSERT OR IGNORE INTO message (message_id, channel, masked, title, text, is_urgent) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )
        return [_RECORDED] * len(messages)

    def ask(self, message_ids: Sequence[str]) -> Mapping[str, Answer]:
        """What was written down; the others it has never seen."""
        marks = ", ".join("?" for _ in message_ids)
        with self._opened() as opened:
            found = opened.execute(
                f"SELECT message_id FROM message WHERE message_id IN ({marks})", list(message_ids)
            ).fetchall()
        known = {row[0] for row in found}
        return {one: _RECORDED if one in known else Answer(Outcome.NOT_KNOWN) for one in message_ids}

    def recorded(self, *, limit: int = 100) -> tuple[Recorded, ...]:
        """The newest messages, newest first."""
        with self._opened() as opened:
            rows = opened.execute(
                "SELECT message_id, channel, masked, title, text, is_urgent FROM message WHERE channel = ? "
                "ORDER BY rowid DESC LIMIT ?",
                (str(self.channel), limit),
            ).fetchall()
        return tuple(Recorded(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        is_new = not self._path.exists()
        opened = sqlite3.connect(self._path, timeout=30)
        try:
            if is_new:
                self._path.chmod(0o600)
            opened.execute(_TABLE)
            yield opened
        finally:
            opened.close()


def _masked(message: Message) -> str:
    if message.channel in (Channel.SMS, Channel.VOICE):
        return pii.mask_phone(message.address)
    return f"{message.address[:2]}***"
