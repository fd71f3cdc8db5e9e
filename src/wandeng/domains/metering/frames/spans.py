"""Energy of some days together of every meter behind the transformers of a unit: registers at both ends, exchanges in between
added up; curves for meters that are billed from them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.domains.metering.frames import curves
from wandeng.domains.metering.frames.daily import BEHIND
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.units import CKWH_PER_KWH

_HUNG = pa.schema(
    [
        ("installation_id", pa.int64()), ("usage_point_id", pa.int64()), ("installed_on", pa.date32()),
        ("removed_on", pa.date32()), ("multiplier", pa.int64()), ("digits", pa.int16()), ("source", pa.string()),
    ]
)  # fmt: skip
_READ = pa.schema(
    [("installation_id", pa.int64()), ("read_on", pa.date32()), ("total", pa.int64()), ("export", pa.int64())]
)


def span_energies(store: ColumnStore, *, unit_path: str, from_on: date, to_on: date) -> pl.DataFrame:
    """One row for each point behind the unit's transformers at which a meter hangs on a day from ``from_on`` to before ``to_on``:
    ``usage_point_id``, ``energy_ckwh``, ``export_ckwh`` (null: not read, or no such register), ``is_timed``, ``has_ratio``, as
    :func:`~wandeng.domains.metering.frames.daily.daily_energies` has them for a day. Estimates are no readings. Where a meter was
    exchanged both parts add up; one unknown part leaves the whole unknown."""
    spans = _spans(store, unit_path, from_on, to_on)
    shown = _shown(store, unit_path, from_on, to_on)
    for end, day in (("start", "from_on"), ("end", "until_on")):
        named = shown.rename({"read_on": day, "total": f"total_{end}", "export": f"export_{end}"})
        spans = spans.join(named, on=["installation_id", day], how="left")
    parts = spans.join(_curved(store, spans), on="installation_id", how="left").with_columns(
        energy_ckwh=pl.when(pl.col("source") == "INTERVAL").then("curved").otherwise(_moved("total"))
        * pl.col("multiplier"),
        export_ckwh=_moved("export") * pl.col("multiplier"),
    )
    return parts.group_by("usage_point_id").agg(
        _together("energy_ckwh"), _together("export_ckwh"), pl.lit(True).alias("is_timed"),
        pl.col("multiplier").is_not_null().all().alias("has_ratio"),
    )  # fmt: skip


def _spans(store: ColumnStore, unit_path: str, from_on: date, to_on: date) -> pl.DataFrame:
    """Installations with the part of the days on which they hung."""
    found = store.read(
        "SELECT i.id AS installation_id, i.usage_point_id, i.installed_on, i.removed_on, i.multiplier, m.digits, i.source "
        f"{BEHIND} JOIN metering_meter m ON m.id = i.meter_id WHERE substr(u.path, 1, {len(unit_path)}) = ? "
        "AND i.installed_on < ? AND (i.removed_on IS NULL OR i.removed_on > ?)",
        (unit_path, to_on, from_on),
        schema=_HUNG,
    )
    return pl.DataFrame(found).with_columns(
        from_on=pl.max_horizontal("installed_on", pl.lit(from_on)),
        until_on=pl.min_horizontal("removed_on", pl.lit(to_on)),
    )


def _shown(store: ColumnStore, unit_path: str, from_on: date, to_on: date) -> pl.DataFrame:
    found = store.read(
        f"SELECT r.installation_id, r.read_on, r.total_ckwh AS total, r.export_ckwh AS export {BEHIND} "
        f"JOIN metering_reading r ON r.installation_id = i.id WHERE substr(u.path, 1, {len(unit_path)}) = ? "
        "AND r.is_current AND r.state IN ('ACCEPTED', 'HELD') AND r.state = 'ACCEPTED' AND r.source <> 'ESTIMATE' "
        "AND r.read_on >= ? AND r.read_on <= ? "
        "AND (r.read_on IN (?, ?) OR r.read_on = i.installed_on OR r.read_on = i.removed_on)",
        (unit_path, from_on, to_on, from_on, to_on),
        schema=_READ,
    )
    return pl.DataFrame(found)


def _curved(store: ColumnStore, spans: pl.DataFrame) -> pl.DataFrame:
    """``installation_id``, ``curved``: energy on the face of those billed from curves, null where one is missing."""
    wanted = spans.filter(pl.col("source") == "INTERVAL").select(
        "installation_id", "usage_point_id", "from_on", to_on="until_on"
    )
    if wanted.is_empty():
        return pl.DataFrame(schema={"installation_id": pl.Int64, "curved": pl.Int64})
    return curves.as_ends(curves.energies(store, wanted, None)).select("installation_id", curved="total_end")


def _moved(register: str) -> pl.Expr:
    advance = pl.col(f"{register}_end") - pl.col(f"{register}_start")
    modulus = pl.lit(10, pl.Int64).pow(pl.col("digits").cast(pl.UInt32)) * CKWH_PER_KWH
    return pl.when(advance < 0).then(advance + modulus).otherwise(advance)


def _together(name: str) -> pl.Expr:
    return pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
