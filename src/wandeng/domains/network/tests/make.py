"""A small named town: one substation, two feeders of two offices, a tie between their ends, seven accounts.

::

    变电站 S1
      F1 西线 (BS-W)  N10 ─K11─ N11 ─── N12 ─K12─ N13          T1 at N12, T2 at N13
                                                   ╎ K9 (open)
      F2 东线 (BS-E)  N20 ─K21─ N21 ─K22──────── N22          T3 at N21, T4 (the hospital's own) at N22

The hospital hangs on T2 and on T4: a double supply. The photovoltaic account only feeds in. The supply meter of T2 is
the utility's own account and nobody's customer; neither is the sub-meter of 王五 on T3.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
from django.db import transaction

from wandeng.domains.customers.frames import loading
from wandeng.domains.network import revision
from wandeng.domains.network.models import (
    ConnectivityNode,
    Feeder,
    LineSegment,
    PowerTransformer,
    Substation,
    Switch,
    UsagePoint,
)
from wandeng.domains.organization import actions as organization
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import SwitchId

AT = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
OPENED_ON = date(2020, 1, 1)
DISPATCHER = Actor("dispatcher-1", unit_path="BS/", roles=frozenset({"DISPATCHER"}))
WEST = Actor("dispatcher-w", unit_path="BS/BS-W/", roles=frozenset({"DISPATCHER"}))

NODES = (("N10", "F1", True), ("N11", "F1", False), ("N12", "F1", False), ("N13", "F1", False),
         ("N20", "F2", True), ("N21", "F2", False), ("N22", "F2", False))  # fmt: skip
SWITCHES = (
    ("K11", "西线出线断路器", "BREAKER", "F1", "N10", "N11", False),
    ("K12", "西线分段开关", "LOAD_BREAK_SWITCH", "F1", "N12", "N13", False),
    ("K21", "东线出线断路器", "BREAKER", "F2", "N20", "N21", False),
    ("K22", "东线分段开关", "LOAD_BREAK_SWITCH", "F2", "N21", "N22", False),
    ("K9", "联络开关", "LOAD_BREAK_SWITCH", "F1", "N13", "N22", True),
)
TRANSFORMERS = (("T1", "F1", "N12", "PUBLIC", "新华村"), ("T2", "F1", "N13", "PUBLIC", "河西村"),
                ("T3", "F2", "N21", "PUBLIC", "东风社区"), ("T4", "F2", "N22", "CUSTOMER", ""))  # fmt: skip
ACCOUNTS = (
    ("1001", "张三", "BS-W", ""),
    ("1002", "李四", "BS-W", ""),
    ("1003", "王五", "BS-W", ""),
    ("1004", "县人民医院", "BS-E", "FIRST"),
    ("1005", "赵六", "BS-E", ""),
    ("1006", "光伏电站", "BS-E", ""),
    ("1007", "供电公司", "BS-W", ""),
)
POINTS = (
    ("P1", "1001", "T1", "LOAD", None),
    ("P2", "1002", "T1", "LOAD", None),
    ("P3", "1003", "T2", "LOAD", None),
    ("P4", "1004", "T2", "LOAD", None),
    ("P5", "1004", "T4", "LOAD", None),
    ("P6", "1005", "T3", "LOAD", None),
    ("P7", "1006", "T3", "FEED_IN", None),
    ("P8", "1007", "T2", "SUPPLY", None),
    ("P9", "1003", "T3", "SUBMETER", "P3"),
)


def town() -> None:
    """Everything of the drawing, committed."""
    with transaction.atomic():
        units = offices()
        equipment(units)
    account = accounts(units)
    with transaction.atomic():
        points(account)


def offices() -> dict[str, int]:
    """The county company and its two offices; code → id."""
    organization.create_unit(code="BS", name="白水县供电公司", kind="COUNTY", territory="hunan", actor=SYSTEM, at=AT)
    return {
        code: organization.create_unit(code=code, name=name, kind="OFFICE", parent_code="BS", actor=SYSTEM, at=AT)
        for code, name in (("BS-W", "城西供电所"), ("BS-E", "城东供电所"))
    }


def equipment(units: dict[str, int]) -> None:
    """Substation, feeders, nodes, lines, switches, transformers; ids in the order of the drawing."""
    Substation.objects.create(id=1, code="S1", name="白水变电站", unit_id=units["BS-W"])
    for number, (code, name, unit) in enumerate((("F1", "西线", "BS-W"), ("F2", "东线", "BS-E")), start=1):
        Feeder.objects.create(id=number, code=code, name=name, substation_id=1, unit_id=units[unit])
    feeder = dict(Feeder.objects.values_list("code", "pk"))
    for number, (code, home, is_source) in enumerate(NODES, start=1):
        ConnectivityNode.objects.create(id=number, code=code, feeder_id=feeder[home], is_source=is_source)
    node = dict(ConnectivityNode.objects.values_list("code", "pk"))
    LineSegment.objects.create(id=1, code="L1", node_a_id=node["N11"], node_b_id=node["N12"], length_m=300)
    for number, (code, name, kind, home, a, b, normal_open) in enumerate(SWITCHES, start=1):
        Switch.objects.create(
            id=number, code=code, name=name, kind=kind, feeder_id=feeder[home], node_a_id=node[a], node_b_id=node[b],
            normal_open=normal_open,
        )  # fmt: skip
    for number, (code, home, place, ownership, area) in enumerate(TRANSFORMERS, start=1):
        PowerTransformer.objects.create(
            id=number, code=code, name=f"{area or '医院'}配变", feeder_id=feeder[home], node_id=node[place],
            unit_id=units["BS-W" if home == "F1" else "BS-E"], capacity_ckva=31_500, ownership=ownership,
            area_name=area,
        )  # fmt: skip


def accounts(units: dict[str, int]) -> dict[str, int]:
    """The accounts and their customers, through the domain that owns them; account number → id."""
    rows = pl.DataFrame(ACCOUNTS, ["account_number", "name", "unit", "importance"], orient="row")
    with ColumnStore() as store, store.transaction():
        parties = rows.select(
            pl.int_range(pl.len()).alias("line"), pl.col("account_number").alias("code"), "name",
            pl.lit("ORGANIZATION").alias("kind"), pl.lit(None, pl.String).alias("id_number"),
        )  # fmt: skip
        customer = loading.load_customers(store, parties)["id"]
        loaded = loading.load_accounts(
            store,
            rows.select(
                pl.int_range(pl.len()).alias("line"), "account_number", customer.alias("customer_id"),
                pl.col("unit").replace_strict(units, return_dtype=pl.Int64).alias("unit_id"), "name",
                pl.lit("白水镇").alias("address"), pl.lit("LOW_VOLTAGE").alias("customer_class"),
                pl.lit("RURAL").alias("locality"), "importance",
                pl.lit(0, pl.Int16).alias("household_size"), pl.lit(OPENED_ON).alias("opened_on"),
                pl.lit(None, pl.Date).alias("closed_on"),
            ),
        )  # fmt: skip
    return dict(loaded.select("account_number", "id").iter_rows())


def points(account: dict[str, int]) -> None:
    """Usage points, connected since :data:`OPENED_ON`."""
    transformer = dict(PowerTransformer.objects.values_list("code", "pk"))
    for number, (code, owner, behind, kind, deducts_from) in enumerate(POINTS, start=1):
        UsagePoint.objects.create(
            id=number, code=code, account_id=account[owner], transformer_id=transformer[behind], kind=kind,
            deducts_from=UsagePoint.objects.filter(code=deducts_from).first(), voltage_code="AC03802",
            connected_on=OPENED_ON,
        )  # fmt: skip


def switch(code: str) -> SwitchId:
    """Id of a switch of the town."""
    return SwitchId(Switch.objects.get(code=code).pk)


def mark_written() -> None:
    """Tell processes that keep the network in hand that rows were written around its actions."""
    revision.renew(revision.Part.EQUIPMENT)
