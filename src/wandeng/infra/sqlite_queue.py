"""Where everyone waits who writes to SQLite, one behind the other.

SQLite has one writer. Who meets another at its lock takes naps of up to a tenth of a second there, and whoever has
just committed is back before they wake: of sixteen threads that write all the time, a few write and the rest starve
until their patience ends with "database is locked". And as each begins the moment another has committed, the write-ahead
log is never at rest, never starts over, and grows by all that a run writes, while every page is looked for in the whole
of it.

Here threads of one process are served as they came, and processes ask in turn. A batch leaves when its pages have gone
from the log into the database.

The queue is a courtesy, the database's own lock is the law: who has waited too long goes on to that lock, and so do
writers that know of no queue. The kernel lets the place of a killed process go.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
import weakref
from collections import defaultdict, deque

_NAP_S = 0.002
PATIENCE_S = 60.0
"""As long as the database's own."""


class _Turns:
    """Who writes and who waits in this process, first come, first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def take(self, patience_s: float) -> bool:
        """Wait for one's turn; false when patience ended before."""
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(patience_s):
            return True
        with self._lock:
            if mine.is_set():
                return True
            self._waiting.remove(mine)
            return False

    def give(self) -> None:
        """The turn goes to who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


_TURNS: defaultdict[str, _Turns] = defaultdict(_Turns)
_QUEUES: weakref.WeakSet[Queue] = weakref.WeakSet()


class Queue:
    """A place in the queue of one database file, for one connection."""

    def __init__(self, database: str) -> None:
        # A file of its own: closing the database's file here would drop SQLite's locks on it.
        self._path = f"{database}-queue"
        self._handle: int | None = None
        self._has_turn = False
        _QUEUES.add(self)

    def enter(self, patience_s: float = PATIENCE_S) -> bool:
        """Wait until nobody else is in; false when patience ended before."""
        until = time.monotonic() + patience_s
        self._has_turn = _TURNS[self._path].take(patience_s)
        if not self._has_turn:
            return False
        if self._handle is None:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        while not (is_mine := self._is_mine(self._handle)) and time.monotonic() < until:
            time.sleep(_NAP_S)
        return is_mine

    def leave(self) -> None:
        """Let the next one in; nothing for who is not in."""
        if not self._has_turn:
            return
        self._has_turn = False
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
        _TURNS[self._path].give()

    def close(self) -> None:
        """Leave for good."""
        self.leave()
        self.forget()

    def forget(self) -> None:
        """Let go of the file without a word to whoever is in: for a child of the process that entered."""
        self._has_turn = False
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        self.close()

    @staticmethod
    def _is_mine(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _begin_anew() -> None:
    """A child shares its parent's open files and with them the place in the queue, and none of the threads that wait."""
    _TURNS.clear()
    for queue in list(_QUEUES):
        queue.forget()


os.register_at_fork(after_in_child=_begin_anew)
