"""A province's month of customers for the bill-run benchmarks, made by the shard: same seed, same rows.

85 % households on annual cumulative tiers pro rata for their months in force, one in five of them with time-of-use
adders (the valley one negative); 13 % shops with four periods; 2 % large customers with a capacity or a demand charge
and a power factor. Individual reading days, a price change on the 16th, registers that roll over, multipliers, and 3 %
who moved in after the change.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from wandeng.calc.rating.frames import (
    POINTS,
    PRICES,
    READS,
    REGISTER_NAMES,
    TERMS,
    BasicMethod,
    Book,
    Conventions,
    Item,
    Kind,
    Measure,
    MonthBasis,
    Shard,
    Version,
)
from wandeng.kernel.money import price_e8
from wandeng.kernel.periods import FAR_FUTURE, FAR_PAST
from wandeng.kernel.units import UNBOUNDED_CKWH

REGIONS = 6
CHANGE = date(2026, 6, 16)
HOME, HOME_BY_TIME, SHOP, LARGE = range(4)
EPOCH = date(1970, 1, 1)
MODULUS = 10**8

Column = np.ndarray[Any, Any]


def book() -> Book:
    """Price rows of six regions before and after the change, and conventions without any optional rule."""
    rows: list[dict[str, Any]] = []
    for region in range(REGIONS):
        for version, (start, end) in enumerate([(FAR_PAST, CHANGE), (CHANGE, FAR_FUTURE)]):
            rows += _rows(region, version, start, end)
    return Book(
        prices=pa.Table.from_pylist(rows, schema=PRICES),
        items=tuple(Item(n, f"ITEM{n}", f"项目{n}", f"item {n}") for n in range(8)),
        versions=tuple(Version(n, f"synthetic/{n}.toml", "", "2026-01-01", "synthetic", "L") for n in range(3)),
        structures=tuple(f"R{region}-{name}" for region in range(REGIONS) for name in ("HOME", "TOU", "SHOP", "LARGE")),
        conventions=conventions(),
    )


def conventions() -> Conventions:
    """Power-factor table of standard 90 only; no held findings worth the name, so that every account is priced."""
    factors = list(range(101))
    return Conventions(
        month_days=30,
        demand_free_share_e4=10_500,
        demand_excess_factor=2,
        demand_excess_base="contract",
        demand_utilization_ckwh=26_000,
        demand_utilization_share_e4=10_000,
        loss_period="flat",
        loss_whole_kwh=True,
        tier_split="surcharge",
        jump_factor_e4=50_000,
        jump_floor_ckwh=100_000,
        zero_held=True,
        capacity_hours_per_day=24,
        power_factor=pa.table(
            {
                "standard": pa.array([90] * 101, pa.int16()),
                "pf_hundredths": pa.array(factors, pa.int16()),
                "rate_e8": pa.array([max((90 - f) * 500_000, -750_000) for f in factors], pa.int64()),
            }
        ),
        power_factor_version_id=2,
        conventions_version_id=2,
    )


def shard(first_account: int, accounts: int, seed: int = 1) -> Shard:
    """Accounts ``first_account`` … with one point each. The rows of an account do not depend on the shard's size
    as long as shards start at the same accounts."""
    rng = np.random.default_rng([seed, first_account])
    ids = np.arange(first_account, first_account + accounts, dtype=np.int64)
    draw = rng.random(accounts)
    kind = np.select([draw < 0.68, draw < 0.85, draw < 0.98], [HOME, HOME_BY_TIME, SHOP], LARGE)
    change = (CHANGE - EPOCH).days
    end_on = change + rng.integers(1, 30, accounts)
    start_on = end_on - 30
    moved_in = rng.random(accounts) < 0.03
    start_on = np.where(moved_in, np.minimum(end_on - 1, change + rng.integers(0, 28, accounts)), start_on)
    months = np.where(moved_in, rng.integers(1, 12, accounts), 12)
    span = {"from": start_on.astype(np.int32), "to": end_on.astype(np.int32)}
    return Shard(
        points=_points(rng, ids, span, kind, months, moved_in),
        terms=_terms(rng, ids, span, kind),
        reads=_reads(rng, ids, span, kind),
    )


def _rows(region: int, version: int, start: date, end: date) -> list[dict[str, Any]]:
    extra = version * 7 + region

    def row(structure: int, item: int, yuan: str, **columns: Any) -> dict[str, Any]:
        values = {
            "structure_id": region * 4 + structure,
            "version_id": version,
            "valid_from": start,
            "valid_to": end,
            "month_mask": 4095,
            "month_basis": MonthBasis.USAGE_MONTH,
            "item_id": item,
            "kind": Kind.ENERGY,
            "measure": Measure.TOTAL,
            "tier": 0,
            "tier_cycle": 0,
            "tier_lo_ckwh": 0,
            "tier_hi_ckwh": UNBOUNDED_CKWH,
            "price_e8": price_e8(yuan) + extra * 123_457,
            "pf_base": structure == LARGE,
        }
        return values | columns

    edges = [0, 276_000, 480_000, UNBOUNDED_CKWH]
    rows = [
        row(home, 1, yuan, tier=tier + 1, tier_cycle=12, tier_lo_ckwh=edges[tier], tier_hi_ckwh=edges[tier + 1])
        for home in (HOME, HOME_BY_TIME)
        for tier, yuan in enumerate(("0.538", "0.588", "0.838"))
    ]
    for measure, yuan in ((Measure.PEAK, "0.03"), (Measure.VALLEY, "-0.25")):
        rows.append(row(HOME_BY_TIME, 2, yuan, measure=measure, kind=Kind.SURCHARGE))
    periods = ((Measure.SHARP, "1.31"), (Measure.PEAK, "1.07"), (Measure.FLAT, "0.63"), (Measure.VALLEY, "0.24"))
    for measure, yuan in periods:
        rows.append(row(SHOP, 3, yuan, measure=measure))
        rows.append(row(LARGE, 3, yuan, measure=measure))
    rows.append(row(LARGE, 4, "23", kind=Kind.CAPACITY, measure=Measure.CAPACITY))
    rows.append(row(LARGE, 5, "38", kind=Kind.DEMAND, measure=Measure.DEMAND))
    rows.append(row(LARGE, 6, "0", kind=Kind.POWER_FACTOR, measure=Measure.PF_BASE, pf_base=False))
    return rows


def _points(
    rng: np.random.Generator, ids: Column, span: dict[str, Column], kind: Column, months: Column, moved_in: Column
) -> pa.Table:
    before = np.where(moved_in | (kind > HOME_BY_TIME), 0, rng.integers(20_000, 300_000, ids.size))
    columns: dict[str, Any] = {
        "account_id": ids,
        "usage_point_id": ids,
        "period_from": span["from"],
        "period_to": span["to"],
        "months": np.ones(ids.size, np.int16),
        "tier_base_ckwh": before,
        "tier_months": months.astype(np.int16),
        "previous_ckwh": pa.nulls(ids.size, pa.int64()),
        "contract_capacity_ckva": pa.nulls(ids.size, pa.int64()),
        "accepted": np.zeros(ids.size, bool),
    }
    return _table(columns, POINTS)


def _terms(rng: np.random.Generator, ids: Column, span: dict[str, Column], kind: Column) -> pa.Table:
    large = kind == LARGE
    columns: dict[str, Any] = {name: np.zeros(ids.size, np.int64) for name in TERMS.names}
    method = np.select([~large, ids % 2 == 0], [BasicMethod.NONE, BasicMethod.CAPACITY], BasicMethod.CONTRACT_DEMAND)
    columns |= {
        "account_id": ids,
        "usage_point_id": ids,
        "valid_from": span["from"],
        "valid_to": span["to"],
        "structure_id": (ids % REGIONS) * 4 + kind,
        "running_capacity_ckva": pa.array(rng.integers(5, 40, ids.size) * 8_000, mask=~large),
        "basic_method": method,
        "contract_demand_ckw": pa.array(rng.integers(5, 40, ids.size) * 6_000, mask=~large),
        "pf_standard": np.where(large, 90, 0),
    }
    return _table(columns, TERMS)


def _reads(rng: np.random.Generator, ids: Column, span: dict[str, Column], kind: Column) -> pa.Table:
    size = ids.size
    total = np.where(kind <= HOME_BY_TIME, rng.gamma(2.0, 9_000, size), rng.gamma(2.0, 40_000, size)).astype(np.int64)
    multiplier = np.select([kind <= HOME_BY_TIME, kind == SHOP], [1, rng.choice([1, 20, 40], size)],
                           rng.choice([600, 1_000, 2_000], size))  # fmt: skip
    shares = rng.dirichlet([2.0, 5.0, 4.0, 5.0], size)
    by_time, four = kind >= HOME_BY_TIME, kind >= SHOP
    registers = {
        "total": (total, np.ones(size, bool)),
        "sharp": ((total * shares[:, 0]).astype(np.int64), four),
        "peak": ((total * shares[:, 1]).astype(np.int64), by_time),
        "valley": ((total * shares[:, 2]).astype(np.int64), by_time),
        "reactive": ((total * rng.uniform(0.1, 0.9, size)).astype(np.int64), kind == LARGE),
        "reactive_export": (np.zeros(size, np.int64), kind == LARGE),
    }
    columns: dict[str, Any] = {
        "account_id": ids,
        "usage_point_id": ids,
        "installation_id": ids,
        "deducts_from_point": pa.nulls(size, pa.int64()),
        "from_on": span["from"],
        "to_on": span["to"],
        "multiplier": multiplier,
        "modulus_ckwh": np.full(size, MODULUS),
        "demand_e4": pa.array(rng.integers(1_000, 9_000, size), mask=kind != LARGE),
        "estimated": np.zeros(size, bool),
    }
    for name in REGISTER_NAMES:
        energy, has = registers.get(name, (total, np.zeros(size, bool)))
        start = rng.integers(0, MODULUS, size)
        columns[f"{name}_start"] = pa.array(start, mask=~has)
        columns[f"{name}_end"] = pa.array((start + energy) % MODULUS, mask=~has)
    return _table(columns, READS)


def _table(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    arrays = [
        column.cast(field.type) if isinstance(column, pa.Array) else pa.array(column).cast(field.type)
        for field, column in ((field, columns[field.name]) for field in schema)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
