"""Interval curves 96点电量曲线: one row a meter and day, 96 quarter-hours of energy in kWh, ``p00`` from midnight."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from wandeng.domains.metering import frames as metering
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import hanging
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import OUTCOMES, Code, Column, Day, Kind, Landing, LoadContext, Number, Section
from wandeng.kernel.periods import Month

POINTS = tuple(
    Column(f"p{i:02d}", f"{i // 4:02d}:{i % 4 * 15:02d}", Number(3, 0, 10**6), sample="0.125") for i in range(96)
)

COLUMNS = (
    Column("asset_number", "资产编号", Code(32), sample="4330001000012345678", also=("电能表资产编号", "表号")),
    Column("usage_point", "计量点编号", Code(64), also=("用电点编号",)),
    Column("day", "日期", Day(), required=True, sample="2026-01-01", also=("数据日期",)),
    *POINTS,
)

KEY = ["installation_id", "day"]


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land curves into the column store, by unit and month. A row that differs from what is stored replaces the quarter
    hours it tells; one that tells nothing new changes nothing."""
    silent = findings.about(
        rows.filter(pl.all_horizontal(pl.col(c.name).is_null() for c in POINTS)),
        "p00",
        "REQUIRED",
        "至少一个时段的电量 (at least one quarter hour)",
        found=pl.lit(""),
    )
    rows, found = hanging.attach(store, findings.without(rows, silent), context, day="day", prefer_new=pl.lit(True))
    again = rows.filter(pl.col("line") != pl.col("line").first().over(KEY))
    twice = findings.about(again, "day", "TWICE_IN_FILE", "一表一日一行 (one row a meter and day)")
    rows = findings.without(rows, twice)
    rows = rows.with_columns(month=pl.col("day").dt.strftime("%Y-%m")).sort("unit_id", "month", *KEY)
    told = _long(rows)
    outcomes = _outcomes(store, rows, told)
    same = outcomes.filter(pl.col("outcome") == merging.UNCHANGED)
    news = findings.without(told, same)
    if not context.dry_run:
        for (unit_id, month), part in news.partition_by(
            ["unit_id", "month"], as_dict=True, maintain_order=True
        ).items():
            table = part.select("installation_id", "day", "point", "active_wh").to_arrow()
            metering.append_intervals(store, table, unit_id=unit_id, month=Month.parse(month), at=context.at)
    return Landing(outcomes, findings.gather(silent, found, twice))


def _long(rows: pl.DataFrame) -> pl.DataFrame:
    """``line``, ``unit_id``, ``month``, ``installation_id``, ``day``, ``point``, ``active_wh``, one row a quarter hour told,
    in the order of ``rows`` and of the day: rows in the order of the store need no sorting there."""
    energies = pl.concat_list(pl.col(column.name).cast(pl.Int32) for column in POINTS)
    return (
        rows.select("line", "unit_id", "month", *KEY, active_wh=energies)
        .explode("active_wh", empty_as_null=False, keep_nulls=False)
        .with_columns(point=(pl.int_range(pl.len()) % len(POINTS)).cast(pl.Int16))
        .drop_nulls("active_wh")
    )


def _outcomes(store: ColumnStore, rows: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    if rows.is_empty():
        return pl.DataFrame(schema=OUTCOMES)
    first, last = rows["day"].min(), rows["day"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    stored = (
        metering.intervals(
            store,
            from_on=first,
            to_on=last + timedelta(days=1),
            installation_ids=rows["installation_id"].unique().to_list(),
        )
        .select(*KEY, "point", was="active_wh")
        .collect()
    )
    known = rows.select("line", *KEY).join(stored.select(KEY).unique(), on=KEY, how="semi")
    differs = (
        told.join(known.select("line"), on="line", how="semi")
        .join(stored, on=[*KEY, "point"], how="left")
        .filter(pl.col("was").ne_missing(pl.col("active_wh")))
        .select("line")
        .unique()
    )
    is_known, is_odd = pl.col("line").is_in(known["line"].implode()), pl.col("line").is_in(differs["line"].implode())
    outcome = (
        pl.when(~is_known)
        .then(pl.lit(merging.CREATED))
        .when(is_odd)
        .then(pl.lit(merging.CHANGED))
        .otherwise(pl.lit(merging.UNCHANGED))
    )
    return rows.select("line", outcome.alias("outcome"))


KIND = Kind(
    "curves",
    "96点曲线",
    "电能表每日96点电量 quarter-hour energy of meters, a row a day",
    (Section("curve", "曲线", COLUMNS, ("asset_number", "usage_point", "day"), load),),
    chunk_rows=20_000,
    roles=(Role.METER_READER, Role.BILLING_CLERK),
)
