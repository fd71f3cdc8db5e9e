"""Rationing 有序用电: who takes part in a shortage of so many kW, in turn and fairly; equivalent hours; what was really saved.

Measures are used in their legal order (错峰, 避峰, 限电, 拉路), within a measure whoever has borne least this year goes first. So
the burdens of a measure never lie further apart than its longest window, whatever gaps come, while the same take part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

PARTICIPANTS = pl.Schema(
    [
        ("participant_id", pl.Int64()), ("code", pl.String()), ("measure", pl.String()), ("sequence", pl.Int64()),
        ("shed_kw", pl.Int64()), ("burden_s", pl.Int64()), ("protected", pl.String()), ("busy", pl.String()),
        ("areas", pl.List(pl.Int64)),
    ]
)  # fmt: skip
"""Who could take part: ``shed_kw`` they give up, ``burden_s`` seconds they bore this year, why they are ``protected`` and by
which other order they are ``busy`` (both empty where they are not), and the transformer ``areas`` that go dark with them."""
CHOSEN = pl.Schema({"participant_id": pl.Int64, "rank": pl.Int64, "is_chosen": pl.Boolean, "why": pl.String})
WINDOWS = pl.Schema({"participant_id": pl.Int64, "day": pl.Date, "slot": pl.Int64})
"""Quarter hours (0 to 95) in which a participant was rationed."""
LIKE_DAYS = pl.Schema({"participant_id": pl.Int64, "day": pl.Date, "like_day": pl.Date, "rank": pl.Int64})
"""Days like a rationed ``day`` and without rationing of the participant, the nearest with rank 0."""
LOADS = pl.Schema({"participant_id": pl.Int64, "day": pl.Date, "slot": pl.Int64, "wh": pl.Int64})
SAVED = pl.Schema(
    {
        "participant_id": pl.Int64, "quarters": pl.Int64, "baseline_wh": pl.Int64, "actual_wh": pl.Int64,
        "saved_wh": pl.Int64, "like_days": pl.Int64, "why": pl.String,
    }
)  # fmt: skip
"""``why`` tells what it cannot be computed for (a :class:`NotComputable`), with nulls before it; else empty."""


class Why(StrEnum):
    """Why somebody was chosen or not (选择理由)."""

    NEEDED = "NEEDED"
    PROTECTED = "PROTECTED"
    BUSY = "BUSY"
    NOTHING_TO_SHED = "NOTHING_TO_SHED"
    OFF_ALREADY = "OFF_ALREADY"
    NOT_NEEDED = "NOT_NEEDED"


class NotComputable(StrEnum):
    """Why what was saved cannot be told (不可计算原因)."""

    NO_WINDOW = "NO_WINDOW"
    MISSING_READINGS = "MISSING_READINGS"
    FEW_LIKE_DAYS = "FEW_LIKE_DAYS"


@dataclass(frozen=True, slots=True)
class Selection:
    """``rows`` are :data:`CHOSEN` by rank; ``short_kw`` is what the gap still lacks when everybody who may is chosen."""

    rows: pl.DataFrame
    shed_kw: int
    short_kw: int


def select(participants: pl.DataFrame, *, gap_kw: int, measures: Sequence[str]) -> Selection:
    """Choose who takes part so that ``gap_kw`` is covered: ``participants`` are :data:`PARTICIPANTS`, ``measures`` the legal order.

    Within a measure the least burdened first, then the scheme's sequence, then the code; nobody protected, nobody twice. Raises
    ``ValueError`` for a measure that has no place in the order.
    """
    place = {name: number for number, name in enumerate(measures)}
    unknown = sorted(set(participants["measure"]) - set(place))
    if unknown:
        raise ValueError(f"measures without a place in the order: {', '.join(unknown)}")
    ordered = participants.with_columns(
        place=pl.col("measure").replace_strict(place, return_dtype=pl.Int64, default=None)
    ).sort("place", "burden_s", "sequence", "code", "participant_id")
    told: list[tuple[int, int, bool, str]] = []
    shed, dark = 0, set[int]()
    for rank, row in enumerate(ordered.iter_rows(named=True)):
        why = _why(row, dark, is_covered=shed >= gap_kw)
        if why is Why.NEEDED:
            shed += row["shed_kw"]
            dark.update(row["areas"])
        told.append((row["participant_id"], rank, why is Why.NEEDED, str(why)))
    return Selection(pl.DataFrame(told, CHOSEN, orient="row"), shed, max(0, gap_kw - shed))


def _why(row: dict[str, object], dark: set[int], *, is_covered: bool) -> Why:
    areas = row["areas"]
    assert isinstance(areas, list)
    if row["protected"]:
        return Why.PROTECTED
    if row["busy"]:
        return Why.BUSY
    if not row["shed_kw"]:
        return Why.NOTHING_TO_SHED
    if is_covered:
        return Why.NOT_NEEDED
    return Why.NEEDED if dark.isdisjoint(areas) else Why.OFF_ALREADY


def equivalent_seconds(seconds: int, *, allowed_kw: int, before_kw: int) -> int:
    """Equivalent outage of rationing (限电等效停电): seconds × (1 − allowed power / power before), half away from zero.

    Who was allowed as much as before, or more, had no outage. Raises ``ValueError`` unless ``before_kw`` is positive.
    """
    if before_kw <= 0:
        raise ValueError("power before rationing is above zero")
    lost = max(0, before_kw - max(0, allowed_kw))
    return (2 * seconds * lost + before_kw) // (2 * before_kw)


def saved(
    windows: pl.DataFrame, like_days: pl.DataFrame, loads: pl.DataFrame, *, most_days: int, least_days: int
) -> pl.DataFrame:
    """What rationing saved (实际压降电量): the load of like days at the same quarter hours less what was used, by participant
    (:data:`SAVED`). ``windows``, ``like_days``, ``loads`` are :data:`WINDOWS`, :data:`LIKE_DAYS`, :data:`LOADS`.

    The baseline of a day is the mean of its nearest ``most_days`` like days that lack no quarter hour; with fewer than
    ``least_days`` of them, or a reading of the window missing, nothing is told. Energy is whole Wh; more used than before is negative.
    """
    wanted = windows.group_by("participant_id", "day").agg(pl.len().cast(pl.Int64).alias("quarters"))
    used = (
        windows.join(loads, on=["participant_id", "day", "slot"])
        .group_by("participant_id", "day")
        .agg(pl.len().cast(pl.Int64).alias("read"), pl.col("wh").sum().alias("actual_wh"))
    )
    basis = _baselines(windows, like_days, loads, wanted, most_days)
    days = wanted.join(used, on=["participant_id", "day"], how="left").join(
        basis, on=["participant_id", "day"], how="left"
    )
    sums = (
        days.with_columns(pl.col("read", "like_days").fill_null(0))
        .group_by("participant_id")
        .agg(
            pl.col("quarters").sum(), (pl.col("read") < pl.col("quarters")).any().alias("is_missing"),
            pl.col("like_days").min(), pl.col("actual_wh").sum(), pl.col("baseline_wh").sum(),
        )
    )  # fmt: skip
    why = (
        pl.when("is_missing").then(pl.lit(str(NotComputable.MISSING_READINGS)))
        .when(pl.col("like_days") < max(1, least_days)).then(pl.lit(str(NotComputable.FEW_LIKE_DAYS)))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    told = sums.with_columns(why=why, saved_wh=pl.col("baseline_wh") - pl.col("actual_wh"))
    known = [
        pl.when(pl.col("why") == "").then(pl.col(one)).alias(one) for one in ("baseline_wh", "actual_wh", "saved_wh")
    ]
    return told.with_columns(known).select(list(SAVED)).cast(SAVED).sort("participant_id")


def _baselines(
    windows: pl.DataFrame, like_days: pl.DataFrame, loads: pl.DataFrame, wanted: pl.DataFrame, most_days: int
) -> pl.DataFrame:
    """``baseline_wh`` of each participant and day by its nearest whole like days, and how many they were (``like_days``)."""
    keys = ["participant_id", "day"]
    known = windows.join(like_days, on=keys).join(
        loads.rename({"day": "like_day"}), on=["participant_id", "like_day", "slot"]
    )
    whole = (
        known.group_by(*keys, "like_day", "rank")
        .agg(pl.len().cast(pl.Int64).alias("read"), pl.col("wh").sum())
        .join(wanted, on=keys)
        .filter(pl.col("read") == pl.col("quarters"))
        .sort(*keys, "rank")
        .group_by(keys, maintain_order=True)
        .head(most_days)
    )
    count, energy = pl.len().cast(pl.Int64), pl.col("wh").sum()
    return whole.group_by(keys).agg(
        count.alias("like_days"), ((2 * energy + count) // (2 * count)).alias("baseline_wh")
    )
