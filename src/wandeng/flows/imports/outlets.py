"""Outlets 网点, road maps 路网 and settlements 居民点: where customers pay, how they get there, where they live."""

from __future__ import annotations

import polars as pl

from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outlets.frames import loading
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import (
    Choice,
    Code,
    Column,
    Day,
    Flag,
    Kind,
    Landing,
    LoadContext,
    Number,
    Section,
    Text,
)

KINDS = Choice(
    {
        "HALL": ("营业厅", "供电营业厅"),
        "VILLAGE": ("村级服务点", "村电工服务点"),
        "AGENT": ("代收点", "缴费点"),
        "BANK": ("银行网点", "银行"),
        "TERMINAL": ("自助终端", "自助缴费终端"),
    }
)
AREAS = Choice({"CITY": ("城市", "城镇"), "RURAL": ("农村",)})
ROADS = Choice(
    {
        "MAIN": ("国省道", "主干道"),
        "COUNTY": ("县乡道",),
        "VILLAGE": ("村道",),
        "STREET": ("街道",),
        "PATH": ("小路", "步道"),
    }
)
OPEN_ON = Choice({"WORKING_DAYS": ("工作日", "节假日休息"), "EVERY_DAY": ("每天", "含节假日")})
SERVICES = {"缴费": "PAY", "购电": "PREPAY", "发票": "INVOICE", "业务办理": "BUSINESS", "咨询": "ADVICE"}
SERVICES_EXPECTED = "缴费、购电、发票、业务办理、咨询中的若干项 (some of PAY, PREPAY, INVOICE, BUSINESS, ADVICE)"

UNIT = Column("unit", "单位", Code(32), required=True, sample="43042603")
LONGITUDE = Column("longitude", "经度", Number(6, -180, 180), required=True, sample="111.860000")
LATITUDE = Column("latitude", "纬度", Number(6, -90, 90), required=True, sample="26.580000")
ROAD_MAP = Column("road_map", "路网编号", Code(32), required=True, sample="LW2026")

OUTLET_COLUMNS = (
    Column("code", "网点编号", Code(32), required=True, sample="43042603-P01"),
    Column("name", "网点名称", Text(64), required=True, sample="白水村便民超市"),
    Column("kind", "网点类型", KINDS, required=True, sample="代收点"),
    UNIT,
    Column("address", "地址", Text(200), required=True, sample="白水村村委会旁"),
    Column("public_phone", "网点电话", Text(32), sample="0746-3212345", about="对外公布的电话 the number printed for everybody"),
    LONGITUDE,
    LATITUDE,
    Column("village", "行政村编号", Code(32), about="空白按最近的居民点 empty: of the nearest settlement"),
    Column("services", "服务", Text(64), required=True, sample="缴费、购电", about=SERVICES_EXPECTED),
    Column("hours", "营业时间", Text(200), required=True, sample="每天 07:00-21:00", about=loading.HOURS_EXPECTED),
    Column("open_on", "节假日", OPEN_ON, default="每天", sample="每天"),
    Column("valid_from", "启用日期", Day(), required=True, sample="2025-01-01"),
    Column("valid_to", "停用日期", Day(), about="不含当日 exclusive"),
)  # fmt: skip
SETTLEMENT_COLUMNS = (
    Column("code", "居民点编号", Code(32), required=True, sample="C0001"),
    Column("name", "居民点名称", Text(64), required=True, sample="新华村上组"),
    UNIT,
    Column("village", "行政村编号", Code(32), required=True, sample="X001"),
    Column("area", "地区", AREAS, required=True, sample="农村"),
    LONGITUDE,
    LATITUDE,
    Column("people", "人口", Number(0, 0, 10**7), required=True, sample="420"),
    Column("customers", "用电户数", Number(0, 0, 10**7), required=True, sample="135"),
)
MAP_COLUMNS = (
    Column("code", "编码", Code(32), required=True, sample="LW2026"),
    Column("name", "名称", Text(64), required=True, sample="全县路网2026"),
    UNIT,
    Column("valid_from", "启用日期", Day(), required=True, sample="2026-01-01"),
    Column("source", "来源", Text(200), required=True, sample="县交通运输局2025年底数据"),
)
NODE_COLUMNS = (ROAD_MAP, Column("code", "编码", Code(32), required=True, sample="J0001"), LONGITUDE, LATITUDE)
EDGE_COLUMNS = (
    ROAD_MAP,
    Column("code", "编码", Code(32), required=True, sample="R0001"),
    Column("tail", "起点", Code(32), required=True, sample="J0001"),
    Column("head", "终点", Code(32), required=True, sample="J0002"),
    Column("length_m", "长度", Number(0, 0, 10**6), required=True, sample="850", about="米 metres"),
    Column("road_class", "道路等级", ROADS, required=True, sample="村道"),
    Column("is_one_way", "单行", Flag(), default="否", sample="否", about="只能从起点到终点填是 yes: from tail to head only"),
)  # fmt: skip


def load_outlets(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land outlets; what is known is changed to what the file says."""
    rows, unknown = references.resolve(rows, organization.units(store).drop("territory"), "unit", "单位", context)
    rows, beyond = _ours(store, rows, "outlet", context)
    named = rows.with_columns(services=_services(pl.col("services")))
    odd = findings.about(
        rows.filter(named["services"] == ""), "services", "UNKNOWN_VALUE", SERVICES_EXPECTED
    )  # fmt: skip
    read = loading.read_hours(named)
    unread = findings.about(rows.filter(read["hours"].is_null()), "hours", "NOT_HOURS", loading.HOURS_EXPECTED)
    backward = findings.about(
        rows.filter(pl.col("valid_to") <= pl.col("valid_from")), "valid_to", "NOT_FORWARD", "晚于启用日期 (after the first day)"
    )  # fmt: skip
    wrong = findings.gather(odd, unread, backward)
    sound = findings.without(read, wrong).rename({"longitude": "longitude_e6", "latitude": "latitude_e6"})
    filled = sound.with_columns(
        public_phone=pl.col("public_phone").fill_null(""), village=pl.col("village").fill_null("")
    )  # fmt: skip
    return Landing(
        loading.load_outlets(store, filled.select("line", "code", *loading.OUTLET_FACTS)),
        findings.gather(unknown, beyond, wrong),
    )


def _services(text: pl.Expr) -> pl.Expr:
    """Codes in their order, a comma between; empty where a word is none of them."""
    bare = text.str.replace_all(r"[、,，;；\s]+", ",").str.strip_chars(",")
    coded = bare.str.replace_many(list(SERVICES), list(SERVICES.values()))
    known = coded.str.contains(rf"^(?:{'|'.join(SERVICES.values())})(?:,(?:{'|'.join(SERVICES.values())}))*$")
    ordered = pl.concat_list(
        pl.when(("," + coded + ",").str.contains(f",{code},", literal=True)).then(pl.lit(code)) for code in SERVICES.values()
    )  # fmt: skip
    return pl.when(known).then(ordered.list.drop_nulls().list.join(",")).otherwise(pl.lit(""))


def load_settlements(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land settlements; what is known is changed to what the file says."""
    rows, unknown = references.resolve(rows, organization.units(store).drop("territory"), "unit", "单位", context)
    rows, beyond = _ours(store, rows, "settlement", context)
    landed = loading.load_settlements(store, rows.rename({"longitude": "longitude_e6", "latitude": "latitude_e6"}))
    return Landing(landed, findings.gather(unknown, beyond))


def load_maps(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land the heads of road maps."""
    rows, unknown = references.resolve(rows, organization.units(store).drop("territory"), "unit", "单位", context)
    rows, beyond = _ours(store, rows, "roadmap", context)
    return Landing(loading.load_road_maps(store, rows), findings.gather(unknown, beyond))


def load_nodes(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land nodes of road maps that are here."""
    rows, unknown = references.resolve(rows, loading.road_maps(store), "road_map", "路网", context)
    landed = loading.load_nodes(store, rows.rename({"longitude": "longitude_e6", "latitude": "latitude_e6"}))
    return Landing(landed, unknown)


def load_edges(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land roads between nodes of their map."""
    rows, unknown = references.resolve(rows, loading.road_maps(store), "road_map", "路网", context)
    lost = []
    for column in ("tail", "head"):
        known = loading.nodes(store, rows, column)
        rows = rows.join(known, on=["road_map_id", column], how="left", maintain_order="left")
        strange = rows.filter(pl.col(f"{column}_id").is_null())
        lost.append(findings.about(strange, column, "UNKNOWN_REFERENCE", "该路网已有的节点 (a node of this road map)"))
    return Landing(
        loading.load_edges(store, findings.without(rows, findings.gather(*lost))), findings.gather(unknown, *lost)
    )


def _ours(store: ColumnStore, rows: pl.DataFrame, what: str, context: LoadContext) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows without those whose code is of another unit than the importing one and those below it."""
    known = rows.join(loading.owners(store, what, rows), on="code", how="left", maintain_order="left")
    beyond = known.filter(~pl.col("was_path").fill_null(context.unit_path).str.starts_with(context.unit_path))
    found = findings.about(beyond, "code", "OUTSIDE_UNIT", "本单位的编号 (a code of the importing unit)")
    return findings.without(rows, found), found


_ROLES = (Role.COUNTY_MANAGER, Role.CELL_MANAGER)
OUTLETS = Kind(
    "outlets",
    "网点",
    "营业厅、代收点、银行、自助终端和村级服务点 where customers pay and are served",
    (Section("outlet", "网点", OUTLET_COLUMNS, ("code",), load_outlets),),
    roles=_ROLES,
)
ROAD_MAPS = Kind(
    "road-maps",
    "路网",
    "某一版本的路网：节点和路段 a version of the roads: nodes and roads between them",
    (
        Section("map", "路网", MAP_COLUMNS, ("code",), load_maps),
        Section("node", "节点", NODE_COLUMNS, ("road_map", "code"), load_nodes),
        Section("edge", "路段", EDGE_COLUMNS, ("road_map", "code"), load_edges),
    ),
    roles=_ROLES,
)
SETTLEMENTS = Kind(
    "settlements",
    "居民点",
    "自然村、小区的位置、人口和户数 where people live, and how many",
    (Section("settlement", "居民点", SETTLEMENT_COLUMNS, ("code",), load_settlements),),
    roles=_ROLES,
)
