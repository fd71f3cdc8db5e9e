"""Frozen inputs on disk: what a run was priced from, kept beside the database and pinned by hashes in it.

``<home>/runs/<run>/book-<hash>/`` holds the price book and the payment terms, ``<home>/runs/<run>/<shard>-<hash>/`` the
points, terms and reads of a shard. Folders are named by their content, so two writers never meet in one; the database
row that names a hash is what makes a folder count, and an interrupted writer leaves nothing that could be mistaken.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from wandeng.calc.rating.frames import (
    POINTS,
    PRICES,
    READS,
    SCHEDULE_OF,
    TERMS,
    Book,
    Conventions,
    Item,
    Shard,
    Version,
)
from wandeng.calc.timetable import SCHEDULE, SPECIAL_DAYS, Timetable
from wandeng.domains.billing.types import PaymentTerms
from wandeng.infra import files
from wandeng.kernel.errors import Conflict

_SHARD_TABLES = {"points": POINTS, "terms": TERMS, "reads": READS}
_TIMETABLES = {"schedule_of": SCHEDULE_OF, "schedules": SCHEDULE, "special_days": SPECIAL_DAYS}
_CONVENTION_SCALARS = tuple(f.name for f in dataclasses.fields(Conventions) if f.name != "power_factor")


class FrozenInputsChanged(Conflict):
    """A frozen file is missing or is not the one whose hash the database holds."""

    code = "FROZEN_INPUTS_CHANGED"


def folder(run_id: int) -> Path:
    """Where a run's frozen inputs lie."""
    return Path(settings.HOME) / "runs" / str(run_id)


def write_shard(run_id: int, number: int, shard: Shard) -> str:
    """Write a shard's tables and return their hash."""
    contents = {f"{name}.parquet": _parquet(getattr(shard, name), schema) for name, schema in _SHARD_TABLES.items()}
    return _write(run_id, f"{number:05d}", contents)


def read_shard(run_id: int, number: int, *, input_hash: str) -> Shard:
    """A shard's tables, if they are still what was frozen. Raises :class:`FrozenInputsChanged`."""
    names = [f"{name}.parquet" for name in _SHARD_TABLES]
    contents = _read(run_id, f"{number:05d}", names, input_hash, f"shard {number} of bill run {run_id}")
    tables = [
        pq.read_table(pa.BufferReader(content), schema=schema)
        for content, schema in zip(contents, _SHARD_TABLES.values(), strict=True)
    ]
    return Shard(*tables)


def write_book(run_id: int, book: Book, terms: PaymentTerms) -> str:
    """Write the price book and payment terms of a run and return their hash."""
    facts = {
        "items": [dataclasses.asdict(item) for item in book.items],
        "versions": [dataclasses.asdict(version) for version in book.versions],
        "structures": list(book.structures),
        "conventions": {name: getattr(book.conventions, name) for name in _CONVENTION_SCALARS},
        "payment_terms": dataclasses.asdict(terms),
        "incomplete_schedules": list(book.timetable.incomplete),
    }
    table = book.conventions.power_factor
    contents = {
        "book.json": json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode(),
        "prices.parquet": _parquet(book.prices, PRICES),
        "power_factor.parquet": _parquet(table, table.schema),
        **{
            f"{name}.parquet": _parquet(own, schema)
            for (name, schema), own in zip(
                _TIMETABLES.items(),
                (book.schedule_of, book.timetable.spans, book.timetable.special_days),
                strict=True,
            )
        },
    }
    return _write(run_id, "book", contents)


def read_book(run_id: int, *, book_hash: str) -> tuple[Book, PaymentTerms]:
    """The price book and payment terms of a run. Raises :class:`FrozenInputsChanged`."""
    names = ["book.json", *(f"{name}.parquet" for name in ("prices", "power_factor", *_TIMETABLES))]
    text, prices, power_factor, *others = _read(
        run_id, "book", names, book_hash, f"the price book of bill run {run_id}"
    )
    facts = json.loads(text)
    table = pq.read_table(pa.BufferReader(power_factor))
    schedule_of, spans, special_days = (
        pq.read_table(pa.BufferReader(content), schema=schema)
        for content, schema in zip(others, _TIMETABLES.values(), strict=True)
    )
    book = Book(
        prices=pq.read_table(pa.BufferReader(prices), schema=PRICES),
        items=tuple(Item(**item) for item in facts["items"]),
        versions=tuple(Version(**version) for version in facts["versions"]),
        structures=tuple(facts["structures"]),
        conventions=Conventions(power_factor=table, **facts["conventions"]),
        schedule_of=schedule_of,
        timetable=Timetable(spans, special_days, tuple(facts.get("incomplete_schedules", ()))),
    )
    return book, PaymentTerms(**facts["payment_terms"])


def rows_hash(*tables: pa.Table) -> str:
    """One hash over the values of several tables: equal rows, equal hash, whatever the chunks."""
    return hashlib.sha256("".join(files.content_hash(table) for table in tables).encode()).hexdigest()


def _parquet(table: pa.Table, schema: pa.Schema) -> bytes:
    """Integers and days as differences: ids that follow each other and terms that are mostly zero become a tenth of what
    dictionaries of them are, in half the time."""
    bare = table.select(schema.names).cast(schema).replace_schema_metadata(None)
    counted = {field.name: "DELTA_BINARY_PACKED" for field in schema if _is_counted(field.type)}
    sink = pa.BufferOutputStream()
    pq.write_table(
        bare,
        sink,
        compression="zstd",
        compression_level=1,
        use_dictionary=False,
        write_statistics=False,
        column_encoding=counted,
    )
    return bytes(sink.getvalue())


def _is_counted(arrow: pa.DataType) -> bool:
    return bool(pa.types.is_integer(arrow) or pa.types.is_date(arrow))


def _write(run_id: int, name: str, contents: dict[str, bytes]) -> str:
    """Write files into a folder named by their hash; a folder that is already there has the same bytes."""
    found = _hash(contents.values())
    place = _place(run_id, name, found)
    for file_name, content in contents.items():
        files.write_whole(place / file_name, partial(_put, content))
    return found


def _put(content: bytes, path: Path) -> None:
    path.write_bytes(content)


def _read(run_id: int, name: str, file_names: list[str], expected: str, what: str) -> list[bytes]:
    place = _place(run_id, name, expected)
    missing = [file_name for file_name in file_names if not (place / file_name).is_file()]
    if missing:
        raise FrozenInputsChanged(f"the frozen inputs of {what} are missing: {', '.join(missing)}")
    contents = [(place / file_name).read_bytes() for file_name in file_names]
    if _hash(contents) != expected:
        raise FrozenInputsChanged(f"the frozen inputs of {what} are not those it was frozen with")
    return contents


def _place(run_id: int, name: str, content_hash: str) -> Path:
    return folder(run_id) / f"{name}-{content_hash[:16]}"


def _hash(contents: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(content).digest() for content in contents)).hexdigest()
