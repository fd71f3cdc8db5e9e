"""Organizations 组织机构: units, the people who work in them, the posts they hold."""

from __future__ import annotations

from typing import Any

import polars as pl

from wandeng.domains.organization.frames import loading
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import Choice, Code, Column, Day, Flag, Kind, Landing, LoadContext, Section, Text
from wandeng.kernel.periods import FAR_FUTURE

UNIT_KINDS = Choice(
    {
        "PROVINCE": ("省公司",),
        "CITY": ("市公司", "地市公司"),
        "COUNTY": ("县公司", "区县公司"),
        "CENTRE": ("中心",),
        "OFFICE": ("供电所", "营业所"),
    }
)

ROLES = Choice({str(role): (role.name_zh,) for role in Role})

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
    Column("role", "岗位角色", ROLES, required=True, sample="BILLING_CLERK"),
    Column("valid_from", "起始日期", Day(), required=True, sample="2026-01-01"),
    Column("valid_to", "终止日期", Day(), sample="", about="不含当日，空白为长期 exclusive; empty: no known end"),
)


def load_units(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Units under their parents, wherever in the file those stand; paths are built on the way."""
    known = loading.units(store)
    places = {code: (path, territory) for code, _, path, territory in known.iter_rows()}
    waiting = {row["code"]: row for row in rows.iter_rows(named=True)}
    placed: list[dict[str, Any]] = []
    while waiting:
        ready = [row for row in waiting.values() if row["parent"] is None or _stands(row, places, waiting)]
        if not ready:
            break
        for row in ready:
            path, territory = places.get(row["parent"] or "", ("", ""))
            del waiting[row["code"]]
            row |= {"path": f"{path}{row['code']}/", "territory": row["territory"] or territory}
            places[row["code"]] = (places.get(row["code"], (row["path"], ""))[0], row["territory"])
            placed.append(row)
    lost = rows.filter(pl.col("code").is_in(list(waiting)))
    found = findings.about(
        lost, "parent", "UNKNOWN_REFERENCE", "已有的单位或本文件中的单位 (a unit known here or in the file)"
    )
    frame = pl.DataFrame(placed, schema=rows.schema | {"path": pl.String}, orient="row")
    frame = frame.rename({"unit_kind": "kind"}).sort("path")
    own = _unit_complaints(frame, places, context)
    complaints = findings.gather(found, own, _orphans(findings.without(frame, own), frame, known))
    return Landing(loading.load_units(store, findings.without(frame, complaints)), complaints)


def _stands(row: dict[str, Any], places: dict[str, tuple[str, str]], waiting: dict[str, Any]) -> bool:
    return row["parent"] in places and row["parent"] not in waiting


def _orphans(good: pl.DataFrame, frame: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Units below one that is new and could not be taken."""
    refused = frame.join(good, on="line", how="anti").filter(~pl.col("code").is_in(known["unit"].implode()))
    below = [any(path.startswith(above) for above in refused["path"]) for path in good["path"]]
    lost = good.filter(pl.Series(below, dtype=pl.Boolean))
    return findings.about(lost, "parent", "UNKNOWN_REFERENCE", "已落库的上级单位 (a parent that could be taken in)")


def _unit_complaints(frame: pl.DataFrame, places: dict[str, tuple[str, str]], context: LoadContext) -> pl.DataFrame:
    stored = frame["code"].replace_strict({c: p for c, (p, _) in places.items()}, default=None, return_dtype=pl.String)
    moved = frame.filter(stored != frame["path"])
    beyond = frame.filter(~pl.col("path").str.starts_with(context.unit_path))
    return findings.gather(
        findings.about(
            frame.filter(pl.col("territory") == ""),
            "territory",
            "REQUIRED",
            "最上级单位的执行地区 (the territory of a root unit)",
        ),
        findings.about(
            frame.filter(pl.col("path").str.len_chars() > 255), "code", "TOO_LONG", "路径不超过255字 (a shorter path)"
        ),
        findings.about(
            moved, "parent", "NOT_BY_IMPORT", "原上级单位：单位不能由导入改变隶属 (a unit keeps its parent)"
        ),
        findings.about(beyond, "code", "OUTSIDE_UNIT", "本单位范围内的单位 (within the importing unit)"),
    )


def load_people(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """People of known units."""
    rows, found = references.resolve(rows, loading.units(store).drop("territory"), "unit", "单位", context)
    return Landing(loading.load_people(store, rows), found)


def load_posts(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Posts of known people over known units."""
    rows, found = references.resolve(rows, loading.units(store).drop("territory"), "unit", "单位", context)
    people = loading.people(store, rows.select(code="person")).rename({"code": "person", "id": "person_id"})
    rows, unknown = references.resolve(rows, people, "person", "人员", context)
    rows = rows.with_columns(pl.col("valid_to").fill_null(FAR_FUTURE))
    backward = findings.about(
        rows.filter(pl.col("valid_to") <= pl.col("valid_from")),
        "valid_to",
        "NOT_FORWARD",
        "晚于起始日期 (after the start)",
    )
    return Landing(
        loading.load_posts(store, findings.without(rows, backward)), findings.gather(found, unknown, backward)
    )


KIND = Kind(
    "organizations",
    "组织机构",
    "单位、人员、岗位 units, people, posts",
    (
        Section("unit", "单位", UNIT, ("code",), load_units),
        Section("person", "人员", PERSON, ("code",), load_people),
        Section("post", "岗位", POST, ("person", "unit", "role", "valid_from"), load_posts),
    ),
)
