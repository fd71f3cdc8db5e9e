"""A published grid as import files: a SimBench code becomes what a utility's old system would hand over.

SimBench (simbench.de; code BSD-3, data ODbL) is a set of realistic German grids with a year of quarter-hour
profiles, 2016. ``grid`` reads a grid and walks it, ``network`` writes medium voltage as network,
``customers`` makes an account of every load, ``curves`` its quarter-hours. Every meter is billed from its
curve: periods and demand are counted from the quarter-hours, no register is invented. Curve files carry active
energy only, so no contract has a power-factor standard (力调). Needs the optional extra ``simbench``. Nothing is
invented but names, numbers and prices, and the same code gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wandeng.kernel.periods import Month
from wandeng.twin import files
from wandeng.twin.simbench import curves, customers, network
from wandeng.twin.simbench.grid import Grid

DEFAULT_CODE = "1-MVLV-urban-all-0-sw"
PROFILE_MONTH = Month(2016, 1)
BILLED_MONTH = Month(2026, 1)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the grid has, and what of it the files hold. Generators are counted and not taken in."""

    transformers: int
    loads: int
    switches: int
    open_switches: int
    generators: int
    substations: int
    feeders: int
    areas: int
    medium_voltage_switches: int
    accounts: int
    loads_without_transformer: int


def write(
    grid: Grid,
    folder: Path,
    *,
    profile_month: Month = PROFILE_MONTH,
    billed_month: Month = BILLED_MONTH,
) -> Iterator[files.Written]:
    """Write every file in the order in which they are imported; yields each as it is finished.

    The load profiles of ``profile_month`` (of 2016) are written as the days of ``billed_month``, day by day:
    prices are in force for the months of a territory, not for 2016. Raises :class:`InvalidInput` for a profile
    month outside 2016 or shorter than the billed one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    equipment = network.build(grid)
    accounts = customers.accounts(grid, equipment)
    since = f"{billed_month.year}-01-01"
    yield _sections("organizations", customers.organizations(grid), folder / "organizations.csv")
    yield _sections("network", equipment.sections, folder / "network.csv")
    yield _rows("customers", customers.customers_file(accounts), folder / "customers.csv")
    yield _rows("meters", customers.meters_file(accounts), folder / "meters.csv")
    yield _rows("price-assignments", customers.prices_file(accounts, since), folder / "price-assignments.csv")
    path = folder / f"curves-{billed_month}.csv"
    rows = 0
    with path.open("wb") as target:
        for block in curves.blocks(grid, accounts, profile_month=profile_month, billed_month=billed_month):
            part = curves.curves_file(block)
            part.write_csv(target, include_header=not rows)
            rows += part.height
    yield files.Written("curves", path, rows)


def counts(grid: Grid) -> Counts:
    """The figures of a grid, before anything is written."""
    equipment = network.build(grid)
    accounts = customers.accounts(grid, equipment)
    return Counts(
        transformers=len(grid.net.trafo),
        loads=len(grid.net.load),
        switches=len(grid.net.switch),
        open_switches=int((~grid.net.switch["closed"]).sum()),
        generators=len(grid.net.sgen),
        substations=equipment.sections["substation"].height,
        feeders=equipment.sections["feeder"].height,
        areas=equipment.sections["transformer"].height,
        medium_voltage_switches=equipment.sections["switch"].height,
        accounts=accounts.height,
        loads_without_transformer=len(grid.net.load) - accounts.height,
    )


def _rows(kind: str, rows: pl.DataFrame, path: Path) -> files.Written:
    path.write_bytes(files.texts(rows).write_csv().encode())
    return files.Written(kind, path, rows.height)


def _sections(kind: str, sections: dict[str, pl.DataFrame], path: Path) -> files.Written:
    parts = [files.texts(rows).insert_column(0, pl.lit(name).alias("type")) for name, rows in sections.items()]
    return _rows(kind, pl.concat(parts, how="diagonal").fill_null(""), path)
