"""The year of every customer and every area: hours and times without supply, and the lists that follow from them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from wandeng.calc.interruptions import Members, year
from wandeng.domains.reliability.frames.analysis import SECONDS_PER_MINUTE, History, seconds
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.topics.reliability import ReliabilityStandards
from wandeng.kernel.periods import BILLING_ZONE, Period

MEMBERS = pa.schema(
    [("account", pa.int64()), ("transformer", pa.int64()), ("since", pa.date32()), ("until", pa.date32())]
)
AREAS = pl.Schema(
    {"transformer": pl.Int64, "seconds": pl.Int64, "times": pl.Int64, "planned": pl.Int64, "frequent": pl.Int64}
)


def members(store: ColumnStore) -> Members:
    """Every customer there is or was, by first supply, and when it was connected."""
    sql = (
        "SELECT p.account_id AS account, COALESCE(MIN(CASE WHEN p.kind = 'LOAD' THEN p.transformer_id END), "
        "MIN(p.transformer_id)) AS transformer, MIN(p.connected_on) AS since, "
        "MAX(COALESCE(p.disconnected_on, '9999-01-01')) AS until FROM network_usagepoint p "
        "WHERE p.kind IN ('LOAD', 'FEED_IN') GROUP BY p.account_id"
    )
    found = pl.DataFrame(store.read(sql, schema=MEMBERS)).sort("transformer", "account")
    return Members(
        found["account"].to_numpy(),
        found["transformer"].to_numpy(),
        _midnights(found["since"]),
        _midnights(found["until"]),
    )


def _midnights(days: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    local = days.cast(pl.Datetime("ms")).dt.replace_time_zone(BILLING_ZONE.key)
    return local.dt.epoch("s").to_numpy()


def customers(told: History, those: Members, *, period: Period, rule: ReliabilityStandards) -> pl.DataFrame:
    """``account``, ``transformer``, ``seconds``, ``times`` of every customer in a period: what lasted above the minutes of
    the rule, without its causes, split at both ends."""
    lengths, times = year(
        those, told.pieces(rule.frequent.excludes), told.supplies["account"].unique().to_numpy(),
        begin=seconds(period.from_on), end=seconds(period.to_on), over_seconds=_least(rule),
    )  # fmt: skip
    return pl.DataFrame(
        {"account": those.account, "transformer": those.transformer, "seconds": lengths, "times": times}
    )


def areas(told: History, *, period: Period, rule: ReliabilityStandards) -> pl.DataFrame:
    """:data:`AREAS` of the areas that were off in a period: ``planned`` counts interruptions of the planned kinds that began
    in it, ``frequent`` is the most interruptions within the rule's rolling months, of those that began in it."""
    begin, end = seconds(period.from_on), seconds(period.to_on)
    pieces = told.pieces(rule.frequent.excludes).filter(
        (pl.col("areas") == 1) & (pl.col("begin") < end) & (pl.col("end") > begin)
    )
    is_long = pl.col("lasts") > _least(rule)
    length = pl.min_horizontal("end", pl.lit(end)) - pl.max_horizontal("begin", pl.lit(begin))
    inside = (pl.col("begin") >= begin) & (pl.col("starts") == 1)
    sums = pieces.group_by("transformer").agg(
        length.filter(is_long).sum().alias("seconds"),
        (inside & is_long).sum().cast(pl.Int64).alias("times"),
    )
    planned = (
        told.steps.filter(
            pl.col("account").is_null() & pl.col("kind").is_in(list(rule.repeated.kinds))
            & (pl.col("begin") >= begin) & (pl.col("begin") < end)
        )
        .group_by("transformer")
        .agg(pl.col("event").n_unique().cast(pl.Int64).alias("planned"))
    )  # fmt: skip
    begun = pieces.filter(inside & is_long).select("transformer", off="begin")
    joined = sums.join(planned, on="transformer", how="full", coalesce=True).join(
        most_within(begun, rule.frequent.months), on="transformer", how="left"
    )
    return joined.select(AREAS.names()).fill_null(0).cast(AREAS).sort("transformer")


def most_within(begun: pl.DataFrame, months: int) -> pl.DataFrame:
    """``transformer`` and ``off`` (seconds) → ``transformer``, ``frequent``: the most that began on local days within so many
    rolling months."""
    local = pl.from_epoch("off", time_unit="s").dt.replace_time_zone("UTC").dt.convert_time_zone(BILLING_ZONE.key)
    days = begun.select("transformer", day=local.dt.date()).sort("transformer", "day")
    # A window that begins with an interruption reaches up to the same day so many months later.
    ends = days.select("transformer", "day", until=pl.col("day").dt.offset_by(f"{months}mo")).unique()
    met = ends.join(days.rename({"day": "other"}), on="transformer").filter(
        (pl.col("other") >= pl.col("day")) & (pl.col("other") < pl.col("until"))
    )
    counts = met.group_by("transformer", "day").agg(pl.len().cast(pl.Int64).alias("frequent"))
    return counts.group_by("transformer").agg(pl.col("frequent").max())


def _least(rule: ReliabilityStandards) -> int:
    return rule.frequent.over_minutes * SECONDS_PER_MINUTE
