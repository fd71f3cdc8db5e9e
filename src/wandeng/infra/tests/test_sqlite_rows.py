"""A hundred rows a statement: every value arrives, whatever the number of rows and whatever rows have in common."""

from __future__ import annotations

import sqlite3

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.infra import sqlite_rows


def _database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE t (n INTEGER NOT NULL, text TEXT, yes BOOLEAN, CHECK (n < 1000))")
    return connection


def _table(rows: list[tuple[int, str | None, bool | None]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    types = {"n": pa.int64(), "text": pa.string(), "yes": pa.bool_()}
    return pa.table({name: pa.array(column, kind) for (name, kind), column in zip(types.items(), columns, strict=True)})


_ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([None, "", "万灯", "0"]), st.sampled_from([None, True, False])),
    max_size=320,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(rows=_ROWS, limit=st.sampled_from([1_000, 32_766, 5, 3]))
def test_every_row_arrives_in_order_however_many_a_statement_may_have(rows, limit) -> None:
    connection = _database()
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, limit)
    sqlite_rows.insert(connection, "t", _table(rows))
    assert connection.execute("SELECT n, text, yes FROM t ORDER BY rowid").fetchall() == rows


@pytest.mark.parametrize("count", [1, 99, 100, 101, 200, 257])
def test_rows_that_have_everything_in_common_are_still_as_many(count: int) -> None:
    connection = _database()
    sqlite_rows.insert(connection, "t", _table([(7, None, True)] * count))
    assert connection.execute("SELECT n, text, yes, COUNT(*) FROM t GROUP BY 1, 2, 3").fetchall() == [
        (7, None, 1, count)
    ]


def test_zero_and_null_and_false_are_not_taken_for_one_value() -> None:
    connection = _database()
    rows = [(0, None, None), (0, "", False), (0, None, None)]
    sqlite_rows.insert(connection, "t", _table(rows))
    assert connection.execute("SELECT n, text, yes FROM t ORDER BY rowid").fetchall() == rows


def test_a_row_the_database_refuses_stops_the_whole_statement() -> None:
    connection = _database()
    with pytest.raises(sqlite3.IntegrityError):
        sqlite_rows.insert(connection, "t", _table([(n, None, None) for n in range(950, 1010)]))
    assert connection.execute("SELECT COUNT(*) FROM t").fetchone() == (0,)
