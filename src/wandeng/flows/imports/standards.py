"""Standards 标准体系: the utility's register of standards, one row each."""

from __future__ import annotations

import polars as pl

from wandeng.domains.knowledge import frames
from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import Choice, Code, Column, Day, Kind, Landing, LoadContext, Section, Text

KINDS = Choice({"MANAGEMENT": ("管理标准", "管理"), "TECHNICAL": ("技术标准", "技术"), "WORK": ("工作标准", "工作")})
STATUSES = Choice(
    {
        "DRAFT": ("编制中", "草案"),
        "IN_FORCE": ("现行", "有效"),
        "REVISING": ("修订中", "待修订"),
        "ABOLISHED": ("废止", "作废"),
    }
)

COLUMNS = (
    Column("code", "标准编号", Code(64), required=True, sample="Q/BS-GL-YX-012-2025"),
    Column("title", "标准名称", Text(200), required=True, sample="低压业扩报装管理标准"),
    Column("kind", "类别", KINDS, required=True, sample="管理标准"),
    Column("unit", "归口单位", Code(32), required=True, sample="43042603"),
    Column("post", "归口岗位", Text(64), sample="业扩管理专责"),
    Column("status", "状态", STATUSES, default="现行", sample="现行"),
    Column("valid_from", "实施日期", Day(), sample="2025-07-01"),
    Column("review_on", "复审日期", Day(), sample="2028-07-01", about="现行、修订中的标准必填 needed while in force"),
    Column("supersedes", "代替标准", Code(64), sample="Q/BS-GL-YX-012-2019"),
    Column("link", "文本位置", Text(255), sample="Q-BS-GL-YX-012-2025.pdf", about="链接或文件名 an address or a file"),
)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Bring standards into the register by their code; one that belongs to a unit outside is left to that unit."""
    units = organization.units(store).drop("territory")
    rows, strange = references.resolve(rows, units, "unit", "单位", context)
    rows = rows.with_columns(status=pl.col("status").fill_null("IN_FORCE"))
    undated = findings.about(
        rows.filter(pl.col("status").is_in(["IN_FORCE", "REVISING"]) & pl.col("review_on").is_null()),
        "review_on",
        "REQUIRED",
        "现行标准的复审日期 (the day of the next review)",
    )
    itself = findings.about(
        rows.filter(pl.col("supersedes") == pl.col("code")), "supersedes", "ITSELF", "另一个标准编号 (another standard)"
    )
    known = rows.join(frames.known(store, rows), on="code", how="inner", maintain_order="left")
    elsewhere = known.filter(~pl.col("was_unit_path").str.starts_with(context.unit_path))
    taken = findings.about(elsewhere, "code", "OUTSIDE_UNIT", "本单位归口的标准 (a standard of the importing unit)")
    good = findings.without(rows, findings.gather(undated, itself, taken))
    empty = [pl.col(name).fill_null("") for name in ("post", "supersedes", "link")]
    return Landing(frames.load(store, good.with_columns(empty)), findings.gather(strange, undated, itself, taken))


KIND = Kind(
    "standards",
    "标准体系",
    "管理、技术、工作标准及其归口和复审日期 the register of standards",
    (Section("standard", "标准", COLUMNS, ("code",), load),),
    roles=(Role.AUDITOR, Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER),
)
