"""The queue before SQLite: one writer at a time as they came, and nobody is kept out by who does not leave."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

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


def test_threads_are_served_as_they_came(database: str) -> None:
    inside, served = sqlite_queue.Queue(database), []
    assert inside.enter()

    def wait(number: int) -> None:
        queue = sqlite_queue.Queue(database)
        queue.enter()
        served.append(number)
        queue.close()

    waiting = sqlite_queue._TURNS[f"{database}-queue"]._waiting
    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(waiting) <= number:
            time.sleep(0.001)
    inside.leave()
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4]


def test_who_gave_up_is_not_waited_for(database: str) -> None:
    inside, other = sqlite_queue.Queue(database), sqlite_queue.Queue(database)
    assert inside.enter()
    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(other.enter, AT_ONCE).result()
    inside.leave()
    assert other.enter(AT_ONCE)
    other.close()


def _live_until_told(told: object) -> None:
    told.wait(60)


def test_a_child_that_lives_on_does_not_keep_the_place_of_its_parent(database: str) -> None:
    many = multiprocessing.get_context("fork")
    told, queue = many.Event(), sqlite_queue.Queue(database)
    assert queue.enter()
    child = many.Process(target=_live_until_told, args=(told,))
    child.start()
    # Closing the file lets go only if nobody else has it open.
    queue.forget()
    sqlite_queue._TURNS.clear()
    assert sqlite_queue.Queue(database).enter(1.0)
    told.set()
    child.join()


def _threads_that_write(database: str, engine: str) -> list[OperationalError]:
    """Eight threads whose transactions are so long that they meet, and who have no patience with the database's lock."""
    options = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL", "timeout": 0}
    several = ConnectionHandler({"default": {"ENGINE": engine, "NAME": database, "OPTIONS": options}})
    several["default"].cursor().execute("CREATE TABLE written (value INTEGER)")
    refused = []

    def write(number: int) -> None:
        connection = several["default"]
        connection.cursor()
        connection.cursor().execute("PRAGMA busy_timeout=0")
        for _ in range(10):
            try:
                connection.set_autocommit(False, True)
                connection.cursor().execute("INSERT INTO written VALUES (%s)", [number])
                time.sleep(0.002)
                connection.commit()
            except OperationalError as locked:
                refused.append(locked)
            connection.set_autocommit(True)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    several.close_all()
    return refused


@pytest.mark.django_db  # the connections are the test's own
def test_no_transaction_of_many_threads_finds_the_database_locked(database: str) -> None:
    assert _threads_that_write(database, "wandeng.infra.sqlite_backend") == []
    assert sqlite3.connect(database).execute("SELECT COUNT(*) FROM written").fetchone() == (80,)


@pytest.mark.django_db  # the connections are the test's own
def test_the_same_threads_find_it_locked_without_the_queue(database: str) -> None:
    assert "locked" in str(_threads_that_write(database, "django.db.backends.sqlite3")[0])


@pytest.mark.django_db  # the connections are the test's own
def test_a_transaction_leaves_the_queue_however_it_ends(database: str) -> None:
    several = ConnectionHandler({"default": {"ENGINE": "wandeng.infra.sqlite_backend", "NAME": database}})
    connection, other = several["default"], sqlite_queue.Queue(database)
    for end in (connection.commit, connection.rollback, connection.close):
        connection.set_autocommit(False, True)
        assert not other.enter(AT_ONCE)
        end()
        assert other.enter(AT_ONCE)
        other.leave()
        connection.set_autocommit(True)
    connection.close()
