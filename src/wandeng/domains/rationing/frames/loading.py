"""Participants of drafts from files, on the importer's connection."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.domains.rationing.models import RationingParticipant
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

FACTS = ["kind", "name", "account_id", "switch_id", "measure", "rota", "sequence", "before_kw", "shed_kw"]
DRAFTS = pa.schema([("unit_id", pa.int64()), ("year", pa.int16()), ("scheme_id", pa.int64())])


def drafts(store: ColumnStore) -> pl.DataFrame:
    """The schemes that are open for participants: :data:`DRAFTS`."""
    return pl.DataFrame(
        store.read(
            "SELECT unit_id, year, id AS scheme_id FROM rationing_rationingscheme WHERE state = 'DRAFT'", schema=DRAFTS
        )
    )


def load_participants(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring participants (``line``, ``scheme_id``, ``code``, :data:`FACTS`) into their drafts. Returns ``line`` and ``outcome``."""
    if rows.is_empty():
        return rows.select("line", pl.lit(merging.CREATED).alias("outcome"))
    filled = rows.with_columns(pl.col("rota").fill_null(""), pl.col("sequence").fill_null(0))
    merged = merging.merge(
        store, RationingParticipant, filled.select("line", "scheme_id", "code", *FACTS), key=["scheme_id", "code"],
        update=FACTS,
    )  # fmt: skip
    return merged.select("line", "outcome")
