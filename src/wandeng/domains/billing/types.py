"""Values that billing shows to others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import pyarrow as pa

from wandeng.kernel.periods import Month

LINE_NUMBERS = 1024
"""Ids of a bill's lines: bill id × this + line number. A bill with as many lines is parked."""

CHARGES_A_SHARD = 2**20
"""Ids of a shard's charges: shard id × this + place."""

TOO_MANY_LINES = "TOO_MANY_LINES"
"""Finding of our own, beside those of ``calc.rating.frames.FindingCode``."""

CODE_NAMES = {
    "MISSING_READING": "缺抄表示数",
    "MULTIPLIER_MISSING": "缺倍率",
    "NEGATIVE": "电量为负",
    "NO_RULE_IN_FORCE": "无有效电价",
    "NO_TERMS": "无执行电价",
    "OVERFLOW": "数值溢出",
    "PERIODS_EXCEED_TOTAL": "分时之和大于总",
    "PARENT_MISSING": "扣减表无主表",
    "DEMAND_MISSING": "缺需量",
    "ZERO": "零电量",
    "JUMP": "电量突变",
    "OVER_CAPACITY": "超容量",
    "NO_REACTIVE": "无功示数未走",
    TOO_MANY_LINES: "明细过多",
}
"""Chinese name of each exception code."""


class Stage(StrEnum):
    """How far a shard is."""

    PLANNED = "PLANNED"
    FROZEN = "FROZEN"
    PRICED = "PRICED"
    POSTED = "POSTED"


class BillKind(StrEnum):
    """What a bill is (账单类别)."""

    ORDINARY = "ORDINARY"
    CANCELLATION = "CANCELLATION"
    REBILL = "REBILL"
    ADJUSTMENT = "ADJUSTMENT"


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """When a bill is due, and the rule file that says so."""

    due_days: int
    path: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Supply:
    """Energy through the master meters (考核表) of transformer areas, and the energy billed behind the same meters.

    ``areas`` have a master meter; ``areas_unknown`` of them cannot be compared, because a reading of the master or a
    bill behind it is missing, and are in neither figure.
    """

    supplied_ckwh: int
    billed_ckwh: int
    areas: int
    areas_unknown: int


@dataclass(frozen=True, slots=True)
class ShardJob:
    """What a worker needs to know of a shard. Picklable. ``ends_on``: of a final bill, the first day that is no longer the
    account's."""

    shard_id: int
    run_id: int
    number: int
    takes: str
    month: Month
    unit_path: str
    account_from: int
    account_to: int
    first_bill_id: int = 0
    bill_ids: int = 0
    input_hash: str = ""
    lines_hash: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class CorrectionJob:
    """What a correcting shard has to do: CANCEL, REBILL or ADJUST the bill ``original_id``.

    ``cancels``: a cancellation is written (a re-bill of a month already cancelled writes none). ``made_on`` is the
    local day of the decision.
    """

    action: str
    original_id: int
    cancels: bool
    next_revision: int
    made_on: date
    energy_ckwh: int | None = None
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What pricing a set of accounts came to. ``revenue`` is ledger account → fen; ``codes`` exception code → accounts."""

    accounts: int = 0
    bills: int = 0
    lines: int = 0
    parked: int = 0
    moved: int = 0
    energy_ckwh: int = 0
    amount_fen: int = 0
    largest_fen: int = 0
    most_lines: int = 0
    revenue: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            accounts=self.accounts + other.accounts,
            bills=self.bills + other.bills,
            lines=self.lines + other.lines,
            parked=self.parked + other.parked,
            moved=self.moved + other.moved,
            energy_ckwh=self.energy_ckwh + other.energy_ckwh,
            amount_fen=self.amount_fen + other.amount_fen,
            largest_fen=max(self.largest_fen, other.largest_fen),
            most_lines=max(self.most_lines, other.most_lines),
            revenue=_merge(self.revenue, other.revenue),
            codes=_merge(self.codes, other.codes),
        )


def _merge(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in sorted({*one, *other})}


@dataclass(frozen=True, slots=True)
class GateFinding:
    """One complaint of the run-level check (M9): what was found, the limit, and the rule file that set it."""

    code: str
    found: str
    limit: str
    rule: str
    halts: bool


@dataclass(frozen=True, slots=True)
class RunView:
    """A bill run as people see it."""

    run_id: int
    unit_id: int
    unit_code: str
    unit_name: str
    unit_path: str
    territory: str
    month: Month
    sequence: int
    kind: str
    state: str
    book_hash: str
    created_by: str
    created_at: datetime
    approved_by: str
    shards: int
    totals: Totals
    gate: tuple[GateFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class BillPlace:
    """The account of a bill, and whose rules it follows."""

    account_id: int
    unit_path: str
    territory: str


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """A parked account with one of its reasons."""

    exception_id: int
    run_id: int
    account_number: str
    account_name: str
    usage_point_code: str
    code: str
    found: int | None
    limit: int | None
    on: date | None
    state: str
    reason: str
    is_retaken: bool


BILLS = pa.schema(
    [
        ("id", pa.int64()),
        ("shard_id", pa.int64()),
        ("account_id", pa.int64()),
        ("month_index", pa.int32()),
        ("revision", pa.int16()),
        ("kind", pa.string()),
        ("corrects_id", pa.int64()),
        ("period_from", pa.date32()),
        ("period_to", pa.date32()),
        ("energy_ckwh", pa.int64()),
        ("amount_fen", pa.int64()),
        ("due_on", pa.date32()),
    ]
)
"""Bills as columns, in the order of the table."""


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """One register of one meter over the period: how its reading became energy. ``from_curve``: nobody read a register,
    the quarter hours of the period were added up, from 0."""

    asset_number: str
    register: str
    register_zh: str
    from_on: date
    to_on: date
    start_ckwh: int
    end_ckwh: int
    multiplier: int
    rolled_over: bool
    estimated: bool
    energy_ckwh: int
    arithmetic: str
    from_curve: bool = False


@dataclass(frozen=True, slots=True)
class TermsShown:
    """The price code and contract terms of a point over a part of the period."""

    from_on: date
    to_on: date
    price_code: str
    running_capacity_ckva: int
    contract_demand_ckw: int
    basic_method: int
    pf_standard: int


@dataclass(frozen=True, slots=True)
class PointShown:
    """A usage point's measured energy: from the readings through losses and deductions to the billed energy.

    ``periods`` are (code, Chinese name, 0.01 kWh), only those with energy. ``tier_base_ckwh`` was billed earlier in the
    tier year; ``demand_ckw`` and ``pf_hundredths`` are null where they do not apply.
    """

    usage_point_id: int
    code: str
    period_from: date
    period_to: date
    months: int
    readings: tuple[ReadingShown, ...]
    terms: tuple[TermsShown, ...]
    read_ckwh: int
    transformer_loss_ckwh: int
    line_loss_ckwh: int
    deducted_ckwh: int
    total_ckwh: int
    periods: tuple[tuple[str, str, int], ...]
    export_ckwh: int
    reactive_ckvarh: int
    demand_ckw: int | None
    pf_hundredths: int | None
    tier_base_ckwh: int
    tier_months: int


@dataclass(frozen=True, slots=True)
class LineShown:
    """A bill line with its names, its tier's edges for this bill, its arithmetic in words, and its published source.

    ``quantity`` is in 0.01 of ``unit``, which is kWh, kVA or kW, or yuan for adjustments of an amount. ``tier_to_ckwh``
    is null for the last tier.
    """

    line_no: int
    usage_point_code: str
    item_code: str
    item_zh: str
    item_en: str
    kind: int
    measure_zh: str
    tier: int
    tier_from_ckwh: int | None
    tier_to_ckwh: int | None
    seg_from: date
    seg_to: date
    quantity: int
    unit: str
    days: int
    price_e8: int
    price_text: str
    amount_fen: int
    arithmetic: str
    source_path: str
    source_from: str
    citation: str
    status: str


@dataclass(frozen=True, slots=True)
class BillRef:
    """One bill of an account's month, among its corrections."""

    bill_id: int
    revision: int
    kind: str
    kind_zh: str
    run_id: int
    run_state: str
    corrects_id: int | None
    energy_ckwh: int
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class BillExplanation:
    """A bill and how it came about, from the inputs it was priced from. ``history`` are all bills of the month."""

    bill_id: int
    account_number: str
    account_name: str
    address: str
    unit_code: str
    unit_name: str
    month: Month
    revision: int
    kind: str
    kind_zh: str
    corrects_id: int | None
    reason: str
    run_id: int
    run_state: str
    period_from: date
    period_to: date
    due_on: date
    energy_ckwh: int
    amount_fen: int
    points: tuple[PointShown, ...]
    lines: tuple[LineShown, ...]
    history: tuple[BillRef, ...]
    book_hash: str
    input_hash: str


KIND_NAMES = {
    "ORDINARY": "电费账单",
    "CANCELLATION": "冲销账单",
    "REBILL": "重算账单",
    "ADJUSTMENT": "退补账单",
}
"""Chinese name of each kind of bill."""


@dataclass(frozen=True, slots=True)
class BillFault:
    """A bill that breaks an invariant, and which (``checks``)."""

    bill_id: int
    fault: str
