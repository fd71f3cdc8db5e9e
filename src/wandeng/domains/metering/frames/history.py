"""What meters showed before: the last accepted readings of some installations, and what stands on some days.

The installations are named by a staged table (``ColumnStore.staged``) with the column ``installation_id``.
"""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.domains.metering.frames.validation import LAST_COLUMNS, modulus
from wandeng.domains.metering.types import REGISTERS
from wandeng.infra.columns import ColumnStore

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
    "r.state, r.source FROM {staged} s JOIN metering_reading r ON r.installation_id = s.installation_id"
)
_CURRENT = "r.is_current AND r.state IN ('ACCEPTED', 'HELD')"
_LAST_READ = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("read_on", pa.date32()),
        *[(name, pa.int64()) for name in REGISTERS],
        ("digits", pa.int16()),
        ("before_ckwh", pa.int64()),
        ("before_on", pa.date32()),
    ]
)


def _accepted(alias: str) -> str:
    """Current and accepted; the first state condition repeats that of the partial index, so that it serves."""
    return f"{alias}.is_current AND {alias}.state IN ('ACCEPTED', 'HELD') AND {alias}.state = 'ACCEPTED'"


_NEWEST = (
    f"FROM metering_reading n WHERE n.installation_id = s.installation_id AND {_accepted('n')}",
    f"FROM metering_reading n WHERE n.installation_id = s.installation_id AND {_accepted('n')} AND n.read_on < r.read_on",
)
# Each database is led to one look at the index for each of the two readings, in its own way: SQLite has no LATERAL, and
# PostgreSQL, left to itself, joins first and asks afterwards.
_LAST_TWO_SQLITE = (
    f"JOIN metering_reading r ON r.installation_id = s.installation_id AND {_accepted('r')} "
    f"AND r.read_on = (SELECT MAX(n.read_on) {_NEWEST[0]}) "
    f"LEFT JOIN metering_reading b ON b.installation_id = s.installation_id AND {_accepted('b')} "
    f"AND b.read_on = (SELECT MAX(n.read_on) {_NEWEST[1]})"
)
_LAST_TWO_POSTGRES = (
    f"JOIN LATERAL (SELECT n.* {_NEWEST[0]} ORDER BY n.read_on DESC LIMIT 1) r ON TRUE "
    f"LEFT JOIN LATERAL (SELECT n.* {_NEWEST[1]} ORDER BY n.read_on DESC LIMIT 1) b ON TRUE"
)


def hung(store: ColumnStore, staged: str) -> pl.DataFrame:
    """The staged installations that exist, with what their meters can show."""
    found = store.read(
        "SELECT i.id AS installation_id, i.usage_point_id, i.installed_on, i.removed_on, m.digits, i.multiplier, "
        f"i.source FROM {staged} s JOIN metering_meterinstallation i ON i.id = s.installation_id "
        "JOIN metering_meter m ON m.id = i.meter_id",
        schema=HUNG,
    )
    return pl.DataFrame(found)


def current(store: ColumnStore, staged: str, from_on: date) -> pl.DataFrame:
    """Current readings, accepted or held, on and after a day."""
    found = store.read(
        f"{_SELECT.format(staged=staged)} WHERE {_CURRENT} AND r.read_on >= ?",
        (from_on,),
        schema=SHOWN,
    )
    return pl.DataFrame(found)


def refused(store: ColumnStore, staged: str, from_on: date) -> pl.DataFrame:
    """Readings that people refused, on and after a day: the same value must not come back as news."""
    found = store.read(
        f"{_SELECT.format(staged=staged)} "
        "WHERE r.state IN ('HELD', 'REFUSED') AND r.state = 'REFUSED' AND r.read_on >= ?",
        (from_on,),
        schema=SHOWN,
    )
    return pl.DataFrame(found)


def last_accepted(store: ColumnStore, staged: str) -> pl.DataFrame:
    """The last accepted reading of each staged installation with its rate: the columns of ``validation.LAST_COLUMNS``.

    The index finds the last two of each; what lies before them is never read, however many years there are.
    """
    found = store.read(
        f"SELECT r.installation_id, r.read_on, {', '.join(f'r.{name}' for name in REGISTERS)}, m.digits, "
        f"b.total_ckwh AS before_ckwh, b.read_on AS before_on FROM {staged} s "
        "JOIN metering_meterinstallation i ON i.id = s.installation_id JOIN metering_meter m ON m.id = i.meter_id "
        f"{_LAST_TWO_SQLITE if store.is_sqlite else _LAST_TWO_POSTGRES}",
        schema=_LAST_READ,
    )
    advance = pl.col("total_ckwh") - pl.col("before_ckwh")
    return (
        pl.DataFrame(found)
        .with_columns(
            pl.when(advance < 0).then(advance + modulus()).otherwise(advance).alias("rate_num"),
            (pl.col("read_on") - pl.col("before_on")).dt.total_days().alias("rate_days"),
        )
        .select(LAST_COLUMNS)
    )
