"""Meters 电能表: the asset, where it hangs since when with which CT and PT, its route, and its registers at the start."""

from __future__ import annotations

from wandeng.infra.imports.spec import Choice, Code, Column, Day, Number

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
