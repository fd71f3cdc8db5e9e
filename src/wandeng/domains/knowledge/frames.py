"""The register of standards in columns, on the importer's connection."""

from __future__ import annotations

import polars as pl

from wandeng.domains.knowledge.models import Standard
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

COLUMNS = (
    "code", "title", "kind", "unit_id", "post", "status", "valid_from", "review_on", "supersedes", "link",
)  # fmt: skip


def known(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``code`` and ``was_unit_path`` of those of the rows' standards that stand in the register."""
    sql = (
        "SELECT s.code AS code, u.path AS was_unit_path FROM knowledge_standard s "
        "JOIN organization_unit u ON u.id = s.unit_id"
    )
    found = pl.DataFrame(store.read(sql), schema={"code": pl.String, "was_unit_path": pl.String})
    return found.join(rows.select("code").unique(), on="code", how="semi")


def load(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring standards (``line``, :data:`COLUMNS`) into the register by code. Returns ``line`` and ``outcome``."""
    return merging.merge(store, Standard, rows.select("line", *COLUMNS), key=["code"]).select("line", "outcome")
