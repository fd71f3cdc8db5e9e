"""Crash at a chosen write: before a statement that changes rows, or just after a commit, on both kinds of connection."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connection

from wandeng.infra.columns import ColumnStore

_READS = ("SELECT", "PRAGMA", "SET", "WITH")
_UNDOES = ("ROLLBACK",)


class Crash(BaseException):
    """The process is gone, as far as the code under test can tell: nothing of it may catch this."""


@dataclass
class Points:
    """Counts the points passed and dies at the ``at``-th; 0 never. ``dies`` raises, or ends the process."""

    at: int = 0
    dies: Callable[[], None] = field(default=lambda: _raise())
    passed: list[str] = field(default_factory=list)
    crashed: bool = False

    def here(self, what: str) -> None:
        if self.crashed or what.lstrip().upper().startswith((*_READS, *_UNDOES)):
            return
        self.passed.append(what[:60])
        if len(self.passed) == self.at:
            self.crashed = True
            self.dies()


def _raise() -> None:
    raise Crash


def end_of_process() -> None:
    """No handler, no rollback, no flushing: as a power failure ends it."""
    os._exit(9)


@contextmanager
def watching(points: Points) -> Iterator[Points]:
    """Every write of Django's connection and of column connections passes ``points`` while the block runs."""
    patch = pytest.MonkeyPatch()
    execute, append, scalar, read = ColumnStore.execute, ColumnStore.append, ColumnStore.scalar, ColumnStore.read

    def column_execute(store, sql, params=()):
        points.here(sql)
        execute(store, sql, params)
        if sql == "COMMIT":
            points.here("after COMMIT")

    def column_append(store, model, table):
        points.here(f"APPEND {model.__name__}")
        return append(store, model, table)

    def column_read(store, sql, params=(), schema=None):
        points.here(sql)
        return read(store, sql, params, schema)

    def statement(run, sql, params, many, context):
        points.here(sql)
        return run(sql, params, many, context)

    def commit():
        try:
            points.here("COMMIT")
        except Crash:
            connection.rollback()  # as the server does when the process is gone
            raise
        original_commit()
        points.here("after COMMIT")

    original_commit = connection.commit
    patch.setattr(ColumnStore, "execute", column_execute)
    patch.setattr(ColumnStore, "append", column_append)
    patch.setattr(ColumnStore, "read", column_read)
    patch.setattr(connection, "commit", commit)
    assert scalar is ColumnStore.scalar  # it goes through read
    try:
        with connection.execute_wrapper(statement):
            yield points
    finally:
        patch.undo()
