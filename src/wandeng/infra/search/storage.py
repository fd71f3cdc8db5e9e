"""Where the pairs of characters are kept: a table beside ``SearchEntry``, made as each database likes it best.

PostgreSQL: an array of numbers under a GIN index, which needs no extension. SQLite: a full-text table (FTS5) whose words
are the numbers; a library built without FTS5 has none, and names and places are then found by reading all entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import polars as pl
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from wandeng.infra.columns import ColumnStore

TABLE = "infra_searchgram"


def install(to: BaseDatabaseWrapper) -> None:
    """Make the table of pairs; without FTS5 there is none."""
    with to.cursor() as cursor:
        if to.vendor == "sqlite":
            if not _has_fts5(to):
                return
            # No positions and no copy of the text: a pair is there or it is not, and the entry itself is read anyway.
            options = "content='', detail=none, columnsize=0, tokenize='ascii'"
            cursor.execute(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(pairs, {options})")
            return
        cursor.execute(f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, pairs integer[] NOT NULL)")
        cursor.execute(f"CREATE INDEX {TABLE}_pairs ON {TABLE} USING gin (pairs)")


def remove(to: BaseDatabaseWrapper) -> None:
    """Drop it."""
    with to.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def exists() -> bool:
    """Whether this installation keeps pairs."""
    return connection.vendor != "sqlite" or _exists_in(str(connection.settings_dict["NAME"]))


@lru_cache(maxsize=4)
def _exists_in(_name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [TABLE])
        return cursor.fetchone() is not None


def _has_fts5(to: BaseDatabaseWrapper) -> bool:
    with to.cursor() as cursor:
        try:
            cursor.execute("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'")
        except DatabaseError:
            return False
        return cursor.fetchone() is not None


def words(pairs: Iterable[int], unit: int | None) -> str:
    """An entry's pairs as FTS5 keeps them; its unit is one more word."""
    return " ".join([*map(str, pairs), *([f"u{unit}"] if unit is not None else [])])


def numbers(pairs: Iterable[int], unit: int | None) -> list[int]:
    """An entry's pairs as PostgreSQL keeps them; its unit is a negative number."""
    return [*pairs, *([-unit] if unit is not None else [])]


def put(store: ColumnStore, rows: pl.DataFrame, gone: pl.DataFrame) -> None:
    """Write pairs in bulk: ``rows`` and ``gone`` have ``id`` and ``pairs`` (words on SQLite, numbers on PostgreSQL);
    ``gone`` is what stands there now for entries that change or go."""
    if store.is_sqlite:
        if gone.height:
            with store.staged(gone.to_arrow()) as staged:
                store.execute(f"INSERT INTO {TABLE} ({TABLE}, rowid, pairs) SELECT 'delete', id, pairs FROM {staged}")
        if rows.height:
            with store.staged(rows.to_arrow()) as staged:
                store.execute(f"INSERT INTO {TABLE} (rowid, pairs) SELECT id, pairs FROM {staged} ORDER BY id")
        return
    if gone.height:
        with store.staged(gone.select("id").to_arrow()) as staged:
            store.execute(f"DELETE FROM {TABLE} WHERE id IN (SELECT id FROM {staged})")
    if rows.height:
        with store.staged(rows.to_arrow()) as staged:
            store.execute(
                f"INSERT INTO {TABLE} (id, pairs) SELECT id, pairs FROM {staged} "
                "ON CONFLICT (id) DO UPDATE SET pairs = excluded.pairs"
            )


def put_one(entry: int, pairs: Sequence[int], unit: int | None, was: tuple[Sequence[int], int | None] | None) -> None:
    """The same for one entry in Django's transaction; ``was`` is what it had before."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            if was is not None:
                sql = f"INSERT INTO {TABLE} ({TABLE}, rowid, pairs) VALUES ('delete', %s, %s)"
                cursor.execute(sql, [entry, words(*was)])
            cursor.execute(f"INSERT INTO {TABLE} (rowid, pairs) VALUES (%s, %s)", [entry, words(pairs, unit)])
            return
        cursor.execute(
            f"INSERT INTO {TABLE} (id, pairs) VALUES (%s, %s::integer[]) "
            "ON CONFLICT (id) DO UPDATE SET pairs = excluded.pairs",
            [entry, numbers(pairs, unit)],
        )
