"""Indices of a period from pieces: hours and times of customers or areas, by whatever label a piece has.

Source: DL/T 836.1-2016 (ASAI, SAIDI, SAIFI, CAIDI, MAIFI) and IEEE 1366. Sums are whole seconds and whole customers,
so the indices are exact fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from wandeng.calc.reliability import asai_from_saidi
from wandeng.kernel.errors import InvalidInput

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Indices:
    """Of one period and base: ``saidi_hours`` and ``caidi_hours`` in hours, ``asai`` as a share of one, frequencies in times
    per user; ``user_hours`` is 停电时户数. ``caidi_hours`` is ``None`` without an interruption."""

    users: int
    user_hours: Fraction
    saidi_hours: Fraction
    saifi: Fraction
    caidi_hours: Fraction | None
    maifi: Fraction
    asai: Fraction


def tallies(
    pieces: pl.DataFrame, *, begin: int, end: int, weight: str, over_seconds: int, split: bool, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Sums over the window ``begin`` to ``end`` (seconds), for each combination of the columns ``by``: ``seconds`` without
    supply of all users, ``sustained_seconds`` of those in periods above ``over_seconds``, ``hits`` (sustained
    interruptions of users) and ``momentary`` ones.

    ``weight`` names the column of users, ``customers`` or ``areas``. ``split``: what lies over an edge of the window is
    cut there; else a period belongs whole to the window in which it began.
    """
    here = pieces.filter((pl.col(weight) != 0) & (pl.col("begin") < end) & (pl.col("end") > begin)) if split else (
        pieces.filter((pl.col(weight) != 0) & (pl.col("began") >= begin) & (pl.col("began") < end))
    )  # fmt: skip
    length = pl.min_horizontal("end", pl.lit(end)) - pl.max_horizontal("begin", pl.lit(begin))
    seconds = (length if split else pl.col("end") - pl.col("begin")) * pl.col(weight)
    begins = pl.col("starts") * ((pl.col("begin") >= begin) & (pl.col("begin") < end)).cast(pl.Int64)
    is_long = pl.col("lasts") > over_seconds
    sums = [
        seconds.sum().alias("seconds"),
        seconds.filter(is_long).sum().alias("sustained_seconds"),
        (begins * pl.col(weight)).filter(is_long).sum().alias("hits"),
        (begins * pl.col(weight)).filter(~is_long).sum().alias("momentary"),
    ]
    return here.group_by(list(by)).agg(sums) if by else here.select(sums)


def indices(
    *, users: int, hours: int, seconds: int, hits: int, momentary: int, sustained_seconds: int | None = None
) -> Indices:
    """The indices of one row of :func:`tallies`. Hours count whole; CAIDI takes ``sustained_seconds`` where they are given.

    >>> float(indices(users=2000, hours=8760, seconds=10_333_440, hits=3215, momentary=0).saifi)
    1.6075
    """
    if users <= 0 or hours <= 0:
        raise InvalidInput("indices need users and a period of at least one hour")
    total = Fraction(seconds, SECONDS_PER_HOUR)
    lasting = total if sustained_seconds is None else Fraction(sustained_seconds, SECONDS_PER_HOUR)
    saidi = total / users
    # What began in a period and went on beyond it may exceed the period's own hours.
    asai = asai_from_saidi(min(saidi, Fraction(hours)), hours)
    return Indices(
        users, total, saidi, Fraction(hits, users), lasting / hits if hits else None, Fraction(momentary, users), asai
    )
