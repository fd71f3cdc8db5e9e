"""A month of load profiles as quarter-hour energy: the curves file, and the registers that a meter would have
shown.

A profile is a share of the load's power for each of the 35,136 quarter-hours of 2016; power × share × a
quarter of an hour is its energy, rounded to the watt-hour. Registers count from zero and cut what is below
0.01 kWh, as meters do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from wandeng.calc.rating.frames import Measure
from wandeng.domains.tariffs import frames as tariffs
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month
from wandeng.twin.county import TERRITORY
from wandeng.twin.simbench.grid import Grid

POINTS = 96
PROFILE_YEAR = 2016
LOADS_AT_ONCE = 1000
SCHEDULE = "industrial"
"""The time-of-use schedule of the territory by which period registers count."""
PERIODS = {"sharp": Measure.SHARP, "peak": Measure.PEAK, "valley": Measure.VALLEY, "deep": Measure.DEEP}
WH_PER_CKWH = 10

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Some accounts and their energy: a row an account, a column a quarter-hour of ``month``.

    ``reactive_varh`` has rows for all, zero where the grid gives no reactive power.
    """

    month: Month
    accounts: pl.DataFrame
    active_wh: Ints
    reactive_varh: Ints


def blocks(grid: Grid, accounts: pl.DataFrame, *, profile_month: Month, billed_month: Month) -> Iterator[Block]:
    """The energy of ``billed_month``, some accounts at a time; its day k is day k of ``profile_month``.

    Raises :class:`InvalidInput` for a profile month outside 2016 or with fewer days than the billed one.
    """
    if profile_month.year != PROFILE_YEAR:
        raise InvalidInput(f"SimBench's profiles are of {PROFILE_YEAR}, not of {profile_month}")
    if profile_month.days < billed_month.days:
        raise InvalidInput(f"{profile_month} has fewer days than {billed_month}; choose a longer month of profiles")
    first = (profile_month.first - date(PROFILE_YEAR, 1, 1)).days * POINTS
    window = slice(first, first + billed_month.days * POINTS)
    names = accounts["profile"].unique(maintain_order=True).to_list()
    at = accounts["profile"].replace_strict({name: place for place, name in enumerate(names)}, return_dtype=pl.Int64)
    profiles = grid.net.profiles["load"].iloc[window]
    active = profiles[[f"{name}_pload" for name in names]].to_numpy().T
    reactive = profiles[[f"{name}_qload" for name in names]].to_numpy().T
    for start in range(0, accounts.height, LOADS_AT_ONCE):
        chosen = accounts.slice(start, LOADS_AT_ONCE)
        picked = at.slice(start, LOADS_AT_ONCE).to_numpy()
        yield Block(
            billed_month,
            chosen,
            _energy(chosen["power_w"], active[picked]),
            _energy(chosen["reactive_var"], reactive[picked]),
        )


def _energy(power: pl.Series, shares: npt.NDArray[np.float64]) -> Ints:
    quarter_hours: Ints = np.rint(power.to_numpy()[:, None] / 4 * shares).astype(np.int64)
    return quarter_hours


def curves_file(block: Block) -> pl.DataFrame:
    """Columns of the curves file: one row a meter and day, the days of a meter together."""
    days, count = block.month.days, block.accounts.height
    on = [(block.month.first + timedelta(days=day)).isoformat() for day in range(days)]
    by_day = block.active_wh.reshape(-1, POINTS)
    return pl.DataFrame(
        {
            "asset_number": block.accounts["asset_number"].gather(np.repeat(np.arange(count), days)),
            "day": on * count,
            **{f"p{point:02d}": _kwh(by_day[:, point], 3) for point in range(POINTS)},
        }
    )


def periods(library: RuleLibrary, month: Month) -> npt.NDArray[np.int8]:
    """The time-of-use period (``Measure``) of every quarter-hour of a month.

    Raises :class:`NoRuleInForce` where the territory has no schedule then.
    """
    first, end = month.period.from_on, month.period.to_on
    schedule = tariffs.tou_schedule(library, TERRITORY, schedule=SCHEDULE, from_on=first, to_on=end)
    found = np.zeros((month.days, POINTS), dtype=np.int8)
    for row in schedule.spans.to_pylist():
        for day in month.period.iter_days():
            if row["valid_from"] <= day < row["valid_to"] and row["month_mask"] >> (day.month - 1) & 1:
                found[(day - first).days, row["start_point"] : row["end_point"]] = row["period"]
    for row in schedule.special_days.to_pylist():
        if first <= row["on"] < end:
            found[(row["on"] - first).days, row["start_point"] : row["end_point"]] = row["period"]
    return found.ravel()


def readings_file(block: Block, period: npt.NDArray[np.int8]) -> pl.DataFrame:
    """Columns of the readings file: every register at zero as the month begins, and as the next one begins.

    Period and reactive registers only for accounts that ``registers`` says have them.
    """
    has = block.accounts["registers"]
    shown: dict[str, tuple[Ints, pl.Series | None]] = {"total": (block.active_wh.sum(axis=1), None)}
    shown |= {name: (block.active_wh[:, period == measure].sum(axis=1), has) for name, measure in PERIODS.items()}
    shown["reactive"] = (block.reactive_varh.sum(axis=1), has)
    ends = []
    for on, factor in ((block.month.first, 0), (block.month.next().first, 1)):
        values = {name: _shown(energy * factor, only) for name, (energy, only) in shown.items()}
        ends.append(
            block.accounts.select("asset_number", pl.lit(on.isoformat()).alias("read_on")).with_columns(**values)
        )
    return pl.concat(ends)


def _shown(energy_wh: Ints, only: pl.Series | None) -> pl.Series:
    text = _kwh(energy_wh // WH_PER_CKWH, 2)
    return text if only is None else text.zip_with(only, pl.Series([""]))


def _kwh(energy: Ints, decimals: int) -> pl.Series:
    """Integers of 10^-decimals kWh as text."""
    whole, part = pl.Series(energy // 10**decimals), pl.Series(energy % 10**decimals)
    return pl.select(pl.format("{}.{}", whole, part.cast(pl.String).str.zfill(decimals))).to_series()
