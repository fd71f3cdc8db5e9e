"""The next rung of the dunning ladder for many accounts at once: columns in, columns out.

A rung is due when the oldest bill has been overdue long enough, the rung before it has ended, no promise holds the ladder,
and the day is one on which such a step may be taken. A rung that reached nobody is taken again; where the law asks that
somebody was reached, the ladder goes no further without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.errors import NoRuleInForce

HORIZON = 62
"""Days ahead for which the calendar is laid out: no pause between two rungs is longer."""

RUNGS = pl.Schema(
    {
        "customer_class": pl.String,
        "rung": pl.Int16,                # 0 is the first of the class's ladder
        "kind": pl.String,
        "by": pl.String,                 # MESSAGE, CALL, PERSON, ORDER
        "overdue_days": pl.Int32,
        "after_days": pl.Int32,
        "repeat_days": pl.Int32,
        "attempts": pl.Int32,            # 0: until somebody is reached
        "lapses_days": pl.Int32,         # 0: never; else the rung is to be taken anew so long after it was taken
        "days": pl.String,               # ANY, NOT_HOLIDAYS, WORKING
        "template": pl.String,
    }
)  # fmt: skip
STANDINGS = pl.Schema(
    {
        "account_id": pl.Int64,
        "customer_class": pl.String,
        "oldest_due_on": pl.Date,
        "rung": pl.Int16,                # the rung taken last, -1: none
        "attempt": pl.Int16,             # how often it was taken
        "step_on": pl.Date,              # when it was taken last; null: never
        "step_state": pl.String,         # PENDING, REACHED, MISSED, CANCELLED; empty: never taken
        "held_until": pl.Date,           # last day of a promise; null: none
        "is_protected": pl.Boolean,
    }
)  # fmt: skip
NEXT = pl.Schema(
    {
        "account_id": pl.Int64,
        "rung": pl.Int16,
        "attempt": pl.Int16,             # 1 is the first
        "kind": pl.String,
        "by": pl.String,
        "template": pl.String,
        "due_on": pl.Date,               # null unless the standing is STEP or READY
        "standing": pl.String,
        "is_due": pl.Boolean,
    }
)  # fmt: skip
"""``standing``: STEP (a step is to be taken on ``due_on``), READY (the ladder is at its end: an order may be asked for from
``due_on``), TASK (a person has not said yet how the last step went), PROTECTED (nobody may be cut here, and everything
before that was done), DONE (the cut itself was ordered). ``is_due``: a STEP whose day is the one asked about."""

_LEGAL = ("NOTICE", "SECOND_NOTICE", "CUT")
_PROTECTED_FROM = "NOTICE"


@dataclass(frozen=True, slots=True)
class Days:
    """On which days what may be done: ``open_on`` (kind, day → next day of the kind) as columns, ``today`` the kinds that
    hold on the day asked about."""

    table: pl.DataFrame
    today: frozenset[str]


def day_table(calendar: WorkingCalendar, on: date) -> Days:
    """The days from ``on`` to :data:`HORIZON` days later; a year nobody arranged yet ends the table earlier.

    Raises :class:`NoRuleInForce` when ``on`` itself lies in such a year.
    """
    kinds = {"ANY": lambda _day: True, "NOT_HOLIDAYS": lambda day: not _is_holiday(calendar, day),
             "WORKING": calendar.is_working_day}  # fmt: skip
    calendar.is_working_day(on)
    days = []
    for offset in range(HORIZON + 1):
        day = on + timedelta(days=offset)
        try:
            days.append((day, {name for name, holds in kinds.items() if holds(day)}))
        except NoRuleInForce:
            break
    rows = []
    for name in kinds:
        following: date | None = None
        for day, names in reversed(days):
            following = day if name in names else following
            rows.append((name, day, following))
    schema = pl.Schema({"days": pl.String, "day": pl.Date, "open_on": pl.Date})
    return Days(pl.DataFrame(rows, schema, orient="row"), frozenset(days[0][1]))


def _is_holiday(calendar: WorkingCalendar, day: date) -> bool:
    calendar.is_working_day(day)
    return any(day in year.holidays for year in calendar.years if year.year == day.year)


def next_steps(
    standings: pl.DataFrame, rungs: pl.DataFrame, days: Days, *, on: date, cut_after_days: int
) -> pl.DataFrame:
    """What comes next for each account: columns of :data:`NEXT`, one row an account, by ``account_id``.

    ``standings``: :data:`STANDINGS`; ``rungs``: :data:`RUNGS`, one ladder a class; ``cut_after_days``: a notice counts for
    debts that were overdue for more days than these when it was given.
    """
    last = rungs.select(
        "customer_class", "rung", last_kind="kind", last_by="by", last_repeat="repeat_days", last_attempts="attempts",
        last_lapses="lapses_days",
    )  # fmt: skip
    stands = standings.join(last, on=["customer_class", "rung"], how="left").with_columns(
        goes_on=_goes_on(on, cut_after_days), is_task=_is_task()
    )
    chosen = stands.with_columns(
        next_rung=pl.when("goes_on").then(pl.col("rung") + 1).otherwise(pl.col("rung")).cast(pl.Int16),
        next_attempt=pl.when("goes_on").then(1).otherwise(pl.col("attempt") + 1).cast(pl.Int16),
    )
    found = chosen.join(rungs, left_on=["customer_class", "next_rung"], right_on=["customer_class", "rung"], how="left")
    return _dated(found, days, on)


def _goes_on(on: date, cut_after_days: int) -> pl.Expr:
    """Whether the last rung has ended: it reached somebody and still holds, or was tried often enough."""
    lapsed = (pl.col("last_lapses") > 0) & (pl.lit(on) > pl.col("step_on") + pl.duration(days="last_lapses"))
    # A notice names what was owed too long when it was given: once that is paid it names nothing that stands.
    young = pl.col("step_on") - pl.duration(days=cut_after_days + 1) < pl.col("oldest_due_on")
    stale = (pl.col("last_kind") == _PROTECTED_FROM) & (lapsed | young)
    reached = (pl.col("step_state") == "REACHED") & ~stale
    tired = (pl.col("last_attempts") > 0) & (pl.col("attempt") >= pl.col("last_attempts"))
    waited = (pl.col("step_state") != "PENDING") | (pl.lit(on) >= pl.col("step_on") + pl.duration(days="last_repeat"))
    never = pl.col("rung") < 0
    return (never | reached | (tired & waited)).fill_null(False)


def _is_task() -> pl.Expr:
    return ((pl.col("last_by") == "PERSON") & (pl.col("step_state") == "PENDING")).fill_null(False)


def _dated(found: pl.DataFrame, days: Days, on: date) -> pl.DataFrame:
    """The standing and the day of each: never before the clocks have run, never on a day that is closed for it."""
    overdue = pl.col("oldest_due_on") + pl.duration(days="overdue_days")
    pause = pl.when("goes_on").then(pl.col("after_days")).otherwise(pl.col("repeat_days"))
    since = (pl.col("step_on") + pl.duration(days=pause)).fill_null(pl.lit(on))
    released = (pl.col("held_until") + pl.duration(days=1)).fill_null(pl.lit(on))
    standing = (
        pl.when("is_task").then(pl.lit("TASK"))
        .when(pl.col("kind").is_null()).then(pl.lit("DONE"))
        .when(pl.col("is_protected") & pl.col("kind").is_in(_LEGAL)).then(pl.lit("PROTECTED"))
        .when(pl.col("by") == "ORDER").then(pl.lit("READY"))
        .otherwise(pl.lit("STEP"))
    )  # fmt: skip
    earliest = found.with_columns(
        standing=standing, earliest=pl.max_horizontal(overdue, since, released, pl.lit(on))
    ).with_columns(days=pl.col("days").fill_null("ANY"))
    rolled = earliest.join(days.table, left_on=["days", "earliest"], right_on=["days", "day"], how="left")
    dated = pl.col("standing").is_in(["STEP", "READY"])
    may_today = pl.col("days").is_in(sorted(days.today))
    due_on = pl.when(dated).then(pl.coalesce("open_on", "earliest")).otherwise(None)
    return (
        rolled.with_columns(
            due_on=due_on, is_due=(pl.col("standing") == "STEP") & (pl.col("earliest") <= pl.lit(on)) & may_today
        )
        .select(
            "account_id", pl.col("next_rung").alias("rung"), pl.col("next_attempt").alias("attempt"),
            pl.col("kind").fill_null(""), pl.col("by").fill_null(""), pl.col("template").fill_null(""), "due_on",
            "standing", "is_due",
        )
        .sort("account_id")
        .cast(NEXT)
    )  # fmt: skip
