"""Rows for rating tests: defaults for every column, and a generator of crooked customers for the comparison of pricers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pyarrow as pa

from wandeng.calc.rating.frames import (
    POINTS,
    PRICES,
    READS,
    TERMS,
    BasicMethod,
    Book,
    Conventions,
    Item,
    Kind,
    LossMethod,
    Measure,
    MonthBasis,
    Shard,
    Version,
)  # fmt: skip
from wandeng.kernel.money import price_e8
from wandeng.kernel.periods import FAR_FUTURE, FAR_PAST
from wandeng.kernel.units import UNBOUNDED_CKWH

Row = dict[str, Any]
JUN, JUL, AUG = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


def kwh(amount: float | int | str) -> int:
    """Kilowatt-hours (also kvarh, kVA, kW) as hundredths."""
    return round(float(amount) * 100)


def point(account: int = 1, usage_point: int = 1, *, period: tuple[date, date] = (JUN, JUL), **columns: Any) -> Row:
    row = {
        "account_id": account, "usage_point_id": usage_point, "period_from": period[0], "period_to": period[1],
        "months": 1, "tier_base_ckwh": 0, "tier_months": 12, "previous_ckwh": None, "contract_capacity_ckva": None,
        "accepted": False,
    }  # fmt: skip
    return row | columns


def term(account: int = 1, usage_point: int = 1, *, span: tuple[date, date] = (JUN, JUL), **columns: Any) -> Row:
    row: Row = dict.fromkeys(TERMS.names, 0)
    row |= {
        "account_id": account, "usage_point_id": usage_point, "valid_from": span[0], "valid_to": span[1],
        "running_capacity_ckva": None, "contract_demand_ckw": None,
    }  # fmt: skip
    return row | columns


def read(
    account: int = 1, usage_point: int = 1, *, span: tuple[date, date] = (JUN, JUL), start: Row | None = None,
    end: Row | None = None, **columns: Any,
) -> Row:  # fmt: skip
    """Registers are given in kWh: ``start={"total": 1500}``; total starts at zero if not given."""
    row: Row = dict.fromkeys(READS.names)
    row |= {
        "account_id": account, "usage_point_id": usage_point, "installation_id": usage_point * 10, "from_on": span[0],
        "to_on": span[1], "multiplier": 1, "modulus_ckwh": 10**8, "estimated": False,
    }  # fmt: skip
    for name, value in (end or {}).items():
        row[f"{name}_end"] = kwh(value)
        row[f"{name}_start"] = kwh((start or {}).get(name, 0))
    return row | columns


def price(
    yuan: str, *, kind: Kind = Kind.ENERGY, measure: Measure = Measure.TOTAL, item: int = 1, **columns: Any
) -> Row:
    row = {
        "structure_id": 0, "version_id": 1, "valid_from": FAR_PAST, "valid_to": FAR_FUTURE, "month_mask": 4095,
        "month_basis": MonthBasis.USAGE_MONTH, "item_id": item, "kind": kind, "measure": measure, "tier": 0,
        "tier_cycle": 0, "tier_lo_ckwh": 0, "tier_hi_ckwh": UNBOUNDED_CKWH, "price_e8": price_e8(yuan),
        "pf_base": False,
    }  # fmt: skip
    return row | columns


def tiers(edges: list[int], yuan: list[str], *, cycle: int, **columns: Any) -> list[Row]:
    """One row per tier; edges in kWh, one fewer than prices."""
    bounds = [0, *[kwh(edge) for edge in edges], UNBOUNDED_CKWH]
    return [
        price(each, tier=number + 1, tier_cycle=cycle, tier_lo_ckwh=bounds[number], tier_hi_ckwh=bounds[number + 1],
              **columns)
        for number, each in enumerate(yuan)
    ]  # fmt: skip


def published_rate(standard: int, factor: int) -> int:
    """The power-factor table of ``rules.md`` 3.4 in 10⁻⁸, for the three standards, from its closed form and steps."""
    below = standard - factor
    if below > 0:
        tenths = 5 * below if below <= 20 else 100 + 10 * (below - 20) if below <= 25 else 150 + 20 * (below - 25)
        return tenths * 100_000
    above = -below
    reward = {
        90: [0, 15, 30, 45, 60, 75],
        85: [0, 10, 20, 30, 40, 50, 65, 80, 95, 110],
        80: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 115, 130],
    }[standard]
    return -reward[min(above, len(reward) - 1)] * 10_000


POWER_FACTOR = pa.table(
    {
        "standard": pa.array([s for s in (80, 85, 90) for _ in range(101)], pa.int16()),
        "pf_hundredths": pa.array([f for _ in range(3) for f in range(101)], pa.int16()),
        "rate_e8": pa.array([published_rate(s, f) for s in (80, 85, 90) for f in range(101)], pa.int64()),
    }
)


def conventions(**changes: Any) -> Conventions:
    values: dict[str, Any] = {
        "month_days": 30, "demand_free_share_e4": 10_500, "demand_excess_factor": 2, "demand_excess_base": "contract",
        "demand_utilization_ckwh": kwh(260), "demand_utilization_share_e4": 10_000, "loss_period": "flat",
        "loss_whole_kwh": True, "tier_split": "surcharge", "jump_factor_e4": 50_000, "jump_floor_ckwh": kwh(500),
        "zero_held": True, "capacity_hours_per_day": 24, "power_factor": POWER_FACTOR, "power_factor_version_id": 90,
        "conventions_version_id": 91,
    }  # fmt: skip
    return Conventions(**values | changes)


def book(*prices: Row, **changes: Any) -> Book:
    return Book(
        prices=pa.Table.from_pylist(list(prices), schema=PRICES),
        items=tuple(Item(n, f"ITEM{n}", f"项目{n}", f"item {n}") for n in range(12)),
        versions=(Version(1, "rules/x.toml", "0", "2026-01-01", "test", "C"),),
        structures=("A", "B", "C"),
        conventions=conventions(**changes),
    )


def shard(points: list[Row], terms: list[Row], reads: list[Row]) -> Shard:
    return Shard(
        points=pa.Table.from_pylist(points, schema=POINTS),
        terms=pa.Table.from_pylist(terms, schema=TERMS),
        reads=pa.Table.from_pylist(reads, schema=READS),
    )


def random_book(rng: Random) -> Book:
    """Four structures: monthly tiers, annual tiers by period, single rate with a fund, two-part with everything."""
    change = date(2026, 6, rng.randint(2, 29))
    rows: list[Row] = []
    for number, (start, end) in enumerate([(FAR_PAST, change), (change, FAR_FUTURE)]):
        at: Row = {"valid_from": start, "valid_to": end, "version_id": number}
        cents = [f"0.{rng.randint(30, 99)}{rng.randint(0, 10**6):06d}" for _ in range(12)]
        edge = rng.choice([20, 180, 200])
        rows += tiers([edge, edge + rng.randint(1, 200)], cents[:3], cycle=1, structure_id=0, **at)
        rows.append(price("-0." + cents[3][2:], kind=Kind.FREE_QUOTA, measure=Measure.FREE, item=3, **at))
        for measure in (Measure.PEAK, Measure.VALLEY, Measure.SHARP, Measure.DEEP, Measure.FLAT):
            rows += tiers([rng.choice([100, 230]), 400], cents[3:6], cycle=rng.choice([1, 12]), structure_id=1,
                          measure=measure, item=1, **at)  # fmt: skip
            rows.append(price(cents[measure], measure=measure, structure_id=3, item=1, pf_base=True, **at))
        rows += tiers([200], ["0", "0.05"], cycle=12, structure_id=1, kind=Kind.SURCHARGE, item=2, **at)
        rows.append(price(cents[6], structure_id=2, item=1, **at))
        rows.append(price("-" + cents[7], structure_id=2, item=5, kind=Kind.FEED_IN, measure=Measure.EXPORT, **at))
        rows.append(price("23.5", structure_id=3, item=7, kind=Kind.CAPACITY, measure=Measure.CAPACITY,
                          pf_base=rng.random() < 0.7, **at))  # fmt: skip
        rows.append(price("38.33333333", structure_id=3, item=7, kind=Kind.DEMAND, measure=Measure.DEMAND,
                          pf_base=True, **at))  # fmt: skip
    if rng.random() < 0.1:
        rows = [row for row in rows if rng.random() < 0.97]
    for structure in range(4):
        rows.append(price("0.01968125", structure_id=structure, item=4, kind=Kind.FUND))
        rows.append(price("0.00000001", structure_id=structure, item=6, month_mask=rng.choice([4095, 1 << 5, 1 << 6]),
                          month_basis=rng.randint(0, 1), kind=Kind.SURCHARGE))  # fmt: skip
        if structure >= 2:
            rows.append(price("0", structure_id=structure, item=9, kind=Kind.POWER_FACTOR, measure=Measure.PF_BASE))
    return book(
        *rows,
        demand_excess_base=rng.choice(["contract", "free_share"]),
        demand_utilization_share_e4=rng.choice([9000, 10_000]),
        loss_period=rng.choice(["flat", "pro_rata"]),
        loss_whole_kwh=rng.random() < 0.5,
        demand_free_share_e4=rng.choice([10_500, 10_000, 10_333]),
        zero_held=rng.random() < 0.5,
    )


def random_shard(rng: Random, accounts: int) -> Shard:
    points: list[Row] = []
    terms: list[Row] = []
    reads: list[Row] = []
    for account in range(1, accounts + 1):
        for usage_point in range(account * 10, account * 10 + rng.choice([1, 1, 1, 2, 3])):
            period = _random_period(rng)
            points.append(_random_point(rng, account, usage_point, period))
            terms += _random_terms(rng, account, usage_point, period)
            reads += _random_reads(rng, account, usage_point, period)
        if len(points) > 1 and rng.random() < 0.2:
            _add_sub_meter(rng, points[-1], reads)
    for rows in (points, terms, reads):
        rng.shuffle(rows)
    return shard(points, terms, reads)


def _random_period(rng: Random) -> tuple[date, date]:
    if rng.random() < 0.5:
        return JUN, JUL
    start = date(2026, 5, 15) + timedelta(days=rng.randint(0, 30))
    return start, start + timedelta(days=rng.choice([1, 2, 15, 28, 30, 31, 32, 61]))


def _random_point(rng: Random, account: int, usage_point: int, period: tuple[date, date]) -> Row:
    wrong: Row = rng.choice([{"months": None}, {"tier_months": 0}, {"tier_base_ckwh": None}])
    row = point(
        account, usage_point, period=period, months=rng.choice([1, 1, 1, 2]),
        tier_base_ckwh=rng.choice([0, 0, kwh(150), rng.randint(0, kwh(500))]), tier_months=rng.choice([12, 12, 5, 7, 1]),
        previous_ckwh=rng.choice([None, None, 0, kwh(100), kwh(10)]),
        contract_capacity_ckva=rng.choice([None, 0, kwh(1), kwh(200)]), accepted=rng.random() < 0.2,
    )  # fmt: skip
    return row | wrong if rng.random() < 0.01 else row


def _cuts(rng: Random, period: tuple[date, date], most: int) -> list[tuple[date, date]]:
    days = (period[1] - period[0]).days
    inside = sorted(rng.sample(range(1, days), min(rng.randint(0, most), days - 1))) if days > 1 else []
    edges = [period[0], *[period[0] + timedelta(days=day) for day in inside], period[1]]
    return list(pairwise(edges))


def _random_terms(rng: Random, account: int, usage_point: int, period: tuple[date, date]) -> list[Row]:
    pieces = _cuts(rng, period, rng.choice([0, 0, 0, 1, 2]))
    if rng.random() < 0.02:
        pieces = pieces[1:]
    structure = rng.choice([0, 0, 1, 2, 3, 3])
    rows = []
    for span in pieces:
        structure = structure if rng.random() < 0.8 else rng.randint(0, 3)
        two_part = structure == 3
        rows.append(
            term(
                account, usage_point, span=span, structure_id=None if rng.random() < 0.01 else structure,
                running_capacity_ckva=None if rng.random() < 0.02 else rng.choice([kwh(315), kwh(1000), 0]),
                basic_method=rng.choice(list(BasicMethod)) if two_part else rng.choice([None, 0]),
                contract_demand_ckw=None if rng.random() < 0.05 else rng.choice([kwh(100), 333, kwh(50)]),
                pf_standard=rng.choice([0, 80, 85, 90, 90]) if structure >= 2 else 0,
                tier_shift_ckwh=rng.choice([0, 0, kwh(100)]),
                free_ckwh=rng.choice([0, 0, kwh(10), kwh(15)]) if structure == 0 else 0,
                loss_method=rng.choice(list(LossMethod)) if rng.random() < 0.3 else 0,
                loss_active_ckwh=rng.choice([kwh(304), 777]), loss_reactive_ckvarh=rng.choice([0, kwh(99)]),
                loss_p0_w=rng.choice([170, 340]), loss_pk_w=870, loss_sn_ckva=0 if rng.random() < 0.02 else kwh(50),
                loss_i0_e4=200, loss_uk_e4=400, loss_k_e2=rng.choice([100, 300]),
                line_loss_e4=rng.choice([0, 0, 0, 250]),
            )
        )  # fmt: skip
    return rows


def _random_reads(rng: Random, account: int, usage_point: int, period: tuple[date, date]) -> list[Row]:
    pieces = _cuts(rng, period, rng.choice([0, 0, 0, 1, 2]))
    if rng.random() < 0.02:
        pieces = pieces[:-1]
    has_periods, has_reactive, has_export = rng.random() < 0.7, rng.random() < 0.95, rng.random() < 0.05
    if len(pieces) == 1 and rng.random() < 0.05:
        pieces = pieces * 2
    return [
        _random_read(rng, account, usage_point, span, number, has_periods, has_reactive, has_export)
        for number, span in enumerate(pieces)
    ]


def _random_read(rng: Random, account: int, usage_point: int, span: tuple[date, date], number: int, has_periods: bool,
                 has_reactive: bool, has_export: bool) -> Row:  # fmt: skip
    modulus = rng.choice([10**6, 10**8])
    total = rng.choice([0, 1, 2, 7, rng.randint(0, 1000), rng.randint(0, kwh(700))])
    row = read(
        account, usage_point, span=span, installation_id=usage_point * 10 + number, modulus_ckwh=modulus,
        multiplier=rng.choice([1, 1, 1, 1, 20, 200, 1000]), demand_e4=rng.choice([rng.randint(0, 10**6)] * 9 + [None]),
    )  # fmt: skip

    def register(name: str, energy: int) -> None:
        start = rng.choice([0, rng.randrange(modulus), modulus - 1])
        row[f"{name}_start"], row[f"{name}_end"] = start, (start + energy) % modulus

    register("total", total)
    if has_periods:
        left = total
        for name in rng.sample(["sharp", "peak", "valley", "deep"], rng.randint(1, 4)):
            part = rng.randint(0, left) if rng.random() < 0.8 else left
            register(name, part)
            left -= part
    if has_reactive:
        register("reactive", rng.choice([0, total, rng.randint(0, kwh(700))]))
        register("reactive_export", rng.choice([0, rng.randint(0, 100)]))
    if has_export:
        register("export", rng.randint(0, kwh(100)))
    return _spoil(rng, row) if rng.random() < 0.03 else row


def _spoil(rng: Random, row: Row) -> Row:
    """One thing a real reading file gets wrong."""
    wrong = rng.choice([
        {"total_end": None}, {"total_start": None}, {"multiplier": None}, {"multiplier": 0}, {"peak_end": None},
        {"modulus_ckwh": None, "total_start": 5, "total_end": 3}, {"sharp_start": 0, "sharp_end": kwh(9999)},
        {"multiplier": 2**26}, {"total_start": 0, "total_end": 2**40}, {"demand_e4": 2**36}, {"to_on": row["from_on"]},
        {"valley_start": 9, "valley_end": 1, "modulus_ckwh": 2}, {"deducts_from_point": -1},
    ])  # fmt: skip
    return row | wrong


def _add_sub_meter(rng: Random, parent: Row, reads: list[Row]) -> None:
    """A small meter behind the parent's: read on the same days, or over some of them only."""
    span = (parent["period_from"], parent["period_to"])
    if rng.random() < 0.3:
        span = rng.choice(_cuts(rng, span, 1))
    end = {"total": rng.choice([0.01, 0.01, 0.05, 3])}
    if rng.random() < 0.3:
        end["peak"] = 0.01
    reads.append(read(parent["account_id"], parent["usage_point_id"] + 500, span=span, end=end,
                      deducts_from_point=parent["usage_point_id"], installation_id=7))  # fmt: skip
