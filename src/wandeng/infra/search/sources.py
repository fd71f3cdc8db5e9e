"""Where a domain's findable things stand in its tables, so that columns of them can be put in, now or all over again."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from wandeng.infra.columns import ColumnStore
from wandeng.infra.search import entries
from wandeng.infra.search.entries import Kind

THINGS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """``sql`` selects the columns of ``entries.FINDABLE``; ``id`` in it is how the thing's own id is written, ``table`` the
    table it comes from."""

    kind: Kind
    table: str
    id: str
    sql: str


def take_up(store: ColumnStore, source: Source, ids: pl.Series) -> int:
    """Put in these things as they stand in the caller's transaction. Returns how many entries are new or changed."""
    if ids.is_empty():
        return 0
    with store.staged(pl.DataFrame({"thing": ids.unique()}).to_arrow()) as staged:
        sql = f"{source.sql} JOIN {staged} ON {staged}.thing = {source.id}"
        return entries.put_many(store, source.kind, pl.DataFrame(store.read(sql, schema=entries.FINDABLE)))


def take_up_all(source: Source) -> tuple[int, int]:
    """Bring the entries of a kind in line with its table, a piece at a time, each in its own transaction. Returns how many
    were put right and how many taken out; twice in a row gives zero."""
    written = gone = start = 0
    with ColumnStore() as store:
        end = int(store.scalar(f"SELECT max(id) FROM {source.table}") or 0)
        indexed = int(store.scalar(_LAST_ENTRY, (source.kind.first, source.kind.last)) or 0) - source.kind.first
        while start <= max(end, indexed):
            stop = start + THINGS_AT_ONCE
            with store.transaction():
                sql = f"{source.sql} WHERE {source.id} >= ? AND {source.id} < ?"
                things = pl.DataFrame(store.read(sql, (start, stop), schema=entries.FINDABLE))
                written += entries.put_many(store, source.kind, things)
                gone += entries.forget_missing(store, source.kind, things["id"], from_id=start, to_id=stop)
            start = stop
    return written, gone


_LAST_ENTRY = "SELECT max(id) FROM infra_searchentry WHERE id >= ? AND id <= ?"
