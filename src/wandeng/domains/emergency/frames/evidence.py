"""Evidence of who is dark and who is lit: events, terminals, switches and calls, brought together by transformer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl
import pyarrow as pa

from wandeng.calc.probable_device import EVIDENCE
from wandeng.calc.supply_events import standings
from wandeng.domains.cases.frames import calls as cases
from wandeng.domains.emergency import rules
from wandeng.domains.reliability.frames import returning
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.emergency import Emergency
from wandeng.infra.effective.topics.repairs import Repairs
from wandeng.kernel.periods import BILLING_ZONE

_TOLD = pa.schema(
    [
        ("told_by", pa.string()),
        ("usage_point_id", pa.int64()),
        ("transformer_id", pa.int64()),
        ("switch_id", pa.int64()),
        ("is_off", pa.bool_()),
        ("occurred_at", pa.timestamp("us", "UTC")),
    ]
)
_PLACE = pl.when(pl.col("told_by") == "METER").then(pl.col("usage_point_id") * 4)
_THING = _PLACE.when(pl.col("told_by") == "TERMINAL").then(pl.col("transformer_id") * 4 + 1).otherwise(
    pl.col("switch_id") * 4 + 2
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known at a moment: ``calc.probable_device.EVIDENCE``, switches whose last word is that they opened, how many things
    are flapping, and since when each area that was dark is lit again (``area``, ``lit_since``)."""

    evidence: pl.DataFrame
    tripped: tuple[int, ...]
    flapping: int
    lit: pl.DataFrame


def gather(store: ColumnStore, *, at: datetime, rule: Emergency, library: RuleLibrary) -> Gathered:
    """The evidence of the whole installation at a moment. What was said before an area had supply again counts no more."""
    since = at - timedelta(hours=rule.believing.dark_hours)
    back = (
        returning.fault_steps(since).filter(pl.col("on_at").is_not_null() & (pl.col("on_at") <= at))
        .group_by("area").agg(pl.col("on_at").max().dt.epoch("s").alias("back"))
    )  # fmt: skip
    told = _events(store, since)
    stands = standings(told.select("thing", "is_off", "occurred"), at=_seconds(at), believing=rules.believing(rule))
    things = told.select("thing", "told_by", "transformer_id", "switch_id").unique("thing")
    known = stands.join(things, on="thing").join(back, left_on="transformer_id", right_on="area", how="left")
    current = known.filter(
        pl.col("standing").is_in(["DARK", "LIT"])
        & ~((pl.col("standing") == "DARK") & (pl.col("since") <= pl.col("back").fill_null(-1)))
    )
    evidence = _together(current, _calls(at, rule, back, library))
    dark, lit = pl.col("standing") == "DARK", pl.col("standing") == "LIT"
    switches = current.filter(dark & (pl.col("told_by") == "SWITCH"))["switch_id"].to_list()
    # Long enough to be no flicker; an area with dark and lit meters is lit itself.
    steady = lit & (pl.col("since") <= _seconds(at) - rule.believing.momentary_seconds)
    areas = current.filter(steady & pl.col("transformer_id").is_not_null()).group_by("transformer_id")
    return Gathered(
        evidence, tuple(sorted(switches)), stands.filter(pl.col("standing") == "FLAPPING").height,
        areas.agg(pl.col("since").min().alias("lit_since")).rename({"transformer_id": "area"}).sort("area"),
    )  # fmt: skip


def _events(store: ColumnStore, since: datetime) -> pl.DataFrame:
    moment = since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if store.is_sqlite else since
    found = pl.DataFrame(
        store.read(
            "SELECT told_by, usage_point_id, transformer_id, switch_id, is_off, occurred_at FROM emergency_supplyevent "
            "WHERE occurred_at >= ?",
            (moment,),
            schema=_TOLD,
        )
    )
    return found.with_columns(thing=_THING, occurred=pl.col("occurred_at").dt.epoch("s"))


def _calls(at: datetime, rule: Emergency, back: pl.DataFrame, library: RuleLibrary) -> pl.DataFrame:
    """Callers and the first of them, by area: open calls about faults that are not one customer's own."""
    on = at.astimezone(BILLING_ZONE).date()
    found = cases.calls(at - timedelta(hours=rule.sureness.report_hours)).filter(pl.col("is_open"))
    kept = [pl.lit(False)]
    for territory, repairs in library.in_force(Repairs, on=on).items():
        kept.append(
            (pl.col("territory") == territory)
            & (pl.col("process") == repairs.steps.process)
            & ~pl.col("first_class").is_in(list(repairs.grouping.apart))
        )
    faults = found.filter(pl.any_horizontal(kept)).join(back, on="area", how="left")
    seconds = pl.col("opened_at").dt.epoch("s")
    fresh = faults.filter((seconds > pl.col("back").fill_null(-1)) & (pl.col("opened_at") <= at))
    return fresh.group_by("area").agg(
        pl.col("caller").n_unique().cast(pl.Int64).alias("calls"), seconds.min().alias("first_call")
    )


def _together(current: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    dark, lit = pl.col("standing") == "DARK", pl.col("standing") == "LIT"
    meter, terminal = pl.col("told_by") == "METER", pl.col("told_by") == "TERMINAL"
    areas = current.filter(pl.col("transformer_id").is_not_null()).group_by("transformer_id").agg(
        (dark & meter).sum().cast(pl.Int64).alias("meters_off"),
        (lit & meter).sum().cast(pl.Int64).alias("meters_on"),
        ((lit & terminal).sum().cast(pl.Int64) - (dark & terminal).sum().cast(pl.Int64)).clip(-1, 1)
        .cast(pl.Int8).alias("terminal"),
        pl.col("since").filter(dark).min().alias("first_dark"),
    )  # fmt: skip
    both = areas.join(calls, left_on="transformer_id", right_on="area", how="full", coalesce=True)
    return both.select(
        transformer="transformer_id",
        calls=pl.col("calls").fill_null(0), meters_off=pl.col("meters_off").fill_null(0),
        meters_on=pl.col("meters_on").fill_null(0), terminal=pl.col("terminal").fill_null(0),
        first_off=pl.min_horizontal("first_dark", "first_call"),
    ).cast(EVIDENCE).sort("transformer")  # fmt: skip


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
