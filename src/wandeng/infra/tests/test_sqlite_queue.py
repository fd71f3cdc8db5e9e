"""The queue before SQLite: one batch at a time, and nobody is kept out by who does not leave."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from wandeng.infra import columns, sqlite_queue

AT_ONCE = 0.01


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "some.sqlite3")


def test_one_is_in_at_a_time(database: str) -> None:
    first, second = sqlite_queue.Queue(database), sqlite_queue.Queue(database)
    assert first.enter(AT_ONCE)
    assert not second.enter(AT_ONCE)
    first.leave()
    assert second.enter(AT_ONCE)
    assert not first.enter(AT_ONCE)
    second.close()
    assert first.enter(AT_ONCE)
    first.close()


def _enter_and_be_killed(database: str) -> None:
    sqlite_queue.Queue(database).enter()
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_place_of_a_killed_process_is_free(database: str) -> None:
    killed = multiprocessing.get_context("fork").Process(target=_enter_and_be_killed, args=(database,))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    assert sqlite_queue.Queue(database).enter(AT_ONCE)


def _wire(database: str) -> columns._SqliteWire:
    wire = columns._SqliteWire(database)
    wire.execute("CREATE TABLE written (value INTEGER)", ())
    return wire


def _written(wire: columns._SqliteWire) -> list[int]:
    return wire.read("SELECT value FROM written", (), None).column(0).to_pylist()


def test_a_batch_writes_although_somebody_never_leaves_the_queue(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_queue.Queue.enter, "__defaults__", (AT_ONCE,))
    wire, other = _wire(database), sqlite_queue.Queue(database)
    assert other.enter()
    wire.begin()
    wire.execute("INSERT INTO written VALUES (7)", ())
    wire.commit()
    assert _written(wire) == [7]
    wire.close()


def test_a_batch_leaves_the_queue_however_its_transaction_ends(database: str) -> None:
    wire, other = _wire(database), sqlite_queue.Queue(database)
    for end in (wire.commit, wire.rollback):
        wire.begin()
        assert not other.enter(AT_ONCE)
        wire.execute("INSERT INTO written VALUES (7)", ())
        end()
        assert other.enter(AT_ONCE)
        other.leave()
    assert _written(wire) == [7]
    wire.close()


def test_a_batch_that_cannot_begin_leaves_the_queue(database: str) -> None:
    wire, other = _wire(database), sqlite_queue.Queue(database)
    wire.execute("PRAGMA busy_timeout=0", ())
    blocking = sqlite3.connect(database, isolation_level=None)
    blocking.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError):
        wire.begin()
    assert other.enter(AT_ONCE)
    blocking.close()
    wire.close()
