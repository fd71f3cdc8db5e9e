"""Columns in and out of the database: one ADBC connection, Arrow both ways, one transaction at a time.

Batches never touch model instances. A :class:`ColumnStore` opens its own connection beside Django's to the same
database (SQLite or PostgreSQL), so a whole shard, its rows and its "done" mark are one transaction. It sees what is
committed; Django's open transaction is not part of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection, models

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


_staged_numbers = itertools.count(1)


def _part_with_django() -> None:
    """Close Django's idle connection to an SQLite file; it opens again by itself when it is next used.

    Python and the Arrow driver each carry an SQLite of their own, and file locks do not tell two libraries of one
    process apart: the one that closes would take itself for the last and delete the write-ahead log under the other,
    whose later writes nobody sees and a crash loses. So only one of them has the file open at rest.
    """
    if not connection.in_atomic_block:
        connection.close()


def arrow_schema(model: type[models.Model]) -> pa.Schema:
    """The Arrow schema of a model's table: column names as in the database, foreign keys as their ids."""
    fields = []
    for field in model._meta.concrete_fields:
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        fields.append(pa.field(field.column, _ARROW_TYPES[type(target)], nullable=field.null))
    return pa.schema(fields)


class ColumnStore:
    """A connection that speaks Arrow. Use as a context manager; open transactions with :meth:`transaction`."""

    def __init__(self) -> None:
        self._depth = 0
        params = connection.settings_dict
        self.is_sqlite = connection.vendor == "sqlite"
        if self.is_sqlite:
            _part_with_django()
            self._connection = adbc_driver_sqlite.dbapi.connect(str(params["NAME"]), autocommit=True)
            for pragma in settings.SQLITE_PRAGMAS.split(";"):
                self.execute(pragma)
        else:
            auth = quote(params["USER"]) + (f":{quote(params['PASSWORD'])}" if params["PASSWORD"] else "")
            host = params["HOST"]
            where = f"{auth}@{host}" if not host.startswith("/") else f"{auth}@"
            tail = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
            port = f":{params['PORT']}" if params["PORT"] else ""
            uri = f"postgresql://{where}{port}/{params['NAME']}{tail}"
            self._connection = adbc_driver_postgresql.dbapi.connect(uri, autocommit=True)

    def __enter__(self) -> ColumnStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.is_sqlite:
            _part_with_django()
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction; rolled back on any exception. On SQLite it takes the write lock at once.

        Inside another it is a savepoint of that one: what it did is kept only if the outer one commits.
        """
        level = self._depth
        begin = f"SAVEPOINT level_{level}" if level else "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN"
        self.execute(begin)
        self._depth = level + 1
        try:
            yield
        except BaseException:
            self._depth = level
            self.execute(f"ROLLBACK TO SAVEPOINT level_{level}" if level else "ROLLBACK")
            raise
        self._depth = level
        self.execute(f"RELEASE SAVEPOINT level_{level}" if level else "COMMIT")

    def execute(self, sql: str, params: Sequence[object] = ()) -> None:
        """Run one statement; ``?`` marks a parameter on both databases."""
        with self._connection.cursor() as cursor:
            cursor.execute(self._native(sql), tuple(params) or None)
            if cursor.description:
                cursor.fetchall()

    def read(self, sql: str, params: Sequence[object] = (), schema: pa.Schema | None = None) -> pa.Table:
        """The rows of a query as Arrow. ``schema`` casts by name: SQLite has no dates, booleans or small integers."""
        with self._connection.cursor() as cursor:
            if self.is_sqlite:
                # The driver infers a column's type from its first batch: one batch, so a late value cannot surprise it.
                cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": "4000000"})
            cursor.execute(self._native(sql), tuple(params) or None)
            table = cursor.fetch_arrow_table()
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
        if self.is_sqlite:
            rows = _as_django_writes(rows)
        with self._connection.cursor() as cursor:
            cursor.adbc_ingest(model._meta.db_table, rows, mode="append")
        return int(rows.num_rows)

    @contextmanager
    def staged(self, table: pa.Table) -> Iterator[str]:
        """A temporary table holding these columns while the block runs; yields its name, to join with.

        On an exception it is left to the rollback, or to the end of the connection.
        """
        name = f"staged_{next(_staged_numbers)}"
        with self._connection.cursor() as cursor:
            cursor.adbc_ingest(name, _as_django_writes(table) if self.is_sqlite else table, "create", temporary=True)
        yield name
        self.execute(f"DROP TABLE {name}")

    def _native(self, sql: str) -> str:
        if self.is_sqlite or "?" not in sql:
            return sql
        head, *rest = sql.split("?")
        return head + "".join(f"${i}{part}" for i, part in enumerate(rest, start=1))


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
    """Timestamps as the text Django's SQLite backend writes, so that comparisons in SQL keep their order."""
    for index, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            text = pc.strftime(table.column(index), format="%Y-%m-%d %H:%M:%S")
            # Django leaves a zero fraction out; written out, equal times would compare unequal.
            text = pc.replace_substring_regex(text, pattern=r"\.0+$", replacement="")
            table = table.set_column(index, field.name, text)
    return table
