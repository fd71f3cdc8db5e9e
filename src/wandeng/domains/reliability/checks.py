"""What must hold of interruptions, recomputed from their steps: a nightly job runs these and shows what it finds."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pyarrow as pa

from wandeng.calc.interruptions import STEPS, SUPPLIES
from wandeng.domains.reliability.sums import ONGOING, sums
from wandeng.domains.reliability.types import InterruptionFault
from wandeng.infra.columns import ColumnStore

AT_MOST = 100
"""Faults of a kind that are named; one is enough to look."""

_WITHOUT_STEPS = (
    "SELECT i.number FROM reliability_interruption i LEFT JOIN reliability_interruptionstep s "
    "ON s.interruption_id = i.id WHERE i.is_current AND s.id IS NULL ORDER BY i.number LIMIT 100"
)
_WITHOUT_CURRENT = (
    "SELECT number FROM reliability_interruption GROUP BY number "
    "HAVING SUM(CASE WHEN is_current THEN 1 ELSE 0 END) <> 1 ORDER BY number LIMIT 100"
)
_HEADS = "SELECT id AS event, number, areas, customers, off_at, on_at FROM reliability_interruption WHERE is_current"
_STEPS = (
    "SELECT s.interruption_id AS event, s.transformer_id AS transformer, s.account_id AS account, s.customers, s.off_at, "
    "s.on_at FROM reliability_interruptionstep s JOIN reliability_interruption i ON i.id = s.interruption_id "
    "WHERE i.is_current"
)
_SUPPLIES = (
    "SELECT s.interruption_id AS event, s.account_id AS account, s.transformer_id AS transformer "
    "FROM reliability_interruptionsupply s JOIN reliability_interruption i ON i.id = s.interruption_id WHERE i.is_current"
)
_TIMES = [("off_at", pa.timestamp("us", tz="UTC")), ("on_at", pa.timestamp("us", tz="UTC"))]
_HEAD = pa.schema(
    [("event", pa.int64()), ("number", pa.string()), ("areas", pa.int64()), ("customers", pa.int64()), *_TIMES]
)
_WHO = [("event", pa.int64()), ("account", pa.int64()), ("transformer", pa.int64())]
_STEP, _SUPPLY = pa.schema([*_WHO, ("customers", pa.int64()), *_TIMES]), pa.schema(_WHO)


def all_faults(store: ColumnStore) -> list[InterruptionFault]:
    """``WITHOUT_STEPS``, ``WITHOUT_CURRENT`` (no revision stands, or several), ``STEPS_OVERLAP`` (one area twice at the same
    time), ``SUMS_DIFFER`` (the head says something else than its steps)."""
    found = []
    for fault, text in (("WITHOUT_STEPS", _WITHOUT_STEPS), ("WITHOUT_CURRENT", _WITHOUT_CURRENT)):
        found += [InterruptionFault(number, fault) for number in store.read(text).column(0).to_pylist()]
    steps = _steps(store)
    heads = _heads(store)
    names = dict(heads.select("event", "number").iter_rows())
    found += [InterruptionFault(names[event], "STEPS_OVERLAP") for event in _overlapping(steps)]
    found += [InterruptionFault(number, "SUMS_DIFFER") for number in _differing(store, heads, steps)]
    return found


def _steps(store: ColumnStore) -> pl.DataFrame:
    rows = pl.DataFrame(store.read(_STEPS, schema=_STEP))
    ends = pl.col("on_at").dt.epoch("s").fill_null(ONGOING)
    return rows.with_columns(begin=pl.col("off_at").dt.epoch("s"), end=ends).select(STEPS.names())


def _heads(store: ColumnStore) -> pl.DataFrame:
    rows = pl.DataFrame(store.read(_HEADS, schema=_HEAD))
    return rows.with_columns(off=pl.col("off_at").dt.epoch("s"), on=pl.col("on_at").dt.epoch("s"))


def _overlapping(steps: pl.DataFrame) -> Iterator[int]:
    whole = steps.filter(pl.col("account").is_null()).sort("event", "transformer", "begin")
    before = pl.col("end").shift(1).over("event", "transformer")
    yield from whole.filter(pl.col("begin") < before)["event"].unique(maintain_order=True).head(AT_MOST)


def _differing(store: ColumnStore, heads: pl.DataFrame, steps: pl.DataFrame) -> Iterator[str]:
    supplies = pl.DataFrame(store.read(_SUPPLIES, schema=_SUPPLY)).select(SUPPLIES.names())
    told = heads.join(sums(steps, supplies), on="event", suffix="_told")
    same = [pl.col(name).eq_missing(pl.col(f"{name}_told")) for name in ("areas", "customers", "off", "on")]
    yield from told.filter(~pl.all_horizontal(same)).sort("number")["number"].head(AT_MOST)
