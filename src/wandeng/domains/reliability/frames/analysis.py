"""Indices of a period by a named standard, by whatever a step was labelled with; and major event days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property

import polars as pl

from wandeng.calc import interruptions
from wandeng.calc.interruptions import Indices, indices
from wandeng.calc.reliability import asai_from_saidi, period_hours
from wandeng.domains.reliability.frames import history
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.topics.reliability import Standard
from wandeng.kernel.periods import BILLING_ZONE, Period

SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3600
SECONDS_PER_DAY = 86_400
WEIGHTS = {"AREAS": "areas", "LOW_VOLTAGE": "customers", "CUSTOMERS": "customers"}
YEARS_OF_MAJOR_DAYS = 5
"""Over how many earlier years the limit of major event days is taken (IEEE 1366, annex B)."""


@dataclass(frozen=True, slots=True)
class Told:
    """The indices of one group. ``asai`` of the standard; ``asai_2`` without external causes, ``asai_3`` without rationing
    for lack of system capacity, ``asai_4`` without momentary ones. ``interruptions`` counts events, each once."""

    indices: Indices
    asai_2: Fraction
    asai_3: Fraction
    asai_4: Fraction
    interruptions: int


@dataclass(frozen=True)
class History:
    """What happened between two days, in columns: labelled steps and supplies. Always everywhere: a customer's second
    supply may be another unit's."""

    steps: pl.DataFrame
    supplies: pl.DataFrame
    until: int
    """Where a step ends that has no end yet: seconds since 1970."""
    _pieces: dict[frozenset[str], pl.DataFrame] = field(default_factory=dict)

    def pieces(self, excludes: Sequence[str] = ()) -> pl.DataFrame:
        """``calc.interruptions.PIECES`` and the labels of ``history.LABELS``, without interruptions of these causes."""
        key = frozenset(excludes)
        if key not in self._pieces:
            counted = self.steps.filter(~pl.col("cause").is_in(sorted(key)))
            found = interruptions.pieces(counted.select(interruptions.STEPS.names()), self.supplies)
            self._pieces[key] = found.join(self.labels, on=["event", "transformer"], how="left", maintain_order="left")
        return self._pieces[key]

    @cached_property
    def labels(self) -> pl.DataFrame:
        """What each step was labelled with, by ``event`` and ``transformer``."""
        return self.steps.select("event", "transformer", *history.LABELS).unique(["event", "transformer"], keep="first")


def read(store: ColumnStore, *, from_on: date, to_on: date, now: datetime) -> History:
    """The history between two days; steps still open end ``now``."""
    begin, end, until = seconds(from_on), seconds(to_on), int(now.timestamp())
    steps = history.steps(store, begin=begin, end=end).with_columns(
        end=pl.max_horizontal(pl.min_horizontal("end", pl.lit(until)), pl.col("begin") + 1)
    )
    return History(steps, history.supplies(store, begin=begin, end=end), until)


def tell(
    told: History, users: pl.DataFrame, *, period: Period, standard: Standard, by: str, units: Sequence[int] | None = None,
    off_days: Sequence[date] = (),
) -> dict[object, Told]:  # fmt: skip
    """The indices of each value of ``by``: a column of ``history.LABELS``, or ``all``, in areas of these units. ``users`` is
    ``frames.standing.users``; causes and kinds have all users as their base. ``off_days``: what began on these days does
    not count."""
    weight = WEIGHTS[standard.base]
    users = _of(users, units)
    base = users.filter("is_public") if standard.base == "LOW_VOLTAGE" else users
    size = pl.len() if weight == "areas" else pl.col("customers").sum()
    grouped = by in ("unit_id", "feeder_id", "locality")
    sizes = dict(base.group_by(by).agg(size.cast(pl.Int64)).iter_rows()) if grouped else {}
    whole = int(base.select(size).item() or 0)
    pieces = _cut(_of(told.pieces(standard.excludes), units), standard, off_days)
    parts = {name: _sums(part, period, standard, weight, by) for name, part in _variants(pieces).items()}
    hours = period_hours(period.from_on, period.to_on)
    names = sorted({*sizes, *parts["all"]} if grouped else ({"all"} if by == "all" else {*parts["all"]}), key=str)
    found = {}
    for name in names:
        number = sizes.get(name, 0) if grouped else whole
        if number:
            found[name] = _told(name, number, hours, parts, standard)
    return found


def _of(rows: pl.DataFrame, units: Sequence[int] | None) -> pl.DataFrame:
    return rows if units is None else rows.filter(pl.col("unit_id").is_in(list(units)))


def _variants(pieces: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Everything; without what came from outside (ASAI-2); without rationing for lack of system capacity (ASAI-3)."""
    return {
        "all": pieces, "inside": pieces.filter(~pl.col("is_external")),
        "supplied": pieces.filter(pl.col("kind") != "RATIONING_SYSTEM"),
    }  # fmt: skip


def _cut(pieces: pl.DataFrame, standard: Standard, off_days: Sequence[date]) -> pl.DataFrame:
    if standard.base == "LOW_VOLTAGE":
        pieces = pieces.filter("is_public")
    for day in off_days:
        begin = seconds(day)
        pieces = pieces.filter((pl.col("began") < begin) | (pl.col("began") >= begin + SECONDS_PER_DAY))
    return pieces


def _sums(
    pieces: pl.DataFrame, period: Period, standard: Standard, weight: str, by: str
) -> dict[object, dict[str, int]]:
    begin, end = seconds(period.from_on), seconds(period.to_on)
    split = standard.across == "SPLIT"
    over = standard.over_minutes * SECONDS_PER_MINUTE
    names = [] if by == "all" else [by]
    sums = interruptions.tallies(
        pieces, begin=begin, end=end, weight=weight, over_seconds=over, split=split, by=names
    )  # fmt: skip
    begun = pieces.filter((pl.col("begin") >= begin) & (pl.col("begin") < end))
    counts = (
        begun.group_by(names).agg(pl.col("event").n_unique()) if names else begun.select(pl.col("event").n_unique())
    )
    events = dict(counts.iter_rows()) if names else {"all": counts.item()}
    rows = sums.iter_rows(named=True)
    return {row.get(by, "all"): {**row, "events": events.get(row.get(by, "all"), 0)} for row in rows}


_NOTHING = {"seconds": 0, "sustained_seconds": 0, "hits": 0, "momentary": 0, "events": 0}


def _told(
    name: object, users: int, hours: int, parts: dict[str, dict[object, dict[str, int]]], standard: Standard
) -> Told:
    row = parts["all"].get(name, _NOTHING)
    length = "seconds" if standard.momentary_hours else "sustained_seconds"

    def share(sums: dict[str, int], column: str) -> Fraction:
        saidi = Fraction(sums[column], SECONDS_PER_HOUR * users)
        return asai_from_saidi(min(saidi, Fraction(hours)), hours)

    return Told(
        indices(
            users=users, hours=hours, seconds=row[length], hits=row["hits"], momentary=row["momentary"],
            sustained_seconds=row["sustained_seconds"],
        ),
        share(parts["inside"].get(name, _NOTHING), length), share(parts["supplied"].get(name, _NOTHING), length),
        share(row, "sustained_seconds"), row["events"],
    )  # fmt: skip


def daily_minutes(
    told: History, users: pl.DataFrame, *, period: Period, standard: Standard, units: Sequence[int] | None = None
) -> dict[date, float]:
    """SAIDI of each local day of the period that had any, in minutes per user; a period without supply counts on the day it
    began."""
    weight = WEIGHTS[standard.base]
    users = _of(users, units)
    size = users.height if weight == "areas" else int(users["customers"].sum() or 0)
    if not size:
        return {}
    begin, end = seconds(period.from_on), seconds(period.to_on)
    day = (
        pl.from_epoch("began", time_unit="s")
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone("Asia/Shanghai")
        .dt.date()
    )
    sums = interruptions.tallies(
        _of(told.pieces(standard.excludes), units).with_columns(day=day), begin=begin, end=end, weight=weight,
        over_seconds=standard.over_minutes * SECONDS_PER_MINUTE, split=False, by=["day"],
    )  # fmt: skip
    return {
        row["day"]: row["sustained_seconds"] / SECONDS_PER_MINUTE / size
        for row in sums.sort("day").iter_rows(named=True)
        if row["sustained_seconds"] > 0
    }


def major_days(
    told: History, users: pl.DataFrame, *, year: int, standard: Standard, units: Sequence[int] | None = None
) -> tuple[float | None, dict[date, float]]:
    """T_MED of a year (minutes per user) from the five years before it, or what there is, and the days of the year above
    it. ``None`` for a standard without such days, or without history."""
    if not standard.major_days_beta:
        return None, {}
    before = Period(date(year - YEARS_OF_MAJOR_DAYS, 1, 1), date(year, 1, 1))
    earlier = daily_minutes(told, users, period=before, standard=standard, units=units)
    limit = interruptions.major_day_limit(earlier.values(), standard.major_days_beta)
    if limit is None:
        return None, {}
    whole = Period(date(year, 1, 1), date(year + 1, 1, 1))
    days = daily_minutes(told, users, period=whole, standard=standard, units=units)
    return limit, {day: minutes for day, minutes in days.items() if minutes > limit}


def seconds(day: date) -> int:
    """The local midnight that begins a day, in seconds since 1970."""
    return int(datetime.combine(day, time(), BILLING_ZONE).timestamp())


def last_day(period: Period, today: date) -> date:
    """The day whose users are the base of a period: its last one, or today while it goes on."""
    return min(period.to_on - timedelta(days=1), today)
