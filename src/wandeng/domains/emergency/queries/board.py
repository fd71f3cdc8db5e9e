"""The storm board: waves over time, units, and incidents by customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from wandeng.domains.cases.frames import calls as cases
from wandeng.domains.reliability.frames import returning
from wandeng.infra.scope import Scope

WAVE = timedelta(minutes=15)
MOST_HOURS = 72


@dataclass(frozen=True, slots=True)
class Wave:
    """A quarter of an hour: calls, incidents opened, customers who went off and who came back, and who was off at its end."""

    begins_at: datetime
    calls: int
    incidents: int
    customers_off: int
    restored: int
    standing_off: int


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit as it stands: open calls, open incidents, areas and customers off now, and those back since the board begins."""

    unit_path: str
    calls: int
    incidents: int
    areas_off: int
    customers_off: int
    restored: int


@dataclass(frozen=True, slots=True)
class Board:
    """What happened in a scope since a time (风暴看板). ``units`` in order of who has most off."""

    since: datetime
    waves: tuple[Wave, ...]
    units: tuple[UnitNow, ...]
    calls: int
    incidents: int
    customers_off: int
    restored: int


def board(scope: Scope, *, since: datetime, now: datetime) -> Board:
    """The board since a time, at most :data:`MOST_HOURS` back; quarters of an hour by the clock."""
    since = max(since, now - timedelta(hours=MOST_HOURS))
    begin = since - timedelta(minutes=since.minute % 15, seconds=since.second, microseconds=since.microsecond)
    calls = _within(cases.calls(begin).filter(pl.col("opened_at") <= now), scope)
    incidents = _within(cases.incidents(begin).filter(pl.col("opened_at") <= now), scope)
    steps = _within(returning.fault_steps(begin), scope)
    came = steps.filter(pl.col("on_at").is_not_null() & (pl.col("on_at") >= begin))
    still = steps.filter(pl.col("on_at").is_null())
    waves = _waves(begin, now, calls, incidents, steps, came)
    units = _units(calls, incidents, still, came)
    return Board(
        begin, waves, units, calls.height, incidents.filter(pl.col("state") == "OPEN").height,
        int(still["customers"].sum()), int(came["customers"].sum()),
    )  # fmt: skip


def _within(rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    return rows.filter(pl.col("unit_path").str.starts_with(scope.prefix))


def _waves(
    begin: datetime,
    now: datetime,
    calls: pl.DataFrame,
    incidents: pl.DataFrame,
    steps: pl.DataFrame,
    came: pl.DataFrame,
) -> tuple[Wave, ...]:
    rang, opened = _counted(calls, "opened_at", begin), _counted(incidents, "opened_at", begin)
    went, back = _summed(steps.filter(pl.col("off_at") >= begin), "off_at", begin), _summed(came, "on_at", begin)
    standing = int(steps.filter(pl.col("off_at") < begin)["customers"].sum())
    waves = []
    for place in range(int((now - begin) / WAVE) + 1):
        standing += went.get(place, 0) - back.get(place, 0)
        waves.append(
            Wave(begin + place * WAVE, rang.get(place, 0), opened.get(place, 0), went.get(place, 0), back.get(place, 0),
                 standing)
        )  # fmt: skip
    return tuple(waves)


def _place(column: str, begin: datetime) -> pl.Expr:
    return ((pl.col(column) - begin).dt.total_seconds() // int(WAVE.total_seconds())).alias("place")


def _counted(rows: pl.DataFrame, column: str, begin: datetime) -> Mapping[int, int]:
    return dict(rows.group_by(_place(column, begin)).agg(pl.len()).iter_rows())


def _summed(rows: pl.DataFrame, column: str, begin: datetime) -> Mapping[int, int]:
    return dict(rows.group_by(_place(column, begin)).agg(pl.col("customers").sum()).iter_rows())


def _units(
    calls: pl.DataFrame, incidents: pl.DataFrame, still: pl.DataFrame, came: pl.DataFrame
) -> tuple[UnitNow, ...]:
    parts = (
        calls.filter(pl.col("is_open")).group_by("unit_path").agg(pl.len().alias("calls")),
        incidents.filter(pl.col("state") == "OPEN").group_by("unit_path").agg(pl.len().alias("incidents")),
        still.group_by("unit_path").agg(
            pl.col("area").n_unique().alias("areas_off"), pl.col("customers").sum().alias("customers_off")
        ),
        came.group_by("unit_path").agg(pl.col("customers").sum().alias("restored")),
    )
    found = pl.DataFrame(schema={"unit_path": pl.String})
    for part in parts:
        found = found.join(part, on="unit_path", how="full", coalesce=True)
    ordered = found.fill_null(0).sort("customers_off", "calls", "unit_path", descending=[True, True, False])
    return tuple(
        UnitNow(*row)
        for row in ordered.select(
            "unit_path", "calls", "incidents", "areas_off", "customers_off", "restored"
        ).iter_rows()
    )
