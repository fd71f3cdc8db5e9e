"""A million clocks at once: the columns of ``calc.clocks.clock``, to the microsecond.

A clock whose working days lie outside the calendar is not refused in the middle of a million: it has the fault
``NO_CALENDAR`` and no figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from wandeng.calc.clocks.days import DayLine, microseconds
from wandeng.calc.clocks.terms import DAY_US, E4, MOST_US, PERCENT, Unit, checked_shares
from wandeng.kernel.errors import InvalidInput

_INSTANT: pl.DataType = pl.Datetime("us", "UTC")
CLOCKS = pl.Schema(
    {
        "clock": pl.Int64(),                  # number of the clock, unique
        "started_at": _INSTANT,
        "amount": pl.Int64(),                 # how many units the limit has
        "unit": pl.String(),                  # a value of Unit
        "stopped_at": _INSTANT,             # null: still running
    }
)  # fmt: skip
PAUSES = pl.Schema({"clock": pl.Int64(), "from_at": _INSTANT, "to_at": _INSTANT})
"""Half-open, in any order, overlapping or not; ``to_at`` null: still going on."""

DEADLINES = pl.Schema({"clock": pl.Int64(), "due_at": _INSTANT, "is_confirmed": pl.Boolean(), "fault": pl.String()})
"""``due_at`` is null while an open pause hides it, and where there is a ``fault``: ``NO_CALENDAR`` or empty."""

WARNINGS = pl.Schema({"clock": pl.Int64(), "percent": pl.Int64(), "at": _INSTANT})
STANDINGS = pl.Schema(
    {
        **DEADLINES, "used_us": pl.Int64(), "left_us": pl.Int64(), "share_e4": pl.Int64(), "reached": pl.Int64(),
        "is_paused": pl.Boolean(), "is_over": pl.Boolean(),
    }
)  # fmt: skip
"""As ``clock.Standing``; with a ``fault`` the figures are null."""

NO_CALENDAR = "NO_CALENDAR"
_OPEN = 1 << 62
_WORKING = pl.col("unit") == Unit.WORKING_DAY.value


def deadlines(clocks: pl.DataFrame, pauses: pl.DataFrame, days: DayLine) -> pl.DataFrame:
    """:data:`DEADLINES` in the order of ``clocks`` (:data:`CLOCKS`; ``pauses`` :data:`PAUSES`).

    Raises :class:`InvalidInput` for a clock given twice, an unknown unit, a limit outside one unit to twenty years, or a
    pause that ends before it begins.
    """
    timed, pieces = _prepared(clocks, _merged(pauses), days)
    found = _reached(timed, pieces, pl.col("limit_us"), days)
    return (
        _shown(found, days)
        .select(_as_instant(name) if name == "due_at" else name for name in DEADLINES)
        .cast(DEADLINES)
    )


def warnings(clocks: pl.DataFrame, pauses: pl.DataFrame, days: DayLine, percents: Sequence[int]) -> pl.DataFrame:
    """:data:`WARNINGS`: when each share of each limit is used up, by clock and percent; without those that an open pause
    hides or the calendar does not reach.

    Raises :class:`InvalidInput` as :func:`deadlines`, and for shares outside 1 to 100.
    """
    shares = checked_shares(percents)
    timed, pieces = _prepared(clocks, _merged(pauses), days)
    parts = [
        _reached(timed, pieces, pl.col("limit_us") * percent // PERCENT, days)
        .filter(pl.col("due_us").is_not_null())
        .select("clock", pl.lit(percent, pl.Int64).alias("percent"), _as_instant("due_us").alias("at"))
        for percent in shares
    ]
    return pl.concat([WARNINGS.to_frame(), *parts]).sort("clock", "percent")


def shares(clocks: pl.DataFrame, pauses: pl.DataFrame, days: DayLine) -> pl.DataFrame:
    """:data:`WARNINGS` for one share a clock, which stands in a further column ``percent`` of ``clocks``, in their order; null
    where an open pause hides it or the calendar does not reach.

    Raises :class:`InvalidInput` as :func:`deadlines`, and for shares outside 1 to 100.
    """
    checked_shares(clocks["percent"].unique().to_list())
    timed, pieces = _prepared(clocks, _merged(pauses), days)
    timed = timed.with_columns(limit_us=pl.col("limit_us") * pl.col("percent") // PERCENT)
    own = timed.select("clock", "limit_us")
    pieces = pieces.drop("limit_us").join(own, on="clock", how="inner", maintain_order="left")
    found = _reached(timed, pieces, pl.col("limit_us"), days)
    at = pl.when(pl.col("fault") == "").then(_as_instant("due_us"))
    return found.select("clock", "percent", at.alias("at")).cast(WARNINGS)


def standings(
    clocks: pl.DataFrame, pauses: pl.DataFrame, days: DayLine, *, at: datetime, percents: Sequence[int] = ()
) -> pl.DataFrame:
    """:data:`STANDINGS` in the order of ``clocks``: how each clock stands at ``at``, or stood when it stopped before.

    Raises :class:`InvalidInput` as :func:`warnings`.
    """
    shares = checked_shares(percents)
    merged = _merged(pauses)
    timed, pieces = _prepared(clocks, merged, days)
    here = pl.lit(microseconds(at), pl.Int64)
    timed = timed.with_columns(here=pl.min_horizontal(here, pl.col("stopped_at").dt.epoch("us")))
    found = _reached(timed, pieces, pl.col("limit_us"), days)
    for part in (_lost_until_here(timed, pieces, days), _paused_here(timed, merged)):
        found = found.join(part, on="clock", how="left", maintain_order="left")
    counted = found.with_columns(here_counted=_counted("here", days)).with_columns(
        used_us=pl.when(pl.col("here") <= pl.col("base")).then(0).otherwise(
            pl.col("here_counted") - pl.col("begun") - pl.col("lost").fill_null(0)
        )
    )  # fmt: skip
    missing = (pl.col("fault") == "") & pl.col("used_us").is_null()
    shown = _shown(counted.with_columns(fault=pl.when(missing).then(pl.lit(NO_CALENDAR)).otherwise("fault")), days)
    sound = pl.col("fault") == ""
    reached = pl.max_horizontal(
        pl.lit(0, pl.Int64),
        *(
            pl.when(pl.col("used_us") >= pl.col("limit_us") * percent // PERCENT).then(percent).otherwise(0)
            for percent in shares
        ),
    )
    figures = {
        "used_us": pl.col("used_us"),
        "left_us": pl.col("limit_us") - pl.col("used_us"),
        "share_e4": pl.col("used_us") * E4 // pl.col("limit_us"),
        "reached": reached,
        "is_paused": pl.col("paused").fill_null(False),
        "is_over": (pl.col("here") > pl.col("due_us")).fill_null(False),
    }
    return shown.select(
        "clock", _as_instant("due_at"), "is_confirmed", "fault",
        *(pl.when(sound).then(figure).alias(name) for name, figure in figures.items()),
    ).cast(STANDINGS)  # fmt: skip


def _prepared(clocks: pl.DataFrame, merged: pl.DataFrame, days: DayLine) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The clocks with ``base`` (from when they count), ``begun`` (counted until then) and ``limit_us``; their merged pauses
    cut at ``base``, with the counted ``length`` of each and what was ``used_before`` it."""
    _refuse_impossible(clocks)
    started = pl.col("started_at").dt.epoch("us")
    midnight = ((started + days.offset_us) // DAY_US + 1) * DAY_US - days.offset_us
    by_day = pl.col("unit").is_in([unit.value for unit in Unit if unit.begins_at_midnight])
    timed = clocks.with_columns(
        base=pl.when(by_day).then(midnight).otherwise(started), limit_us=_length() * pl.col("amount")
    ).with_columns(begun=_counted("base", days))
    pieces = (
        merged.join(
            timed.select("clock", "unit", "base", "begun", "limit_us"), on="clock", how="inner", maintain_order="left"
        )
        .filter(pl.col("high") > pl.col("base"))
        .with_columns(low=pl.max_horizontal("low", "base"))
    )
    edge = pl.lit(days.last * DAY_US - days.offset_us, pl.Int64)
    within = {name: pl.when(_WORKING).then(pl.min_horizontal(name, edge)).otherwise(name) for name in ("low", "high")}
    pieces = pieces.with_columns(low_within=within["low"], high_within=within["high"])
    pieces = pieces.with_columns(
        low_counted=_counted("low_within", days), high_counted=_counted("high_within", days),
        open_here=(pl.col("high") == _OPEN) & (~_WORKING | (pl.col("low") <= edge)),
    )  # fmt: skip
    covered = pl.col("high_counted") - pl.col("low_counted")
    pieces = pieces.with_columns(length=pl.when(pl.col("high") == _OPEN).then(0).otherwise(covered))
    before = pl.col("length").cum_sum().over("clock") - pl.col("length")
    return timed, pieces.with_columns(used_before=pl.col("low_counted") - pl.col("begun") - before)


def _length() -> pl.Expr:
    unit = pl.col("unit")
    return unit.replace_strict({one.value: one.length_us for one in Unit}, default=None, return_dtype=pl.Int64)


def _merged(pauses: pl.DataFrame) -> pl.DataFrame:
    """Disjoint intervals of each clock, ``low`` and ``high`` (:data:`_OPEN` for an open one); the empty ones are gone."""
    if pauses.select((pl.col("to_at") < pl.col("from_at")).any()).item():
        raise InvalidInput("a pause cannot end before it begins")
    edges = pauses.select(
        "clock", low=pl.col("from_at").dt.epoch("us"), high=pl.col("to_at").dt.epoch("us").fill_null(_OPEN)
    ).filter(pl.col("high") > pl.col("low"))  # fmt: skip
    ordered = edges.sort("clock", "low")
    reach = pl.col("high").cum_max().over("clock").shift(1)
    is_new = (pl.col("clock") != pl.col("clock").shift(1)) | (pl.col("low") > reach)
    return (
        ordered.with_columns(group=is_new.fill_null(True).cast(pl.Int64).cum_sum())
        .group_by("group", maintain_order=True)
        .agg(pl.col("clock").first(), pl.col("low").first(), pl.col("high").max())
        .drop("group")
    )


def _counted(name: str, days: DayLine) -> pl.Expr:
    """``DayLine.counted`` of a column of instants; null where the calendar does not reach."""
    local = pl.col(name) + days.offset_us
    place = (local // DAY_US) - days.first
    size = days.last - days.first
    is_end = local == days.last * DAY_US
    inside = ((place >= 0) & (place < size)) | is_end
    safe = place.clip(0, size)
    before = pl.lit(pl.Series(days.before, dtype=pl.Int64))
    following = pl.lit(pl.Series((*days.before[1:], days.before[-1]), dtype=pl.Int64))
    until = before.gather(safe)
    working = until * DAY_US + (following.gather(safe) - until) * (local % DAY_US)
    return pl.when(~_WORKING).then(pl.col(name)).when(inside).then(working).otherwise(None)


def _reached(timed: pl.DataFrame, pieces: pl.DataFrame, amount: pl.Expr, days: DayLine) -> pl.DataFrame:
    """The clocks with ``due_us``, the first instant at which ``amount`` is counted, and the ``fault``."""
    lost = (
        pieces.filter(pl.col("used_before") < amount)
        .group_by("clock")
        .agg(delay=pl.col("length").sum(), hidden=pl.col("open_here").any())
    )
    target = pl.col("begun") + amount + pl.col("delay").fill_null(0)
    working = pl.lit(pl.Series(days.working, dtype=pl.Int64))
    place = (pl.col("target") - 1) // DAY_US
    reachable = (place >= 0) & (place < len(days.working))
    nth = working.gather(place.clip(0, len(days.working) - 1).fill_null(0))
    by_day = nth * DAY_US + (pl.col("target") - 1) % DAY_US + 1 - days.offset_us
    joined = timed.join(lost, on="clock", how="left", maintain_order="left").with_columns(
        target=target, hidden=pl.col("hidden").fill_null(False)
    )
    return joined.with_columns(
        due_us=pl.when(pl.col("hidden")).then(None).when(~_WORKING).then("target").when(reachable).then(by_day),
        fault=pl.when(_WORKING & (pl.col("begun").is_null() | (~pl.col("hidden") & ~reachable)))
        .then(pl.lit(NO_CALENDAR)).otherwise(pl.lit("")),
    )  # fmt: skip


def _shown(found: pl.DataFrame, days: DayLine) -> pl.DataFrame:
    """``due_at`` (still a number) without the faulty ones, and ``is_confirmed``."""
    low = (pl.col("base") + days.offset_us) // DAY_US
    high = (pl.col("due_us") - 1 + days.offset_us) // DAY_US
    loose = pl.any_horizontal(
        pl.lit(False), *((pl.lit(start) <= high) & (low < end) for start, end in days.unconfirmed)
    )
    due_at = pl.when(pl.col("fault") == "").then("due_us")
    return found.with_columns(due_at=due_at, is_confirmed=~(_WORKING & loose).fill_null(False))


def _paused_here(timed: pl.DataFrame, merged: pl.DataFrame) -> pl.DataFrame:
    """The clocks that stand still at ``here``."""
    both = merged.join(timed.select("clock", "here"), on="clock", how="inner")
    return both.filter(pl.col("here").is_between("low", "high", closed="left")).select("clock", paused=pl.lit(True))


def _lost_until_here(timed: pl.DataFrame, pieces: pl.DataFrame, days: DayLine) -> pl.DataFrame:
    """``lost`` counted time of each clock's pauses up to ``here``."""
    here = timed.select("clock", "here")
    cut = pieces.join(here, on="clock", how="inner").filter(pl.col("low") < pl.col("here"))
    cut = cut.with_columns(stop=pl.min_horizontal("high", "here")).with_columns(stop_counted=_counted("stop", days))
    return cut.group_by("clock").agg(lost=(pl.col("stop_counted") - pl.col("low_counted")).sum())


def _as_instant(name: str) -> pl.Expr:
    return pl.from_epoch(name, time_unit="us").dt.replace_time_zone("UTC")


def _refuse_impossible(clocks: pl.DataFrame) -> None:
    if clocks["clock"].n_unique() != clocks.height:
        raise InvalidInput("a clock is given twice")
    wrong = clocks.select(
        unit=_length().is_null().any(), amount=(~(_length() * pl.col("amount")).is_between(1, MOST_US)).any()
    ).row(0)  # fmt: skip
    if clocks.height and wrong[0]:
        raise InvalidInput("a limit has an unknown unit")
    if clocks.height and wrong[1]:
        raise InvalidInput("a limit lies between one unit and twenty years")
