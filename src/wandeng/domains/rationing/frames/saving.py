"""Loads of those an order took: quarter hours of their meters, their windows, and days like those they were rationed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import polars as pl
import pyarrow as pa

from wandeng.calc.rationing import LIKE_DAYS, LOADS, WINDOWS
from wandeng.domains.metering import frames as metering
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.periods import BILLING_ZONE

QUARTER = timedelta(minutes=15)
SLOTS = 96
_METERS = pa.schema(
    [
        ("point_id", pa.int64()), ("transformer_id", pa.int64()), ("account_id", pa.int64()), ("kind", pa.string()),
        ("installation_id", pa.int64()), ("multiplier", pa.int64()), ("installed_on", pa.date32()),
        ("removed_on", pa.date32()),
    ]
)  # fmt: skip


def windows(told: Sequence[tuple[int, datetime, datetime]]) -> pl.DataFrame:
    """The whole quarter hours between off and on of each participant: ``calc.rationing.WINDOWS``."""
    rows = []
    for participant, off_at, on_at in told:
        local = off_at.astimezone(BILLING_ZONE)
        begin = local.replace(minute=local.minute // 15 * 15, second=0, microsecond=0)
        begin = begin if begin == local else begin + QUARTER
        while begin + QUARTER <= on_at:
            rows.append((participant, begin.date(), (begin.hour * 60 + begin.minute) // 15))
            begin += QUARTER
    return pl.DataFrame(rows, WINDOWS, orient="row")


def like_days(
    rows: pl.DataFrame, calendar: WorkingCalendar, rationed: Mapping[int, set[date]], *, back_days: int
) -> pl.DataFrame:
    """Days before each rationed day that are working days as it is, or off as it is, and without rationing of the participant, the
    nearest first: ``calc.rationing.LIKE_DAYS``."""
    told = []
    for participant, day in rows.select("participant_id", "day").unique().iter_rows():
        is_worked, rank = calendar.is_working_day(day), 0
        for back in range(1, back_days + 1):
            one = day - timedelta(days=back)
            if one not in rationed.get(participant, ()) and calendar.is_working_day(one) is is_worked:
                told.append((participant, day, one, rank))
                rank += 1
    return pl.DataFrame(told, LIKE_DAYS, orient="row")


def loads(
    store: ColumnStore, accounts: Mapping[int, int], areas: Mapping[int, Sequence[int]], *, from_on: date, to_on: date
) -> pl.DataFrame:
    """Quarter hours of participants: ``accounts`` by participant are read at their own meters, ``areas`` (transformers) at the
    supply meters of public areas and the customers' meters of their own transformers. A quarter hour that one of a participant's
    meters lacks, or whose multiplier nobody knows, is left out: ``calc.rationing.LOADS``."""
    meters = _meters(store, set(accounts.values()), {one for found in areas.values() for one in found}, from_on, to_on)
    mine = [
        *((who, point) for who, account in accounts.items()
          for point in meters.filter((pl.col("account_id") == account) & (pl.col("kind") == "LOAD"))["point_id"].unique()),
        *((who, point) for who, found in areas.items() for area in found for point in _of_area(meters, area)),
    ]  # fmt: skip
    lacking = {who for who, found in areas.items() for area in found if not _of_area(meters, area)}
    owned = pl.DataFrame(
        [one for one in mine if one[0] not in lacking], {"participant_id": pl.Int64, "point_id": pl.Int64}, orient="row"
    ).unique()
    ids = meters["installation_id"].drop_nulls().unique().to_list()
    if not ids or owned.is_empty():
        return pl.DataFrame(schema=LOADS)
    found = metering.intervals(store, from_on=from_on, to_on=to_on, installation_ids=ids)
    curves = found.select("installation_id", "day", pl.col("point").alias("slot"), "active_wh").collect()
    hung = meters.drop_nulls("multiplier")
    read = curves.join(hung, on="installation_id").filter(
        (pl.col("day") >= pl.col("installed_on"))
        & (pl.col("removed_on").is_null() | (pl.col("day") < pl.col("removed_on")))
    )
    needed = owned.group_by("participant_id").agg(pl.len().alias("needed"))
    return (
        read.select("point_id", "day", "slot", wh=pl.col("active_wh").cast(pl.Int64) * pl.col("multiplier"))
        .join(owned, on="point_id")
        .group_by("participant_id", "day", "slot")
        .agg(pl.col("wh").sum(), pl.col("point_id").n_unique().alias("points"))
        .join(needed, on="participant_id")
        .filter(pl.col("points") == pl.col("needed"))
        .select(list(LOADS))
        .cast(LOADS)
    )


def _of_area(meters: pl.DataFrame, area: int) -> list[int]:
    """The points whose energy is that of an area: its supply meter, else its customers."""
    here = meters.filter(pl.col("transformer_id") == area)
    supply = here.filter(pl.col("kind") == "SUPPLY")
    return (supply if supply.height else here.filter(pl.col("kind") == "LOAD"))["point_id"].unique().sort().to_list()


def _meters(
    store: ColumnStore, accounts: set[int], areas: set[int], from_on: date, to_on: date
) -> pl.DataFrame:  # fmt: skip
    wanted = [
        f"p.{column} IN ({', '.join(str(int(one)) for one in sorted(found))})"
        for column, found in (("account_id", accounts), ("transformer_id", areas))
        if found
    ]
    if not wanted:
        return pl.DataFrame(_METERS.empty_table())
    return pl.DataFrame(
        store.read(
            "SELECT p.id AS point_id, p.transformer_id, p.account_id, p.kind, i.id AS installation_id, i.multiplier, "
            "i.installed_on, i.removed_on FROM network_usagepoint p LEFT JOIN metering_meterinstallation i "
            "ON i.usage_point_id = p.id AND i.installed_on < ? AND (i.removed_on IS NULL OR i.removed_on > ?) "
            f"WHERE ({' OR '.join(wanted)}) AND p.kind IN ('SUPPLY', 'LOAD') AND p.connected_on <= ? "
            "AND (p.disconnected_on IS NULL OR p.disconnected_on > ?)",
            (to_on, from_on, from_on, from_on),
            schema=_METERS,
        )
    )
