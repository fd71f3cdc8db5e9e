"""Columns in and out of the database: Arrow both ways, one transaction at a time.

Batches never touch model instances. A :class:`ColumnStore` opens its own connection beside Django's to the same
database, so a whole shard, its rows and its "done" mark are one transaction. It sees what is committed; Django's open
transaction is not part of it.

PostgreSQL is reached through ADBC (binary COPY). SQLite is reached through Python's own ``sqlite3``, the library Django
uses too: a second SQLite library in one process does not see the first one's file locks, takes itself for the last to
close, and deletes the write-ahead log under it (docs/decisions/0007).
"""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Protocol
from urllib.parse import quote

import adbc_driver_postgresql.dbapi
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection, models

from wandeng.infra import sqlite_queue, sqlite_rows, sqlite_text

_ARROW_TYPES: dict[type[models.Field[Any, Any]], pa.DataType] = {
    models.SmallIntegerField: pa.int16(),
    models.IntegerField: pa.int32(),
    models.BigIntegerField: pa.int64(),
    models.BigAutoField: pa.int64(),
    models.BooleanField: pa.bool_(),
    models.CharField: pa.string(),
    models.TextField: pa.string(),
    models.DateField: pa.date32(),
    models.DateTimeField: pa.timestamp("us", tz="UTC"),
}


_CACHE_KIB = 65_536
_ROWS_AT_ONCE = 50_000
"""Rows that are Python objects at the same time while they are written to SQLite."""

_LOOKED_AT = 1_000
"""Entries of an index that SQLite looks at for its statistics: they tell enough, and a large table costs no more."""

_staged_numbers = itertools.count(1)


class _Wire(Protocol):
    """A connection in autocommit mode, but for the time of a transaction, that speaks Arrow."""

    def begin(self) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def execute(self, sql: str, params: Sequence[object]) -> None: ...
    def read(self, sql: str, params: Sequence[object], schema: pa.Schema | None) -> pa.Table: ...
    def write(self, name: str, rows: pa.Table, *, temporary: bool) -> None: ...
    def close(self) -> None: ...


class _SqliteWire:
    """Python's SQLite. Dates, times and booleans are written as Django writes them, and read as texts and integers."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._queue = sqlite_queue.Queue(path)
        for pragma in settings.SQLITE_PRAGMAS.split(";"):
            self._connection.execute(pragma)
        # Batches write into indexes all over: with SQLite's two megabytes they would read most pages again and again.
        self._connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")

    def begin(self) -> None:
        self._queue.enter()
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._queue.leave()
            raise

    def commit(self) -> None:
        self._end("COMMIT")

    def rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, statement: str) -> None:
        try:
            self._connection.execute(statement)
        finally:
            self._queue.leave()

    def execute(self, sql: str, params: Sequence[object]) -> None:
        self._connection.execute(sql, [_as_text(value) for value in params])

    def read(self, sql: str, params: Sequence[object], schema: pa.Schema | None) -> pa.Table:
        plain = [_as_text(value) for value in params]
        if schema is not None and (found := sqlite_text.read(self._connection, sql, plain, schema)) is not None:
            return found
        cursor = self._connection.execute(sql, plain)
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
        columns = zip(*rows, strict=True) if rows else ([] for _ in names)
        return pa.Table.from_arrays([pa.array(column) for column in columns], names=names)

    def write(self, name: str, rows: pa.Table, *, temporary: bool) -> None:
        plain = _as_django_writes(rows)
        if temporary:
            typed = (f'"{field.name}" {_sqlite_type(field.type)}' for field in plain.schema)
            self._connection.execute(f"CREATE TEMP TABLE {name} ({', '.join(typed)})")
        for start in range(0, plain.num_rows, _ROWS_AT_ONCE):
            sqlite_rows.insert(self._connection, name, plain.slice(start, _ROWS_AT_ONCE))

    def close(self) -> None:
        self._connection.close()
        self._queue.close()


class _PostgresWire:
    """PostgreSQL through ADBC.

    The driver has to know of a transaction: in autocommit mode it wraps every statement with parameters into one of its
    own, and its COMMIT would be ours.
    """

    def __init__(self, params: dict[str, Any]) -> None:
        auth = quote(params["USER"]) + (f":{quote(params['PASSWORD'])}" if params["PASSWORD"] else "")
        host = params["HOST"]
        where = f"{auth}@{host}" if not host.startswith("/") else f"{auth}@"
        tail = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
        port = f":{params['PORT']}" if params["PORT"] else ""
        uri = f"postgresql://{where}{port}/{params['NAME']}{tail}"
        self._connection = adbc_driver_postgresql.dbapi.connect(uri, autocommit=True)
        # A query here is large enough for the server to compile it, and over sooner than that takes.
        self.execute("SET jit = off", ())

    def begin(self) -> None:
        self._connection.adbc_connection.set_autocommit(False)

    def commit(self) -> None:
        # A transaction that failed answers COMMIT with ROLLBACK and no error: commit() would open the next one first.
        self._connection.adbc_connection.set_autocommit(True)

    def rollback(self) -> None:
        self._connection.adbc_connection.rollback()
        self._connection.adbc_connection.set_autocommit(True)

    def execute(self, sql: str, params: Sequence[object]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(_numbered(sql), _in_utc(params) or None)
            if cursor.description:
                cursor.fetchall()

    def read(self, sql: str, params: Sequence[object], schema: pa.Schema | None) -> pa.Table:
        with self._connection.cursor() as cursor:
            cursor.execute(_numbered(sql), _in_utc(params) or None)
            return cursor.fetch_arrow_table()

    def write(self, name: str, rows: pa.Table, *, temporary: bool) -> None:
        with self._connection.cursor() as cursor:
            cursor.adbc_ingest(name, rows, "create" if temporary else "append", temporary=temporary)

    def close(self) -> None:
        self._connection.close()


def _numbered(sql: str) -> str:
    """Parameters as PostgreSQL marks them."""
    head, *rest = sql.split("?")
    return head + "".join(f"${i}{part}" for i, part in enumerate(rest, start=1))


def arrow_schema(model: type[models.Model]) -> pa.Schema:
    """The Arrow schema of a model's table: column names as in the database, foreign keys as their ids."""
    fields = []
    for field in model._meta.concrete_fields:
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        fields.append(pa.field(field.column, _ARROW_TYPES[type(target)], nullable=field.null))
    return pa.schema(fields)


class ColumnStore:
    """A connection that speaks Arrow. Use as a context manager; open transactions with :meth:`transaction`.

    ``appended`` counts the rows handed to :meth:`append`, by model, rolled back ones too.
    """

    def __init__(self) -> None:
        self._depth = 0
        self.appended: Counter[type[models.Model]] = Counter()
        self.is_sqlite = connection.vendor == "sqlite"
        params = connection.settings_dict
        self._wire: _Wire = _SqliteWire(str(params["NAME"])) if self.is_sqlite else _PostgresWire(params)

    def __enter__(self) -> ColumnStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction; rolled back on any exception. On SQLite it takes the write lock at once.

        Inside another it is a savepoint of that one: what it did is kept only if the outer one commits.
        """
        level = self._depth
        if level:
            self.execute(f"SAVEPOINT level_{level}")
        else:
            self._wire.begin()
        self._depth = level + 1
        try:
            yield
        except BaseException:
            self._depth = level
            if level:
                self.execute(f"ROLLBACK TO SAVEPOINT level_{level}")
            else:
                self._wire.rollback()
            raise
        self._depth = level
        if level:
            self.execute(f"RELEASE SAVEPOINT level_{level}")
        else:
            self._wire.commit()

    def execute(self, sql: str, params: Sequence[object] = ()) -> None:
        """Run one statement; ``?`` marks a parameter on both databases."""
        self._wire.execute(sql, params)

    def read(self, sql: str, params: Sequence[object] = (), schema: pa.Schema | None = None) -> pa.Table:
        """The rows of a query as Arrow. ``schema`` casts by name: SQLite has no dates, booleans or small integers."""
        table = self._wire.read(sql, params, schema)
        return table if schema is None else cast(table, schema)

    def scalar(self, sql: str, params: Sequence[object] = ()) -> Any:
        """The single value of a query, or ``None`` when it has no row."""
        column = self.read(sql, params).column(0)
        return column[0].as_py() if len(column) else None

    def append(self, model: type[models.Model], table: pa.Table) -> int:
        """Insert rows in bulk (binary COPY on PostgreSQL). Columns are cast to the model's; missing ones must have a
        database default or be nullable. Returns the number of rows."""
        schema = arrow_schema(model)
        known = pa.schema([schema.field(name) for name in table.column_names])
        rows = cast(table, known)
        self._wire.write(model._meta.db_table, rows, temporary=False)
        self.appended[model] += rows.num_rows
        return int(rows.num_rows)

    def analyze(self, filled: Iterable[type[models.Model]]) -> None:
        """Take the statistics that plans rest on, of tables that were filled in bulk; outside a transaction.

        A planner without them takes a table of millions for a small one. PostgreSQL gets to it by itself, but minutes
        later; SQLite never does.
        """
        if self.is_sqlite:
            self.execute(f"PRAGMA analysis_limit = {_LOOKED_AT}")
        for model in filled:
            self.execute(f'ANALYZE "{model._meta.db_table}"')

    @contextmanager
    def staged(self, table: pa.Table) -> Iterator[str]:
        """A temporary table holding these columns while the block runs; yields its name, to join with.

        On an exception it is left to the rollback, or to the end of the connection.
        """
        name = f"staged_{next(_staged_numbers)}"
        self._wire.write(name, table, temporary=True)
        yield name
        self.execute(f"DROP TABLE {name}")


def moments(at: datetime | Iterable[datetime], count: int = 1) -> pa.Array:
    """Moments as a column in UTC: those given, or ``count`` times the one. Turned to UTC here, because Arrow takes the wall
    clock of any other zone once a library has set PYARROW_IGNORE_TIMEZONE, as some do when they are imported."""
    every = [at] * count if isinstance(at, datetime) else list(at)
    return pa.array([one.astimezone(UTC) for one in every], pa.timestamp("us", tz="UTC"))


def cast(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Select and cast a table's columns to a schema, also from SQLite's texts and integers."""
    arrays = [_cast_column(table.column(field.name), field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema.remove_metadata())


def _cast_column(column: pa.ChunkedArray, target: pa.DataType) -> pa.ChunkedArray:
    if column.type == target:
        return column
    if column.null_count == len(column):
        # SQLite names no type where it has seen no value; the driver then says int64, which is no date.
        return pa.chunked_array([pa.nulls(len(column), target)])
    if pa.types.is_timestamp(target) and pa.types.is_string(column.type):
        return column.cast(pa.timestamp("us")).cast(target)
    if pa.types.is_boolean(target) and pa.types.is_integer(column.type):
        return pc.not_equal(column, 0)
    return column.cast(target)


def _as_django_writes(table: pa.Table) -> pa.Table:
    """Times and dates as the texts Django's SQLite backend writes, so that comparisons in SQL keep their order."""
    for index, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            # Written in UTC, in whatever zone a caller's moments came.
            moments = table.column(index).cast(pa.timestamp("us", tz="UTC")) if field.type.tz else table.column(index)
            text = pc.strftime(moments, format="%Y-%m-%d %H:%M:%S")
            # Django leaves a zero fraction out; written out, equal times would compare unequal.
            text = pc.replace_substring_regex(text, pattern=r"\.0+$", replacement="")
            table = table.set_column(index, field.name, text)
        elif pa.types.is_date(field.type):
            table = table.set_column(index, field.name, table.column(index).cast(pa.string()))
    return table


def _in_utc(params: Sequence[object]) -> tuple[object, ...]:
    """Parameters with their moments in UTC: the driver binds the wall clock of any other zone."""
    return tuple(value.astimezone(UTC) if isinstance(value, datetime) else value for value in params)


def _as_text(value: object) -> Any:
    """A parameter as the column holds it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value


def _sqlite_type(arrow: pa.DataType) -> str:
    """Affinity of a temporary column; the texts of numbers must not become numbers."""
    return "INTEGER" if pa.types.is_integer(arrow) or pa.types.is_boolean(arrow) else "TEXT"
