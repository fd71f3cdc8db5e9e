"""What meters showed before: the last accepted readings of a range of installations, and what stands on some days."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pyarrow as pa

from wandeng.domains.metering.frames.validation import LAST_COLUMNS, modulus
from wandeng.domains.metering.types import REGISTERS
from wandeng.infra.columns import ColumnStore

LOOK_BACK = timedelta(days=130)
"""Two two-monthly readings: history before that is looked up only for installations that have none since."""

HUNG = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("installed_on", pa.date32()),
        ("removed_on", pa.date32()),
        ("digits", pa.int16()),
        ("multiplier", pa.int64()),
        ("source", pa.string()),
    ]
)
SHOWN = pa.schema(
    [
        ("id", pa.int64()),
        ("installation_id", pa.int64()),
        ("read_on", pa.date32()),
        *[(name, pa.int64()) for name in REGISTERS],
        ("demand_e4", pa.int64()),
        ("state", pa.string()),
        ("source", pa.string()),
    ]
)
_SELECT = (
    f"SELECT r.id, r.installation_id, r.read_on, {', '.join(f'r.{name}' for name in REGISTERS)}, r.demand_e4, "
    "r.state, r.source FROM metering_reading r"
)
_CURRENT = "r.is_current AND r.state IN ('ACCEPTED', 'HELD')"

Range = tuple[int, int]
"""Installation ids, first and last, both included."""


def hung(store: ColumnStore, span: Range) -> pl.DataFrame:
    """Installations of an id range, with what their meters can show."""
    found = store.read(
        "SELECT i.id AS installation_id, i.usage_point_id, i.installed_on, i.removed_on, m.digits, i.multiplier, "
        "i.source FROM metering_meterinstallation i JOIN metering_meter m ON m.id = i.meter_id "
        "WHERE i.id >= ? AND i.id <= ?",
        span,
        schema=HUNG,
    )
    return pl.DataFrame(found)


def current(store: ColumnStore, span: Range, from_on: date) -> pl.DataFrame:
    """Current readings, accepted or held, on and after a day."""
    found = store.read(
        f"{_SELECT} WHERE {_CURRENT} AND r.installation_id >= ? AND r.installation_id <= ? AND r.read_on >= ?",
        (*span, from_on),
        schema=SHOWN,
    )
    return pl.DataFrame(found)


def refused(store: ColumnStore, span: Range, from_on: date) -> pl.DataFrame:
    """Readings that people refused, on and after a day: the same value must not come back as news."""
    found = store.read(
        f"{_SELECT} WHERE r.state IN ('HELD', 'REFUSED') AND r.state = 'REFUSED' "
        "AND r.installation_id >= ? AND r.installation_id <= ? AND r.read_on >= ?",
        (*span, from_on),
        schema=SHOWN,
    )
    return pl.DataFrame(found)


def last_accepted(store: ColumnStore, span: Range, recent: pl.DataFrame, installations: pl.DataFrame) -> pl.DataFrame:
    """The last accepted reading of each installation with its rate: the columns of ``validation.LAST_COLUMNS``.

    ``recent`` is :func:`current` over the look-back; installations without an accepted one there are looked up
    further back, without a rate.
    """
    accepted = recent.filter(pl.col("state") == "ACCEPTED").sort("installation_id", "read_on")
    older = _older(store, span, installations, accepted)
    whole = pl.concat([older, accepted]).sort("installation_id", "read_on")
    before = pl.col("total_ckwh").shift(1).over("installation_id")
    advance = pl.col("total_ckwh") - before
    return (
        whole.join(installations.select("installation_id", "digits"), on="installation_id")
        .sort("installation_id", "read_on")
        .with_columns(
            pl.when(advance < 0).then(advance + modulus()).otherwise(advance).alias("rate_num"),
            (pl.col("read_on") - pl.col("read_on").shift(1).over("installation_id")).dt.total_days().alias("rate_days"),
        )
        .unique("installation_id", keep="last", maintain_order=True)
        .select(LAST_COLUMNS)
    )


def _older(store: ColumnStore, span: Range, installations: pl.DataFrame, accepted: pl.DataFrame) -> pl.DataFrame:
    missing = installations.join(accepted, on="installation_id", how="anti")["installation_id"]
    if missing.is_empty():
        return accepted.clear()
    newest = (
        "SELECT installation_id, MAX(read_on) AS read_on FROM metering_reading "
        "WHERE is_current AND state IN ('ACCEPTED', 'HELD') AND state = 'ACCEPTED' "
        "AND installation_id >= ? AND installation_id <= ? GROUP BY installation_id"
    )
    found = store.read(
        f"{_SELECT} JOIN ({newest}) n ON n.installation_id = r.installation_id AND n.read_on = r.read_on "
        f"WHERE {_CURRENT} AND r.state = 'ACCEPTED'",
        (missing.min(), missing.max()),
        schema=SHOWN,
    )
    return pl.DataFrame(found).filter(pl.col("installation_id").is_in(missing.implode()))
