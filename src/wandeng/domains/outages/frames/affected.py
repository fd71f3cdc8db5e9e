"""Who loses supply by a version of a plan, traced on the normal state with the customers of its first day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.domains.network import queries as network
from wandeng.domains.outages import rules
from wandeng.domains.outages.models import PlannedOutageVersion
from wandeng.infra.columns import ColumnStore

AT_ONCE = 5000
ACCOUNTS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("transformer_id", pa.int64()),
        ("importance", pa.string()),
        ("locality", pa.string()),
    ]
)
_ELSEWHERE = pa.schema([("account_id", pa.int64()), ("transformer_id", pa.int64())])
_SUPPLIED = (
    "({p}.kind = 'LOAD' OR ({p}.kind = 'FEED_IN' AND NOT EXISTS "
    "(SELECT 1 FROM network_usagepoint l WHERE l.account_id = {p}.account_id AND l.kind = 'LOAD'))) "
    "AND {p}.connected_on <= ? AND ({p}.disconnected_on IS NULL OR {p}.disconnected_on > ?)"
)
"""The points by which an account is a customer of a transformer on a day, as ``network.frames.connectivity`` has it."""


def accounts(store: ColumnStore, *, version_id: int, keeping: bool = False) -> pl.DataFrame:
    """Everyone without supply by a version, a row a usage point: account_id, usage_point_id, transformer_id, importance (text),
    locality, is_important, is_double_supplied, keeps_supply.

    ``is_double_supplied``: the account has supplies on several transformers; without ``keeping`` only those stay whose supplies
    are all off, with it also those that keep one (``keeps_supply``). A version done live (带电作业) interrupts nobody.
    """
    return of_version(store, PlannedOutageVersion.objects.get(pk=version_id), keeping=keeping)


def of_version(store: ColumnStore, version: PlannedOutageVersion, *, keeping: bool = False) -> pl.DataFrame:
    """The same for a version that was read already."""
    if version.live_line == "CHOSEN":
        return out_of(store, dead=(), unfed=(), on=rules.local_day(version.starts_at))
    points = version.isolation.values_list("kind", "switch_id", "transformer_id")
    told = list(points)
    on = rules.local_day(version.starts_at)
    found = network.isolate(
        opened=[switch for kind, switch, _ in told if kind == "OPEN" and switch is not None],
        closed=[switch for kind, switch, _ in told if kind == "CLOSE" and switch is not None],
        out=[transformer for _, _, transformer in told if transformer is not None],
        on=on,
    )
    rows = out_of(store, dead=found.dead, unfed=found.unfed, on=on)
    return rows if keeping else rows.filter(~pl.col("keeps_supply"))


def not_back(rows: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Of these (:func:`accounts`, of an outage that runs) who is off still, or waits to be: none of their supplies is back by
    the steps of its interruption (``reliability.frames.ongoing.steps_off``). A step of a usage point tells of it alone."""
    whole = pl.col("usage_point_id").is_null()
    areas = steps.filter(whole).group_by("transformer_id").agg(area_off=pl.col("is_off").any())
    points = steps.filter(~whole).group_by("usage_point_id").agg(point_off=pl.col("is_off").any())
    marked = rows.join(areas, on="transformer_id", how="left").join(points, on="usage_point_id", how="left")
    off = pl.coalesce("point_off", "area_off", pl.lit(value=True))
    kept = marked.filter(off.all().over("account_id")).select(rows.columns)
    return kept.sort("transformer_id", "account_id", "usage_point_id")


def out_of(store: ColumnStore, *, dead: Sequence[int], unfed: Collection[int], on: date) -> pl.DataFrame:
    """The usage points on dead transformers, with whether their accounts keep another supply: the columns of
    :func:`accounts`, ordered by transformer, account and point."""
    here, there = [ACCOUNTS.empty_table()], [_ELSEWHERE.empty_table()]
    for start in range(0, len(dead), AT_ONCE):
        chosen = ", ".join(str(int(one)) for one in dead[start : start + AT_ONCE])
        here.append(
            store.read(
                "SELECT p.account_id, p.id AS usage_point_id, p.transformer_id, a.importance, a.locality "
                "FROM network_usagepoint p JOIN customers_customeraccount a ON a.id = p.account_id "
                f"WHERE p.transformer_id IN ({chosen}) AND {_SUPPLIED.format(p='p')}",
                (on, on),
                schema=ACCOUNTS,
            )
        )
        there.append(
            store.read(
                "SELECT DISTINCT o.account_id, o.transformer_id FROM network_usagepoint p "
                "JOIN network_usagepoint o ON o.account_id = p.account_id AND o.transformer_id <> p.transformer_id "
                f"WHERE p.transformer_id IN ({chosen}) AND {_SUPPLIED.format(p='p')} AND {_SUPPLIED.format(p='o')}",
                (on, on, on, on),
                schema=_ELSEWHERE,
            )
        )
    rows = pl.DataFrame(pa.concat_tables(here))
    others = pl.DataFrame(pa.concat_tables(there)).unique()
    off = pl.Series([*dead, *unfed], dtype=pl.Int64)
    keeping = others.filter(~pl.col("transformer_id").is_in(off.implode()))["account_id"].unique()
    several = others["account_id"].unique()
    return rows.with_columns(
        (pl.col("importance") != "").alias("is_important"),
        pl.col("account_id").is_in(several.implode()).alias("is_double_supplied"),
        pl.col("account_id").is_in(keeping.implode()).alias("keeps_supply"),
    ).sort("transformer_id", "account_id", "usage_point_id")
