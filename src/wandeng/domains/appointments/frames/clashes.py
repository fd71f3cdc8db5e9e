"""Whether routes that a file brings can be driven: stops one after another, a vehicle in one place at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from wandeng.domains.appointments import rhythm


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A route as it would be, or is: its rhythm, whose vehicle it needs, when. ``line``: the first of the file, 0 for one
    that only stands in the register."""

    route: str
    vehicle_id: int
    valid_from: date
    valid_to: date | None
    weekdays: str
    every_weeks: int
    hours: tuple[tuple[int, int], ...]
    line: int = 0


def early(rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Routes one of whose stops would begin before the one before it has ended: ``route``, ``conflict`` that says which."""
    line = _as_it_would_be(rows, stored).with_columns(
        before=pl.col("to_minute").shift(1).over("route"), place_before=pl.col("place").shift(1).over("route")
    )
    first = line.filter(pl.col("from_minute") < pl.col("before")).unique("route", keep="first", maintain_order=True)
    return first.select(
        "route",
        conflict=pl.format("{}: –{} / {}: {}–", "place_before", _clock("before"), "place", _clock("from_minute")),
    )


def taken(rows: pl.DataFrame, stored: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Routes that would need their vehicle while another route has it: ``route``, ``conflict``; of two that come together the
    later one. One that waits leaves what is stored of it as it was, which may meet others: so until nothing is new.

    ``rows`` are stops as :func:`routes.load` takes them, ``stored`` :func:`routes.stops`, ``known`` :func:`routes.routes`."""
    cars = rows.select("vehicle_id").unique()
    was = known.rename({f"was_{name}": name for name in ("vehicle_id", "weekdays", "every_weeks")}).rename(
        {"was_from": "valid_from", "was_to": "valid_to"}
    )
    kept = _routes(was.join(cars, on="vehicle_id", how="semi"), stored, of_file=False)
    wanted = _routes(
        rows.unique("route", keep="first", maintain_order=True), _as_it_would_be(rows, stored), of_file=True
    )
    met_by: dict[str, str] = {}
    while True:
        standing = kept | {code: one for code, one in wanted.items() if code not in met_by}
        fresh = {one.route: met for one in standing.values() if one.line and (met := _first_clash(one, standing))}
        if not fresh:
            break
        met_by |= fresh
    return pl.DataFrame(list(met_by.items()), schema={"route": pl.String, "conflict": pl.String}, orient="row")


def _first_clash(one: _Wanted, standing: Mapping[str, _Wanted]) -> str:
    for other in standing.values():
        if other.route == one.route or other.vehicle_id != one.vehicle_id or other.line > one.line:
            continue
        met = rhythm.meet(one, one.hours, other, other.hours)
        if met is not None:
            return f"{other.route} {met}"
    return ""


def _routes(rows: pl.DataFrame, stops: pl.DataFrame, *, of_file: bool) -> dict[str, _Wanted]:
    """Routes with their hours by code; one without stops needs no vehicle."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for route, first, last in stops.sort("route", "place").select("route", "from_minute", "to_minute").iter_rows():
        spans.setdefault(route, []).append((first, last))
    facts = rows.select(
        "route", "vehicle_id", "valid_from", "valid_to", "weekdays", "every_weeks",
        pl.col("line") if of_file else pl.lit(0).alias("line"),
    )  # fmt: skip
    return {
        route: _Wanted(route, vehicle, begins, ends, days, weeks, tuple(spans[route]), line)
        for route, vehicle, begins, ends, days, weeks, line in facts.iter_rows()
        if route in spans
    }


def _as_it_would_be(rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """The stops of the routes of some rows in order, those of the rows in the place of those that are stored: ``route``,
    ``place``, ``from_minute``, ``to_minute``."""
    columns = ["route", "place", "from_minute", "to_minute"]
    others = stored.join(rows.select("route").unique(), on="route", how="semi").join(
        rows.select("route", "place"), on=["route", "place"], how="anti"
    )
    return pl.concat([rows.select(columns), others.select(columns)]).sort("route", "place")


def _clock(minute: str) -> pl.Expr:
    two = (pl.col(minute) // 60).cast(pl.String).str.zfill(2), (pl.col(minute) % 60).cast(pl.String).str.zfill(2)
    return pl.concat_str(*two, separator=":")
