"""The history as columns: steps with their labels, supplies of customers with several, users of a base."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pyarrow as pa

from wandeng.domains.reliability.sums import ONGOING
from wandeng.infra.columns import ColumnStore

_STEPS = pa.schema(
    [
        ("event", pa.int64()), ("transformer", pa.int64()), ("account", pa.int64()), ("off_at", pa.timestamp("us", tz="UTC")),
        ("on_at", pa.timestamp("us", tz="UTC")), ("customers", pa.int64()), ("unit_id", pa.int64()),
        ("feeder_id", pa.int64()), ("locality", pa.string()), ("is_public", pa.bool_()), ("kind", pa.string()),
        ("cause", pa.string()), ("is_external", pa.bool_()),
    ]
)  # fmt: skip
_SUPPLIES = pa.schema([("event", pa.int64()), ("account", pa.int64()), ("transformer", pa.int64())])
LABELS = ("unit_id", "feeder_id", "locality", "is_public", "kind", "cause", "is_external")
"""What a step carries besides the columns of ``calc.interruptions.STEPS``."""


def steps(store: ColumnStore, *, begin: int, end: int) -> pl.DataFrame:
    """Steps of current interruptions that lie at least in part between two moments (seconds since 1970):
    ``calc.interruptions.STEPS`` and :data:`LABELS`. An open step ends at ``sums.ONGOING``."""
    found = store.read(
        "SELECT s.interruption_id AS event, s.transformer_id AS transformer, s.account_id AS account, s.off_at, s.on_at, "
        "s.customers, s.unit_id, s.feeder_id, s.locality, s.is_public, i.kind, i.cause, i.is_external "
        "FROM reliability_interruptionstep s JOIN reliability_interruption i ON i.id = s.interruption_id "
        "WHERE i.is_current AND s.off_at < ? AND (s.on_at IS NULL OR s.on_at > ?)",
        (_moment(store, end), _moment(store, begin)),
        schema=_STEPS,
    )
    return (
        pl.DataFrame(found)
        .with_columns(begin=pl.col("off_at").dt.epoch("s"), end=pl.col("on_at").dt.epoch("s").fill_null(ONGOING))
        .select("event", "transformer", "account", "begin", "end", "customers", *LABELS)
    )


def supplies(store: ColumnStore, *, begin: int, end: int) -> pl.DataFrame:
    """``calc.interruptions.SUPPLIES`` of the interruptions that lie at least in part between two moments."""
    found = store.read(
        "SELECT p.interruption_id AS event, p.account_id AS account, p.transformer_id AS transformer "
        "FROM reliability_interruptionsupply p JOIN reliability_interruption i ON i.id = p.interruption_id "
        "WHERE i.is_current AND i.off_at < ? AND (i.on_at IS NULL OR i.on_at > ?)",
        (_moment(store, end), _moment(store, begin)),
        schema=_SUPPLIES,
    )
    return pl.DataFrame(found)


def _moment(store: ColumnStore, seconds: int) -> datetime | str:
    """A time as the database compares it: SQLite keeps UTC as text."""
    at = datetime.fromtimestamp(seconds, UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S") if store.is_sqlite else at
