"""Energy of the master meters (考核表) of transformer areas: what the bills are held against."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering.frames import registers
from wandeng.infra.columns import ColumnStore

SUPPLY = pa.schema([("transformer_id", pa.int64()), ("usage_point_id", pa.int64()), ("energy_ckwh", pa.int64())])


def supply_energy(store: ColumnStore, *, unit_path: str, from_on: date, to_on: date) -> pa.Table:
    """kWh through the master meter of each transformer of the unit that has one, as ``(transformer_id,
    usage_point_id, energy_ckwh)``; energy is null where a reading or the multiplier is missing.

    A master meter is a usage point of kind SUPPLY on the transformer, under a house account of the utility; it has
    readings like any other and is never billed. Transformers without one (customers' own, 专变) are absent, and
    what is sold behind them must be left out of the comparison as well.
    """
    house = _house_accounts(store, unit_path)
    if house is None:
        return SUPPLY.empty_table()
    hung = pl.DataFrame(registers.installations(store, accounts=house, from_on=from_on, to_on=to_on))
    masters = hung.filter(pl.col("kind") == "SUPPLY").with_columns(period_from=pl.lit(from_on), period_to=pl.lit(to_on))
    where, params = house.where("a", points="p")
    stations = store.read(
        "SELECT p.id AS usage_point_id, p.transformer_id FROM network_usagepoint p "
        f"JOIN customers_customeraccount a ON a.id = p.account_id WHERE p.kind = 'SUPPLY' AND {where}",
        params,
        schema=pa.schema([("usage_point_id", pa.int64()), ("transformer_id", pa.int64())]),
    )
    moved = pl.DataFrame(registers.between(store, house, masters)).with_columns(
        pl.col("total_end").lt(pl.col("total_start")).cast(pl.Int64).alias("rolled")
    )
    energy = moved.select(
        "usage_point_id",
        (
            (pl.col("total_end") - pl.col("total_start") + pl.col("rolled") * pl.col("modulus_ckwh"))
            * pl.col("multiplier")
        ).alias("energy_ckwh"),
    )
    # Two meters in the period add up; one unknown part leaves the whole unknown.
    summed = energy.group_by("usage_point_id").agg(
        pl.when(pl.col("energy_ckwh").null_count() == 0).then(pl.col("energy_ckwh").sum()).alias("energy_ckwh")
    )
    return (
        pl.DataFrame(stations)
        .join(summed, on="usage_point_id", how="left")
        .sort("transformer_id", "usage_point_id")
        .select(SUPPLY.names)
        .to_arrow()
        .cast(SUPPLY)
    )


def _house_accounts(store: ColumnStore, unit_path: str) -> AccountSet | None:
    """The range of the few accounts that master meters are under, so that nobody else's meters are read."""
    where, params = AccountSet(unit_path=unit_path).where("a")
    found = store.read(
        "SELECT MIN(a.id) AS first, MAX(a.id) AS last FROM network_usagepoint p "
        f"JOIN customers_customeraccount a ON a.id = p.account_id WHERE p.kind = 'SUPPLY' AND {where}",
        params,
        schema=pa.schema([("first", pa.int64()), ("last", pa.int64())]),
    )
    first, last = found.to_pylist()[0].values()
    return None if first is None else AccountSet(first, last + 1, unit_path)
