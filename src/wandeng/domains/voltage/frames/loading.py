"""Monitoring points, their readings and their devices' sums, from files, on the importer's connection."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pyarrow as pa

from wandeng.calc import voltage
from wandeng.domains.voltage import rules
from wandeng.domains.voltage.models import VoltageDay, VoltagePoint
from wandeng.domains.voltage.types import DaySource
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

SLOTS = 96
SLOT_MINUTES = 15
DAY_MINUTES = SLOTS * SLOT_MINUTES
HIGH_DV = rules.HIGH_DV
"""From here a point has limits of its own, 0.1 V."""
FACTS = [
    "name", "unit_id", "voltage_class", "area", "nominal_dv", "upper_dv", "lower_dv", "transformer_id", "usage_point_id",
    "valid_from", "valid_to",
]  # fmt: skip
POINTS = pa.schema(
    [
        ("point", pa.string()), ("point_id", pa.int64()), ("path", pa.string()), ("nominal_dv", pa.int32()),
        ("own_upper_dv", pa.int32()), ("own_lower_dv", pa.int32()), ("valid_from", pa.date32()), ("valid_to", pa.date32()),
    ]
)  # fmt: skip
FIGURES = [
    "source",
    "monitored",
    "over",
    "under",
    *voltage.FAULTS,
    "max_dv",
    "min_dv",
    "upper_dv",
    "lower_dv",
    "readings",
]


def points(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """The points with these codes (column ``point``): :data:`POINTS`."""
    with store.staged(rows.select("point").unique(maintain_order=True).to_arrow()) as staged:
        sql = (
            "SELECT p.code AS point, p.id AS point_id, u.path AS path, p.nominal_dv, p.upper_dv AS own_upper_dv, "
            f"p.lower_dv AS own_lower_dv, p.valid_from, p.valid_to FROM {staged} s "
            "JOIN voltage_voltagepoint p ON p.code = s.point JOIN organization_unit u ON u.id = p.unit_id"
        )
        return pl.DataFrame(store.read(sql, schema=POINTS))


def load_points(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring points (``line``, ``code``, :data:`FACTS`) into the table. Returns ``line`` and ``outcome``."""
    return merging.merge(store, VoltagePoint, rows, key=["code"], update=FACTS).select("line", "outcome")


def limited(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``upper_dv`` and ``lower_dv``: the point's own, else those of the rule on the day; null where neither is."""
    told = []
    for nominal, day in rows.select("nominal_dv", "day").unique(maintain_order=True).iter_rows():
        told.append((nominal, day, *(rules.limits(rules.deviation(day), nominal) or (None, None))))
    schema = {"nominal_dv": pl.Int32, "day": pl.Date, "rule_upper": pl.Int32, "rule_lower": pl.Int32}
    by_rule = pl.DataFrame(told, schema, orient="row")
    joined = rows.join(by_rule, on=["nominal_dv", "day"], how="left", maintain_order="left")
    return joined.with_columns(
        upper_dv=pl.coalesce("own_upper_dv", "rule_upper"), lower_dv=pl.coalesce("own_lower_dv", "rule_lower")
    ).drop("rule_upper", "rule_lower")


def judged(rows: pl.DataFrame, slots: list[str]) -> pl.DataFrame:
    """``rows`` (``day``, ``nominal_dv``, limits, a column of 0.1 V a slot) with :data:`FIGURES`, by the rule of each day."""
    parts = []
    for (day,), part in rows.partition_by("day", as_dict=True, maintain_order=True).items():
        assert isinstance(day, date)
        rule = rules.faults(rules.monitoring(day).data_faults)
        volts = part.select(pl.col(slots).fill_null(voltage.MISSING)).to_numpy().astype(np.int32)
        whole = [part[name].to_numpy().astype(np.int32) for name in ("nominal_dv", "upper_dv", "lower_dv")]
        told = voltage.judge(volts, *whole, rule=rule, slot_minutes=SLOT_MINUTES)
        told_day = part.with_columns(readings=_written(slots), source=pl.lit(DaySource.READINGS.value))
        parts.append(pl.concat([told_day, told], how="horizontal"))
    return pl.concat(parts) if parts else rows


def _written(slots: list[str]) -> pl.Expr:
    """The readings of a day as the table keeps them."""
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in slots], separator=" ")


def days(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Which of these days (``point_id``, ``day``) are there: those and ``was_source``."""
    found = merging.find(store, VoltageDay, rows.select("point_id", "day"), ["source"])
    return found.rename({"source": "was_source"})


def load_days(store: ColumnStore, rows: pl.DataFrame, *, at: datetime) -> pl.DataFrame:
    """Bring days (``line``, ``point_id``, ``day``, :data:`FIGURES`) into the table; a day that is told again with other figures
    is changed. Returns ``line`` and ``outcome``."""
    if rows.is_empty():
        return rows.select("line", pl.lit(merging.CREATED).alias("outcome"))
    brought = rows.select("line", "point_id", "day", *FIGURES)
    merged = merging.merge(
        store, VoltageDay, brought, key=["point_id", "day"], update=FIGURES, fixed={"recorded_at": at}
    )
    return merged.select("line", "outcome")
