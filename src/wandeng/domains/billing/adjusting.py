"""Lines of an adjustment (退补): energy or money spread over a month's bill in its own proportions.

Source: 供电营业规则 1996 art. 80–81 say how much energy (``calc.back_billing``); it is charged at the prices of the month
it belongs to, item by item, in the shares that periods and tiers had on that month's bill; the power-factor adjustment
follows at that month's rate. Fixed charges (capacity, demand) and the free quota do not change with energy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wandeng.calc import back_billing
from wandeng.calc.rating.frames import Book, Kind, Measure
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up, split_fen
from wandeng.kernel.units import AMOUNT_DIVISOR

Row = dict[str, Any]
WITH_ENERGY = frozenset({Kind.ENERGY, Kind.FUND, Kind.SURCHARGE})


def by_energy(lines: Sequence[Row], billed_ckwh: int, energy_ckwh: int, book: Book) -> list[Row]:
    """Lines for ``energy_ckwh`` (negative to refund) at the prices and in the proportions of the bill's ``lines``.

    Each item takes the energy in the ratio of its own quantity to the bill's energy (an item charged on all energy
    takes all of it), spread over the item's lines by largest remainder. Raises :class:`InvalidInput` for a bill
    without energy: there are no proportions to follow, and the amount must be given instead.
    """
    charged = [row for row in lines if row["kind"] in WITH_ENERGY and row["quantity"] > 0]
    if billed_ckwh <= 0 or not charged:
        raise InvalidInput("the bill of this month has no energy whose proportions could be followed: give an amount")
    made: list[Row] = []
    for item in dict.fromkeys((row["item_id"], row["kind"]) for row in charged):
        own = [row for row in charged if (row["item_id"], row["kind"]) == item]
        quantity = sum(row["quantity"] for row in own)
        energy = divide_half_up(energy_ckwh * quantity, billed_ckwh)
        shares = [back_billing.PricedShare(row["quantity"], row["price_e8"]) for row in own]
        spread = back_billing.price_correction(energy, shares).shares
        for row, (part, _, amount) in zip(own, spread, strict=True):
            made.append(row | {"quantity": part, "days": 0, "amount_fen": amount})
    made += _power_factor(lines, made, book)
    return _renumbered([row for row in made if row["quantity"]])


def by_amount(lines: Sequence[Row], amount_fen: int) -> list[Row]:
    """Lines for an amount given in fen, over the bill's items in proportion to what they came to.

    Such a line has its amount as its quantity (0.01 yuan) at 100 %, so that it too can be recomputed from itself.
    """
    if not amount_fen:
        raise InvalidInput("an adjustment of nothing is none")
    charged = [row for row in lines if row["amount_fen"] > 0]
    if not charged:
        raise InvalidInput("the bill of this month has no charge that could be adjusted")
    parts = split_fen(amount_fen, [row["amount_fen"] for row in charged])
    made = [
        row
        | {"measure": int(Measure.PF_BASE), "quantity": part, "days": 0, "price_e8": AMOUNT_DIVISOR, "amount_fen": part}
        for row, part in zip(charged, parts, strict=True)
    ]
    return _renumbered([row for row in made if row["quantity"]])


def _power_factor(lines: Sequence[Row], made: Sequence[Row], book: Book) -> list[Row]:
    """Each point's power-factor line again, on what the adjustment adds to its base."""
    in_base = {
        (row["item_id"], row["kind"], row["measure"])
        for row in book.prices.select(["item_id", "kind", "measure", "pf_base"]).to_pylist()
        if row["pf_base"]
    }
    adjusted = []
    for row in lines:
        if row["kind"] != Kind.POWER_FACTOR:
            continue
        base = sum(
            one["amount_fen"]
            for one in made
            if one["usage_point_id"] == row["usage_point_id"]
            and (one["item_id"], one["kind"], one["measure"]) in in_base
            and row["seg_from"] <= one["seg_from"] < row["seg_to"]
        )
        amount = divide_half_up(base * row["price_e8"], AMOUNT_DIVISOR)
        adjusted.append(row | {"quantity": base, "amount_fen": amount})
    return adjusted


def _renumbered(rows: Sequence[Row]) -> list[Row]:
    ordered = sorted(rows, key=lambda row: (row["item_id"], row["line_no"]))
    return [row | {"line_no": number} for number, row in enumerate(ordered, start=1)]
