from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from wandeng.infra import columns, sqlite_text

SCHEMA = pa.schema(
    [("id", pa.int64()), ("word", pa.string()), ("day", pa.date32()), ("yes", pa.bool_()), ("small", pa.int16())]
)


@pytest.fixture
def rows() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (id bigint, word text, day text, yes bool, small int)")
    return connection


def put(connection: sqlite3.Connection, *values: tuple[object, ...]) -> None:
    connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", values)


def test_every_type_comes_back_as_it_was_written_in_the_order_asked_for(rows: sqlite3.Connection) -> None:
    put(rows, (2**62, "千瓦时", "2026-09-01", 1, -5), (-1, "", None, 0, None), (0, None, "1900-01-01", None, 7))
    found = sqlite_text.read(rows, "SELECT * FROM t WHERE id > ? ORDER BY id DESC", (-9,), SCHEMA)
    assert found is not None
    assert found.schema == SCHEMA
    assert found.to_pylist() == [
        {"id": 2**62, "word": "千瓦时", "day": date(2026, 9, 1), "yes": True, "small": -5},
        {"id": 0, "word": None, "day": date(1900, 1, 1), "yes": None, "small": 7},
        {"id": -1, "word": "", "day": None, "yes": False, "small": None},
    ]


TIMES = pa.schema([("word", pa.timestamp("us", tz="UTC")), ("small", pa.int16())])
EIGHT = datetime(2026, 9, 1, 8, tzinfo=UTC)


def times(connection: sqlite3.Connection, *texts: str | None) -> list[datetime | None] | None:
    put(connection, *((place, text, None, None, place) for place, text in enumerate(texts)))
    found = sqlite_text.read(connection, "SELECT word, small FROM t ORDER BY id", (), TIMES)
    return None if found is None else columns.cast(found, TIMES).column("word").to_pylist()


def test_times_come_back_to_the_microsecond(rows: sqlite3.Connection) -> None:
    found = times(rows, "2026-09-01 08:00:00", None, "2026-09-01 08:00:00.000250")
    assert found == [EIGHT, None, EIGHT.replace(microsecond=250)]


@pytest.mark.parametrize("text", ["soon", "2026-13-01 08:00:00", "2026-09-01 08:00:00 and"])
def test_a_time_that_is_none_is_left_to_the_ordinary_path(rows: sqlite3.Connection, text: str) -> None:
    assert times(rows, "2026-09-01 08:00:00", text) is None


def test_no_rows_are_an_empty_table(rows: sqlite3.Connection) -> None:
    found = sqlite_text.read(rows, "SELECT * FROM t", (), SCHEMA)
    assert found is not None
    assert (found.num_rows, found.schema) == (0, SCHEMA)


@pytest.mark.parametrize(
    "word", ["two\nlines", "a\x1fb", "cr\rlf", 'quo"te', "back\\slash", "逗,号", " spaced ", "n\x00l", "\x1a", "a\x1ab"]
)
def test_a_text_is_read_exactly_or_left_to_the_ordinary_path(rows: sqlite3.Connection, word: str) -> None:
    put(rows, (1, "plain", None, None, None), (2, word, None, None, None))
    found = sqlite_text.read(rows, "SELECT * FROM t ORDER BY id", (), SCHEMA)
    assert found is None or found.column("word").to_pylist() == ["plain", word]


def test_a_number_that_is_none_is_left_to_the_ordinary_path(rows: sqlite3.Connection) -> None:
    put(rows, (1, "", None, None, 1.5))
    assert sqlite_text.read(rows, "SELECT * FROM t", (), SCHEMA) is None


def test_what_changes_rows_is_left_to_the_ordinary_path(rows: sqlite3.Connection) -> None:
    put(rows, (1, "", None, None, 1))
    assert sqlite_text.read(rows, "UPDATE t SET small = 2 RETURNING id", (), pa.schema([("id", pa.int64())])) is None
    assert rows.execute("SELECT small FROM t").fetchone() == (1,)
