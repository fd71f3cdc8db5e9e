"""What can be found of metering: meters, by asset number or its end."""

from __future__ import annotations

import polars as pl

from wandeng.infra.columns import ColumnStore
from wandeng.infra.search import entries, sources
from wandeng.infra.search.entries import Findable, Kind
from wandeng.infra.search.sources import Source

METERS = Source(
    Kind.METER,
    "metering_meter",
    "m.id",
    "SELECT m.id AS id, NULL AS unit_id, m.asset_number AS code, NULL AS name, NULL AS place FROM metering_meter m",
)
"""A meter belongs to no unit before it hangs, and to another one afterwards; ``queries`` look where it hangs now."""
SOURCES = (METERS,)


def take_up_meters(store: ColumnStore, ids: pl.Series) -> int:
    """Make these meters findable as they stand in the caller's transaction."""
    return sources.take_up(store, METERS, ids)


def put_meter(meter_id: int, asset_number: str) -> None:
    """Make one meter findable, in Django's transaction."""
    entries.put(Kind.METER, Findable(meter_id, None, asset_number))
