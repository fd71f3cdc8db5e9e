"""Planned outages 停电计划: plans as a planner's own table has them, one row a plan, drafted with whom they interrupt.

A row has the number by which the plan was asked for; under it nothing is drafted twice. What a draft becomes is decided where
plans are: a row that says something else than it did is refused, a change has a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from wandeng.domains.collections.queries import cases as collections
from wandeng.domains.network.frames import loading as network
from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages import queries
from wandeng.domains.outages.frames import drafting
from wandeng.domains.outages.types import (
    Isolation,
    LiveLine,
    NobodyOff,
    OutageCategory,
    OutageReason,
    PlanRequest,
    Work,
)
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import (
    FINDINGS,
    OUTCOMES,
    Choice,
    Code,
    Column,
    Kind,
    Landing,
    LoadContext,
    Moment,
    Section,
    Text,
)
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

REASONS = Choice(
    {"MAINTENANCE": ("检修",), "CONSTRUCTION": ("施工",), "CUSTOMER": ("用户申请",), "OTHER_LEVEL": ("上级停电",)}
)
CATEGORIES = Choice({"PLANNED": ("计划停电", "计划"), "TEMPORARY": ("临时停电", "临时")})
LIVE = Choice({"NONE": ("不能", "否"), "POSSIBLE": ("可以",), "CHOSEN": ("带电作业", "不停电")})
_CODES = "编码之间用空格 codes with blanks between"
_WORKS = (
    "作业单位，内容，班组，类别，户号；后三项可省，几项作业用分号隔开 unit, description, crew, kind, account; the last three "
    "may be left out, works with semicolons between"
)

COLUMNS = (
    Column("reference", "申请编号", Code(64), required=True, sample="JX-2026-0312-01",
           about="提出单位的编号，凭此不重复 the planner's own number, by which nothing is drafted twice"),
    Column("unit", "单位", Code(32), required=True, sample="43042603"),
    Column("title", "停电计划名称", Text(200), required=True, sample="白水一线更换避雷器"),
    Column("starts_at", "停电开始", Moment(), required=True, sample="2026-12-10 12:00:00"),
    Column("ends_at", "停电结束", Moment(), required=True, sample="2026-12-10 17:00:00"),
    Column("opened", "断开开关", Text(1000), sample="K0012", about=_CODES),
    Column("closed", "合上转供", Text(1000), about=f"联络开关；{_CODES}"),
    Column("out", "停运变压器", Text(1000), about=_CODES),
    Column("works", "作业", Text(2000), required=True, sample="配电一班，更换避雷器，C1", about=_WORKS),
    Column("reason", "停电原因", REASONS, default="检修", sample="检修"),
    Column("category", "停电类别", CATEGORIES, default="计划停电", sample="计划停电"),
    Column("live_line", "带电作业", LIVE, default="不能", sample="不能"),
    Column("place", "停电范围", Text(500), about="村、小区；空白为各台区所在 empty: of the areas"),
)  # fmt: skip
POINTS = (("opened", "OPEN"), ("closed", "CLOSE"), ("out", "OUT"))
Row = Mapping[str, Any]


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Draft the plans that were not drafted from a file before; the others stand as they were, or are complained about."""
    rows, strange = references.resolve(rows, _units(store, context), "unit", "单位", context)
    rows, lost = _resolved(store, rows, context)
    was = drafting.known(store, rows)
    judged = rows.join(was, on=["unit_id", "reference"], how="left", maintain_order="left")
    stored = judged.filter(pl.col("was_number").is_not_null())
    differs = _differing(stored)
    kept = findings.without(stored, differs).select("line", pl.lit(merging.UNCHANGED).alias("outcome"))
    new = judged.filter(pl.col("was_number").is_null())
    odd = _odd(new, context)
    drafted, refused = _drafted(store, findings.without(new, odd), context)
    return Landing(pl.concat([kept, drafted]), findings.gather(strange, lost, differs, odd, refused))


def _units(store: ColumnStore, context: LoadContext) -> pl.DataFrame:
    return organization.units(store).with_columns(unit_path="path")


def _resolved(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows whose switches and transformers are all known within the unit, and findings about the other codes."""
    complaints = []
    for column, kind in POINTS:
        told = [
            (line, code)
            for line, text in rows.select("line", column).iter_rows()
            for code in _codes(text or "")
        ]  # fmt: skip
        what, name = ("transformer", "台区") if kind == "OUT" else ("switch", "开关")
        codes = pl.DataFrame(told, {"line": pl.Int64, what: pl.String}, orient="row")
        known = network.transformers(store, codes) if kind == "OUT" else network.switches(store, codes)
        _found, wrong = references.resolve(codes, known, what, name, context)
        complaints.append(wrong.with_columns(column=pl.lit(column)))
    lost = findings.gather(*complaints)
    return findings.without(rows, lost), lost


def _codes(text: str) -> tuple[str, ...]:
    return tuple(one.code for one in queries.isolation_written(opened=text))


def _differing(stored: pl.DataFrame) -> pl.DataFrame:
    """Findings for rows that say something else than when their plan was drafted."""
    points = [drafting.points_told([(one.kind, one.code) for one in _isolation(row)]) for row in stored.to_dicts()]
    told = stored.with_columns(points=pl.Series(points, dtype=pl.String))
    expected = "与已制定的计划一致；更改请在计划上办理 (as drafted: a change is made at the plan, with a reason)"
    compared = {
        "starts_at": "starts_at", "ends_at": "ends_at", "category": "category", "live_line": "live_line",
        "title": "title", "opened": "points",
    }  # fmt: skip
    return findings.gather(
        *(
            findings.about(told.filter(pl.col(name) != pl.col(f"was_{name}")), column, "NOT_BY_IMPORT", expected)
            for column, name in compared.items()
        )
    )


def _odd(rows: pl.DataFrame, context: LoadContext) -> pl.DataFrame:
    """Findings for what no plan can be."""
    bare = pl.all_horizontal(pl.col(column).is_null() for column, _ in POINTS) & (pl.col("live_line") != "CHOSEN")
    return findings.gather(
        findings.about(
            rows.filter(pl.col("starts_at") <= context.at), "starts_at", "IN_PAST", "将来的时间 (a time to come)"
        ),
        findings.about(
            rows.filter(pl.col("ends_at") <= pl.col("starts_at")), "ends_at", "NOT_FORWARD", "晚于停电开始 (later than off)"
        ),
        findings.about(
            rows.filter(bare), "opened", "REQUIRED", "断开的开关或停运的变压器；带电作业除外 (what is isolated, unless done live)"
        ),
    )  # fmt: skip


def _drafted(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Outcomes of the rows that were drafted, and findings about those that were refused."""
    landed: list[tuple[int, str]] = []
    refused: list[tuple[int, str, str, str, str]] = []
    scope = Scope(context.unit_path)
    protected: dict[date, dict[int, str]] = {}
    for row in rows.to_dicts():
        try:
            asked = _request(row)
        except InvalidInput as refusal:
            refused.append((row["line"], "works", "NOT_A_WORK", row["works"], f"{_WORKS} ({refusal})"))
            continue
        on = asked.starts_at.astimezone(BILLING_ZONE).date()
        if on not in protected:
            protected[on] = collections.protected_accounts(on)
        try:
            drafting.draft(
                store, asked, reference=row["reference"], unit_id=row["unit_id"], unit_path=row["unit_path"],
                territory=row["territory"], scope=scope, actor=context.actor, at=context.at, protected=protected[on],
            )  # fmt: skip
            landed.append((row["line"], merging.CREATED))
        except NobodyOff:
            expected = "有用户停电的隔离点，或选带电作业 (points that interrupt somebody, or live work)"
            refused.append((row["line"], "opened", "NOBODY_OFF", _told(row), expected))
        except NotFound as refusal:
            refused.append(
                (row["line"], "works", "UNKNOWN_REFERENCE", row["works"], f"已有的户号 (known here): {refusal}")
            )
        except InvalidInput as refusal:
            expected = f"每个开关、变压器只填一次 (each point once): {refusal}"
            refused.append((row["line"], "opened", "NAMED_TWICE", _told(row), expected))
    outcomes = pl.DataFrame(landed, OUTCOMES, orient="row")
    return outcomes, pl.DataFrame(refused, FINDINGS, orient="row")


def _told(row: Row) -> str:
    return " ".join(row[column] for column, _ in POINTS if row[column])[: findings.SHOWN_CHARACTERS]


def _isolation(row: Row) -> tuple[Isolation, ...]:
    return queries.isolation_written(
        opened=row["opened"] or "", closed=row["closed"] or "", out=row["out"] or ""
    )  # fmt: skip


def _works(text: str) -> tuple[Work, ...]:
    return queries.works_written(text.replace("；", ";").split(";"))


def _request(row: Row) -> PlanRequest:
    """A row as it would be asked for by hand. Raises :class:`InvalidInput` for works that cannot be read."""
    return PlanRequest(
        row["unit"], row["title"], OutageReason(row["reason"]), row["starts_at"], row["ends_at"], _isolation(row),
        _works(row["works"]), OutageCategory(row["category"]), row["place"] or "", LiveLine(row["live_line"]),
    )  # fmt: skip


KIND = Kind(
    "planned-outages",
    "停电计划",
    "停电计划申请，一行一项，导入为草稿 outages that are asked for, one row a plan, drafted",
    (Section("plan", "停电计划", COLUMNS, ("unit", "reference"), load),),
    chunk_rows=50,
    roles=(Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER),
)
