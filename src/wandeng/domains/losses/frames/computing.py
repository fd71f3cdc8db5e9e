"""The losses of a day, for all areas of a unit at once: read in columns, computed by ``calc.area_loss``, written as revisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pyarrow as pa

from wandeng.calc import area_loss as calc
from wandeng.domains.losses import rules
from wandeng.domains.losses.models import AreaLoss
from wandeng.domains.losses.types import Computed
from wandeng.domains.metering import frames as metering
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.imports import merging
from wandeng.kernel.periods import Month

_AREAS = pa.schema(
    [
        ("transformer_id", pa.int64()), ("capacity_ckva", pa.int64()), ("unit_id", pa.int64()), ("feeder_id", pa.int64()),
        ("relation_before", pa.int64()),
    ]
)  # fmt: skip
_POINTS = pa.schema(
    [
        ("transformer_id", pa.int64()), ("usage_point_id", pa.int64()), ("kind", pa.string()), ("is_new", pa.bool_()),
        ("is_gone", pa.bool_()),
    ]
)  # fmt: skip
_TOLD = ("status", "reason", "hints", *calc.FIGURES, "points", "read", "relation")
"""What makes a new revision when it is another."""


def compute(
    store: ColumnStore, *, unit_path: str, on: date, at: datetime, library: RuleLibrary | None = None
) -> Computed:
    """Compute and keep the day ``on`` of every public area (公变台区) of the unit and below. Doing it again changes nothing, unless
    readings came late: then the areas that differ get a new revision. One transaction. Raises ``NoRuleInForce``."""
    bands = rules.bands(rules.line_loss(on, library=library))
    with store.transaction():
        areas = _areas(store, unit_path, on)
        losses = calc.area_losses(areas, measured(store, unit_path=unit_path, on=on), bands)
        rows = losses.join(areas.select("transformer_id", "unit_id", "feeder_id"), on="transformer_id").with_columns(
            day=pl.lit(on)
        )
        return _keep(store, rows, at)


def measured(store: ColumnStore, *, unit_path: str, on: date) -> pl.DataFrame:
    """``calc.area_loss.POINTS``: what every meter behind the unit's transformers showed on a day."""
    found = store.read(
        "SELECT p.transformer_id, p.id AS usage_point_id, p.kind, p.connected_on = ? AS is_new, "
        "COALESCE(p.disconnected_on, ?) = ? AS is_gone FROM organization_unit u "
        "JOIN network_powertransformer t ON t.unit_id = u.id JOIN network_usagepoint p ON p.transformer_id = t.id "
        f"WHERE substr(u.path, 1, {len(unit_path)}) = ? AND t.ownership = 'PUBLIC' "
        "AND p.kind IN ('SUPPLY', 'LOAD', 'FEED_IN') AND p.connected_on <= ? "
        "AND (p.disconnected_on IS NULL OR p.disconnected_on >= ?)",
        (on, on + timedelta(days=1), on, unit_path, on, on),
        schema=_POINTS,
    )
    energies = metering.daily_energies(store, unit_path=unit_path, on=on)
    return _told(pl.DataFrame(found), energies)


def month_losses(
    store: ColumnStore, *, unit_path: str, month: Month, library: RuleLibrary | None = None
) -> pl.DataFrame:
    """``calc.area_loss.COLUMNS`` of every public area of the unit over a natural month, with ``unit_id`` and ``feeder_id``, by the same
    arithmetic, bands and reasons as a day: registers at both ends of the month, so that a month can be told where nobody reads
    days. Nothing is written. Raises ``NoRuleInForce`` by the month's last day."""
    period = month.period
    bands = rules.bands(rules.line_loss(period.to_on - timedelta(days=1), library=library))
    areas = _areas(store, unit_path, period.from_on).with_columns(relation_before=pl.lit(None, pl.Int64))
    points = _points(store, unit_path, period.from_on, period.to_on)
    energies = metering.span_energies(store, unit_path=unit_path, from_on=period.from_on, to_on=period.to_on)
    whole = replace(bands, hours=bands.hours * month.days)
    losses = calc.area_losses(areas, _told(points, energies), whole)
    return losses.join(
        areas.select("transformer_id", "unit_id", "feeder_id"), on="transformer_id", maintain_order="left"
    )


def _points(store: ColumnStore, unit_path: str, from_on: date, to_on: date) -> pl.DataFrame:
    """Points behind the unit's transformers that were connected on some day before ``to_on`` and from ``from_on`` on."""
    found = store.read(
        "SELECT p.transformer_id, p.id AS usage_point_id, p.kind, p.connected_on > ? AS is_new, "
        "COALESCE(p.disconnected_on, ?) <= ? AS is_gone FROM organization_unit u "
        "JOIN network_powertransformer t ON t.unit_id = u.id JOIN network_usagepoint p ON p.transformer_id = t.id "
        f"WHERE substr(u.path, 1, {len(unit_path)}) = ? AND t.ownership = 'PUBLIC' "
        "AND p.kind IN ('SUPPLY', 'LOAD', 'FEED_IN') AND p.connected_on < ?",
        (from_on, to_on, from_on, unit_path, to_on),
        schema=_POINTS,
    )
    return pl.DataFrame(found)


def _told(points: pl.DataFrame, energies: pl.DataFrame) -> pl.DataFrame:
    """``calc.area_loss.POINTS`` of points with what their meters showed."""
    told = points.join(energies, on="usage_point_id", how="left")
    return told.with_columns(pl.col("is_timed").fill_null(True), pl.col("has_ratio").fill_null(True)).select(
        list(calc.POINTS)
    )


def _areas(store: ColumnStore, unit_path: str, on: date) -> pl.DataFrame:
    found = store.read(
        "SELECT t.id AS transformer_id, t.capacity_ckva, t.unit_id, t.feeder_id, b.relation AS relation_before "
        "FROM organization_unit u JOIN network_powertransformer t ON t.unit_id = u.id "
        "LEFT JOIN losses_arealoss b ON b.transformer_id = t.id AND b.day = ? AND b.is_current "
        f"WHERE substr(u.path, 1, {len(unit_path)}) = ? AND t.ownership = 'PUBLIC' ORDER BY t.id",
        (on - timedelta(days=1), unit_path),
        schema=_AREAS,
    )
    return pl.DataFrame(found)


def _keep(store: ColumnStore, rows: pl.DataFrame, at: datetime) -> Computed:
    """Append what is new, and what differs from what stands as its next revision."""
    stands = merging.find(
        store, AreaLoss, rows.select("transformer_id", "day"), ["id", "revision", *_TOLD], where="t.is_current"
    )
    was = stands.rename({name: f"{name}_was" for name in ("id", "revision", *_TOLD)})
    known = rows.join(was, on=["transformer_id", "day"], how="left", maintain_order="left")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_was")) for name in _TOLD)
    fresh = known.filter(differs | pl.col("id_was").is_null())
    if fresh.is_empty():
        return Computed(1, rows.height, 0, 0)
    old = fresh.drop_nulls("id_was")
    merging.change(
        store, AreaLoss, old.select(pl.col("id_was").alias("id"), pl.lit(False).alias("is_current")), ["is_current"]
    )
    numbered = merging.number(store, AreaLoss, fresh.with_columns(id=pl.lit(None, pl.Int64)))
    written = numbered.with_columns(
        revision=(pl.col("revision_was").fill_null(0) + 1).cast(pl.Int16),
        is_current=pl.lit(True),
        computed_at=pl.lit(at),
    )
    columns = ["id", "transformer_id", "unit_id", "feeder_id", "day", "revision", "is_current", *_TOLD, "computed_at"]
    store.append(AreaLoss, written.select(columns).to_arrow())
    return Computed(1, rows.height, written.height, old.height)
