"""A month of load profiles as quarter-hour energy, in the columns of the curves file.

A profile is a share of the load's power for each of the 35,136 quarter-hours of 2016; power × share × a
quarter of an hour is its energy, rounded to the watt-hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month
from wandeng.twin.simbench.grid import Grid

POINTS = 96
PROFILE_YEAR = 2016
LOADS_AT_ONCE = 1000


def parts(grid: Grid, accounts: pl.DataFrame, *, profile_month: Month, billed_month: Month) -> Iterator[pl.DataFrame]:
    """One row per meter and day of ``billed_month``, meters together, some thousand at a time.

    Day k of ``profile_month`` becomes day k; the shorter month decides how many there are. Raises
    :class:`InvalidInput` for a month outside 2016.
    """
    if profile_month.year != PROFILE_YEAR:
        raise InvalidInput(f"SimBench's profiles are of {PROFILE_YEAR}, not of {profile_month}")
    days = min(profile_month.days, billed_month.days)
    first = (profile_month.first - date(PROFILE_YEAR, 1, 1)).days * POINTS
    names = accounts["profile"].unique(maintain_order=True).to_list()
    shares = grid.net.profiles["load"][[f"{name}_pload" for name in names]].to_numpy()[first : first + days * POINTS]
    column = accounts["profile"].replace_strict({name: at for at, name in enumerate(names)}, return_dtype=pl.Int64)
    on = [(billed_month.first + timedelta(days=day)).isoformat() for day in range(days)]
    for start in range(0, accounts.height, LOADS_AT_ONCE):
        chosen = accounts.slice(start, LOADS_AT_ONCE)
        watts = chosen["power_w"].to_numpy()
        picked = column.slice(start, LOADS_AT_ONCE).to_numpy()
        energy_wh = np.rint(watts[:, None] / 4 * shares.T[picked]).astype(np.int64).reshape(-1, POINTS)
        yield pl.DataFrame(
            {
                "asset_number": chosen["asset_number"].gather(np.repeat(np.arange(chosen.height), days)),
                "day": on * chosen.height,
                **{f"p{point:02d}": _kwh(energy_wh[:, point]) for point in range(POINTS)},
            }
        )


def _kwh(energy_wh: np.ndarray) -> pl.Series:
    """Watt-hours as kWh with three decimals."""
    wh = pl.Series(energy_wh)
    return (wh // 1000).cast(pl.String) + "." + (wh % 1000).cast(pl.String).str.zfill(3)
