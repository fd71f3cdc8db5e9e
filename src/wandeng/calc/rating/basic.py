"""The basic charge (基本电费): by running capacity, by contract demand, or by the highest demand read (``rules.md`` 3.3).

Part months are counted on 30-day months; the parts of a whole billing period always add up to the whole charge.
"""

from __future__ import annotations

import polars as pl

from wandeng.calc.rating.book import PriceWindow
from wandeng.calc.rating.exact import charged_days_until, half_up_positive
from wandeng.calc.rating.frames import BasicMethod, Conventions, Kind
from wandeng.kernel.units import CKVA_PER_KVA, E4_PER_ONE

CHARGES = ["seg_ix", "row_ix", "point_ix", "quantity", "price_e8", "days"]


def charges(segments: pl.DataFrame, pieces: pl.DataFrame, by_point: pl.DataFrame, window: PriceWindow) -> pl.DataFrame:
    """Charges of segments whose terms have a basic charge: seg_ix, row_ix, point_ix, quantity, price_e8, days.

    ``by_point`` has account_id, total_ckwh and contract_capacity_ckva of every point: the 260 kWh/kVA rule looks at
    the energy of all points of the account.
    """
    basic = pieces.filter(pl.col("basic_method") != BasicMethod.NONE)
    conventions = window.conventions
    terms = basic.select(
        "piece_ix", "account_id", "period_from", "period_to", "basic_method", "running_capacity_ckva",
        "contract_demand_ckw", "demand_ckw",
    )  # fmt: skip
    within = (
        segments.select("seg_ix", "piece_ix", "point_ix", "span_ix", "seg_from", "seg_to", "months")
        .join(terms, on="piece_ix", maintain_order="left")
        .with_columns(_part_days(conventions))
        .filter(pl.col("days") > 0)
    )
    rows = window.rows_of(pl.col("kind").is_in([Kind.CAPACITY, Kind.DEMAND])).select(
        "row_ix", "span_ix", "kind", "price_e8"
    )
    priced = within.join(rows, on="span_ix", maintain_order="left")
    by_capacity = priced.filter(
        pl.col("kind") == Kind.CAPACITY, pl.col("basic_method") == BasicMethod.CAPACITY
    ).with_columns(quantity="running_capacity_ckva")
    by_demand = priced.filter(pl.col("kind") == Kind.DEMAND, pl.col("basic_method") != BasicMethod.CAPACITY)
    by_demand = _with_utilization(by_demand, by_point, conventions)
    blocks = [by_capacity, *_by_demand(by_demand, conventions)]
    whole = pl.when(pl.col("days") == conventions.month_days).then(0).otherwise(pl.col("days"))
    charged = pl.concat(
        [block.filter(pl.col("quantity") != 0).with_columns(days=whole).select(CHARGES) for block in blocks]
    )
    return charged.sort("seg_ix", maintain_order=True)


def _part_days(conventions: Conventions) -> pl.Expr:
    """Days of the monthly charge that fall into the segment."""
    since, until = (
        charged_days_until(pl.col("period_from"), pl.col("period_to"), pl.col("months"), pl.col(day),
                           conventions.month_days)
        for day in ("seg_from", "seg_to")
    )  # fmt: skip
    return (until - since).alias("days")


def _by_demand(priced: pl.DataFrame, conventions: Conventions) -> list[pl.DataFrame]:
    """Demand lines: what is charged at the price, and the part over the free share at a multiple of it.

    Up to 105 % of the contract demand the contract value is charged, not the measured one (``rules.md`` 8, point 4).
    """
    free = half_up_positive(pl.col("contract_demand_ckw") * conventions.demand_free_share_e4, E4_PER_ONE)
    excess = (pl.col("demand_ckw") - free).clip(lower_bound=0)
    by_contract = pl.col("basic_method") == BasicMethod.CONTRACT_DEMAND
    base = pl.col("contract_demand_ckw")
    if conventions.demand_excess_base == "free_share":
        base = pl.when(excess > 0).then(free).otherwise(base)
    return [
        priced.with_columns(quantity=pl.when(by_contract).then(base).otherwise("demand_ckw")),
        priced.filter(by_contract).with_columns(
            quantity=excess, price_e8=pl.col("price_e8") * conventions.demand_excess_factor
        ),
    ]


def _with_utilization(priced: pl.DataFrame, by_point: pl.DataFrame, conventions: Conventions) -> pl.DataFrame:
    """The demand price, reduced for accounts that used their capacity well (260 kWh a month per kVA pays 90 %)."""
    if conventions.demand_utilization_share_e4 == E4_PER_ONE or priced.is_empty():
        return priced
    used = (
        by_point.join(priced.select("account_id").unique(), on="account_id", how="semi")
        .group_by("account_id")
        .agg(
            pl.col("total_ckwh").sum().alias("used"),
            pl.col("contract_capacity_ckva").fill_null(0).sum().alias("capacity"),
        )
    )
    enough = pl.col("used").cast(pl.Int128) * CKVA_PER_KVA >= (
        pl.col("capacity").cast(pl.Int128) * conventions.demand_utilization_ckwh * pl.col("months")
    )
    reduced = half_up_positive(pl.col("price_e8") * conventions.demand_utilization_share_e4, E4_PER_ONE)
    return priced.join(used, on="account_id", maintain_order="left").with_columns(
        price_e8=pl.when(enough & (pl.col("capacity") > 0)).then(reduced).otherwise("price_e8")
    )
