"""Purchase, sale, price and revenue (购售量价费) of a month: what was bought, sold, earned, collected and lost, and whether
it agrees with the ledger.

Energy is 0.01 kWh, money fen, average prices 10⁻⁴ yuan a kWh, shares hundredths of a percent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from wandeng.domains.billing.queries import sales
from wandeng.domains.billing.queries.sales import Owed, Sold, SoldAt
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.purchases import queries as purchases
from wandeng.domains.purchases.types import PurchaseFacts
from wandeng.infra.scope import Scope
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import Month
from wandeng.kernel.units import E4_PER_ONE

FEED_IN = "FEED_IN"
"""Energy that customers feed in behind their own meters (余电上网): settled by their bills."""


class By(StrEnum):
    """How sales are told apart: by price code (电价类别), by class of customer (用户分类), or both."""

    PRICE = "price"
    CUSTOMER = "customer"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Amount:
    """Energy and money."""

    energy_ckwh: int = 0
    amount_fen: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.energy_ckwh + other.energy_ckwh, self.amount_fen + other.amount_fen)

    @property
    def price_e4(self) -> int | None:
        """Average price; ``None`` without energy. Fen per 0.01 kWh are yuan per kWh."""
        return divide_half_up(self.amount_fen * E4_PER_ONE, self.energy_ckwh) if self.energy_ckwh else None


@dataclass(frozen=True, slots=True)
class Figures:
    """A month. ``bought`` by source, ``sold`` by customer class, ``at_price`` the same sales by price code (empty where it
    was not asked for); ``billed_fen`` is what the month's bills came to, feed-in taken
    off, and ``open_fen`` what is still owed of it."""

    month: Month
    bought: dict[str, Amount]
    sold: dict[str, Amount]
    billed_fen: int
    open_fen: int
    at_price: dict[str, Amount] = field(default_factory=dict)

    @property
    def all_bought(self) -> Amount:
        return sum(self.bought.values(), Amount())

    @property
    def all_sold(self) -> Amount:
        return sum(self.sold.values(), Amount())

    @property
    def collected_fen(self) -> int:
        return self.billed_fen - self.open_fen

    @property
    def collected_e4(self) -> int | None:
        """电费回收率."""
        return _share(self.collected_fen, self.billed_fen)

    @property
    def lost_ckwh(self) -> int | None:
        """线损电量; ``None`` while no purchase is recorded."""
        return self.all_bought.energy_ckwh - self.all_sold.energy_ckwh if self.bought_outside else None

    @property
    def loss_e4(self) -> int | None:
        """综合线损率."""
        return None if self.lost_ckwh is None else _share(self.lost_ckwh, self.all_bought.energy_ckwh)

    @property
    def bought_outside(self) -> bool:
        return any(source != FEED_IN for source in self.bought)


@dataclass(frozen=True, slots=True)
class Tie:
    """One figure from two places: from bills and purchases, and from the ledger."""

    code: str
    ours_fen: int
    ledger_fen: int

    @property
    def holds(self) -> bool:
        return self.ours_fen == self.ledger_fen


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit just below: sold, billed, still owed."""

    unit: UnitNode
    sold: Amount
    billed_fen: int
    open_fen: int

    @property
    def collected_e4(self) -> int | None:
        return _share(self.billed_fen - self.open_fen, self.billed_fen)


@dataclass(frozen=True, slots=True)
class Statement:
    """The month beside the one before and the same month of the year before; ``earned`` by ledger account; what the units
    just below came to; whether it agrees with the ledger."""

    unit: UnitNode
    now: Figures
    before: Figures
    last_year: Figures
    earned: dict[str, int]
    units: tuple[UnitLine, ...]
    ties: tuple[Tie, ...]

    @property
    def months(self) -> tuple[Figures, Figures, Figures]:
        return self.now, self.before, self.last_year


def statement(scope: Scope, *, unit_code: str, month: Month, by: By = By.PRICE) -> Statement:
    """The statement of a unit and all below it. Raises :class:`NotFound` outside the scope."""
    unit = organization.unit(scope, unit_code)
    months = (month, month.previous(), month.plus(-12))
    sold = sales.sold(scope, unit_path=unit.path, months=months)
    at_price = sales.sold_at(scope, unit_path=unit.path, months=months) if by != By.CUSTOMER else ()
    owed = sales.owed(scope, unit_path=unit.path, months=months)
    bought = purchases.purchases(scope, unit_path=unit.path, months=months)
    figures = [
        _figures(
            one,
            [row for row in sold if row.month == one],
            [row for row in owed if row.month == one],
            _by_price(row for row in at_price if row.month == one),
            [row for row in bought if row.month == str(one)],
        )
        for one in months
    ]
    booked = ledger.earned_and_bought(scope, unit_path=unit.path, month=str(month))
    earned = {name: -fen for name, fen in booked.items() if not name.startswith("PURCHASE:")}
    now = [row for row in sold if row.month == month]
    posted = sum(row.posted_fen for row in owed if row.month == month)
    recorded = sum(one.amount_fen for one in bought if one.month == str(month))
    cost = sum(fen for name, fen in booked.items() if name.startswith("PURCHASE:"))
    ties = [Tie("BILLS", sum(row.amount_fen for row in now), posted), Tie("PURCHASES", recorded, cost)]
    if by != By.CUSTOMER:
        lines = sum(one.amount_fen for one in figures[0].at_price.values()) + sum(row.fed_fen for row in now)
        ties.insert(1, Tie("PRICES", lines, posted))
    units = _units(scope, unit, now, [row for row in owed if row.month == month])
    return Statement(unit, figures[0], figures[1], figures[2], earned, units, ties=tuple(ties))


def _figures(
    month: Month, sold: list[Sold], owed: list[Owed], at_price: dict[str, Amount], bought: list[PurchaseFacts]
) -> Figures:
    by_source: Counter[tuple[str, str]] = Counter()
    for purchase in bought:
        by_source[purchase.source, "energy"] += purchase.energy_ckwh
        by_source[purchase.source, "amount"] += purchase.amount_fen
    sources = {source: Amount(by_source[source, "energy"], by_source[source, "amount"]) for source, _ in by_source}
    fed = sum((Amount(row.fed_ckwh, row.fed_fen) for row in sold), Amount())
    if fed != Amount():
        sources[FEED_IN] = Amount(fed.energy_ckwh, -fed.amount_fen)
    billed, open_fen = sum(row.billed_fen for row in owed), sum(row.open_fen for row in owed)
    return Figures(month, sources, _by_class(sold), billed, open_fen, at_price)


def _by_class(rows: Iterable[Sold]) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for row in rows:
        sold = Amount(row.energy_ckwh, row.amount_fen - row.fed_fen)
        found[row.customer_class] = found.get(row.customer_class, Amount()) + sold
    return dict(sorted(found.items()))


def _by_price(rows: Iterable[SoldAt]) -> dict[str, Amount]:
    found = {row.price_code: Amount(row.energy_ckwh, row.amount_fen) for row in rows}
    return {code: amount for code, amount in found.items() if amount != Amount()}


def _units(scope: Scope, unit: UnitNode, sold: list[Sold], owed: list[Owed]) -> tuple[UnitLine, ...]:
    below = [one for one in organization.unit_tree(scope.narrowed(unit.path)) if one.depth == unit.depth + 1]
    lines = []
    for one in below:
        inside = [row for row in sold if row.unit_path.startswith(one.path)]
        theirs = [row for row in owed if row.unit_path.startswith(one.path)]
        amount = sum((Amount(row.energy_ckwh, row.amount_fen - row.fed_fen) for row in inside), Amount())
        if inside or theirs:
            billed, open_fen = sum(row.billed_fen for row in theirs), sum(row.open_fen for row in theirs)
            lines.append(UnitLine(one, amount, billed, open_fen))
    return tuple(sorted(lines, key=lambda line: -line.sold.amount_fen))


def _share(part: int, whole: int) -> int | None:
    return divide_half_up(part * E4_PER_ONE, whole) if whole else None
