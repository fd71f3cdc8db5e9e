"""Switch ratings 开关载流能力: what a switch and its line may carry, from the relay settings or the register of equipment."""

from __future__ import annotations

import polars as pl

from wandeng.domains.emergency.frames import ratings
from wandeng.domains.network.frames import loading as network
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports.spec import Code, Column, Kind, Landing, LoadContext, Number, Section, Text

COLUMNS = (
    Column("switch", "开关编码", Code(64), required=True, sample="K101-03"),
    Column("may_kva", "允许负荷", Number(2, low=1, high=1_000_000), required=True, sample="8000",
           about="kVA，开关、导线、电流互感器中最小者 the smallest of switch, conductor and current transformer"),
    Column("document", "依据", Text(200), required=True, sample="整定单 2026-118", about="何处写明 where that is written"),
)  # fmt: skip


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Note what switches of the importing unit may carry; the file's word replaces what was noted before."""
    rows, strange = references.resolve(rows, network.switches(store, rows), "switch", "开关", context)
    return Landing(
        ratings.take_in(store, rows.rename({"may_kva": "may_ckva"}), at=context.at, by=context.actor.code), strange
    )


KIND = Kind(
    "switch-ratings",
    "开关载流能力",
    "开关及其线路允许的负荷，供转供方案校核 what a switch and its line may carry, for re-supply through ties",
    (Section("rating", "载流能力", COLUMNS, ("switch",), load),),
    roles=(Role.DISPATCHER,),
)
