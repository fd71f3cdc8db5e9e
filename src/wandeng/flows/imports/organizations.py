"""Organizations 组织机构: units, the people who work in them, the posts they hold."""

from __future__ import annotations

from wandeng.infra.imports.spec import Choice, Code, Column, Day, Flag, Text

UNIT_KINDS = Choice(
    {
        "PROVINCE": ("省公司",),
        "CITY": ("市公司", "地市公司"),
        "COUNTY": ("县公司", "区县公司"),
        "CENTRE": ("中心",),
        "OFFICE": ("供电所", "营业所"),
    }
)

UNIT = (
    Column("code", "编码", Code(32), required=True, sample="4304260301", about="单位编码 code of the unit"),
    Column("name", "名称", Text(128), required=True, sample="白水供电所"),
    Column("unit_kind", "单位类型", UNIT_KINDS, required=True, sample="供电所"),
    Column("parent", "上级单位", Code(32), sample="43042603", about="空白为最上级 empty for the root"),
    Column(
        "territory", "执行地区", Code(32), sample="hunan", about="规则目录名 a folder under rules/; empty: the parent's"
    ),
)

PERSON = (
    Column("code", "编码", Code(64), required=True, sample="P0001", about="工号 the person's staff number"),
    Column("name", "名称", Text(64), required=True, sample="张三"),
    Column("unit", "所属单位", Code(32), required=True, sample="4304260301"),
    Column("is_active", "在职", Flag(), default="是", sample="是"),
)

POST = (
    Column("person", "工号", Code(64), required=True, sample="P0001"),
    Column("unit", "所属单位", Code(32), required=True, sample="4304260301"),
    Column("role", "岗位角色", Code(32), required=True, sample="BILLING_CLERK"),
    Column("valid_from", "起始日期", Day(), required=True, sample="2026-01-01"),
    Column("valid_to", "终止日期", Day(), sample="", about="不含当日，空白为长期 exclusive; empty: no known end"),
)
