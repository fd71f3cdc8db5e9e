"""By which channel somebody is told next whom no message has reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, CharField, F, Value, When

WAITS = ("WAITING", "SENDING", "SENT")


def next_way(*, due_by: str, territory: str, doors: Mapping[str, timedelta], now: datetime) -> Case:
    """For rows with a ``recipient``: the channel that its message waits for or is on; else ``CALL``, and ``DOOR`` shortly before the
    deadline (column ``due_by``), because nobody waits for a call then; how shortly, ``doors`` says of each territory (column
    ``territory``)."""
    nearly = [
        When(**{territory: code, f"{due_by}__lt": now + within}, then=Value("DOOR")) for code, within in doors.items()
    ]
    return Case(
        When(recipient__state__in=WAITS, then=F("recipient__channel")), *nearly, default=Value("CALL"),
        output_field=CharField(),
    )  # fmt: skip
