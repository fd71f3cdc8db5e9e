"""How often every area was off already, for plans of a whole month."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import polars as pl

from wandeng.domains.reliability import rules
from wandeng.domains.reliability.frames import history
from wandeng.domains.reliability.queries.repeating import months_before
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.periods import BILLING_ZONE

SECONDS_PER_MINUTE = 60


def repeats(
    store: ColumnStore, *, on: date, territory: str = rules.TERRITORY, library: RuleLibrary | None = None
) -> pl.DataFrame:
    """What ``queries.repeats`` tells, for all areas that had any: ``transformer_id``, ``planned_this_year``, ``recent``.

    Raises ``NoRuleInForce``.
    """
    rule = rules.standards(on, territory=territory, library=library)
    year = _seconds(date(on.year, 1, 1)), _seconds(date(on.year + 1, 1, 1))
    since, until = _seconds(months_before(on, rule.frequent.months)), _seconds(on + timedelta(days=1))
    steps = history.steps(store, begin=min(year[0], since), end=max(year[1], until)).filter(pl.col("account").is_null())
    off = pl.col("begin")
    is_planned = pl.col("kind").is_in(list(rule.repeated.kinds)) & (off >= year[0]) & (off < year[1])
    is_long = pl.col("end") - off > rule.frequent.over_minutes * SECONDS_PER_MINUTE
    counts = ~pl.col("cause").is_in(list(rule.frequent.excludes)) & (off >= since) & (off < until) & is_long
    return (
        steps.group_by(pl.col("transformer").alias("transformer_id"))
        .agg(
            pl.col("event").filter(is_planned).n_unique().cast(pl.Int64).alias("planned_this_year"),
            pl.col("event").filter(counts).n_unique().cast(pl.Int64).alias("recent"),
        )
        .filter((pl.col("planned_this_year") > 0) | (pl.col("recent") > 0))
        .sort("transformer_id")
    )


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), BILLING_ZONE).timestamp())
