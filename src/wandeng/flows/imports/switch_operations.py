"""Switch operations 开关操作记录: the switching log of another system; replayed, it is the current state."""

from __future__ import annotations

from wandeng.infra.imports.spec import Choice, Code, Column, Moment, Text

POSITIONS = Choice({"OPEN": ("分", "断开", "分闸"), "CLOSED": ("合", "闭合", "合闸")})

COLUMNS = (
    Column("switch", "开关编码", Code(64), required=True, sample="K101-03"),
    Column("at", "操作时间", Moment(), required=True, sample="2026-01-31 08:15:00"),
    Column("position", "操作后位置", POSITIONS, required=True, sample="分"),
    Column("reason", "原因", Text(256), sample="检修"),
)
