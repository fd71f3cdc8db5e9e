from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc.rating.frames import PRICES, Book, Kind, Measure
from wandeng.domains.billing import adjusting
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up


def line(
    number: int, item: int, quantity: int, price_e8: int, kind: Kind = Kind.ENERGY, **other: Any
) -> dict[str, Any]:
    amount = divide_half_up(quantity * price_e8, 10**8)
    facts = {"line_no": number, "usage_point_id": 1, "item_id": item, "kind": int(kind), "measure": 0, "tier": 0,
             "seg_from": 1, "seg_to": 2, "quantity": quantity, "days": 0, "price_e8": price_e8, "amount_fen": amount}  # fmt: skip
    return facts | other


def book(*in_base: int) -> Book:
    rows = [
        dict.fromkeys(PRICES.names, 0) | {"item_id": item, "kind": int(Kind.ENERGY), "pf_base": True}
        for item in in_base
    ]
    dates = {"valid_from": None, "valid_to": None}
    table = pa.Table.from_pylist([row | dates for row in rows], schema=PRICES)
    return Book(table, (), (), (), None)  # type: ignore[arg-type]


def test_energy_is_spread_in_the_proportions_of_the_bill_and_every_item_takes_all_of_it() -> None:
    tiers = [line(1, 0, 200_00, 58_800_000), line(2, 0, 50_00, 63_800_000), line(3, 13, 250_00, 2_000_000, Kind.FUND)]
    made = adjusting.by_energy(tiers, 250_00, 100_00, book())
    # 80 × 0.588 = 47.04, 20 × 0.638 = 12.76, 100 × 0.02 = 2.00
    assert [(row["quantity"], row["amount_fen"]) for row in made] == [(80_00, 47_04), (20_00, 12_76), (100_00, 2_00)]


def test_a_surcharge_on_part_of_the_energy_takes_its_part_of_the_correction() -> None:
    lines = [line(1, 0, 400_00, 58_800_000), line(2, 1, 100_00, 5_000_000, Kind.SURCHARGE)]
    made = adjusting.by_energy(lines, 400_00, -40_00, book())
    # A quarter of the energy was in the second tier: −10 × 0.05 = −0.50 beside −40 × 0.588 = −23.52.
    assert [(row["quantity"], row["amount_fen"]) for row in made] == [(-40_00, -23_52), (-10_00, -50)]


def test_the_power_factor_follows_on_what_is_in_its_base() -> None:
    factor = line(3, 12, 600_00, -750_000, Kind.POWER_FACTOR, measure=int(Measure.PF_BASE))
    lines = [line(1, 3, 1000_00, 60_000_000), line(2, 13, 1000_00, 2_000_000, Kind.FUND), factor]
    made = adjusting.by_energy(lines, 1000_00, 100_00, book(3))
    # 100 × 0.60 = 60.00 in the base, −0.75 % of it = −0.45; the fund's 2.00 is not.
    assert [(row["kind"], row["quantity"], row["amount_fen"]) for row in made] == [
        (Kind.ENERGY, 100_00, 60_00), (Kind.POWER_FACTOR, 60_00, -45), (Kind.FUND, 100_00, 2_00),
    ]  # fmt: skip


def test_fixed_charges_do_not_follow_energy() -> None:
    lines = [line(1, 0, 100_00, 58_800_000), line(2, 6, 315_00, 2_550_000_000, Kind.CAPACITY)]
    assert [row["kind"] for row in adjusting.by_energy(lines, 100_00, 10_00, book())] == [Kind.ENERGY]


def test_a_bill_without_energy_gives_no_proportions() -> None:
    with pytest.raises(InvalidInput, match="give an amount"):
        adjusting.by_energy([line(1, 6, 315_00, 2_550_000_000, Kind.CAPACITY)], 0, 10_00, book())


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(-(10**9), 10**9).filter(bool))
def test_adjusted_energy_is_never_lost_in_the_sharing(quantities: list[int], energy: int) -> None:
    lines = [line(number, 0, quantity, 58_800_000) for number, quantity in enumerate(quantities, 1)]
    made = adjusting.by_energy(lines, sum(quantities), energy, book())
    assert sum(row["quantity"] for row in made) == energy
    assert all(row["amount_fen"] == divide_half_up(row["quantity"] * row["price_e8"], 10**8) for row in made)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(-(10**9), 10**9).filter(bool))
def test_adjusted_money_is_never_lost_in_the_sharing(amounts: list[int], amount: int) -> None:
    lines = [line(number, number, fen, 10**8) for number, fen in enumerate(amounts, 1)]
    made = adjusting.by_amount(lines, amount)
    assert sum(row["amount_fen"] for row in made) == amount
    assert [row["line_no"] for row in made] == list(range(1, len(made) + 1))
    assert all(row["amount_fen"] == divide_half_up(row["quantity"] * row["price_e8"], 10**8) for row in made)
