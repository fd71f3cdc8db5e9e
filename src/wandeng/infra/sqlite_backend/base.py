"""The connection: a transaction begins when its turn has come (``infra.sqlite_queue``), and leaves when it has ended."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from wandeng.infra.sqlite_queue import Queue


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with a place in the queue."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._queue: Queue | None = None

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:
        """Off: a transaction begins when its turn has come."""
        if autocommit:
            super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
            return
        if self._queue is None:
            self._queue = Queue(str(self.settings_dict["NAME"]))
        self._queue.enter()
        try:
            super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        except BaseException:
            self._queue.leave()
            raise

    def commit(self) -> None:
        """Commit, and let the next one in."""
        try:
            super().commit()
        finally:
            self._leave()

    def rollback(self) -> None:
        """Undo, and let the next one in."""
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        """Close, and leave for good."""
        try:
            super().close()
        finally:
            if self._queue is not None:
                self._queue.close()
                self._queue = None

    def _leave(self) -> None:
        # What could not be committed still holds the database's lock until it is rolled back; that lock is the law.
        if self._queue is not None:
            self._queue.leave()
