"""A month of load profiles as quarter-hour energy: the curves file.

A profile is a share of the load's power for each of the 35,136 quarter-hours of 2016; power × share × a
quarter of an hour is its energy, rounded to the watt-hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month
from wandeng.twin.simbench.grid import Grid

POINTS = 96
PROFILE_YEAR = 2016
LOADS_AT_ONCE = 1000

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Some accounts and their energy: a row an account, a column a quarter-hour of ``month``."""

    month: Month
    accounts: pl.DataFrame
    active_wh: Ints


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
    for start in range(0, accounts.height, LOADS_AT_ONCE):
        chosen = accounts.slice(start, LOADS_AT_ONCE)
        picked = at.slice(start, LOADS_AT_ONCE).to_numpy()
        yield Block(billed_month, chosen, _energy(chosen["power_w"], active[picked]))


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


def _kwh(energy: Ints, decimals: int) -> pl.Series:
    """Integers of 10^-decimals kWh as text."""
    whole, part = pl.Series(energy // 10**decimals), pl.Series(energy % 10**decimals)
    return pl.select(pl.format("{}.{}", whole, part.cast(pl.String).str.zfill(decimals))).to_series()
