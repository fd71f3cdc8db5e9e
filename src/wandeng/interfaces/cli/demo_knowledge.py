"""What the knowledge base of the demonstration holds: the product's own texts, and a register of standards from a file."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from wandeng.domains.knowledge import actions, queries
from wandeng.flows.imports import intake
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

TRADES = (
    ("YX", "业扩报装", "业扩管理专责"), ("DF", "电费核算", "电费管理专责"), ("JL", "电能计量", "计量管理专责"),
    ("FW", "供电服务", "服务管理专责"), ("QX", "故障抢修", "抢修指挥专责"), ("JC", "营销稽查", "稽查管理专责"),
    ("YD", "用电检查", "用电检查专责"), ("TQ", "台区管理", "台区管理专责"),
)  # fmt: skip
"""Invented: letters of a trade, its name, the post that answers for it."""
KINDS = (
    ("GL", "管理标准", ("管理标准", "考核标准")),
    ("JS", "技术标准", ("技术导则", "验收规范")),
    ("GZ", "工作标准", ("岗位工作标准",)),
)
YEARS = (2019, 2021, 2023, 2025)
ONE_IN = 10
"""One in so many is abolished."""
HEAD = ("标准编号", "标准名称", "类别", "归口单位", "归口岗位", "状态", "实施日期", "复审日期")


def install(unit_code: str, folder: Path, now: datetime) -> tuple[int, int]:
    """Put the texts in place and bring the register; returns how many texts are new and how many standards there are."""
    texts = actions.install(actor=SYSTEM, at=now)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "standards.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(_rows(unit_code))
    intake.take_in("standards", path, actor=SYSTEM, clock=lambda: now)
    return texts, queries.standard_rows(on=now.astimezone(BILLING_ZONE).date()).count()


def _rows(unit_code: str) -> list[tuple[str, ...]]:
    """Forty standards of invented numbers; the oldest are due for review, one in :data:`ONE_IN` is abolished."""
    rows: list[tuple[str, ...]] = []
    for place, (letters, trade, post) in enumerate(TRADES):
        for kind, word, names in KINDS:
            for name in names:
                year = YEARS[(place + len(rows)) % len(YEARS)]
                status = "现行" if (len(rows) + 1) % ONE_IN else "废止"
                review = "" if status == "废止" else f"{year + 3}-07-01"
                code = f"Q/YS-{kind}-{letters}-{len(rows) + 1:03d}-{year}"
                rows.append((code, f"{trade}{name}", word, unit_code, post, status, f"{year}-07-01", review))
    return rows
