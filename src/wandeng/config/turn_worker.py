"""gunicorn's threaded worker, whose threads take turns (:mod:`wandeng.infra.turns`)."""

from __future__ import annotations

import os
import socket
import time

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from wandeng.infra.turns import Turns

AT_ONCE = "WANDENG_PAGES_AT_ONCE"
LEFT_S = 0.002
"""How long a busy process leaves a new connection to others: many times what an idle one takes to come for it."""


class TurnWorker(ThreadWorker):  # type: ignore[misc]
    """A page at a time, or as many as ``WANDENG_PAGES_AT_ONCE`` says, and slow ones beside it."""

    def get_thread_pool(self) -> Turns:
        """Where gunicorn lets the pool be chosen."""
        return Turns(self.cfg.threads, at_once=int(os.environ.get(AT_ONCE, "1")))

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, unless this process is busy and another takes it first.

        Connections stay open and belong to whoever took them, so without this the process that woke first would have all of
        them, and a processor would stand idle beside it.
        """
        if self.tpool.is_busy:
            time.sleep(LEFT_S)
        super().accept(listener)
