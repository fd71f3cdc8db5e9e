"""What switches may carry, brought by a file."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pyarrow as pa

from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

_STANDS = pa.schema([("switch_id", pa.int64()), ("may_was", pa.int64()), ("document_was", pa.string())])


def take_in(store: ColumnStore, rows: pl.DataFrame, *, at: datetime, by: str) -> pl.DataFrame:
    """``rows``: ``line``, ``switch_id``, ``may_ckva`` (0.01 kVA, above zero), ``document``; one a switch. Returns ``line`` and
    ``outcome``. What stands already is left as it was noted."""
    with store.staged(rows.select("switch_id").to_arrow()) as staged:
        sql = (
            "SELECT r.switch_id AS switch_id, r.may_ckva AS may_was, r.document AS document_was FROM "
            f"emergency_switchrating r JOIN {staged} s ON s.switch_id = r.switch_id"
        )
        stands = pl.DataFrame(store.read(sql, schema=_STANDS))
    known = rows.join(stands, on="switch_id", how="left", maintain_order="left")
    same = (pl.col("may_ckva") == pl.col("may_was")) & (pl.col("document") == pl.col("document_was"))
    judged = known.with_columns(
        outcome=pl.when(pl.col("may_was").is_null()).then(pl.lit(merging.CREATED))
        .when(same).then(pl.lit(merging.UNCHANGED)).otherwise(pl.lit(merging.CHANGED))
    )  # fmt: skip
    noted = judged.filter(pl.col("outcome") != merging.UNCHANGED).select(
        "switch_id", "may_ckva", "document", noted_at=pl.lit(at, pl.Datetime("us", "UTC")), noted_by=pl.lit(by)
    )
    if noted.height:
        with store.staged(noted.to_arrow()) as staged:
            # The table numbers its rows itself, as it does for one that a person notes.
            store.execute(
                "INSERT INTO emergency_switchrating (switch_id, may_ckva, document, noted_at, noted_by) "
                f"SELECT switch_id, may_ckva, document, noted_at, noted_by FROM {staged} WHERE true "
                "ON CONFLICT (switch_id) DO UPDATE SET may_ckva = excluded.may_ckva, document = excluded.document, "
                "noted_at = excluded.noted_at, noted_by = excluded.noted_by"
            )
    return judged.select("line", "outcome")
