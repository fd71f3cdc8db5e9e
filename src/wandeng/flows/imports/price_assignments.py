"""Price assignments 执行电价: which price a usage point is billed by, from when to when, on which contract terms."""

from __future__ import annotations

import polars as pl

from wandeng.domains.network.frames import loading as network
from wandeng.domains.tariffs.frames import loading
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import Choice, Code, Column, Day, Kind, Landing, LoadContext, Number, Section
from wandeng.kernel.periods import FAR_FUTURE

BASIC_METHODS = Choice(
    {"0": ("无", "单一制"), "1": ("按容量",), "2": ("按合同最大需量", "合同需量"), "3": ("按实际最大需量", "实际需量")}
)
PF_STANDARDS = Choice({"0": ("不考核", "无"), "80": ("0.80", "0.8"), "85": ("0.85",), "90": ("0.90", "0.9")})
LOSS_METHODS = Choice({"0": ("无",), "1": ("协定", "协议值"), "2": ("公式", "公式计算")})

COLUMNS = (
    Column("usage_point", "计量点编号", Code(64), required=True, sample="JLD4301234567890", also=("用电点编号",)),
    Column("valid_from", "起始日期", Day(), required=True, sample="2026-01-01"),
    Column("valid_to", "终止日期", Day(), about="不含当日，空白为长期 exclusive; empty: no known end"),
    Column("price_code", "电价码", Code(64), required=True, sample="hunan.residential"),
    Column("running_capacity_kva", "运行容量", Number(2, 0, 10**9), default="0", sample="0"),
    Column("basic_method", "基本电费计算方式", BASIC_METHODS, default="无", sample="无"),
    Column("contract_demand_kw", "合同最大需量", Number(2, 0, 10**9), default="0"),
    Column("pf_standard", "功率因数标准", PF_STANDARDS, default="不考核", sample="不考核"),
    Column("household_shift_kwh", "多人口档增量", Number(2, 0, 10**6), default="0"),
    Column("free_kwh", "免费电量", Number(2, 0, 10**6), default="0"),
    Column("loss_method", "变损计算方式", LOSS_METHODS, default="无"),
    Column("loss_active_kwh", "协定有功变损", Number(2, 0, 10**9), default="0"),
    Column("loss_reactive_kvarh", "协定无功变损", Number(2, 0, 10**9), default="0"),
    Column("loss_p0_w", "空载损耗", Number(0, 0, 10**9), default="0", about="瓦 W"),
    Column("loss_pk_w", "负载损耗", Number(0, 0, 10**9), default="0", about="瓦 W"),
    Column("loss_sn_kva", "变损额定容量", Number(2, 0, 10**9), default="0"),
    Column("loss_i0", "空载电流", Number(4, 0, 1), default="0", about="比值 a share, 0.012 = 1.2 %"),
    Column("loss_uk", "阻抗电压", Number(4, 0, 1), default="0", about="比值 a share"),
    Column("loss_k", "变损修正系数", Number(2, 0, 100), default="1"),
    Column("line_loss", "线损率", Number(4, 0, 1), default="0", about="比值 a share"),
)

STORED = {
    "running_capacity_kva": "running_capacity_ckva",
    "contract_demand_kw": "contract_demand_ckw",
    "household_shift_kwh": "household_shift_ckwh",
    "free_kwh": "free_ckwh",
    "loss_active_kwh": "loss_active_ckwh",
    "loss_reactive_kvarh": "loss_reactive_ckvarh",
    "loss_sn_kva": "loss_sn_ckva",
    "loss_i0": "loss_i0_e4",
    "loss_uk": "loss_uk_e4",
    "loss_k": "loss_k_e2",
    "line_loss": "line_loss_e4",
}


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land assignments whose periods meet no other of their usage point."""
    points = network.usage_points(store, rows).select("usage_point", "usage_point_id", "path")
    rows, unknown = references.resolve(rows, points, "usage_point", "计量点", context)
    rows = rows.with_columns(pl.col("valid_to").fill_null(FAR_FUTURE))
    backward = findings.about(
        rows.filter(pl.col("valid_to") <= pl.col("valid_from")),
        "valid_to",
        "NOT_FORWARD",
        "晚于起始日期 (after the start)",
    )
    rows = findings.without(rows, backward)
    met = rows.join(loading.overlapping(store, rows), on="line", maintain_order="left")
    other = pl.concat_str(
        pl.lit("不与已有 "), "other_from", pl.lit(" 至 "), "other_to", pl.lit(" 重叠 (no other assignment then)")
    )
    overlaps = findings.about(met, "valid_from", "OVERLAPS", "").with_columns(expected=met.select(other).to_series())
    rows = findings.without(rows, overlaps).rename(STORED)
    codes = ["basic_method", "pf_standard", "loss_method"]
    landed = loading.load_price_assignments(
        store, rows.drop("usage_point").with_columns(pl.col(name).cast(pl.Int16) for name in codes)
    )
    return Landing(landed, findings.gather(unknown, backward, overlaps))


KIND = Kind(
    "price-assignments",
    "执行电价",
    "计量点执行的电价和合同参数 prices and contract terms of usage points",
    (Section("assignment", "执行电价", COLUMNS, ("usage_point", "valid_from"), load),),
)
