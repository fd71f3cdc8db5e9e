"""Events of meters, terminals and switches into their table: told twice they are one."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from wandeng.domains.emergency.models import SupplyEvent
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

COLUMNS = ("source", "event_id", "told_by", "usage_point_id", "transformer_id", "switch_id", "is_off", "occurred_at")


def take_in(store: ColumnStore, rows: pl.DataFrame, *, at: datetime) -> pl.DataFrame:
    """``rows``: ``line`` and :data:`COLUMNS`. Returns ``line`` and ``outcome``: created, or unchanged where the source told of the
    event before, also with other facts: the first word stands."""
    if not store.is_sqlite:
        # Two batches with the same event at once: the second waits, and finds it.
        store.execute("LOCK TABLE emergency_supplyevent IN SHARE ROW EXCLUSIVE MODE")
    first = rows.unique(["source", "event_id"], keep="first", maintain_order=True)
    merged = merging.merge(
        store, SupplyEvent, first.select(*COLUMNS), key=["source", "event_id"], update=[], fixed={"received_at": at}
    )
    told = rows.select("line", "source", "event_id").join(
        merged.select("source", "event_id", "outcome"), on=["source", "event_id"], how="left", maintain_order="left"
    )
    again = pl.struct("source", "event_id").is_first_distinct()
    outcome = pl.when(again).then(pl.col("outcome")).otherwise(pl.lit(merging.UNCHANGED))
    return told.select("line", outcome=outcome)
