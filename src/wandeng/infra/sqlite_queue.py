"""Where batches wait before they write to SQLite, one behind the other.

SQLite has one writer. Batches that meet at its lock take naps of up to a tenth of a second there; and as each begins
the moment another has committed, the write-ahead log is never at rest, never starts over, and grows by all that a run
writes, while every page is looked for in the whole of it. Here the next one begins when the one before has committed
and its pages have gone from the log into the database.

The queue is a courtesy, the database's own lock is the law: who has waited too long goes on to that lock, and so do
writers that know of no queue. The kernel lets the place of a killed process go.
"""

from __future__ import annotations

import fcntl
import os
import time

_NAP_S = 0.002
PATIENCE_S = 60.0
"""As long as the database's own."""


class Queue:
    """A place in the queue of one database file, for one connection."""

    def __init__(self, database: str) -> None:
        # A file of its own: closing the database's file here would drop SQLite's locks on it.
        self._path = f"{database}-queue"
        self._handle: int | None = None

    def enter(self, patience_s: float = PATIENCE_S) -> bool:
        """Wait until nobody else is in; false when patience ended before."""
        if self._handle is None:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        until = time.monotonic() + patience_s
        while not (is_mine := self._is_mine(self._handle)) and time.monotonic() < until:
            time.sleep(_NAP_S)
        return is_mine

    def leave(self) -> None:
        """Let the next one in; nothing for who is not in."""
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave for good."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    @staticmethod
    def _is_mine(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
