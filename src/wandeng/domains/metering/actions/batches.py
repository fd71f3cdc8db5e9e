"""Readings come in by the batch, on columns: sound ones are accepted, suspicious ones held, nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pyarrow as pa

from wandeng.domains.metering.events import ReadingsAccepted
from wandeng.domains.metering.frames import history, validation
from wandeng.domains.metering.models import Reading
from wandeng.domains.metering.types import (
    READING_BATCH,
    REFUSED_READINGS,
    REGISTERS,
    ReadingLimits,
    RecordedReadings,
    Unrecorded,
)
from wandeng.infra import events, ids
from wandeng.infra.columns import ColumnStore, cast
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

SOURCES = ("HEAD_END", "MANUAL", "CUSTOMER", "INSTALLATION", "REMOVAL")
_SHOWN = (*REGISTERS, "demand_e4")


def record_readings(
    *, batch: pa.Table, source: str, limits: ReadingLimits, actor: Actor, at: datetime, store: ColumnStore | None = None
) -> RecordedReadings:
    """Take in a batch of readings.

    ``batch`` has the columns of ``types.READING_BATCH``. A row is stored ACCEPTED, or HELD with a reason
    (``types.HoldReason``) when it is hard to believe. A row that says what stands already, or what a person refused
    before, is unchanged. A row that contradicts what stands (DIFFERS), lies outside its meter's days, or has no
    sense, is refused and not stored: changing a reading is ``correct_reading``.

    One transaction with the event ``ReadingsAccepted``; with ``store`` inside the caller's, if one is open there.
    """
    if source not in SOURCES:
        raise InvalidInput(f"a reading comes from {', '.join(SOURCES)}, not '{source}'")
    rows = _as_batch(batch)
    if rows.is_empty():
        return RecordedReadings(0, 0, 0, REFUSED_READINGS.empty_table())
    if store is not None:
        with store.transaction():
            return _record(store, rows, source, limits, actor, at)
    with ColumnStore() as own, own.transaction():
        return _record(own, rows, source, limits, actor, at)


def _as_batch(batch: pa.Table) -> pl.DataFrame:
    for field in READING_BATCH:
        if field.name not in batch.column_names and field.name not in (
            "row",
            "installation_id",
            "read_on",
            "total_ckwh",
        ):
            batch = batch.append_column(field.name, pa.nulls(batch.num_rows, field.type))
    return pl.DataFrame(cast(batch, READING_BATCH))


def _record(
    store: ColumnStore, rows: pl.DataFrame, source: str, limits: ReadingLimits, actor: Actor, at: datetime
) -> RecordedReadings:
    known = rows.drop_nulls(["installation_id", "read_on"])
    first: date | None = known.select(pl.col("read_on").min()).item()
    if first is None:
        return RecordedReadings(0, 0, 0, _refusals(rows.with_columns(_unknown(), _nothing_stored())))
    with store.staged(known.select("installation_id").unique().to_arrow()) as staged:
        hung = history.hung(store, staged)
        recent = history.current(store, staged, first)
        turned_down = history.refused(store, staged, first)
        last = history.last_accepted(store, staged)
    told = _compare(rows, hung, recent, turned_down)
    fresh = told.filter(pl.col("code") == "").drop("code", "stored_ckwh")
    today = at.astimezone(BILLING_ZONE).date()
    judged = validation.judge(fresh, last, limits=limits, today=today)
    _append(store, judged, source, actor, at)
    unchanged = told.filter(pl.col("code") == "UNCHANGED")["row"]
    held = judged.filter(pl.col("hold_reason") != "").height
    return RecordedReadings(
        accepted=judged.height - held,
        held=held,
        unchanged=unchanged.len(),
        refused=_refusals(told.filter(~pl.col("code").is_in(["", "UNCHANGED"]))),
        unchanged_rows=unchanged.to_arrow(),
    )


def _compare(rows: pl.DataFrame, hung: pl.DataFrame, recent: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Each row with its meter and a ``code``: empty for news, UNCHANGED, or why it cannot be stored."""
    key = ["installation_id", "read_on"]
    stands = recent.select(*key, *[pl.col(name).alias(f"{name}_stands") for name in _SHOWN])
    turned_down = refused.select(*key, *_SHOWN, pl.lit(True).alias("was_refused")).unique([*key, *_SHOWN])
    told = (
        rows.join(hung, on="installation_id", how="left", maintain_order="left")
        .join(stands, on=key, how="left", maintain_order="left")
        .join(turned_down, on=[*key, *_SHOWN], how="left", maintain_order="left", nulls_equal=True)
        .with_columns(pl.struct(key).is_first_distinct().alias("is_first"))
    )
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_stands")) for name in _SHOWN)
    day = pl.col("read_on")
    outside = day.is_null() | (day < pl.col("installed_on")) | (day > pl.col("removed_on")).fill_null(False)
    verdicts = [
        (pl.col("digits").is_null(), Unrecorded.UNKNOWN_INSTALLATION),
        (outside, Unrecorded.NOT_HUNG),
        (pl.col("total_ckwh").is_null(), Unrecorded.NO_TOTAL),
        (pl.any_horizontal(pl.col(name) < 0 for name in _SHOWN).fill_null(False), Unrecorded.NEGATIVE),
        (~pl.col("is_first"), Unrecorded.TWICE),
        (pl.col("total_ckwh_stands").is_not_null() & same, "UNCHANGED"),
        (pl.col("total_ckwh_stands").is_not_null(), Unrecorded.DIFFERS),
        (pl.col("was_refused").fill_null(False), "UNCHANGED"),
    ]
    code = pl.lit("")
    for condition, verdict in reversed(verdicts):
        code = pl.when(condition).then(pl.lit(verdict)).otherwise(code)
    return told.with_columns(code.alias("code"), pl.col("total_ckwh_stands").alias("stored_ckwh")).select(
        *rows.columns, "digits", "multiplier", "code", "stored_ckwh"
    )


def _unknown() -> pl.Expr:
    return pl.lit(Unrecorded.UNKNOWN_INSTALLATION).alias("code")


def _nothing_stored() -> pl.Expr:
    return pl.lit(None, pl.Int64).alias("stored_ckwh")


def _refusals(told: pl.DataFrame) -> pa.Table:
    named = told.with_columns(pl.col("total_ckwh").alias("found_ckwh")).sort("row", nulls_last=True)
    return named.select(REFUSED_READINGS.names).to_arrow().cast(REFUSED_READINGS)


def _append(store: ColumnStore, judged: pl.DataFrame, source: str, actor: Actor, at: datetime) -> None:
    """Write the rows, ids in the order of installation and day, and publish what may be billed."""
    if judged.is_empty():
        return
    first = ids.reserve_columns(store, Reading, judged.height)
    ordered = judged.sort("installation_id", "read_on").with_columns(
        pl.int_range(first, first + judged.height, dtype=pl.Int64).alias("id")
    )
    accepted = ordered.filter(pl.col("hold_reason") == "")
    store.append(Reading, reading_rows(ordered, source=source, actor=actor, at=at))
    if accepted.height:
        events.publish_columns(store, accepted_event(accepted), at=at)


def accepted_event(accepted: pl.DataFrame) -> ReadingsAccepted:
    """The event for accepted rows with ``id`` and ``read_on``."""
    bounds = accepted.select(
        first_id=pl.col("id").min(),
        last_id=pl.col("id").max(),
        from_on=pl.col("read_on").min(),
        to_on=pl.col("read_on").max(),
    ).row(0, named=True)
    return ReadingsAccepted(count=accepted.height, **bounds)


def reading_rows(rows: pl.DataFrame, *, source: str, actor: Actor, at: datetime) -> pa.Table:
    """Rows of the reading table from id, installation_id, read_on, the registers and ``hold_reason``."""
    return rows.select(
        "id",
        "installation_id",
        "read_on",
        *_SHOWN,
        pl.lit(source).alias("source"),
        pl.when(pl.col("hold_reason") == "").then(pl.lit("ACCEPTED")).otherwise(pl.lit("HELD")).alias("state"),
        "hold_reason",
        pl.lit(None, pl.Int64).alias("supersedes"),
        pl.lit(True).alias("is_current"),
        pl.lit(at).dt.convert_time_zone("UTC").alias("received_at"),
        pl.lit(actor.code).alias("actor"),
    ).to_arrow()
