"""A bill in plain words (看懂电费): where in the tiers it ended, how much fell into which hours, how it is against last year.

Only what customers may see: bills that were published and stand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from wandeng.calc.rating.frames import Kind
from wandeng.domains.billing import queries as billing
from wandeng.domains.billing.queries.accounts import BillOfAccount
from wandeng.domains.billing.types import BillExplanation, LineShown
from wandeng.flows import self_service
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.money import divide_half_up

MONTHS_BACK = 36
YEAR = 12
WHOLE = "总"


@dataclass(frozen=True, slots=True)
class TierUsed:
    """Energy of a bill that was priced at a tier, ``price_e8`` 10⁻⁸ yuan/kWh. ``until_ckwh``: where the tier ends for this bill, ``None`` for the last."""

    tier: int
    energy_ckwh: int
    price_e8: int
    until_ckwh: int | None


@dataclass(frozen=True, slots=True)
class HoursUsed:
    """Energy of a bill that fell into a period of the day, and its share in 0.01 %."""

    measure_zh: str
    energy_ckwh: int
    share: int


@dataclass(frozen=True, slots=True)
class PlainBill:
    """A bill for whoever pays it. ``average_e4``: 10⁻⁴ yuan/kWh, ``None`` without energy; ``last_year``: the bill of the same
    month a year before; ``change``: energy against it in 0.01 %."""

    bill: BillOfAccount
    explained: BillExplanation
    average_e4: int | None
    last_year: BillOfAccount | None
    change: int | None
    tiers: tuple[TierUsed, ...]
    hours: tuple[HoursUsed, ...]


def plain_bill(account_number: str, number: int, *, at: datetime) -> PlainBill:
    """A published bill of an account that stands. Raises :class:`NotFound` for any other, and as ``billing.explain``."""
    bills = self_service.published_bills(account_number, at=at, count=MONTHS_BACK + YEAR)
    bill = next((one for one in bills if one.number == number), None)
    if bill is None:
        raise NotFound(f"there is no bill {number}")
    explained = billing.explain_bill(Scope.everywhere(), number)
    before = next((one for one in bills if one.month == bill.month.plus(-YEAR)), None)
    change = None
    if before is not None and before.energy_ckwh > 0:
        change = _share(bill.energy_ckwh - before.energy_ckwh, before.energy_ckwh)
    # fen / 0.01 kWh is yuan / kWh; half away from zero, as everywhere.
    average = divide_half_up(bill.amount_fen * 10_000, bill.energy_ckwh) if bill.energy_ckwh > 0 else None
    lines = _main_lines(explained)
    return PlainBill(bill, explained, average, before, change, _tiers(lines), _hours(lines))


def _main_lines(bill: BillExplanation) -> list[LineShown]:
    """The energy lines of the item that costs most: others are laid on the same energy."""
    energy = [one for one in bill.lines if one.kind == Kind.ENERGY and one.unit == "kWh"]
    cost: dict[str, int] = defaultdict(int)
    for one in energy:
        cost[one.item_code] += one.amount_fen
    main = max(cost, key=lambda code: cost[code], default="")
    return [one for one in energy if one.item_code == main]


def _tiers(lines: list[LineShown]) -> tuple[TierUsed, ...]:
    used: dict[int, int] = defaultdict(int)
    last: dict[int, LineShown] = {}
    for one in lines:
        if one.tier:
            used[one.tier] += one.quantity
            last[one.tier] = one
    return tuple(TierUsed(tier, used[tier], last[tier].price_e8, last[tier].tier_to_ckwh) for tier in sorted(used))


def _hours(lines: list[LineShown]) -> tuple[HoursUsed, ...]:
    used: dict[str, int] = defaultdict(int)
    for one in lines:
        if one.measure_zh != WHOLE:
            used[one.measure_zh] += one.quantity
    whole = sum(used.values())
    if len(used) < 2 or whole <= 0:
        return ()
    return tuple(HoursUsed(name, energy, _share(energy, whole)) for name, energy in used.items())


def _share(part: int, whole: int) -> int:
    return divide_half_up(part * 10_000, whole)
