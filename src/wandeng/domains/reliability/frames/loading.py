"""Interruptions from a file, on the importer's connection: new ones, further steps, and ends of steps that were open."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from wandeng.domains.reliability.frames import standing
from wandeng.domains.reliability.models import Interruption, InterruptionStep, InterruptionSupply
from wandeng.domains.reliability.sums import ONGOING, sums
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging
from wandeng.kernel.actors import Actor

FACTS = ["unit_id", "kind", "cause", "is_external", "voltage", "feeder_id", "device", "belongs_to", "note"]
"""What every step of an interruption says alike."""
_WHO = ["number", "transformer_id", "usage_point_id"]


def recorded(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """What stands under the rows' numbers: ``number``, ``event`` and the facts, named ``was_…``."""
    found = merging.find(store, Interruption, rows.select("number"), ["id", *FACTS], where="t.is_current")
    return found.rename({"id": "event"} | {name: f"was_{name}" for name in FACTS})


def steps_of(store: ColumnStore, known: pl.DataFrame) -> pl.DataFrame:
    """Steps of these interruptions (``number``, ``event``): those, ``step``, ``transformer_id``, ``usage_point_id``,
    ``off_at``, ``on_at``."""
    events = known.select(interruption_id="event")
    wanted = ["id", "transformer_id", "usage_point_id", "off_at", "on_at"]
    found = merging.find(store, InterruptionStep, events, wanted)
    return found.rename({"id": "step", "interruption_id": "event"}).join(known.select("number", "event"), on="event")


def load(store: ColumnStore, rows: pl.DataFrame, *, actor: Actor, at: datetime) -> pl.DataFrame:
    """``rows``: ``line``, ``number``, :data:`FACTS`, ``event`` and ``step`` (null where there is none yet), ``transformer_id``,
    ``usage_point_id``, ``account_id``, ``off_at``, ``on_at``, ``customers`` (null: counted from the network), none of them
    in conflict with what stands. Returns ``line`` and ``outcome``."""
    if rows.is_empty():
        return rows.select("line", pl.lit(merging.CREATED).alias("outcome"))
    ends = rows.filter(pl.col("step").is_not_null())
    merging.change(store, InterruptionStep, ends.select(pl.col("step").alias("id"), "on_at"), ["on_at"])
    fresh = rows.filter(pl.col("step").is_null())
    events = _opened(store, fresh, actor, at)
    _append_steps(store, fresh.drop("event").join(events, on="number", how="left", maintain_order="left"))
    touched = pl.concat([events.select("event"), ends.select("event")]).unique(maintain_order=True)
    _sum_up(store, touched)
    return pl.concat(
        [
            fresh.select("line", pl.lit(merging.CREATED).alias("outcome")),
            ends.select("line", pl.lit(merging.CHANGED).alias("outcome")),
        ]
    )


def _opened(store: ColumnStore, rows: pl.DataFrame, actor: Actor, at: datetime) -> pl.DataFrame:
    """``number`` and ``event`` of every number of the rows; new ones are written, with what they come to still open."""
    heads = rows.unique("number", keep="first", maintain_order=True).rename({"event": "id"})
    numbered = merging.number(store, Interruption, heads)
    new = numbered.join(
        heads.filter(pl.col("id").is_not_null()).select("number"), on="number", how="anti", maintain_order="left"
    )
    table = new.select("id", "number", *FACTS, "off_at").with_columns(
        pl.lit(0, pl.Int16).alias("revision"), pl.lit(True).alias("is_current"), pl.lit("").alias("reason"),
        pl.lit(0).alias("areas"), pl.lit(0).alias("customers"), pl.lit(None, pl.Datetime("us", "UTC")).alias("on_at"),
        pl.lit(at).alias("recorded_at"), pl.lit(actor.code).alias("recorded_by"),
    )  # fmt: skip
    if table.height:
        store.append(Interruption, table.to_arrow())
    return numbered.select("number", pl.col("id").alias("event"))


def _append_steps(store: ColumnStore, rows: pl.DataFrame) -> None:
    if rows.is_empty():
        return
    day = pl.col("off_at").dt.convert_time_zone("Asia/Shanghai").dt.date().alias("day")
    dated = rows.with_columns(day, pl.col("customers").alias("told")).drop("customers", "unit_id", "feeder_id")
    areas = standing.areas_by_id(store, dated.select("transformer_id"))
    there = dated.join(areas, on="transformer_id", how="left", maintain_order="left").join(
        standing.customers(store, dated), on=["transformer_id", "day"], how="left", maintain_order="left"
    )
    is_point = pl.col("usage_point_id").is_not_null()
    counted = pl.when(is_point).then(1).otherwise(pl.coalesce("told", "customers")).alias("customers")
    numbered = merging.number(store, InterruptionStep, there.with_columns(counted, pl.lit(None, pl.Int64).alias("id")))
    store.append(
        InterruptionStep,
        numbered.select(
            "id", pl.col("event").alias("interruption_id"), "transformer_id", "usage_point_id", "account_id", "unit_id",
            "feeder_id", "locality", "is_public", "customers", "off_at", "on_at",
        ).to_arrow(),
    )  # fmt: skip
    _append_supplies(store, dated.select("event", "transformer_id", "day"))


def _append_supplies(store: ColumnStore, hit: pl.DataFrame) -> None:
    wanted = standing.supplies_on(standing.several(store), hit).rename({"event": "interruption_id"})
    if wanted.is_empty():
        return
    key = ["interruption_id", "account_id", "transformer_id"]
    known = merging.find(store, InterruptionSupply, wanted.select("interruption_id").unique(), key[1:])
    new = wanted.join(known, on=key, how="anti", maintain_order="left").with_columns(pl.lit(None, pl.Int64).alias("id"))
    if new.height:
        store.append(InterruptionSupply, merging.number(store, InterruptionSupply, new).select("id", *key).to_arrow())


def _sum_up(store: ColumnStore, events: pl.DataFrame) -> None:
    """Bring areas, customers and times of these interruptions (``event``) in line with their steps."""
    keys = events.select(interruption_id="event")
    columns = ["transformer_id", "account_id", "off_at", "on_at", "customers"]
    steps = merging.find(store, InterruptionStep, keys, columns).select(
        event="interruption_id", transformer="transformer_id", account="account_id", begin=pl.col("off_at").dt.epoch("s"),
        end=pl.col("on_at").dt.epoch("s").fill_null(ONGOING), customers=pl.col("customers").cast(pl.Int64),
    )  # fmt: skip
    supplies = merging.find(store, InterruptionSupply, keys, ["account_id", "transformer_id"]).select(
        event="interruption_id", account="account_id", transformer="transformer_id"
    )
    told = sums(steps, supplies).select(
        id="event", areas="areas", customers="customers", off_at=_moment("off"), on_at=_moment("on")
    )
    merging.change(store, Interruption, told, ["areas", "customers", "off_at", "on_at"])


def _moment(column: str) -> pl.Expr:
    return pl.from_epoch(column, time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
