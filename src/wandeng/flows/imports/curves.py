"""Interval curves 96点电量曲线: one row a meter and day, 96 quarter-hours of energy in kWh, ``p00`` from midnight."""

from __future__ import annotations

from wandeng.infra.imports.spec import Code, Column, Day, Number

POINTS = tuple(
    Column(f"p{i:02d}", f"{i // 4:02d}:{i % 4 * 15:02d}", Number(3, 0, 10**6), sample="0.125") for i in range(96)
)

COLUMNS = (
    Column("asset_number", "资产编号", Code(32), sample="4330001000012345678", also=("电能表资产编号", "表号")),
    Column("usage_point", "计量点编号", Code(64), also=("用电点编号",)),
    Column("day", "日期", Day(), required=True, sample="2026-01-01", also=("数据日期",)),
    *POINTS,
)
