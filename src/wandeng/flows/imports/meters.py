"""Meters 电能表: the asset, where it hangs since when with which CT and PT, its route, and its registers at the start."""

from __future__ import annotations

import polars as pl

from wandeng.domains.metering.frames import loading
from wandeng.domains.network.frames import loading as network
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings, merging, overlaps
from wandeng.infra.imports.spec import LINE, Choice, Code, Column, Day, Kind, Landing, LoadContext, Number, Section

SOURCES = Choice({"REGISTER": ("示数", "表底"), "INTERVAL": ("曲线", "负荷曲线")})
REGISTER_LIMIT = 10**10


def register(name: str, zh: str, **more: str) -> Column:
    """A register value in kWh or kvarh with at most two decimals."""
    return Column(name, zh, Number(2, 0, REGISTER_LIMIT), **more)  # type: ignore[arg-type]


COLUMNS = (
    Column(
        "asset_number",
        "资产编号",
        Code(32),
        required=True,
        sample="4330001000012345678",
        also=("电能表资产编号", "表号"),
    ),
    Column("usage_point", "计量点编号", Code(64), required=True, sample="JLD4301234567890", also=("用电点编号",)),
    Column("installed_on", "安装日期", Day(), required=True, sample="2020-03-01"),
    Column("removed_on", "拆除日期", Day()),
    Column("meter_kind", "电能表类型", Code(32), sample="单相费控"),
    Column("digits", "整数位数", Number(0, 4, 10), default="6", sample="6"),
    Column("rated_current_a", "标定电流", Number(3, 0, 10**5), default="0", sample="5"),
    Column("tested_on", "检定日期", Day(), sample="2020-01-15"),
    Column("ct_primary_a", "电流互感器一次", Number(0, 1, 10**6)),
    Column("ct_secondary_a", "电流互感器二次", Number(0, 1, 100)),
    Column("pt_primary_v", "电压互感器一次", Number(0, 1, 10**7)),
    Column("pt_secondary_v", "电压互感器二次", Number(0, 1, 1000)),
    Column(
        "multiplier",
        "综合倍率",
        Number(0, 1, 10**8),
        sample="1",
        about="空白由互感器变比计算，均空白为未知 empty: from the transformers, else unknown",
        also=("倍率",),
    ),
    Column("source", "计费数据来源", SOURCES, default="示数", sample="示数"),
    Column("route", "抄表段编号", Code(32), sample="CB001"),
    Column("route_name", "抄表段名称", Code(128), sample="新华村抄表段"),
    Column("reading_day", "抄表例日", Number(0, 1, 28), default="1", sample="1"),
    Column("route_months", "抄表周期", Number(0, 1, 12), default="1", sample="1", about="月 months"),
    Column("route_position", "抄表顺序号", Number(0, 0, 10**6), default="0", sample="12"),
    register("start_total", "起始示数总", sample="0"),
    register("start_sharp", "起始示数尖"),
    register("start_peak", "起始示数峰"),
    register("start_valley", "起始示数谷"),
    register("start_deep", "起始示数深谷"),
    register("start_reactive", "起始示数无功"),
    register("start_reactive_export", "起始示数反向无功"),
    register("start_export", "起始示数反向有功"),
)

START = {
    "start_total": "total_ckwh",
    "start_sharp": "sharp_ckwh",
    "start_peak": "peak_ckwh",
    "start_valley": "valley_ckwh",
    "start_deep": "deep_ckwh",
    "start_reactive": "reactive_ckvarh",
    "start_reactive_export": "reactive_export_ckvarh",
    "start_export": "export_ckwh",
}


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land the meter, where it hangs, its route and its start readings. What hangs already is not re-hung by a file."""
    points = network.usage_points(store, rows).drop("account_id", "connected_on")
    rows, unknown = references.resolve(rows, points, "usage_point", "计量点", context)
    rows = _with_multiplier(rows)
    wrong = findings.gather(unknown, _ratio_complaints(rows), _hanging_complaints(store, rows))
    rows = findings.without(rows, wrong)
    rows, conflicts = _without_conflicts(store, rows)
    routes = loading.load_routes(store, _routes(rows))
    rows = rows.join(routes.select(route="code", route_id="id"), on="route", how="left", maintain_order="left")
    meters = loading.load_meters(store, _meters(rows), actor=context.actor.code, at=context.at)
    rows = rows.join(meters.select("asset_number", meter_id="id"), on="asset_number", how="left", maintain_order="left")
    hung = loading.load_installations(store, _installations(rows))
    read = loading.load_readings(store, _start(rows, hung), actor=context.actor.code, at=context.at)
    outcomes = [frame.select("line", "outcome") for frame in (routes, meters, hung, read)]
    unchanged = rows.select("line", pl.lit(merging.UNCHANGED).alias("outcome"))
    return Landing(merging.worst(pl.concat([unchanged, *outcomes])), findings.gather(wrong, conflicts))


def _with_multiplier(rows: pl.DataFrame) -> pl.DataFrame:
    """``ratio_top`` / ``ratio_bottom`` of the instrument transformers (null without any), and the multiplier from it
    where the file gives none."""
    ratios = rows.with_columns(
        has_ct=pl.col("ct_primary_a").is_not_null() & pl.col("ct_secondary_a").is_not_null(),
        has_pt=pl.col("pt_primary_v").is_not_null() & pl.col("pt_secondary_v").is_not_null(),
    ).with_columns(
        ratio_top=pl.when(pl.col("has_ct") | pl.col("has_pt")).then(
            pl.col("ct_primary_a").fill_null(1) * pl.col("pt_primary_v").fill_null(1)
        ),
        ratio_bottom=pl.col("ct_secondary_a").fill_null(1) * pl.col("pt_secondary_v").fill_null(1),
    )
    whole = pl.col("ratio_top") % pl.col("ratio_bottom") == 0
    computed = pl.when(whole).then(pl.col("ratio_top") // pl.col("ratio_bottom"))
    return ratios.with_columns(told=pl.col("multiplier"), multiplier=pl.coalesce("multiplier", computed))


def _ratio_complaints(rows: pl.DataFrame) -> pl.DataFrame:
    half_ct = pl.col("ct_primary_a").is_null() != pl.col("ct_secondary_a").is_null()
    half_pt = pl.col("pt_primary_v").is_null() != pl.col("pt_secondary_v").is_null()
    uneven = pl.col("told").is_null() & (pl.col("ratio_top") % pl.col("ratio_bottom") != 0)
    differs = pl.col("told") * pl.col("ratio_bottom") != pl.col("ratio_top")
    ratio = pl.format("{}/{}", "ratio_top", "ratio_bottom")
    about = findings.about
    return findings.gather(
        about(rows.filter(half_ct), "ct_secondary_a", "REQUIRED", "一次和二次都填或都不填 (both sides, or neither)"),
        about(rows.filter(half_pt), "pt_secondary_v", "REQUIRED", "一次和二次都填或都不填 (both sides, or neither)"),
        about(
            rows.filter(uneven),
            "multiplier",
            "NOT_WHOLE",
            "变比之积为整数 (ratios that make a whole number)",
            found=ratio,
        ),
        about(rows.filter(differs), "multiplier", "DISAGREES", "与互感器变比一致 (what the ratios make)"),
        about(
            rows.filter(pl.col("removed_on") < pl.col("installed_on")),
            "removed_on",
            "NOT_FORWARD",
            "不早于安装日期 (not before)",
        ),
    )


def _hanging_complaints(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Against what hangs: a meter hangs in one place, a place has one meter, and a file does not take a meter down."""
    stored = loading.hung(store, by="asset_number", values=rows).select(
        "asset_number", was_on="installed_on", was_off="removed_on", was_at="usage_point_id"
    )
    joined = rows.join(stored, on="asset_number", maintain_order="left")
    same = (pl.col("was_at") == pl.col("usage_point_id")) & (pl.col("was_on") == pl.col("installed_on"))
    meets = (
        ~same
        & (pl.col("removed_on").is_null() | (pl.col("was_on") < pl.col("removed_on")))
        & (pl.col("was_off").is_null() | (pl.col("installed_on") < pl.col("was_off")))
    )
    elsewhere = joined.filter(meets).unique(LINE, keep="first", maintain_order=True)
    taken_down = joined.filter(same & pl.col("removed_on").ne_missing(pl.col("was_off")))
    twice = rows.join(
        overlaps.overlapping(rows, rows.clear(), of="asset_number", start="installed_on", end="removed_on"), on=LINE
    )
    place = rows.join(loading.overlapping(store, rows), on=LINE, maintain_order="left")
    others = loading.hung(store, by="usage_point", values=rows).select(
        "usage_point_id", "installed_on", other="asset_number"
    )
    replaced = rows.join(others, on=["usage_point_id", "installed_on"], maintain_order="left")
    about = findings.about
    return findings.gather(
        about(
            elsewhere, "asset_number", "HANGS_ELSEWHERE", "未装在别处的电能表 (a meter that hangs nowhere else then)"
        ),
        about(twice, "asset_number", "HANGS_ELSEWHERE", "一表一处 (a meter that hangs in one place at a time)"),
        about(place, "usage_point", "OVERLAPS", "同期无其他电能表的计量点 (a point without another meter then)"),
        about(
            replaced.filter(pl.col("other") != pl.col("asset_number")),
            "usage_point",
            "OF_ANOTHER_METER",
            "当日未装其他电能表 (no other meter hung there that day)",
        ),
        about(taken_down, "removed_on", "NOT_BY_IMPORT", "装拆由业务办理 (hung meters are removed by metering work)"),
    )


def _without_conflicts(store: ColumnStore, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Start readings against readings of that day that are here already."""
    stored = loading.hung(store, by="asset_number", values=rows).select(
        "asset_number", "usage_point_id", "installed_on", "installation_id"
    )
    known = rows.join(stored, on=["asset_number", "usage_point_id", "installed_on"], maintain_order="left")
    read = known.select(
        "line", "installation_id", read_on="installed_on", **{to: pl.col(of) for of, to in START.items()}
    )
    odd = rows.join(loading.conflicting(store, read), on=LINE, maintain_order="left")
    too_large = rows.filter(pl.any_horizontal(pl.col(name) >= pl.lit(100) * 10 ** pl.col("digits") for name in START))
    found = findings.gather(
        findings.about(odd, "start_total", "CONFLICT", "已有示数不可覆盖 (the reading on record stays)"),
        findings.about(too_large, "start_total", "OUT_OF_RANGE", "不超过整数位数 (a value the meter can show)"),
    )
    return findings.without(rows, found), found


def _routes(rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.filter(pl.col("route").is_not_null()).unique("route", keep="first", maintain_order=True)
    return named.select("line", "unit_id", "reading_day", code="route", name="route_name", months="route_months")


def _meters(rows: pl.DataFrame) -> pl.DataFrame:
    hangs = pl.col("removed_on").is_null().any().over("asset_number")
    return (
        rows.with_columns(hangs=hangs)
        .unique("asset_number", keep="first", maintain_order=True)
        .select(
            "line",
            "asset_number",
            pl.col("meter_kind").fill_null("").alias("kind"),
            "digits",
            pl.col("rated_current_a").alias("rated_current_ma"),
            "tested_on",
            "hangs",
        )
    )


def _installations(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "line",
        "meter_id",
        "usage_point_id",
        "route_id",
        "route_position",
        "installed_on",
        "removed_on",
        "ct_primary_a",
        "ct_secondary_a",
        "pt_primary_v",
        "pt_secondary_v",
        "multiplier",
        "source",
    )


def _start(rows: pl.DataFrame, hung: pl.DataFrame) -> pl.DataFrame:
    told = rows.filter(pl.col("start_total").is_not_null()).join(
        hung.select("line", installation_id="id"), on="line", maintain_order="left"
    )
    values = {to: pl.col(of) for of, to in START.items()}
    return told.select(
        "line", "installation_id", pl.lit("INSTALLATION").alias("source"), read_on="installed_on", **values
    )


KIND = Kind(
    "meters",
    "电能表",
    "电能表、安装、互感器、抄表段、起始示数 meters, where they hang, CT and PT, routes, start readings",
    (
        Section(
            "meter",
            "电能表",
            COLUMNS,
            ("asset_number", "installed_on"),
            load,
            {
                "asset_number": ("meter_kind", "digits", "rated_current_a", "tested_on"),
                "route": ("route_name", "reading_day", "route_months"),
            },
        ),
    ),
)
