"""Energy of one day of every meter behind the transformers of a unit: from registers frozen at both midnights, or from the
quarter hours of the day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pyarrow as pa

from wandeng.calc.curves import POINTS_PER_DAY
from wandeng.calc.rating.exact import half_up
from wandeng.domains.metering.frames.intervals import intervals
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.units import CKWH_PER_KWH, WH_PER_CKWH

_HUNG = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("multiplier", pa.int64()),
        ("digits", pa.int16()),
        ("source", pa.string()),
    ]
)
_READ = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("read_on", pa.date32()),
        ("total", pa.int64()),
        ("export", pa.int64()),
        ("source", pa.string()),
    ]
)
BEHIND = (
    "FROM organization_unit u JOIN network_powertransformer t ON t.unit_id = u.id "
    "JOIN network_usagepoint p ON p.transformer_id = t.id "
    "JOIN metering_meterinstallation i ON i.usage_point_id = p.id"
)
_FROZEN = ["HEAD_END", "INSTALLATION", "REMOVAL"]
"""Sources whose registers are those of the midnight or of the exchange itself; what people read is of some hour of the day."""


def daily_energies(store: ColumnStore, *, unit_path: str, on: date, transformer_id: int | None = None) -> pl.DataFrame:
    """One row for each point behind the unit's transformers (or one of them) at which a meter hangs on the day:
    ``usage_point_id``, ``installation_id``, ``energy_ckwh``, ``export_ckwh`` (null: not read, or no such register), ``is_timed``,
    ``has_ratio``. Estimates are no readings. Registers at both ends come first; where one is missing the day's 96 quarter
    hours, and those alone for a meter billed from curves."""
    where, params = f"substr(u.path, 1, {len(unit_path)}) = ?", [unit_path]
    if transformer_id is not None:
        where = f"{where} AND t.id = {int(transformer_id)}"
    hung = pl.DataFrame(
        store.read(
            "SELECT i.id AS installation_id, i.usage_point_id, i.multiplier, m.digits, i.source "
            f"{BEHIND} JOIN metering_meter m ON m.id = i.meter_id "
            f"WHERE {where} AND i.installed_on <= ? AND (i.removed_on IS NULL OR i.removed_on > ?)",
            [*params, on, on],
            schema=_HUNG,
        )
    )
    shown = pl.DataFrame(
        store.read(
            "SELECT r.installation_id, r.read_on, r.total_ckwh AS total, r.export_ckwh AS export, r.source "
            f"{BEHIND} JOIN metering_reading r ON r.installation_id = i.id WHERE {where} "
            "AND r.is_current AND r.state IN ('ACCEPTED', 'HELD') AND r.state = 'ACCEPTED' AND r.source <> 'ESTIMATE' "
            "AND r.read_on IN (?, ?)",
            [*params, on, on + timedelta(days=1)],
            schema=_READ,
        )
    )
    curved = _from_curves(store, unit_path, on, hung if transformer_id is not None else None)
    return _chosen(_with_registers(hung, shown, on).join(curved, on="installation_id", how="left"))


def _with_registers(hung: pl.DataFrame, shown: pl.DataFrame, on: date) -> pl.DataFrame:
    first = shown.filter(pl.col("read_on") == on).drop("read_on")
    last = shown.filter(pl.col("read_on") == on + timedelta(days=1)).drop("read_on")
    paired = hung.join(first, on="installation_id", how="left", suffix="_first").rename({"source_first": "from"})
    both = paired.join(last, on="installation_id", how="left", suffix="_last").rename({"source_last": "to"})
    modulus = pl.lit(10, pl.Int64).pow(pl.col("digits").cast(pl.UInt32)) * CKWH_PER_KWH

    def moved(name: str) -> pl.Expr:
        advance = pl.col(f"{name}_last") - pl.col(name)
        return pl.when(advance < 0).then(advance + modulus).otherwise(advance)

    return both.with_columns(
        registered=moved("total"),
        registered_export=moved("export"),
        frozen=pl.col("from").is_in(_FROZEN) & pl.col("to").is_in(_FROZEN),
    )


def _from_curves(store: ColumnStore, unit_path: str, on: date, only: pl.DataFrame | None) -> pl.DataFrame:
    """Energy of the day's quarter hours on the face, null where one is missing."""
    wanted = None if only is None else only["installation_id"].to_list()
    points = intervals(store, from_on=on, to_on=on + timedelta(days=1), unit_path=unit_path, installation_ids=wanted)
    summed = points.group_by("installation_id").agg(
        pl.len().alias("quarters"),
        pl.col("active_wh").cast(pl.Int64).sum().alias("wh"),
        pl.when(pl.col("export_wh").null_count() == 0)
        .then(pl.col("export_wh").cast(pl.Int64).sum())
        .alias("export_wh"),
    )
    whole = summed.filter(pl.col("quarters") == POINTS_PER_DAY).drop("quarters")
    return whole.collect()


def _chosen(rows: pl.DataFrame) -> pl.DataFrame:
    """Registers or quarter hours, times the multiplier."""
    by_register = (pl.col("source") == "REGISTER") & pl.col("registered").is_not_null()

    def energy(register: str, wh: str) -> pl.Expr:
        from_curve = half_up(pl.col(wh) * pl.col("multiplier"), WH_PER_CKWH)
        return pl.when(by_register).then(pl.col(register) * pl.col("multiplier")).otherwise(from_curve)

    return rows.select(
        "usage_point_id",
        "installation_id",
        energy("registered", "wh").alias("energy_ckwh"),
        energy("registered_export", "export_wh").alias("export_ckwh"),
        pl.when(by_register).then(pl.col("frozen").fill_null(False)).otherwise(True).alias("is_timed"),
        pl.col("multiplier").is_not_null().alias("has_ratio"),
    )
