"""Readings to energy, and the complaint each bad reading deserves."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc import usage
from wandeng.calc.rating.frames import READS, FindingCode
from wandeng.calc.tests.rating_cases import Row, read


def measured(*rows: Row) -> pl.DataFrame:
    return usage.energies(pl.DataFrame(pl.from_arrow(pa.Table.from_pylist(list(rows), schema=READS))))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 10**6 - 1), st.integers(0, 10**6 - 1), st.integers(1, 5000))
def test_a_meter_may_start_anywhere_below_its_modulus(start: int, energy: int, multiplier: int) -> None:
    row = read(total_start=start, total_end=(start + energy) % 10**6, modulus_ckwh=10**6, multiplier=multiplier)
    assert measured(row)["total"].to_list() == [energy * multiplier]


def test_registers_a_meter_does_not_have_are_zero_and_flat_takes_the_rest() -> None:
    one, other = measured(read(end={"total": 10}), read(end={"total": 10, "peak": 4, "valley": 5})).to_dicts()
    assert (one["peak"], one["flat"]) == (0, 1000)
    assert (other["peak"], other["valley"], other["sharp"], other["flat"]) == (400, 500, 0, 100)


def test_demand_is_rounded_after_the_multiplier() -> None:
    # 0.1234 kW × 50 = 6.17 kW; 0.0001 × 50 = 0.005 → 0.01; no register, no demand.
    rows = [read(end={"total": 1}, demand_e4=demand, multiplier=50) for demand in (1234, 1, None)]
    assert measured(*rows)["demand_ckw"].to_list() == [617, 1, None]


def test_a_bad_row_carries_no_energy_and_says_why() -> None:
    rows = [
        read(end={"total": 10}, total_start=None),
        read(end={"total": 10}, total_end=None),
        read(end={"total": 10}, multiplier=-1),
        read(end={"total": 10, "peak": 11}),
        read(end={"total": 10}),
    ]
    frame = measured(*rows)
    assert frame["total"].to_list() == [0, 0, 0, 0, 1000]
    faults = usage.faults(frame)
    assert faults["code"].to_list() == [
        FindingCode.MISSING_READING,
        FindingCode.MISSING_READING,
        FindingCode.MULTIPLIER_MISSING,
        FindingCode.PERIODS_EXCEED_TOTAL,
    ]
    assert faults["on"].to_list() == [date(2026, 6, 1), date(2026, 7, 1), date(2026, 6, 1), date(2026, 7, 1)]
    assert faults["found"].to_list() == [None, None, -1, 1100]
    assert faults["limit"].to_list() == [None, None, None, 1000]
