"""What meters showed before: the last accepted readings of some installations, and what stands on some days.

The installations are named by a staged table (``ColumnStore.staged``) with the column ``installation_id``.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pyarrow as pa

from wandeng.domains.metering.frames.validation import LAST_COLUMNS, modulus
from wandeng.domains.metering.types import REGISTERS
from wandeng.infra.columns import ColumnStore

LOOK_BACK = timedelta(days=130)
"""Two two-monthly readings: history before that is looked up only for installations with fewer than two since."""

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


def last_accepted(store: ColumnStore, recent: pl.DataFrame, installations: pl.DataFrame, since: date) -> pl.DataFrame:
    """The last accepted reading of each installation with its rate: the columns of ``validation.LAST_COLUMNS``.

    ``recent`` is :func:`current` from ``since`` on; installations with fewer than two accepted ones there are looked
    up further back.
    """
    accepted = recent.filter(pl.col("state") == "ACCEPTED").sort("installation_id", "read_on")
    older = _older(store, installations, accepted, since)
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


def _older(store: ColumnStore, installations: pl.DataFrame, accepted: pl.DataFrame, since: date) -> pl.DataFrame:
    """The newest accepted reading before ``since`` of installations with fewer than two after it."""
    twice = accepted.group_by("installation_id").len().filter(pl.col("len") > 1)
    missing = installations.join(twice, on="installation_id", how="anti").select("installation_id")
    if missing.is_empty():
        return accepted.clear()
    with store.staged(missing.to_arrow()) as staged:
        newest = (
            "(SELECT MAX(n.read_on) FROM metering_reading n WHERE n.installation_id = s.installation_id "
            "AND n.is_current AND n.state IN ('ACCEPTED', 'HELD') AND n.state = 'ACCEPTED' AND n.read_on < ?)"
        )
        found = store.read(
            f"{_SELECT.format(staged=staged)} WHERE {_CURRENT} AND r.state = 'ACCEPTED' AND r.read_on = {newest}",
            (since,),
            schema=SHOWN,
        )
    return pl.DataFrame(found)
