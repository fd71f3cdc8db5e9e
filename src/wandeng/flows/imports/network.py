"""Network 配电网: substations, feeders, nodes, line segments, switches, transformers, in the order they need each other."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from wandeng.domains.network.frames import loading
from wandeng.domains.organization.frames import loading as organization
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import Choice, Code, Column, Flag, Kind, Landing, LoadContext, Number, Section, Text

SWITCH_KINDS = Choice(
    {
        "BREAKER": ("断路器",),
        "LOAD_BREAK_SWITCH": ("负荷开关",),
        "DISCONNECTOR": ("隔离开关", "刀闸"),
        "FUSE": ("熔断器", "跌落式熔断器"),
    }
)
OWNERSHIPS = Choice({"PUBLIC": ("公变", "公用"), "CUSTOMER": ("专变", "专用")})

CODE = Column("code", "编码", Code(64), required=True, sample="BS-001")
NAME = Column("name", "名称", Text(128), required=True, sample="白水1号")
UNIT = Column("unit", "单位", Code(32), required=True, sample="43042603", also=("供电单位", "管理单位"))
FEEDER = Column("feeder", "馈线", Code(64), required=True, sample="F101", also=("所属馈线", "线路"))
NODE_A = Column("node_a", "首端节点", Code(64), required=True, sample="N101-001")
NODE_B = Column("node_b", "末端节点", Code(64), required=True, sample="N101-002")

LONGITUDE = Column("longitude", "经度", Number(6, -180, 180), sample="111.860000")
LATITUDE = Column("latitude", "纬度", Number(6, -90, 90), sample="26.580000")

SUBSTATION = (CODE, NAME, UNIT, LONGITUDE, LATITUDE)
FEEDER_COLUMNS = (
    CODE,
    NAME,
    Column("substation", "变电站", Code(64), required=True, sample="S01", also=("所属变电站",)),
    UNIT,
)
NODE = (
    CODE,
    FEEDER,
    Column(
        "is_source", "电源点", Flag(), default="否", sample="否", about="馈线首端节点填是 yes for the head of a feeder"
    ),
    LONGITUDE,
    LATITUDE,
)
LINE_SEGMENT = (
    CODE,
    NODE_A,
    NODE_B,
    Column("length_m", "长度", Number(0, 0, 10**6), default="0", sample="120", about="米 metres"),
)
SWITCH = (
    CODE,
    NAME,
    Column("switch_kind", "开关类型", SWITCH_KINDS, required=True, sample="断路器"),
    FEEDER,
    NODE_A,
    NODE_B,
    Column("normal_open", "常开", Flag(), default="否", sample="否", about="正常方式下断开填是 yes for an open tie"),
)
TRANSFORMER = (
    CODE,
    NAME,
    FEEDER,
    Column("node", "节点", Code(64), required=True, sample="N101-002", also=("所在节点",)),
    UNIT,
    Column("capacity_kva", "容量", Number(2, 0, 10**7), required=True, sample="315"),
    Column("ownership", "产权", OWNERSHIPS, required=True, sample="公变", also=("公专变标志",)),
    Column("area_name", "台区地名", Text(128), sample="新华村", about="停电通知用的村或小区名 as notices name it"),
)

REFERENCES = {
    "feeder": ("feeder", "馈线"),
    "substation": ("substation", "变电站"),
    "node": ("node", "节点"),
    "node_a": ("node", "节点"),
    "node_b": ("node", "节点"),
}
"""Column → equipment it names, and the word for it."""

STORED = {
    "switch_kind": "kind",
    "longitude": "longitude_e6",
    "latitude": "latitude_e6",
    "capacity_kva": "capacity_ckva",
}
"""Columns whose name in the table differs."""


def _loader(equipment: str) -> Callable[[ColumnStore, pl.DataFrame, LoadContext], Landing]:
    def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
        found = []
        if "unit" in rows.columns:
            rows, strange = references.resolve(
                rows, organization.units(store).drop("territory"), "unit", "单位", context
            )
            found.append(strange)
        for column in [name for name in rows.columns if name in REFERENCES]:
            target, word = REFERENCES[column]
            codes = rows.select(code=column).drop_nulls()
            known = loading.ids_of(store, target, codes).rename({"code": column, "id": f"{column}_id"})
            rows, strange = references.resolve(rows, known, column, word, context)
            found.append(strange)
        if "node_b" in rows.columns:
            loops = rows.filter(pl.col("node_a") == pl.col("node_b"))
            found.append(findings.about(loops, "node_b", "SAME_NODE", "与首端不同的节点 (a node other than node_a)"))
            rows = findings.without(rows, loops)
        rows = rows.rename({name: stored for name, stored in STORED.items() if name in rows.columns})
        if equipment == "transformer":
            rows = rows.with_columns(pl.col("area_name").fill_null(""))
        return Landing(
            loading.load_equipment(store, equipment, rows).select("line", "outcome"), findings.gather(*found)
        )

    return load


KIND = Kind(
    "network",
    "配电网",
    "变电站、馈线、节点、线路段、开关、变压器 substations, feeders, nodes, line segments, switches, transformers",
    (
        Section("substation", "变电站", SUBSTATION, ("code",), _loader("substation")),
        Section("feeder", "馈线", FEEDER_COLUMNS, ("code",), _loader("feeder")),
        Section("node", "节点", NODE, ("code",), _loader("node")),
        Section("line", "线路段", LINE_SEGMENT, ("code",), _loader("line")),
        Section("switch", "开关", SWITCH, ("code",), _loader("switch")),
        Section("transformer", "变压器", TRANSFORMER, ("code",), _loader("transformer")),
    ),
)
