"""Putting in what can be found, one thing or columns of them, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

import polars as pl
import pyarrow as pa

from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import SearchEntry
from wandeng.infra.search import storage, text

IDS_A_KIND = 2**40


class Kind(IntEnum):
    """What can be found. An entry's id is kind × 2⁴⁰ + the thing's own id."""

    ACCOUNT = 1
    METER = 2
    SUBSTATION = 3
    FEEDER = 4
    SWITCH = 5
    TRANSFORMER = 6

    @property
    def first(self) -> int:
        return self.value * IDS_A_KIND

    @property
    def last(self) -> int:
        return self.first + IDS_A_KIND - 1


KNOWN_BY_ITS_END = frozenset({Kind.ACCOUNT, Kind.METER})
"""Kinds with long numbers of which people know the last digits."""
MANY = frozenset({Kind.ACCOUNT})
"""Kinds with names and places by the hundred thousand: only theirs are cut into pairs."""

FINDABLE = pa.schema(
    [
        ("id", pa.int64()),  # the thing's own id
        ("unit_id", pa.int64()),  # null: its kind is not told apart by unit here
        ("code", pa.string()),
        ("name", pa.string()),  # null: it has none
        ("place", pa.string()),
    ]
)
"""What :func:`put_many` takes."""

_ENTRY = ("id", "unit_id", "code", "tail", "name", "initials", "place")
_COLUMNS = {"id": pl.Int64, "unit_id": pl.Int64, **dict.fromkeys(_ENTRY[2:], pl.String)}
_HELD = pa.schema([("id", pa.int64()), ("unit_id", pa.int64()), *((name, pa.string()) for name in _ENTRY[2:])])


@dataclass(frozen=True, slots=True)
class Findable:
    """One thing that can be found, as it is written."""

    id: int
    unit_id: int | None
    code: str
    name: str | None = None
    place: str | None = None


def put(kind: Kind, thing: Findable) -> None:
    """Put in one thing, or what became of it, in Django's transaction."""
    entry = _entry(kind, thing)
    before = SearchEntry.objects.filter(pk=entry.pk).first()
    entry.save(force_insert=before is None)
    if kind in MANY and storage.exists():
        was = None if before is None else (_pairs(before.name, before.initials, before.place), before.unit_id)
        storage.put_one(entry.pk, _pairs(entry.name, entry.initials, entry.place), entry.unit_id, was)


def put_many(store: ColumnStore, kind: Kind, things: pl.DataFrame) -> int:
    """Put in many, with the columns of :data:`FINDABLE`; what stands there already in the same words is left alone.
    Returns how many entries are new or changed."""
    if things.is_empty():
        return 0
    written = _written(kind, things)
    with store.staged(written.select("id").to_arrow()) as staged:
        sql = f"SELECT {', '.join(f'e.{name} AS {name}' for name in _ENTRY)} FROM {staged} s "
        held = pl.DataFrame(store.read(f"{sql}JOIN infra_searchentry e ON e.id = s.id", schema=_HELD))
    compared = ["id", "unit_id", "code", "name", "place"]
    fresh = written.join(held.select(compared), on=compared, how="anti", nulls_equal=True, maintain_order="left")
    if fresh.is_empty():
        return 0
    fresh = fresh.with_columns(
        initials=pl.Series([text.initials(name) or None if name else None for name in fresh["name"]], dtype=pl.String)
    )
    gone = held.join(fresh.select("id"), on="id", how="semi")
    _forget(store, gone.select("id"))
    store.append(SearchEntry, fresh.select(_ENTRY).to_arrow())
    if kind in MANY and storage.exists():
        storage.put(store, _gram_rows(store, fresh), _gram_rows(store, gone))
    return fresh.height


def forget_missing(store: ColumnStore, kind: Kind, ids: Iterable[int], *, from_id: int, to_id: int) -> int:
    """Take out the entries of a kind between two ids of things (``from_id`` ≤ id < ``to_id``) that are not among ``ids``.
    Returns how many."""
    select = f"SELECT {', '.join(_ENTRY)} FROM infra_searchentry WHERE id >= ? AND id < ?"
    held = pl.DataFrame(store.read(select, (kind.first + from_id, kind.first + to_id), schema=_HELD))
    there = pl.DataFrame({"id": [kind.first + one for one in ids]}, schema={"id": pl.Int64})
    gone = held.join(there, on="id", how="anti")
    if gone.height:
        _forget(store, gone.select("id"))
        if kind in MANY and storage.exists():
            storage.put(store, _gram_rows(store, gone.clear()), _gram_rows(store, gone))
    return gone.height


def _forget(store: ColumnStore, ids: pl.DataFrame) -> None:
    if ids.height:
        with store.staged(ids.to_arrow()) as staged:
            store.execute(f"DELETE FROM infra_searchentry WHERE id IN (SELECT id FROM {staged})")


def _entry(kind: Kind, thing: Findable) -> SearchEntry:
    code, name = text.key(thing.code), text.key(thing.name or "")
    return SearchEntry(
        id=kind.first + thing.id,
        unit_id=thing.unit_id,
        code=code,
        tail=code[::-1] if kind in KNOWN_BY_ITS_END else None,
        name=name or None,
        initials=text.initials(name) or None,
        place=text.key(thing.place or "") or None,
    )


def _written(kind: Kind, things: pl.DataFrame) -> pl.DataFrame:
    """Columns of entries but the initials, which cost the most and are made for what has changed."""

    def key(name: str) -> pl.Expr:
        # The same as ``text.key``, on columns.
        plain = pl.col(name).str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", "")
        return pl.when(plain != "").then(plain)

    return things.select(
        pl.col("id") + kind.first,
        pl.col("unit_id").cast(pl.Int64),
        key("code").fill_null("").alias("code"),
        (key("code").str.reverse() if kind in KNOWN_BY_ITS_END else pl.lit(None, dtype=pl.String)).alias("tail"),
        key("name").alias("name"),
        pl.lit(None, dtype=pl.String).alias("initials"),
        key("place").alias("place"),
    )


def _pairs(name: str | None, initials: str | None, place: str | None) -> list[int]:
    found = text.pairs(name or "", text.IN_NAME) | text.pairs(initials or "", text.IN_NAME)
    return sorted(found | text.pairs(place or "", text.IN_PLACE))


def _gram_rows(store: ColumnStore, entries: pl.DataFrame) -> pl.DataFrame:
    """``id`` and ``pairs`` in the form of this database."""
    told = zip(entries["name"], entries["initials"], entries["place"], entries["unit_id"], strict=True)
    form = storage.words if store.is_sqlite else storage.numbers
    kept = [form(_pairs(name, initials, place), unit) for name, initials, place, unit in told]
    wanted = pl.String if store.is_sqlite else pl.List(pl.Int32)
    return pl.DataFrame({"id": entries["id"], "pairs": pl.Series(kept, dtype=wanted)})
