"""Threads that take turns: short work one after another, long work beside it.

Python computes with one thread at a time, so eight pages at once take each other's processor caches and wait for the database with
eight connections, of which none is warm. Here a piece of work begins when it has the turn and keeps it to its end; what takes longer
than ``PATIENCE_S`` steps aside and lets the next begin. The thread that was busy last is the first to be busy again, so that with
nothing but short work one thread, with one connection, does all of it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

PATIENCE_S = 0.05
"""How long work keeps its turn while other work waits: several times what a page takes, and too short for anybody to notice."""

Work = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class _Thread:
    """One thread: what it does, since when it has the turn, and how it is woken."""

    def __init__(self) -> None:
        self.work: Work | None = None
        self.since: float | None = None
        self.woken = threading.Semaphore(0)


class Turns:
    """Runs what is submitted, ``at_once`` in turn and up to ``threads`` with what stepped aside."""

    def __init__(self, threads: int, *, at_once: int = 1, patience_s: float = PATIENCE_S) -> None:
        self._most, self._at_once, self._patience_s = threads, at_once, patience_s
        self._lock = threading.Lock()
        self._waiting: deque[Work] = deque()
        self._idle: list[_Thread] = []
        self._in_turn: set[_Thread] = set()
        self._started, self._closed = 0, False
        self._somebody_waits = threading.Event()

    @property
    def is_busy(self) -> bool:
        """Whether somebody has the turn; without the lock, as it may be otherwise a moment later anyway."""
        return bool(self._in_turn)

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Have the function called; its result or its exception comes with the future.

        Raises:
            RuntimeError: after :meth:`shutdown`.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("no work is taken after the end")
            self._waiting.append((future, function, args))
            self._begin()
            if self._waiting:
                self._somebody_waits.set()
        return future

    def shutdown(self, wait: bool = False) -> None:
        """Take no more work: what waits is canceled, what runs goes on to its end, which ``wait`` does not wait for."""
        with self._lock:
            self._closed = True
            for future, _function, _args in self._waiting:
                future.cancel()
            self._waiting.clear()
            idle, self._idle = self._idle, []
        self._somebody_waits.set()
        for thread in idle:
            thread.woken.release()

    def _begin(self) -> None:
        """Give the turn to what waits, while there is a turn and a thread for it. Called with the lock held."""
        while self._waiting and len(self._in_turn) < self._at_once:
            if self._idle:
                thread = self._idle.pop()
            elif self._started < self._most:
                thread = self._start()
            else:
                return
            self._give(thread)
            thread.woken.release()

    def _give(self, thread: _Thread) -> None:
        thread.work, thread.since = self._waiting.popleft(), time.monotonic()
        self._in_turn.add(thread)

    def _start(self) -> _Thread:
        thread, self._started = _Thread(), self._started + 1
        if self._started == 1:
            threading.Thread(target=self._watch, name="turns", daemon=True).start()
        threading.Thread(target=self._serve, args=(thread,), name=f"turn-{self._started}", daemon=True).start()
        return thread

    def _serve(self, thread: _Thread) -> None:
        thread.woken.acquire()
        while thread.work is not None:
            _do(*thread.work)
            with self._lock:
                thread.work = None
                self._in_turn.discard(thread)
                if self._waiting and len(self._in_turn) < self._at_once:
                    self._give(thread)
                    continue
                if self._closed:
                    return
                self._idle.append(thread)
            thread.woken.acquire()

    def _watch(self) -> None:
        """While something waits, let what has had its turn for too long step aside."""
        while self._somebody_waits.wait() and not self._closed:
            time.sleep(self._patience_s / 2)
            with self._lock:
                late = time.monotonic() - self._patience_s
                self._in_turn -= {one for one in self._in_turn if one.since is not None and one.since <= late}
                self._begin()
                if not self._waiting:
                    self._somebody_waits.clear()


def _do(future: Future[Any], function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = function(*args)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
