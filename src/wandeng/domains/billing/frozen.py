"""Frozen inputs on disk: what a run was priced from, kept beside the database and pinned by hashes in it.

``<home>/runs/<run>/book/`` holds the price book and the payment terms, ``<home>/runs/<run>/<shard>/`` the points, terms
and reads of a shard. Files are written whole and renamed into place; the database row that names their hash is what
makes them count, so an interrupted writer leaves nothing that could be mistaken for an input.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from wandeng.calc.rating.frames import POINTS, PRICES, READS, TERMS, Book, Conventions, Item, Shard, Version
from wandeng.domains.billing.types import PaymentTerms
from wandeng.infra import files
from wandeng.kernel.errors import Conflict

_SHARD_TABLES = {"points": POINTS, "terms": TERMS, "reads": READS}
_CONVENTION_SCALARS = tuple(f.name for f in dataclasses.fields(Conventions) if f.name != "power_factor")


class FrozenInputsChanged(Conflict):
    """A frozen file is missing or is not the one whose hash the database holds."""

    code = "FROZEN_INPUTS_CHANGED"


def folder(run_id: int) -> Path:
    """Where a run's frozen inputs lie."""
    return Path(settings.HOME) / "runs" / str(run_id)


def write_shard(run_id: int, number: int, shard: Shard) -> str:
    """Write a shard's tables and return their hash."""
    place = folder(run_id) / f"{number:05d}"
    for name, schema in _SHARD_TABLES.items():
        _write(place / f"{name}.parquet", getattr(shard, name).select(schema.names).cast(schema))
    return _hash_files([place / f"{name}.parquet" for name in _SHARD_TABLES])


def read_shard(run_id: int, number: int, *, input_hash: str) -> Shard:
    """A shard's tables, if they are still what was frozen. Raises :class:`FrozenInputsChanged`."""
    place = folder(run_id) / f"{number:05d}"
    paths = [place / f"{name}.parquet" for name in _SHARD_TABLES]
    _check(paths, input_hash, f"shard {number} of bill run {run_id}")
    return Shard(**{name: pq.read_table(place / f"{name}.parquet", schema=s) for name, s in _SHARD_TABLES.items()})


def write_book(run_id: int, book: Book, terms: PaymentTerms) -> str:
    """Write the price book and payment terms of a run and return their hash."""
    place = folder(run_id) / "book"
    _write(place / "prices.parquet", book.prices.select(PRICES.names).cast(PRICES))
    _write(place / "power_factor.parquet", book.conventions.power_factor)
    facts = {
        "items": [dataclasses.asdict(item) for item in book.items],
        "versions": [dataclasses.asdict(version) for version in book.versions],
        "structures": list(book.structures),
        "conventions": {name: getattr(book.conventions, name) for name in _CONVENTION_SCALARS},
        "payment_terms": dataclasses.asdict(terms),
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1)
    files.write_whole(place / "book.json", lambda path: path.write_text(text))
    return _hash_files(_book_paths(run_id))


def read_book(run_id: int, *, book_hash: str) -> tuple[Book, PaymentTerms]:
    """The price book and payment terms of a run. Raises :class:`FrozenInputsChanged`."""
    paths = _book_paths(run_id)
    _check(paths, book_hash, f"the price book of bill run {run_id}")
    facts = json.loads(paths[0].read_text())
    book = Book(
        prices=pq.read_table(paths[1], schema=PRICES),
        items=tuple(Item(**item) for item in facts["items"]),
        versions=tuple(Version(**version) for version in facts["versions"]),
        structures=tuple(facts["structures"]),
        conventions=Conventions(power_factor=pq.read_table(paths[2]), **facts["conventions"]),
    )
    return book, PaymentTerms(**facts["payment_terms"])


def rows_hash(*tables: pa.Table) -> str:
    """One hash over the values of several tables: equal rows, equal hash, whatever the chunks."""
    return hashlib.sha256("".join(files.content_hash(table) for table in tables).encode()).hexdigest()


def _book_paths(run_id: int) -> list[Path]:
    place = folder(run_id) / "book"
    return [place / "book.json", place / "prices.parquet", place / "power_factor.parquet"]


def _write(path: Path, table: pa.Table) -> None:
    bare = table.replace_schema_metadata(None)
    files.write_whole(path, lambda place: pq.write_table(bare, place, compression="zstd", compression_level=1))


def _hash_files(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def _check(paths: list[Path], expected: str, what: str) -> None:
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise FrozenInputsChanged(f"the frozen inputs of {what} are missing: {', '.join(missing)}")
    if _hash_files(paths) != expected:
        raise FrozenInputsChanged(f"the frozen inputs of {what} are not those it was frozen with")
