"""Two months of an account side by side, and what made the difference: days, use, tiers and periods, prices, the rest.

The causes add up to the difference to the fen. For every item charged on energy (:func:`_energy_causes`):

* **days**: the first month's amount, stretched to the days of the second;
* **use**: what more or less energy a day comes to, at the first month's average price;
* **mix**: the second month's energy at the first month's prices, tier by tier and period by period, less the above;
* **price**: the rest, which is what the change of prices comes to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wandeng.calc.rating.frames import Kind
from wandeng.domains.billing.types import BillExplanation, LineShown
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import AMOUNT_DIVISOR

CAUSES = ("days", "use", "mix", "price", "basic", "power_factor", "other")
BY_ENERGY = frozenset({Kind.ENERGY, Kind.FUND, Kind.SURCHARGE})
_FIXED = {Kind.CAPACITY: "basic", Kind.DEMAND: "basic", Kind.POWER_FACTOR: "power_factor"}

Group = tuple[int, str, str, str, int]
"""Kind, item code, item name, measure, tier."""


@dataclass(frozen=True, slots=True)
class Side:
    """An item's lines of one month: quantity in 0.01 of its unit, the prices used, and the amount."""

    quantity: int = 0
    prices: tuple[str, ...] = ()
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class ItemCompared:
    """One item, period and tier in both months; a side without it is empty."""

    item_code: str
    item_zh: str
    measure_zh: str
    tier: int
    unit: str
    first: Side
    second: Side

    @property
    def change_fen(self) -> int:
        return self.second.amount_fen - self.first.amount_fen


@dataclass(frozen=True, slots=True)
class Cause:
    """A part of the difference; ``code`` is one of CAUSES."""

    code: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two bills of an account; ``causes`` add up to ``change_fen``, the largest first."""

    first: BillExplanation
    second: BillExplanation
    items: tuple[ItemCompared, ...]
    causes: tuple[Cause, ...]

    @property
    def change_fen(self) -> int:
        return self.second.amount_fen - self.first.amount_fen

    @property
    def days(self) -> tuple[int, int]:
        return days_of(self.first), days_of(self.second)

    @property
    def daily_ckwh(self) -> tuple[int, int]:
        """0.01 kWh a day in each month."""
        one, other = self.days
        return divide_half_up(self.first.energy_ckwh, one), divide_half_up(self.second.energy_ckwh, other)


def days_of(bill: BillExplanation) -> int:
    """Days of a bill's period."""
    return (bill.period_to - bill.period_from).days


def compare(first: BillExplanation, second: BillExplanation) -> Comparison:
    """The first bill against the second, which is the later one."""
    sides = [_grouped(bill.lines) for bill in (first, second)]
    groups = list(dict.fromkeys([*sides[0], *sides[1]]))
    items = tuple(_item(group, sides[0].get(group, []), sides[1].get(group, [])) for group in groups)
    sums: dict[str, int] = defaultdict(int)
    for code in dict.fromkeys((group[0], group[1]) for group in groups):
        own = [group for group in groups if group[:2] == code]
        for cause, amount in _causes(own, sides[0], sides[1], days_of(first), days_of(second)):
            sums[cause] += amount
    told = [Cause(code, sums[code]) for code in CAUSES if sums[code]]
    return Comparison(first, second, items, tuple(sorted(told, key=lambda one: -abs(one.amount_fen))))


Lines = dict[Group, list[LineShown]]


def _grouped(lines: Iterable[LineShown]) -> Lines:
    grouped: Lines = defaultdict(list)
    for line in lines:
        grouped[line.kind, line.item_code, line.item_zh, line.measure_zh, line.tier].append(line)
    return dict(grouped)


def _item(group: Group, first: Sequence[LineShown], second: Sequence[LineShown]) -> ItemCompared:
    _, code, name, measure, tier = group
    return ItemCompared(code, name, measure, tier, [*first, *second][0].unit, _side(first), _side(second))


def _side(lines: Sequence[LineShown]) -> Side:
    prices = tuple(dict.fromkeys(line.price_text for line in lines))
    return Side(_quantity(lines), prices, _amount(lines))


def _quantity(lines: Iterable[LineShown]) -> int:
    return sum(line.quantity for line in lines)


def _amount(lines: Iterable[LineShown]) -> int:
    return sum(line.amount_fen for line in lines)


def _causes(
    groups: Sequence[Group], first: Lines, second: Lines, first_days: int, second_days: int
) -> list[tuple[str, int]]:
    """What the difference of one item comes from."""
    before = [line for group in groups for line in first.get(group, [])]
    after = [line for group in groups for line in second.get(group, [])]
    difference = _amount(after) - _amount(before)
    kind = Kind(groups[0][0])
    if kind not in BY_ENERGY:
        return [(_FIXED.get(kind, "other"), difference)]
    if _quantity(before) <= 0:
        return [("mix" if kind is Kind.SURCHARGE or groups[0][4] else "other", difference)]
    return _energy_causes(groups, first, second, first_days, second_days)


def _energy_causes(
    groups: Sequence[Group], first: Lines, second: Lines, first_days: int, second_days: int
) -> list[tuple[str, int]]:
    before = [line for group in groups for line in first.get(group, [])]
    after = [line for group in groups for line in second.get(group, [])]
    amount, energy = _amount(before), _quantity(before)
    longer = divide_half_up(amount * (second_days - first_days), first_days)
    at_average = divide_half_up(amount * _quantity(after), energy)
    at_old_prices, prices_changed = 0, False
    for group in groups:
        old, new = first.get(group, []), second.get(group, [])
        at_old_prices += _at_prices_of(old, new)
        prices_changed |= bool(old and new) and {one.price_e8 for one in old} != {one.price_e8 for one in new}
    price = _amount(after) - at_old_prices if prices_changed else 0
    mix = _amount(after) - at_average - price
    return [("days", longer), ("use", at_average - amount - longer), ("mix", mix), ("price", price)]


def _at_prices_of(old: Sequence[LineShown], new: Sequence[LineShown]) -> int:
    """What the new lines would come to at the old ones' price; a tier or period that was not there keeps its own."""
    energy = _quantity(old)
    prices = {line.price_e8 for line in old}
    if energy <= 0 or not prices:
        return _amount(new)
    if len(prices) == 1:
        return divide_half_up(_quantity(new) * prices.pop(), AMOUNT_DIVISOR)
    return divide_half_up(_quantity(new) * _amount(old), energy)
