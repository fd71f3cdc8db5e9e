"""Network 配电网: substations, feeders, nodes, line segments, switches, transformers, in the order they need each other."""

from __future__ import annotations

from wandeng.infra.imports.spec import Choice, Code, Column, Flag, Number, Text

SWITCH_KINDS = Choice(
    {
        "BREAKER": ("断路器",),
        "LOAD_BREAK_SWITCH": ("负荷开关",),
        "DISCONNECTOR": ("隔离开关", "刀闸"),
        "FUSE": ("熔断器", "跌落式熔断器"),
    }
)
OWNERSHIPS = Choice({"PUBLIC": ("公变", "公用"), "CUSTOMER": ("专变", "专用")})

CODE = Column("code", "编码", Code(64), required=True, sample="")
NAME = Column("name", "名称", Text(128), required=True, sample="")
UNIT = Column("unit", "单位", Code(32), required=True, sample="43042603", also=("供电单位", "管理单位"))
FEEDER = Column("feeder", "馈线", Code(64), required=True, sample="F101", also=("所属馈线", "线路"))
NODE_A = Column("node_a", "首端节点", Code(64), required=True, sample="N101-001")
NODE_B = Column("node_b", "末端节点", Code(64), required=True, sample="N101-002")

SUBSTATION = (CODE, NAME, UNIT)
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
    Column("longitude", "经度", Number(6, -180, 180), sample="111.860000"),
    Column("latitude", "纬度", Number(6, -90, 90), sample="26.580000"),
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
