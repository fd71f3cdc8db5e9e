"""When supply is back (何时来电): what is known of each transformer area, merged into one answer.

Many sources tell of one area: incidents with what crews say, interruptions that have no end yet, calls that nobody has
looked at, planned outages, estimates. Whoever asks wants one answer, and the careful one: supply is back when the last of
what keeps an area off is over, and nobody knows when as long as one of them has no time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import polars as pl


class Kind(StrEnum):
    """What a fact tells: a fault that is known, a planned outage, a call that is not confirmed."""

    FAULT = "FAULT"
    PLANNED = "PLANNED"
    REPORT = "REPORT"


class Standing(StrEnum):
    """The answer: off by a fault, off by plan, reported and not confirmed, nothing known."""

    FAULT = "FAULT"
    PLANNED = "PLANNED"
    REPORTED = "REPORTED"
    NONE = "NONE"


class Source(StrEnum):
    """Who says when, the better founded last: statistics of earlier repairs, a plan, whoever dispatches, the crew at the place."""

    NOBODY = ""
    STATISTICS = "STATISTICS"
    PLAN = "PLAN"
    DISPATCHER = "DISPATCHER"
    CREW = "CREW"


_MOMENT = pl.Datetime("us", "UTC")
FACTS = pl.Schema(
    {
        "area": pl.Int64(),
        "event": pl.String(),  # facts of one event share it: an incident, its interruption and its estimate
        "kind": pl.String(),
        "since": _MOMENT,
        "until": _MOMENT,  # null: nobody has said
        "source": pl.String(),  # of ``until``
        "confidence": pl.String(),  # of ``until``: HIGH, MEDIUM, LOW or empty
        "stage": pl.String(),  # how far a repair is: empty, SENT, ON_THE_WAY, ON_SITE
        "reason": pl.String(),  # why, of a plan
    }
)
ANSWERS = pl.Schema(
    {
        "area": pl.Int64(),
        "standing": pl.String(),
        "since": _MOMENT,
        "until": _MOMENT,
        "source": pl.String(),
        "confidence": pl.String(),
        "stage": pl.String(),
        "reason": pl.String(),
        "is_late": pl.Boolean(),  # ``until`` has passed and supply is not back
        "next_from": _MOMENT,  # the next planned outage, if one begins soon
        "next_until": _MOMENT,
        "next_reason": pl.String(),
    }
)
_STAGES = ("", "SENT", "ON_THE_WAY", "ON_SITE")
_SOURCES = tuple(str(one) for one in Source)
_CARRIED = ("until", "source", "confidence")


def merged(facts: pl.DataFrame, *, now: datetime, ahead: timedelta) -> pl.DataFrame:
    """:data:`FACTS` → :data:`ANSWERS`, a row for each area that something is to be said of; sorted by area.

    Facts of one event are one: it began with the earliest, and ends as the best founded of them says. Of several events
    the one that ends last is told. Calls count where nothing else is known. A plan that begins within ``ahead`` is told
    beside; one that begins later is not told.
    """
    stood = facts.filter((pl.col("kind") != Kind.REPORT) & (pl.col("since") <= now))
    told = pl.concat([_off(stood), _reported(facts, stood)])
    coming = _coming(facts, now=now, ahead=ahead)
    both = told.join(coming, on="area", how="full", coalesce=True)
    return (
        both.with_columns(
            pl.col("standing").fill_null(Standing.NONE),
            pl.col("source", "confidence", "stage", "reason", "next_reason").fill_null(""),
            (pl.col("until") <= now).fill_null(value=False).alias("is_late"),
        )
        .select(*ANSWERS.names())
        .cast(ANSWERS)
        .sort("area")
    )


def _off(stood: pl.DataFrame) -> pl.DataFrame:
    """Areas that are off: a row each, of the event that ends last."""
    ranked = stood.with_columns(
        founded=pl.when(pl.col("until").is_null())
        .then(-1)
        .otherwise(pl.col("source").replace_strict(_SOURCES, range(len(_SOURCES)), return_dtype=pl.Int64)),
        far=pl.col("stage").replace_strict(_STAGES, range(len(_STAGES)), return_dtype=pl.Int64),
        is_fault=pl.col("kind") == Kind.FAULT,
    )
    best = pl.struct("founded", "until")
    events = ranked.group_by("area", "event").agg(
        pl.col("is_fault").any(),
        pl.col("since").min(),
        *(pl.col(name).sort_by(best).last() for name in _CARRIED),
        pl.col("stage").sort_by("far").last(),
        pl.col("reason").sort().last(),
    )
    endless = pl.col("until").is_null()
    last = events.sort("area", endless, "until", "is_fault", "event", nulls_last=False)
    return last.group_by("area", maintain_order=True).agg(
        standing=pl.when(pl.col("is_fault").last()).then(pl.lit(Standing.FAULT)).otherwise(pl.lit(Standing.PLANNED)),
        since=pl.col("since").min(),
        **{name: pl.col(name).last() for name in (*_CARRIED, "stage", "reason")},
    )


def _reported(facts: pl.DataFrame, stood: pl.DataFrame) -> pl.DataFrame:
    """Areas from which somebody called and of which nothing else is known."""
    calls = facts.filter(pl.col("kind") == Kind.REPORT).join(stood, on="area", how="anti")
    empty = pl.lit("")
    return calls.group_by("area").agg(
        standing=pl.lit(Standing.REPORTED),
        since=pl.col("since").min(),
        until=pl.lit(None, _MOMENT),
        source=empty,
        confidence=empty,
        stage=empty,
        reason=empty,
    )


def _coming(facts: pl.DataFrame, *, now: datetime, ahead: timedelta) -> pl.DataFrame:
    """The next planned outage of each area that begins after now and within ``ahead``."""
    begins = (pl.col("since") > now) & (pl.col("since") <= now + ahead)
    soon = facts.filter((pl.col("kind") == Kind.PLANNED) & begins).sort("area", "since", "until", "event")
    return soon.group_by("area", maintain_order=True).agg(
        next_from=pl.col("since").first(), next_until=pl.col("until").first(), next_reason=pl.col("reason").first()
    )
