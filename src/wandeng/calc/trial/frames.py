"""One account as the columns of rating: rows by name, with what a trial case leaves out filled in as "none of it"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from wandeng.calc.rating.frames import (
    POINTS,
    PRICES,
    READS,
    REGISTER_NAMES,
    TERMS,
    BasicMethod,
    Kind,
    LossMethod,
    Measure,
    MonthBasis,
    Shard,
)
from wandeng.kernel.periods import FAR_FUTURE, FAR_PAST, Period
from wandeng.kernel.units import CKWH_PER_KWH, UNBOUNDED_CKWH

ACCOUNT, POINT, SUB_METER_POINT = 1, 1, 2
MODULUS_CKWH = 10**9 * CKWH_PER_KWH
"""A register that never rolls over in a trial unless the case says where it does."""
EVERY_MONTH = 4095

Row = dict[str, object]
Registers = dict[str, tuple[int, int]]


def read_row(
    period: Period,
    registers: Registers,
    *,
    installation: int = 1,
    multiplier: int = 1,
    modulus_ckwh: int = MODULUS_CKWH,
    demand_e4: int | None = None,
    deducted: bool = False,
) -> Row:
    """A row of READS. ``registers`` are (start, end) by name; ``deducted``: a sub-meter (扣减)."""
    row: Row = {f"{name}_{end}": None for name in REGISTER_NAMES for end in ("start", "end")}
    for name, (start, end) in registers.items():
        row |= {f"{name}_start": start, f"{name}_end": end}
    return row | {
        "account_id": ACCOUNT,
        "usage_point_id": SUB_METER_POINT if deducted else POINT,
        "installation_id": installation,
        "deducts_from_point": POINT if deducted else None,
        "from_on": period.from_on,
        "to_on": period.to_on,
        "multiplier": multiplier,
        "modulus_ckwh": modulus_ckwh,
        "demand_e4": demand_e4,
        "estimated": False,
    }


def terms_row(period: Period, structure_id: int, **known: int | None) -> Row:
    """A row of TERMS; columns not named are 0, which means none of it. ``None`` is not known, which rating refuses
    where it needs it."""
    row: Row = dict.fromkeys(TERMS.names, 0)
    row |= {"basic_method": int(BasicMethod.NONE), "loss_method": int(LossMethod.NONE)}
    row |= known
    return row | {
        "account_id": ACCOUNT,
        "usage_point_id": POINT,
        "valid_from": period.from_on,
        "valid_to": period.to_on,
        "structure_id": structure_id,
    }


def point_row(
    period: Period,
    *,
    months: int = 1,
    tier_base_ckwh: int = 0,
    tier_months: int = 12,
    previous_ckwh: int | None = None,
    contract_capacity_ckva: int | None = None,
) -> Row:
    """The one row of POINTS. Held findings are let through, the trial reports them as notes."""
    return {
        "account_id": ACCOUNT,
        "usage_point_id": POINT,
        "period_from": period.from_on,
        "period_to": period.to_on,
        "months": months,
        "tier_base_ckwh": tier_base_ckwh,
        "tier_months": tier_months,
        "previous_ckwh": previous_ckwh,
        "contract_capacity_ckva": contract_capacity_ckva,
        "accepted": False,
    }


def price_row(
    structure_id: int,
    item_id: int,
    kind: Kind,
    measure: Measure,
    price_e8: int,
    *,
    pf_base: bool = False,
    tier: int = 0,
    tier_cycle: int = 0,
    tier_lo_ckwh: int = 0,
    tier_hi_ckwh: int = UNBOUNDED_CKWH,
    valid_from: date = FAR_PAST,
    valid_to: date = FAR_FUTURE,
) -> Row:
    """A row of PRICES that a case file states itself: version 0, every month."""
    return {
        "structure_id": structure_id,
        "version_id": 0,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "month_mask": EVERY_MONTH,
        "month_basis": int(MonthBasis.USAGE_MONTH),
        "item_id": item_id,
        "kind": int(kind),
        "measure": int(measure),
        "tier": tier,
        "tier_cycle": tier_cycle,
        "tier_lo_ckwh": tier_lo_ckwh,
        "tier_hi_ckwh": tier_hi_ckwh,
        "price_e8": price_e8,
        "pf_base": pf_base,
    }


def shard(points: Sequence[Row], terms: Sequence[Row], reads: Sequence[Row]) -> Shard:
    """Rows as the tables of a shard."""
    return Shard(table(points, POINTS), table(terms, TERMS), table(reads, READS))


def prices(rows: Sequence[Row]) -> pa.Table:
    """Rows as the PRICES table."""
    return table(rows, PRICES)


def table(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    """Rows by name as an Arrow table with exactly the columns of a schema."""
    return pa.table({name: [row[name] for row in rows] for name in schema.names}, schema=schema)
