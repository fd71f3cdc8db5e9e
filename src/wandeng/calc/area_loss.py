"""Line loss of transformer areas day by day (台区日线损), for all areas at once: what can be computed, and why the rest cannot.

What was supplied is the supply meter's import less its export, and what customers fed in behind it; what was sold is the sum
of the customers' meters. Before a rate is called high or negative it is asked whether it means anything: each reason stands
in :class:`Reason`, in the order in which it is looked for. ``line_loss.area_loss`` is the same arithmetic for one area.

Energy in 0.01 kWh after the multiplier; rates and shares in 10⁻⁴.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from wandeng.calc.rating.exact import half_up

E4 = 10_000


class LossStatus(StrEnum):
    """What a rate is called 线损状态."""

    NORMAL = "NORMAL"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"
    NEGATIVE = "NEGATIVE"
    NOT_COMPUTABLE = "NOT_COMPUTABLE"


class Reason(StrEnum):
    """Why a rate would mean nothing 不可计算原因, the first that is found."""

    NO_SUPPLY_METER = "NO_SUPPLY_METER"
    NO_CUSTOMER = "NO_CUSTOMER"
    RATIO_UNKNOWN = "RATIO_UNKNOWN"
    SUPPLY_UNREAD = "SUPPLY_UNREAD"
    RELATION_CHANGED = "RELATION_CHANGED"
    FEED_IN_UNREAD = "FEED_IN_UNREAD"
    COLLECTION_LOW = "COLLECTION_LOW"
    TIMES_NOT_ALIGNED = "TIMES_NOT_ALIGNED"
    OVER_CAPACITY = "OVER_CAPACITY"
    NOTHING_SUPPLIED = "NOTHING_SUPPLIED"


class Hint(StrEnum):
    """What to look at before a computed rate is believed 提示."""

    METERS_MISSING = "METERS_MISSING"
    FEED_IN = "FEED_IN"
    TIMES_DIFFER = "TIMES_DIFFER"
    RATIO_SUSPECT = "RATIO_SUSPECT"


@dataclass(frozen=True, slots=True)
class LossBands:
    """The bands of a day's rule. Above ``high_e4`` is high, above ``very_high_e4`` very high, below ``negative_e4`` (itself
    negative) negative. At least ``collection_e4`` of the customers' meters are read, at most ``untimed_e4`` of what was sold
    comes from readings not frozen at midnight, and no supply meter shows more than its transformer gives in ``hours`` hours.
    ``ratios_e4``: what the multiplier of a supply meter is wrong by where a CT of the next size was written down, looked
    for within ``ratio_tolerance_e4``."""

    high_e4: int
    very_high_e4: int
    negative_e4: int
    collection_e4: int
    untimed_e4: int
    hours: int
    ratios_e4: Sequence[int] = ()
    ratio_tolerance_e4: int = 0


AREAS = {"transformer_id": pl.Int64, "capacity_ckva": pl.Int64, "relation_before": pl.Int64}
"""One row an area. ``relation_before``: what :func:`relation` came to at the end of the day before, null: not known."""

POINTS = {
    "transformer_id": pl.Int64,
    "usage_point_id": pl.Int64,
    "kind": pl.String,
    "is_new": pl.Boolean,
    "is_gone": pl.Boolean,
    "energy_ckwh": pl.Int64,
    "export_ckwh": pl.Int64,
    "is_timed": pl.Boolean,
    "has_ratio": pl.Boolean,
}
"""One row a usage point: kind SUPPLY, LOAD or FEED_IN; whether it was connected this day (``is_new``) or its last day was the
day before (``is_gone``: it counts for the relation only); energy drawn and fed in, null where a reading is missing;
whether both readings were frozen at midnight; whether its multiplier is known."""

FIGURES = ("supplied_ckwh", "fed_ckwh", "sold_ckwh", "loss_ckwh", "rate_e4")
COLUMNS = ("transformer_id", *FIGURES, "points", "read", "status", "reason", "hints", "relation")
"""One row an area, in the order of the areas. ``supplied_ckwh`` has ``fed_ckwh`` in it; loss and rate are null where the status
is NOT_COMPUTABLE; ``points`` and ``read`` count the customers' meters; ``hints`` are codes between commas."""


def relation(points: pl.Expr) -> pl.Expr:
    """A number that stands for a set of usage points, whatever their order, the same on every machine."""
    return (points * 2_654_435_761 % 2_147_483_647).sum()


def area_losses(areas: pl.DataFrame, points: pl.DataFrame, bands: LossBands) -> pl.DataFrame:
    """The losses of one day, COLUMNS, from AREAS and POINTS."""
    summed = areas.join(_sums(points), on="transformer_id", how="left", maintain_order="left")
    told = summed.with_columns(
        pl.col("supplies", "points", "read", "timed_off", "fed_unread", "relation", "relation_start").fill_null(0),
        pl.col("fed_ckwh", "sold_ckwh", "untimed_ckwh").fill_null(0),
    ).with_columns(supplied_ckwh=pl.col("through_ckwh") + pl.col("fed_ckwh"))
    judged = told.with_columns(reason=_reason(bands)).with_columns(
        loss_ckwh=pl.when(pl.col("reason") == "").then(pl.col("supplied_ckwh") - pl.col("sold_ckwh"))
    )
    rated = judged.with_columns(
        rate_e4=pl.when(pl.col("reason") == "").then(half_up(pl.col("loss_ckwh") * E4, pl.col("supplied_ckwh")))
    )
    return rated.with_columns(status=_status(bands), hints=_hints(bands)).select(COLUMNS)


def _sums(points: pl.DataFrame) -> pl.DataFrame:
    """What each area's meters come to."""
    here = ~pl.col("is_gone")
    is_supply = (pl.col("kind") == "SUPPLY") & here
    is_feed = (pl.col("kind") == "FEED_IN") & here
    is_load = (pl.col("kind") == "LOAD") & here
    behind = pl.col("kind").is_in(["LOAD", "FEED_IN"])
    meter = pl.when(is_feed).then("export_ckwh").otherwise("energy_ckwh")
    through = (pl.col("energy_ckwh") - pl.col("export_ckwh").fill_null(0)).filter(is_supply)
    return points.group_by("transformer_id").agg(
        is_supply.sum().cast(pl.Int64).alias("supplies"),
        (is_supply & ~pl.col("has_ratio")).sum().cast(pl.Int64).alias("no_ratio"),
        (is_supply & pl.col("energy_ckwh").is_not_null() & ~pl.col("is_timed")).sum().cast(pl.Int64).alias("timed_off"),
        pl.when(through.null_count() == 0).then(through.sum()).alias("through_ckwh"),
        (is_load | is_feed).sum().cast(pl.Int64).alias("points"),
        ((is_load | is_feed) & meter.is_not_null()).sum().cast(pl.Int64).alias("read"),
        (is_feed & pl.col("export_ckwh").is_null()).sum().cast(pl.Int64).alias("fed_unread"),
        pl.col("export_ckwh").filter(is_load | is_feed).sum().alias("fed_ckwh"),
        pl.col("energy_ckwh").filter(is_load).sum().alias("sold_ckwh"),
        pl.col("energy_ckwh").filter(is_load & ~pl.col("is_timed")).sum().alias("untimed_ckwh"),
        relation(pl.col("usage_point_id").filter(behind & here)).alias("relation"),
        relation(pl.col("usage_point_id").filter(behind & ~pl.col("is_new"))).alias("relation_start"),
    )


def _reason(bands: LossBands) -> pl.Expr:
    """The first reason that holds, empty where the rate means something."""
    most = pl.col("capacity_ckva") * bands.hours
    found = {
        Reason.NO_SUPPLY_METER: pl.col("supplies") == 0,
        Reason.NO_CUSTOMER: pl.col("points") == 0,
        Reason.RATIO_UNKNOWN: pl.col("no_ratio") > 0,
        Reason.SUPPLY_UNREAD: pl.col("through_ckwh").is_null(),
        Reason.RELATION_CHANGED: pl.col("relation_before").ne_missing(pl.col("relation_start"))
        & pl.col("relation_before").is_not_null(),
        Reason.FEED_IN_UNREAD: pl.col("fed_unread") > 0,
        Reason.COLLECTION_LOW: pl.col("read") * E4 < pl.col("points") * bands.collection_e4,
        Reason.TIMES_NOT_ALIGNED: (pl.col("timed_off") > 0)
        | (pl.col("untimed_ckwh") * E4 > pl.col("sold_ckwh") * bands.untimed_e4),
        Reason.OVER_CAPACITY: (pl.col("capacity_ckva") > 0) & (pl.col("supplied_ckwh") > most),
        Reason.NOTHING_SUPPLIED: pl.col("supplied_ckwh") <= 0,
    }
    text = pl.lit("")
    for reason, holds in reversed(found.items()):
        text = pl.when(holds).then(pl.lit(reason.value)).otherwise(text)
    return text


def _status(bands: LossBands) -> pl.Expr:
    rate = pl.col("rate_e4")
    return (
        pl.when(pl.col("reason") != "").then(pl.lit(LossStatus.NOT_COMPUTABLE.value))
        .when(rate > bands.very_high_e4).then(pl.lit(LossStatus.VERY_HIGH.value))
        .when(rate > bands.high_e4).then(pl.lit(LossStatus.HIGH.value))
        .when(rate < bands.negative_e4).then(pl.lit(LossStatus.NEGATIVE.value))
        .otherwise(pl.lit(LossStatus.NORMAL.value))
    )  # fmt: skip


def _hints(bands: LossBands) -> pl.Expr:
    odd = (pl.col("rate_e4") > bands.high_e4) | (pl.col("rate_e4") < bands.negative_e4)
    # Sold as a share of supplied, turned round where the supply meter shows too little.
    near = pl.any_horizontal(
        pl.lit(False),
        *(
            (pl.col("sold_ckwh") * E4 - pl.col("supplied_ckwh") * ratio).abs()
            <= pl.col("supplied_ckwh") * bands.ratio_tolerance_e4
            for ratio in bands.ratios_e4
        ),
    )
    found = {
        Hint.METERS_MISSING: pl.col("read") < pl.col("points"),
        Hint.FEED_IN: pl.col("fed_ckwh") > 0,
        Hint.TIMES_DIFFER: pl.col("untimed_ckwh") > 0,
        Hint.RATIO_SUSPECT: odd.fill_null(False) & near,
    }
    codes = [pl.when(holds).then(pl.lit(hint.value)) for hint, holds in found.items()]
    is_told = pl.col("reason") == ""
    return pl.when(is_told).then(pl.concat_str(codes, separator=",", ignore_nulls=True)).otherwise(pl.lit(""))
