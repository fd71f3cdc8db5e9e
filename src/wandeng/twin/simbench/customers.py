"""An account, a usage point and a meter for every load, and a price by the kind of its profile.

SimBench's profiles are the German standard ones: ``H`` households, ``G`` trades, ``L`` farms; metered loads
(``-M``, ``-H``) and the rest are businesses. Names and numbers are made from the load's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from wandeng.twin.county import TERRITORY
from wandeng.twin.simbench import network
from wandeng.twin.simbench.grid import Grid

OPENED_ON = "2015-01-01"
STAFF = (
    ("sb-billing1", "核算员", "BILLING_CLERK"),
    ("sb-billing2", "复核员", "BILLING_REVIEWER"),
    ("sb-dispatch", "调度员", "DISPATCHER"),
)
TWO_PART_KVA = 315
"""From this capacity on a works at medium voltage pays the two-part price (rules: two_part)."""
VOLTAGES = (
    (0.3, "AC02202"),
    (1.0, "AC03802"),
    (8.0, "AC00061"),
    (15.0, "AC00101"),
    (25.0, "AC00201"),
    (60.0, "AC00351"),
)
"""Highest kV of each voltage code."""


def organizations(grid: Grid) -> dict[str, pl.DataFrame]:
    """One county company of the grid's name, with two people to bill and one to switch."""
    unit = network.unit_code(grid)
    return {
        "unit": pl.DataFrame(
            {"code": [unit], "name": [f"SimBench {grid.code}"], "unit_kind": ["COUNTY"], "territory": [TERRITORY]}
        ),
        "person": pl.DataFrame(
            [(code, name, unit, "是") for code, name, _ in STAFF], ["code", "name", "unit", "is_active"], orient="row"
        ),
        "post": pl.DataFrame(
            [(code, unit, role, OPENED_ON) for code, _, role in STAFF],
            ["person", "unit", "role", "valid_from"],
            orient="row",
        ),
    }


def accounts(grid: Grid, equipment: network.Equipment) -> pl.DataFrame:
    """One row per load that has a transformer, with the index of the load and all that the files say of
    it."""
    unit = network.unit_code(grid)
    locality = "RURAL" if "rural" in grid.code else "URBAN"
    rows = []
    for load in grid.in_service("load"):
        transformer = equipment.transformer_of_load.get(int(load.Index))
        if transformer is None:
            continue
        medium = grid.is_medium(int(load.bus))
        terms = _terms(str(load.profile), medium, load.sn_mva * 1000)
        rows.append(
            {
                "load": int(load.Index),
                "profile": str(load.profile),
                "power_w": load.p_mw * 1e6,
                "is_medium": medium,
                "account_number": f"96{load.Index + 1:08d}",
                "name": str(load.name),
                "unit": unit,
                "address": f"{grid.code} {grid.net.bus.at[load.bus, 'name']}",
                "customer_kind": "PERSON" if terms.customer_class == "RESIDENTIAL" else "ORGANIZATION",
                "customer_class": terms.customer_class,
                "locality": locality,
                "usage_point": grid.code_of("load", load.Index),
                "transformer": transformer,
                "voltage": _voltage(grid.kv[int(load.bus)], home=terms.customer_class == "RESIDENTIAL"),
                "metered_side": "HIGH" if medium else "LOW",
                "contract_capacity_kva": f"{load.sn_mva * 1000:.2f}",
                "asset_number": f"SB{load.Index + 1:08d}",
                "price_code": terms.price_code,
                "basic_method": terms.basic_method,
                "pf_standard": "0",
            }
        )
    return pl.DataFrame(rows)


def customers_file(accounts: pl.DataFrame) -> pl.DataFrame:
    """Columns of the customers file."""
    return accounts.select(
        "account_number", "name", "unit", "address", "customer_kind", "customer_class", "locality",
        pl.lit(OPENED_ON).alias("opened_on"), "usage_point", "transformer", "voltage", "metered_side",
        "contract_capacity_kva",
    )  # fmt: skip


def meters_file(accounts: pl.DataFrame) -> pl.DataFrame:
    """Columns of the meters file: every meter is billed from its curve. Energies are those of the load, so the
    multiplier is 1 also where a real meter would sit behind transformers."""
    return accounts.select(
        "asset_number", "usage_point", pl.lit(OPENED_ON).alias("installed_on"), pl.lit("1").alias("multiplier"),
        pl.lit("曲线").alias("source"),
    )  # fmt: skip


def prices_file(accounts: pl.DataFrame, since: str) -> pl.DataFrame:
    """Columns of the price-assignments file."""
    return accounts.select(
        "usage_point", pl.lit(since).alias("valid_from"), "price_code",
        pl.col("contract_capacity_kva").alias("running_capacity_kva"), "basic_method",
        "pf_standard",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Terms:
    """What follows from the kind of a load."""

    price_code: str
    customer_class: str
    basic_method: str = "0"


def _terms(profile: str, medium: bool, capacity_kva: float) -> _Terms:
    """By voltage and capacity first, then by profile. Large works pay the two-part price by their actual maximum
    demand, the highest quarter-hour of the curve. Nobody has a power-factor standard: it needs reactive energy."""
    if medium and capacity_kva >= TWO_PART_KVA:
        return _Terms(f"{TERRITORY}.two_part.10kv", "HIGH_VOLTAGE", "3")
    if medium:
        return _Terms(f"{TERRITORY}.commercial.10kv.tou", "HIGH_VOLTAGE")
    if profile.startswith("H0"):
        return _Terms(f"{TERRITORY}.residential", "RESIDENTIAL")
    if profile.startswith("L"):
        return _Terms(f"{TERRITORY}.agriculture", "LOW_VOLTAGE")
    return _Terms(f"{TERRITORY}.commercial.lv", "LOW_VOLTAGE")


def _voltage(kv: float, *, home: bool) -> str:
    if home and kv <= VOLTAGES[1][0]:
        return VOLTAGES[0][1]
    return next(code for highest, code in VOLTAGES[1:] if kv <= highest)
