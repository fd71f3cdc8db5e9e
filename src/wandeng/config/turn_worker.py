"""gunicorn's threaded worker, whose threads take turns (:mod:`wandeng.infra.turns`)."""

from __future__ import annotations

import os

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from wandeng.infra.turns import Turns

AT_ONCE = "WANDENG_PAGES_AT_ONCE"


class TurnWorker(ThreadWorker):  # type: ignore[misc]
    """A page at a time, or as many as ``WANDENG_PAGES_AT_ONCE`` says, and slow ones beside it."""

    def get_thread_pool(self) -> Turns:
        """Where gunicorn lets the pool be chosen."""
        return Turns(self.cfg.threads, at_once=int(os.environ.get(AT_ONCE, "1")))
