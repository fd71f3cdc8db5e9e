"""Billed energy beside the master meters (考核表) of transformer areas, for the run-level check."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.calc.rating.frames import Kind
from wandeng.domains.billing.types import LINE_NUMBERS, Supply
from wandeng.domains.metering import frames as metering
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month

_SOLD = pa.schema([("transformer_id", pa.int64()), ("energy_ckwh", pa.int64()), ("unbilled", pa.int64())])


def supply(store: ColumnStore, *, unit_path: str, month: Month) -> Supply | None:
    """Energy supplied to and billed behind the unit's master meters in a month; ``None`` when it has none.

    An area counts only when its master reading is known and every load behind it has a bill for the month: parked
    accounts and two-monthly routes would otherwise look like losses. Energy fed in behind the master adds to supply.
    """
    period = month.period
    masters = pl.DataFrame(
        metering.supply_energy(store, unit_path=unit_path, from_on=period.from_on, to_on=period.to_on)
    )
    if masters.is_empty():
        return None
    areas = masters.group_by("transformer_id").agg(
        pl.when(pl.col("energy_ckwh").null_count() == 0).then(pl.col("energy_ckwh").sum()).alias("supplied")
    )
    compared = areas.join(_sold(store, unit_path, month), on="transformer_id", how="left").filter(
        pl.col("supplied").is_not_null() & (pl.col("unbilled") == 0)
    )
    fed_in = _fed_in(store, unit_path, month).join(compared, on="transformer_id", how="semi")
    return Supply(
        supplied_ckwh=sum(compared["supplied"]) + sum(fed_in["energy_ckwh"]),
        billed_ckwh=sum(compared["energy_ckwh"]),
        areas=areas.height,
        areas_unknown=areas.height - compared.height,
    )


_IN_UNIT = (
    "p.transformer_id IN (SELECT s.transformer_id FROM network_usagepoint s JOIN customers_customeraccount h "
    "ON h.id = s.account_id JOIN organization_unit u ON u.id = h.unit_id "
    "WHERE s.kind = 'SUPPLY' AND substr(u.path, 1, {length}) = ?)"
)


def _sold(store: ColumnStore, unit_path: str, month: Month) -> pl.DataFrame:
    """Per area with a master meter: billed energy of the points behind it, and loads without a bill."""
    behind = _IN_UNIT.format(length=len(unit_path))
    found = store.read(
        "SELECT p.transformer_id, CAST(COALESCE(SUM(CASE WHEN q.id IS NOT NULL THEN q.energy_ckwh "
        "WHEN p.kind = 'LOAD' THEN b.energy_ckwh ELSE 0 END), 0) AS BIGINT) AS energy_ckwh, "
        "CAST(SUM(CASE WHEN p.kind = 'LOAD' AND b.id IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS unbilled "
        "FROM network_usagepoint p "
        "LEFT JOIN billing_bill b ON b.month_index = ? AND b.account_id = p.account_id AND b.revision = 0 "
        "LEFT JOIN billing_billpoint q ON q.month_index = ? AND q.account_id = p.account_id "
        "AND q.usage_point_id = p.id AND q.bill_id = b.id "
        f"WHERE p.kind <> 'SUPPLY' AND p.connected_on < ? AND (p.disconnected_on IS NULL OR p.disconnected_on > ?) "
        f"AND {behind} GROUP BY p.transformer_id",
        (month.index, month.index, month.next().first, month.first, unit_path),
        schema=_SOLD,
    )
    return pl.DataFrame(found)


def _fed_in(store: ColumnStore, unit_path: str, month: Month) -> pl.DataFrame:
    behind = _IN_UNIT.format(length=len(unit_path))
    found = store.read(
        "SELECT p.transformer_id, CAST(SUM(l.quantity) AS BIGINT) AS energy_ckwh FROM network_usagepoint p "
        "JOIN billing_bill b ON b.month_index = ? AND b.account_id = p.account_id AND b.revision = 0 "
        f"JOIN billing_billline l ON l.id >= b.id * {LINE_NUMBERS} AND l.id < (b.id + 1) * {LINE_NUMBERS} "
        "AND l.usage_point_id = p.id JOIN billing_billcharge c ON c.id = l.charge_id AND c.kind = ? "
        f"WHERE p.kind = 'FEED_IN' AND {behind} GROUP BY p.transformer_id",
        (month.index, int(Kind.FEED_IN), unit_path),
        schema=pa.schema([("transformer_id", pa.int64()), ("energy_ckwh", pa.int64())]),
    )
    return pl.DataFrame(found)
