"""Voltage of monitored points: readings judged against their limits, with faults of the data told apart, and the share in range.

Source: GB/T 12325-2008 (limits), 综合电压合格率 = weight · A + (1 − weight) · mean of B, C, D that have points. What is a fault of
the data is the utility's own setting. Voltages are whole numbers of 0.1 V; shares are exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import polars as pl

from wandeng.kernel.errors import InvalidInput

MISSING = np.iinfo(np.int32).min
"""A reading that is not there."""
FAULTS = ("missing", "negative", "dead", "doubled", "beyond", "stuck")
"""Why minutes are not judged: no reading, below zero, next to nothing (an outage or a broken line), about twice the nominal
voltage (counted twice), far above it, the same to the last digit for too long."""
JUDGED = pl.Schema(
    {"monitored": pl.Int32, "over": pl.Int32, "under": pl.Int32, **dict.fromkeys(FAULTS, pl.Int32), "max_dv": pl.Int32,
     "min_dv": pl.Int32}
)  # fmt: skip
"""Minutes of a point's day and its extremes (null where nothing was judged); faults and monitored minutes make up the day."""
POINTS = pl.Schema(
    {"point": pl.Int64, "monitored": pl.Int64, "over": pl.Int64, "under": pl.Int64, "voltage_class": pl.String}
)
"""A period's minutes of a point."""

Volts = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FaultRule:
    """Where a reading is no voltage, in ‰ of nominal: below ``dead``, between ``doubled_from`` and ``doubled_to``, above
    ``beyond``; or the same for ``stuck_minutes``."""

    dead: int
    doubled_from: int
    doubled_to: int
    beyond: int
    stuck_minutes: int


def limits(nominal_dv: int, plus_percent: Fraction, minus_percent: Fraction) -> tuple[int, int]:
    """The highest and the lowest voltage in range, 0.1 V: 235.4 V and 198.0 V for 220 V at +7 % and −10 %. A reading is in range
    at the limit itself; limits between two tenths are taken inward.

    >>> limits(2200, Fraction(7), Fraction(-10))
    (2354, 1980)
    """
    upper, lower = (nominal_dv * (100 + part) / 100 for part in (plus_percent, minus_percent))
    return int(upper // 1), -int(-lower // 1)


def judge(
    volts: Volts, nominal: Volts, upper: Volts, lower: Volts, *, rule: FaultRule, slot_minutes: int
) -> pl.DataFrame:
    """Judge days of readings: ``volts`` has a row a point and day and a column a slot, :data:`MISSING` where there is none; the
    others are one number a row, all 0.1 V. Returns :data:`JUDGED`, a row for each of ``volts``."""
    if volts.ndim != 2 or not len(volts) == len(nominal) == len(upper) == len(lower):
        raise InvalidInput("a day of voltage has a nominal voltage and two limits")
    faults = _faults(volts, nominal[:, None].astype(np.int64), rule, max(1, rule.stuck_minutes // slot_minutes))
    good = ~np.logical_or.reduce(list(faults.values()))
    counts = {
        "monitored": good, "over": good & (volts > upper[:, None]), "under": good & (volts < lower[:, None]), **faults,
    }  # fmt: skip
    low, high = np.where(good, volts, np.iinfo(np.int32).max), np.where(good, volts, np.iinfo(np.int32).min)
    told = pl.DataFrame(
        {name: (flags.sum(axis=1) * slot_minutes).astype(np.int32) for name, flags in counts.items()}
        | {"max_dv": high.max(axis=1, initial=np.iinfo(np.int32).min), "min_dv": low.min(axis=1, initial=np.iinfo(np.int32).max)},
    )  # fmt: skip
    known = pl.when(pl.col("monitored") > 0)
    return told.with_columns(known.then("max_dv").alias("max_dv"), known.then("min_dv").alias("min_dv")).cast(JUDGED)


def _faults(volts: Volts, nominal: npt.NDArray[np.int64], rule: FaultRule, stuck_slots: int) -> dict[str, Flags]:
    """Each reading's fault, by its name; the first that fits."""
    permille = volts.astype(np.int64) * 1000
    told = {
        "missing": volts == MISSING,
        "negative": (volts < 0) & (volts != MISSING),
        "dead": permille < rule.dead * nominal,
        "doubled": (permille >= rule.doubled_from * nominal) & (permille <= rule.doubled_to * nominal),
        "beyond": permille > rule.beyond * nominal,
        "stuck": _stuck(volts, stuck_slots),
    }
    taken = np.zeros(volts.shape, dtype=np.bool_)
    for name, flags in told.items():
        told[name] = flags & ~taken
        taken |= flags
    return told


def _stuck(volts: Volts, slots: int) -> Flags:
    """Readings of a run of at least ``slots`` equal ones."""
    runs = np.ones(volts.shape, dtype=np.int32)
    for place in range(1, volts.shape[1]):
        same = volts[:, place] == volts[:, place - 1]
        runs[:, place] = np.where(same, runs[:, place - 1] + 1, 1)
    # The length of a run stands at its end: carried back to its beginning.
    for place in range(volts.shape[1] - 2, -1, -1):
        same = volts[:, place] == volts[:, place + 1]
        runs[:, place] = np.where(same, runs[:, place + 1], runs[:, place])
    found: Flags = runs >= max(2, slots)
    return found


def share(monitored: int, over: int, under: int) -> Fraction | None:
    """合格率 of a point, a fraction of 1: the time in range of the time monitored; ``None`` where nothing was monitored."""
    return None if monitored == 0 else 1 - Fraction(over + under, monitored)


def class_share(points: pl.DataFrame, *, by_time: bool = False) -> dict[str, Fraction]:
    """The share of each class of :data:`POINTS`: the mean of its points' shares, or ``by_time`` that of their time together.
    Points without a monitored minute are left out."""
    told: dict[str, Fraction] = {}
    seen = points.filter(pl.col("monitored") > 0)
    for (name,), part in seen.partition_by("voltage_class", as_dict=True).items():
        if by_time:
            sums = part.select(pl.col("monitored", "over", "under").sum()).row(0)
            shares = [share(*sums)]
        else:
            shares = [share(*row) for row in part.select("monitored", "over", "under").iter_rows()]
        known = [one for one in shares if one is not None]
        told[str(name)] = sum(known, Fraction()) / len(known)
    return told


def composite(shares: Mapping[str, Fraction], *, weight_a: Fraction, first: str = "A") -> Fraction | None:
    """综合电压合格率: ``weight_a`` · A + (1 − ``weight_a``) · mean of the others. Without A the mean of the others is all, without
    others A is; ``None`` without any."""
    others = _mean(value for name, value in shares.items() if name != first)
    if first not in shares:
        return others
    if others is None:
        return shares[first]
    return weight_a * shares[first] + (1 - weight_a) * others


def _mean(values: Iterable[Fraction]) -> Fraction | None:
    known: Sequence[Fraction] = list(values)
    return sum(known, Fraction()) / len(known) if known else None
