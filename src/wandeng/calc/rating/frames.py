"""The columns that rating reads and writes: the contract between the stores and the arithmetic.

Every table is an Arrow table with exactly these columns. Quantities are integers with their unit in the name
(``wandeng.kernel.units``); dates are local and half-open. A shard is a set of whole accounts: no account is ever
split over two shards, so the same function prices one account and five million.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import pyarrow as pa

from wandeng.calc.timetable import Timetable


# The remarks stand in a column.
# fmt: off
class Kind(IntEnum):
    """What a price row charges for (``PRICES.kind``, ``LINES.kind``)."""

    ENERGY = 1          # 电度电费, yuan/kWh
    CAPACITY = 2        # 基本电费按容量, yuan/kVA·month
    DEMAND = 3          # 基本电费按需量, yuan/kW·month
    POWER_FACTOR = 4    # 功率因数调整电费, a rate on the lines marked pf_base
    FUND = 5            # 政府性基金及附加, yuan/kWh
    FREE_QUOTA = 6      # 免费电量, yuan/kWh on min(energy, quota), price negative
    FEED_IN = 7         # 上网电费, yuan/kWh on exported energy, price negative (the utility owes it)
    SURCHARGE = 8       # tier step added to kWh already charged at their period price


class Measure(IntEnum):
    """Which quantity of the segment a price row multiplies."""

    TOTAL = 0
    SHARP = 1
    PEAK = 2
    FLAT = 3
    VALLEY = 4
    DEEP = 5
    EXPORT = 6
    FREE = 7
    CAPACITY = 8
    DEMAND = 9
    PF_BASE = 10


class BasicMethod(IntEnum):
    """How the basic charge is counted (``TERMS.basic_method``)."""

    NONE = 0
    CAPACITY = 1
    CONTRACT_DEMAND = 2
    ACTUAL_DEMAND = 3


class LossMethod(IntEnum):
    """How transformer losses are added when the meter sits on the low-voltage side (高供低计)."""

    NONE = 0
    AGREED = 1
    FORMULA = 2


class MonthBasis(IntEnum):
    """Which month selects a seasonal price row: that of the last used day, or that of the reading (Hunan)."""

    USAGE_MONTH = 0
    READING_MONTH = 1


REGISTER_NAMES = ("total", "sharp", "peak", "valley", "deep", "reactive", "reactive_export", "export")
"""Registers of a meter reading; flat is never read, it is total minus the others, so that they always agree."""

READS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("installation_id", pa.int64()),
        ("deducts_from_point", pa.int64()),     # null, or the parent whose energy this sub-meter reduces (扣减)
        ("from_on", pa.date32()),
        ("to_on", pa.date32()),
        ("multiplier", pa.int64()),             # CT × PT; null is a finding, never 1
        ("modulus_ckwh", pa.int64()),           # where the register rolls over to zero, e.g. 10^6 kWh = 10^8
        *[(f"{name}_{end}", pa.int64()) for name in REGISTER_NAMES for end in ("start", "end")],
        ("demand_e4", pa.int64()),              # highest of the period, 10^-4 kW at the meter, before the multiplier
        ("estimated", pa.bool_()),
    ]
)
"""One row per usage point and meter installation; a meter exchange inside the period makes two. A null
``total_start``/``total_end`` is a missing reading. Null period registers mean the meter has none."""

TERMS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("structure_id", pa.int32()),           # the price code, index into the book
        ("running_capacity_ckva", pa.int64()),
        ("basic_method", pa.int8()),            # BasicMethod
        ("contract_demand_ckw", pa.int64()),
        ("pf_standard", pa.int16()),            # 0 none, 80, 85, 90
        ("tier_shift_ckwh", pa.int64()),        # large household: added to every finite tier edge, per month
        ("free_ckwh", pa.int64()),              # free quota, per month
        ("loss_method", pa.int8()),             # LossMethod
        ("loss_active_ckwh", pa.int64()),       # AGREED: a month's transformer loss
        ("loss_reactive_ckvarh", pa.int64()),
        ("loss_p0_w", pa.int64()),              # FORMULA: no-load loss
        ("loss_pk_w", pa.int64()),              # FORMULA: load loss at rated current
        ("loss_sn_ckva", pa.int64()),
        ("loss_i0_e4", pa.int64()),             # no-load current, share of Sn
        ("loss_uk_e4", pa.int64()),             # short-circuit voltage, share
        ("loss_k_e2", pa.int64()),              # shift factor K, hundredths
        ("line_loss_e4", pa.int64()),           # agreed share of (reading + transformer loss)
    ]
)
"""One row per usage point and dated piece of its contract terms, clipped to the billing period, contiguous, in order.
Months with a change of price code, capacity or class have several."""

POINTS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("period_from", pa.date32()),
        ("period_to", pa.date32()),
        ("months", pa.int16()),                 # months the bill covers (two-monthly reading: 2)
        ("tier_base_ckwh", pa.int64()),         # billed in this tier year before the period; 0 for monthly tiers
        ("tier_months", pa.int16()),            # months in force in the tier year, for thresholds pro rata
        ("previous_ckwh", pa.int64()),          # the last bill's energy, null when there is none
        ("contract_capacity_ckva", pa.int64()), # for the 24 h × capacity check; null or 0: unknown, not checked
        ("accepted", pa.bool_()),               # a person has accepted the held findings of this point
    ]
)
"""One row per usage point to be billed: the billing period and what earlier bills decide."""

PRICES = pa.schema(
    [
        ("structure_id", pa.int32()),
        ("version_id", pa.int32()),             # index into the book's versions: file, hash, citation
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("month_mask", pa.int16()),             # bit m-1 set: the row holds in month m (4095 = always)
        ("month_basis", pa.int8()),             # MonthBasis
        ("item_id", pa.int16()),                # index into the book's items; also the order on the bill
        ("kind", pa.int8()),                    # Kind
        ("measure", pa.int8()),                 # Measure
        ("tier", pa.int8()),                    # 0: not tiered; else 1, 2, 3
        ("tier_cycle", pa.int8()),              # 0 none, 1 month, 12 year
        ("tier_lo_ckwh", pa.int64()),           # per cycle (month or year), before shift and pro rata
        ("tier_hi_ckwh", pa.int64()),           # UNBOUNDED_CKWH for the last
        ("price_e8", pa.int64()),
        ("pf_base", pa.bool_()),                # the line enters the base of the power-factor adjustment
    ]
)
"""The price book of a window of dates, compiled from the rule files: one row per charge component.
A new component of a tariff is a row here, not code."""

SCHEDULE_OF = pa.schema(
    [
        ("structure_id", pa.int32()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("schedule", pa.int32()),               # number in the book's timetable; null: no rule tells the periods
    ]
)
"""By which schedule the curves of a price code's points are counted. A code without time of use has no row."""

LINES = pa.schema(
    [
        ("account_id", pa.int64()),
        ("line_no", pa.int16()),                # 1.. within the account
        ("usage_point_id", pa.int64()),
        ("item_id", pa.int16()),
        ("kind", pa.int8()),
        ("measure", pa.int8()),
        ("tier", pa.int8()),
        ("seg_from", pa.date32()),
        ("seg_to", pa.date32()),
        ("quantity", pa.int64()),               # ckwh, ckva or ckw by kind; the base in fen for POWER_FACTOR
        ("days", pa.int16()),                   # part month of a basic charge on 30 days; 0: the whole
        ("price_e8", pa.int64()),               # POWER_FACTOR: the rate, in 10^-8 of the base
        ("amount_fen", pa.int64()),
        ("version_id", pa.int32()),
    ]
)
"""Bill lines. ``amount_fen = half_up(quantity × price_e8 / 10^8)``, with × days / 30 for part months: each line
can be recomputed from its own columns alone."""

HEADS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("period_from", pa.date32()),
        ("period_to", pa.date32()),
        ("energy_ckwh", pa.int64()),            # billed energy of all points
        ("amount_fen", pa.int64()),             # the sum of the lines
        ("line_count", pa.int16()),
    ]
)

MEASURED = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("read_ckwh", pa.int64()),              # reading × multiplier
        ("transformer_loss_ckwh", pa.int64()),
        ("line_loss_ckwh", pa.int64()),
        ("deducted_ckwh", pa.int64()),
        ("total_ckwh", pa.int64()),             # billed energy
        ("sharp_ckwh", pa.int64()),
        ("peak_ckwh", pa.int64()),
        ("flat_ckwh", pa.int64()),
        ("valley_ckwh", pa.int64()),
        ("deep_ckwh", pa.int64()),
        ("export_ckwh", pa.int64()),
        ("reactive_ckvarh", pa.int64()),
        ("demand_ckw", pa.int64()),
        ("pf_hundredths", pa.int16()),          # null where no standard applies
    ]
)
"""What was measured and added per usage point: the middle of an explanation, between the reading and the lines."""

FINDINGS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("code", pa.string()),                  # a FindingCode
        ("found", pa.int64()),                  # the offending value, unit by code; null where there is none
        ("limit", pa.int64()),
        ("on", pa.date32()),                    # the day the complaint is about, where it has one
    ]
)


class FindingCode:
    """Why an account is parked. BLOCKING ones cannot be priced; HELD ones are priced and wait for a person, unless
    the point is already ``accepted``. A parked account has findings and no place among the clean heads."""

    MISSING_READING = "MISSING_READING"
    MULTIPLIER_MISSING = "MULTIPLIER_MISSING"
    NEGATIVE = "NEGATIVE"
    NO_RULE_IN_FORCE = "NO_RULE_IN_FORCE"
    NO_TERMS = "NO_TERMS"
    PARENT_MISSING = "PARENT_MISSING"   # a sub-meter deducts from a point that its account does not have
    OVERFLOW = "OVERFLOW"
    PERIODS_EXCEED_TOTAL = "PERIODS_EXCEED_TOTAL"
    DEMAND_MISSING = "DEMAND_MISSING"
    ZERO = "ZERO"
    JUMP = "JUMP"
    OVER_CAPACITY = "OVER_CAPACITY"
    NO_REACTIVE = "NO_REACTIVE"         # a power-factor standard, energy used, and a reactive register that stood still

    BLOCKING = frozenset(
        {MISSING_READING, MULTIPLIER_MISSING, NEGATIVE, NO_RULE_IN_FORCE, NO_TERMS, PARENT_MISSING, OVERFLOW,
         PERIODS_EXCEED_TOTAL, DEMAND_MISSING}
    )
    HELD = frozenset({ZERO, JUMP, OVER_CAPACITY, NO_REACTIVE})


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of line on a bill: its code, and the names people read."""

    item_id: int
    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Version:
    """Where a price came from: printed under every bill line."""

    version_id: int
    path: str
    content_hash: str
    effective_from: str
    citation: str
    status: str


@dataclass(frozen=True, slots=True)
class Conventions:
    """Dated parameters that are not prices, each read from a rule file by the caller, none with a default.

    ``power_factor`` has columns (standard int16, pf_hundredths int16, rate_e8 int64), every hundredth 0..100 for each
    standard, so that a rate is a join and never a formula. ``version_id`` fields say which file decided.
    """

    month_days: int                     # 30: a part month's denominator
    demand_free_share_e4: int           # 10500: contract demand may be exceeded to 105 %
    demand_excess_factor: int           # 2: the part above is charged double
    demand_excess_base: str             # "contract" (p×C + 2p×(D−1.05C)) or "free_share" (p×1.05C + 2p×(D−1.05C))
    demand_utilization_ckwh: int        # 26000 = 260 kWh per kVA, from which a demand payer gets the share below
    demand_utilization_share_e4: int    # 9000: pays 90 %; 10000 where the rule is not in force
    loss_period: str                    # "flat": losses billed at flat; "pro_rata": shared over the periods
    loss_whole_kwh: bool                # losses rounded to whole kWh (published answers) or kept at 0.01
    tier_split: str                     # how tier energy meets periods: "surcharge" or "proportional" rows
    jump_factor_e4: int                 # e.g. 50000: five times the last bill
    jump_floor_ckwh: int                # and at least this much above it
    zero_held: bool                     # a zero after a non-zero month waits for a person
    capacity_hours_per_day: int         # 24
    power_factor: pa.Table
    power_factor_version_id: int
    conventions_version_id: int


@dataclass(frozen=True, slots=True)
class Book:
    """The prices and conventions of one window: everything rating needs besides the shard. Picklable.

    ``schedule_of`` (SCHEDULE_OF) and ``timetable`` are for those who make the shard: readings of points billed from
    curves are cut into periods before rating sees them. Without them such points have totals only.
    """

    prices: pa.Table
    items: tuple[Item, ...]
    versions: tuple[Version, ...]
    structures: tuple[str, ...]         # price code by structure_id
    conventions: Conventions
    schedule_of: pa.Table = field(default_factory=SCHEDULE_OF.empty_table)
    timetable: Timetable = field(default_factory=Timetable)


@dataclass(frozen=True, slots=True)
class Shard:
    """The frozen inputs of a set of whole accounts."""

    points: pa.Table
    terms: pa.Table
    reads: pa.Table


@dataclass(frozen=True, slots=True)
class Rated:
    """What a shard becomes. ``heads`` and ``lines`` hold priced accounts, also the held ones; an account with a
    BLOCKING finding is in ``findings`` only. All tables are sorted by account, so equal input gives equal bytes."""

    heads: pa.Table
    lines: pa.Table
    measured: pa.Table
    findings: pa.Table
