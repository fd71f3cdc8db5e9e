"""Indicators (指标) of a month by unit: what managers look at first, each with its definition, formula and source.

Money is fen, energy 0.01 kWh, shares hundredths of a percent, prices 10⁻⁴ yuan a kWh.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from wandeng.domains.billing.queries import by_unit as billing
from wandeng.domains.collections.queries import prepay_shares as prepay
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.queries import by_unit as agreements
from wandeng.domains.metering.queries import by_unit as metering
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import Month

E4 = 10_000
DUE_WITHIN = timedelta(days=90)
LEAST_COUNT = 5
"""A count that moved by less than this says nothing."""
Unit = Literal["fen", "ckwh", "share_e4", "price_e4", "count"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure: what it means, how it is calculated, whence, and which way is better (``up``, ``down``, neither)."""

    code: str
    name_zh: str
    name_en: str
    unit: Unit
    better: Literal["up", "down", ""]
    definition_zh: str
    definition_en: str
    formula_zh: str
    formula_en: str
    source_zh: str
    source_en: str


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "energy", "售电量", "Energy sold", "ckwh", "",
        "本月已入账电费账单的计费电量，含退补。", "Energy of the month's posted bills, with corrections.",
        "Σ 账单电量", "Σ energy of bills", "已发行的电费账单", "posted bills",
    ),
    Indicator(
        "amount", "应收电费", "Billed amount", "fen", "",
        "本月已入账电费账单的金额，含退补。", "Amount of the month's posted bills, with corrections.",
        "Σ 账单金额", "Σ amount of bills", "已发行的电费账单", "posted bills",
    ),
    Indicator(
        "bills", "出账户数", "Bills", "count", "",
        "本月已入账的正常账单张数，每户一张。", "Ordinary bills posted for the month, one an account.",
        "正常账单的张数", "number of ordinary bills", "已发行的电费账单", "posted bills",
    ),
    Indicator(
        "price", "平均电价", "Average price", "price_e4", "",
        "每千瓦时的平均应收电费。", "Billed amount for each kWh.",
        "应收电费 ÷ 售电量", "billed amount ÷ energy sold", "已发行的电费账单", "posted bills",
    ),
    Indicator(
        "zero_share", "零电量户占比", "Accounts without use", "share_e4", "down",
        "正常账单中电量为零的占比；过高须查空置、表计故障和漏抄。",
        "Share of ordinary bills of no energy; many may hide empty homes, broken meters, unread meters.",
        "零电量账单张数 ÷ 出账户数", "bills of no energy ÷ bills", "已发行的电费账单", "posted bills",
    ),
    Indicator(
        "parked", "未处理核算异常", "Exceptions open", "count", "down",
        "本月核算拦下、至今无人处理的户数。", "Accounts the month's runs parked and nobody has decided on.",
        "状态为“待处理”的异常户数", "accounts with exceptions that are parked", "核算异常", "bill exceptions",
    ),
    Indicator(
        "accepted", "人工放行异常", "Exceptions let through", "count", "",
        "本月核算拦下、由人确认无误而放行的户数。", "Accounts the month's runs parked and a person let through as they are.",
        "状态为“已确认”的异常户数", "accounts with exceptions that were accepted", "核算异常", "bill exceptions",
    ),
    Indicator(
        "contact_accuracy", "联系信息准确率", "Contact accuracy", "share_e4", "up",
        "在用户中主要联系电话经核实正确的占比。", "Share of open accounts whose first telephone number was checked and is right.",
        "核实正确户数 ÷ 在用户数", "accounts with a right number ÷ open accounts", "联系信息核实记录", "checks of contacts",
    ),
    Indicator(
        "agreements_due", "90 天内到期合同", "Agreements due in 90 days", "count", "down",
        "90 天内到期、还没有起草续签的供用电合同份数。", "Signed agreements that end within 90 days and have no successor drafted.",
        "到期日在 90 天内且未起草续签的份数", "agreements ending within 90 days without a successor",
        "供用电合同", "agreements",
    ),
    Indicator(
        "prepay_share", "费控用户占比", "Prepay accounts", "share_e4", "up",
        "在用户中签订费控协议、先充值后用电的占比。", "Share of open accounts with a prepay agreement.",
        "费控户数 ÷ 在用户数", "accounts with a prepay agreement ÷ open accounts", "费控协议", "prepay agreements",
    ),
    Indicator(
        "held", "待审示数", "Readings held", "count", "down",
        "被拦下、等人确认的抄表示数。", "Readings that wait for a person.",
        "状态为“待审”的示数条数", "readings that are held", "抄表示数", "readings",
    ),
)  # fmt: skip
"""Every indicator, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit (with all below it) and its figures: code → value, ``None`` where there is nothing to divide by."""

    unit_code: str
    unit_name: str
    unit_path: str
    has_below: bool
    now: Mapping[str, int | None]
    before: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of a month: of the whole scope, and of each unit next below."""

    month: Month
    whole: Row
    units: tuple[Row, ...]


@dataclass(slots=True)
class _Sums:
    """What is added up along the tree before anything is divided."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, **more: int) -> None:
        for name, value in more.items():
            self.counts[name] = self.counts.get(name, 0) + value

    def figures(self) -> dict[str, int | None]:
        get = self.counts.get
        return {
            "energy": get("energy", 0), "amount": get("amount", 0), "bills": get("bills", 0),
            "price": _ratio(get("amount", 0), get("energy", 0), E4),
            "zero_share": _ratio(get("zero", 0), get("bills", 0), E4),
            "parked": get("parked", 0), "accepted": get("accepted", 0),
            "contact_accuracy": _ratio(get("right", 0), get("accounts", 0), E4),
            "agreements_due": get("due", 0), "held": get("held", 0),
            "prepay_share": _ratio(get("prepay", 0), get("opened", 0), E4),
        }  # fmt: skip


def indicator(code: str) -> Indicator:
    """The indicator with this code. Raises :class:`NotFound`."""
    for one in INDICATORS:
        if one.code == code:
            return one
    raise NotFound(f"there is no indicator {code}")


def board(scope: Scope, month: Month, *, on: date) -> Board:
    """The figures of a month for the scope and each unit next below its top, beside the month before.

    What is not about a month (contacts, agreements, held readings) is as of ``on`` and has no month before.
    """
    tree = organization.unit_tree(scope)
    if not tree:
        raise NotFound("there is no unit here")
    top = tree[0]
    inner = scope.narrowed(top.path)
    now, before = _month_sums(inner, month, month.previous())
    _add_standing(now, inner, tree, on)
    below = [unit for unit in tree if unit.depth == top.depth + 1]
    return Board(month, _row(top, tree, now, before), tuple(_row(unit, tree, now, before) for unit in below))


def ranked(found: Board, by: Indicator) -> tuple[Row, ...]:
    """The units next below, the best first; those without a figure last."""
    with_value = [row for row in found.units if row.now[by.code] is not None]
    without = [row for row in found.units if row.now[by.code] is None]
    sign = 1 if by.better == "down" else -1
    return (*sorted(with_value, key=lambda row: (sign * (row.now[by.code] or 0), row.unit_code)), *without)


def to_explain(found: Board, by: Indicator) -> frozenset[str]:
    """Units whose figure is worse than the whole's by a quarter, or got worse by a quarter since the month before: they
    say why (须说明). Only where one way is better."""
    if not by.better:
        return frozenset()
    worse: Callable[[int, int], bool] = (
        (lambda one, other: one * 4 > other * 5) if by.better == "down" else (lambda one, other: one * 4 < other * 3)
    )
    shares = by.unit in {"share_e4", "price_e4"}
    whole = found.whole.now[by.code]
    marked = set()
    for row in found.units:
        now, before = row.now[by.code], row.before.get(by.code)
        if now is None:
            continue
        behind = shares and whole is not None and worse(now, whole)
        # One case more is twice as many where there was one: counts must differ by some.
        moved = before is not None and (shares or abs(now - before) >= LEAST_COUNT)
        if behind or (moved and before is not None and worse(now, before)):
            marked.add(row.unit_code)
    return frozenset(marked)


def _month_sums(scope: Scope, *months: Month) -> list[dict[str, _Sums]]:
    """Unit path → sums, of each month."""
    billed, parked = billing.billed_of(scope, months), billing.exceptions_of(scope, months)
    of_months: list[dict[str, _Sums]] = []
    for month in months:
        sums: dict[str, _Sums] = {}
        for bills in billed[month]:
            sums.setdefault(bills.unit_path, _Sums()).add(
                bills=bills.bills, zero=bills.zero, energy=bills.energy_ckwh, amount=bills.amount_fen
            )
        for found in parked[month]:
            sums.setdefault(found.unit_path, _Sums()).add(parked=found.parked, accepted=found.accepted)
        of_months.append(sums)
    return of_months


def _add_standing(sums: dict[str, _Sums], scope: Scope, tree: tuple[UnitNode, ...], on: date) -> None:
    paths = {unit.code: unit.path for unit in tree}
    for contacts in customers.contact_accuracy(scope, on=on, leaving_out=network.house_accounts()):
        path = paths[contacts.unit_code]
        sums.setdefault(path, _Sums()).add(right=contacts.right, accounts=contacts.accounts)
    for signed in agreements.agreements(scope, on=on, until=on + DUE_WITHIN):
        sums.setdefault(signed.unit_path, _Sums()).add(due=signed.due)
    for path, (opened, enrolled) in prepay.enrolled_by_unit(scope).items():
        sums.setdefault(path, _Sums()).add(opened=opened, prepay=enrolled)
    for path, held in metering.held_readings(scope).items():
        sums.setdefault(path, _Sums()).add(held=held)


STANDING = frozenset({"contact_accuracy", "agreements_due", "held", "prepay_share"})
"""Indicators that stand as of a day: they have no month before."""


def _row(unit: UnitNode, tree: tuple[UnitNode, ...], now: dict[str, _Sums], before: dict[str, _Sums]) -> Row:
    has_below = any(other.path.startswith(unit.path) and other.path != unit.path for other in tree)
    past = {code: value for code, value in _rolled(before, unit.path).items() if code not in STANDING}
    return Row(unit.code, unit.name, unit.path, has_below, _rolled(now, unit.path), past)


def _rolled(sums: Mapping[str, _Sums], path: str) -> dict[str, int | None]:
    total = _Sums()
    for own, found in sums.items():
        if own.startswith(path):
            total.add(**found.counts)
    return total.figures()


def _ratio(part: int, whole: int, scale: int) -> int | None:
    return divide_half_up(part * scale, whole) if whole > 0 else None
