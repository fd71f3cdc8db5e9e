"""Which installation a row of readings or curves means: by the meter's asset number, by the usage point, or by both."""

from __future__ import annotations

import polars as pl

from wandeng.domains.metering.frames import loading
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import LINE, LoadContext


def attach(
    store: ColumnStore, rows: pl.DataFrame, context: LoadContext, *, day: str, prefer_new: pl.Expr
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add ``installation_id``, ``unit_id`` and ``digits`` to rows with ``asset_number`` and ``usage_point`` (either may be
    null) and a date column ``day``; rows that fit no installation become findings. On the day of an exchange two fit:
    the new one where ``prefer_new`` holds, else the one that was taken down."""
    named = pl.coalesce("asset_number", "usage_point").is_not_null()
    nameless = findings.about(
        rows.filter(~named), "asset_number", "REQUIRED", "资产编号或计量点编号至少一项 (asset number or usage point)"
    )
    by_meter = _candidates(store, rows.filter(pl.col("asset_number").is_not_null()), "asset_number", "usage_point")
    only_point = pl.col("asset_number").is_null() & pl.col("usage_point").is_not_null()
    by_point = _candidates(store, rows.filter(only_point), "usage_point", "asset_number")
    known = pl.concat([by_meter, by_point])
    named_rows = rows.filter(named)
    strangers = named_rows.join(known.select(LINE), on=LINE, how="anti", maintain_order="left")
    hangs = known.filter(
        (pl.col("installed_on") <= pl.col(day))
        & (pl.col("removed_on").is_null() | (pl.col(day) <= pl.col("removed_on")))
    )
    down = named_rows.join(known.select(LINE), on=LINE, how="semi", maintain_order="left").join(
        hangs.select(LINE), on=LINE, how="anti", maintain_order="left"
    )
    beyond = hangs.filter(~pl.col("path").str.starts_with(context.unit_path)).unique(LINE, maintain_order=True)
    by = pl.coalesce("asset_number", "usage_point")
    found = findings.gather(
        nameless,
        findings.about(
            strangers, "asset_number", "UNKNOWN_REFERENCE", "已安装的电能表 (a meter that hangs here)", found=by
        ),
        findings.about(down, day, "NOT_INSTALLED", "电能表在装期间的日期 (a day on which the meter hung)"),
        findings.about(
            beyond, "asset_number", "OUTSIDE_UNIT", "本单位范围内的电能表 (within the importing unit)", found=by
        ),
    )
    chosen = (
        hangs.with_columns(order=pl.when(prefer_new).then(-1).otherwise(1) * pl.col("installed_on").to_physical())
        .sort(LINE, "order", maintain_order=True)
        .unique(LINE, keep="first", maintain_order=True)
    )
    return findings.without(chosen, found).drop("order", "path", "installed_on", "removed_on", "usage_point_id"), found


def _candidates(store: ColumnStore, rows: pl.DataFrame, by: str, other: str) -> pl.DataFrame:
    """Every installation of what a row names; a row that names both means only those that fit both."""
    hung = loading.hung(store, by=by, values=rows).rename({other: f"its_{other}"})
    joined = rows.join(hung, on=by, maintain_order="left")
    fits = pl.col(other).is_null() | (pl.col(other) == pl.col(f"its_{other}"))
    return joined.filter(fits).drop(f"its_{other}")
