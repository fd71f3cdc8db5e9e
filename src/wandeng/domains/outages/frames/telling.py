"""Where the tellings of outages are kept, and the places they name."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.domains.notices.frames.tellings import Tables
from wandeng.domains.outages.models import OutageTelling, OutageTold, PlannedOutage
from wandeng.infra.columns import ColumnStore

TABLES = Tables(PlannedOutage, OutageTelling, OutageTold, "outage_id")
_PLACES = pa.schema([("transformer_id", pa.int64()), ("place", pa.string())])


def places(store: ColumnStore, version_id: int) -> pl.DataFrame:
    """``transformer_id`` and ``place`` (village or community) of the areas of a version."""
    sql = "SELECT transformer_id, place FROM outages_outagearea WHERE version_id = ?"
    return pl.DataFrame(store.read(sql, (version_id,), schema=_PLACES))
