"""The breaker of a gateway: after calls that failed in a row nothing is sent by it for a while; one message tries first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wandeng.infra.columns import ColumnStore

OPENS_AFTER = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Breaker:
    """``is_open``: nothing may be sent now. ``is_trying``: the pause is over, one message shows whether it works again."""

    is_open: bool
    is_trying: bool
    failures: int


def breaker(store: ColumnStore, code: str, *, now: datetime) -> Breaker:
    """How the gateway stands."""
    found = store.read(
        "SELECT failures, openings, open_until FROM notices_noticegateway WHERE code = ?", (code,)
    ).to_pylist()
    if not found or found[0]["open_until"] is None:
        return Breaker(False, False, int(found[0]["failures"]) if found else 0)
    until = _moment(found[0]["open_until"])
    return Breaker(now < until, now >= until, int(found[0]["failures"]))


def note(store: ColumnStore, code: str, channel: str, *, worked: int, failed: int, now: datetime) -> None:
    """Count what the last calls came to, in a transaction of its own: any that worked closes the breaker."""
    with store.transaction():
        store.execute(
            "INSERT INTO notices_noticegateway (code, channel, failures, openings) VALUES (?, ?, 0, 0) "
            "ON CONFLICT (code) DO NOTHING",
            (code, channel),
        )
        if worked:
            store.execute(
                "UPDATE notices_noticegateway SET failures = 0, openings = 0, open_until = NULL, worked_at = ? WHERE code = ?",
                (now, code),
            )
            return
        if not failed:
            return
        store.execute(
            "UPDATE notices_noticegateway SET failures = failures + ?, failed_at = ? WHERE code = ?",
            (failed, now, code),
        )
        row = store.read("SELECT failures, openings FROM notices_noticegateway WHERE code = ?", (code,)).to_pylist()[0]
        if int(row["failures"]) >= OPENS_AFTER:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(int(row["openings"]), 6))
            store.execute(
                "UPDATE notices_noticegateway SET openings = openings + 1, open_until = ? WHERE code = ?",
                (now + pause, code),
            )


def _moment(found: str | datetime) -> datetime:
    """SQLite has moments as texts."""
    if isinstance(found, datetime):
        return found
    return datetime.fromisoformat(found).replace(tzinfo=UTC)
