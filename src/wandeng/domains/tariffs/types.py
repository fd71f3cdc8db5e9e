"""The nouns of the price book that people and other domains handle."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypedDict

import pyarrow as pa

from wandeng.calc.rating.frames import BasicMethod, LossMethod
from wandeng.kernel.errors import InvalidInput, Refused


class PriceCodeUnknown(Refused):
    """No rule file declares this price code on any day."""

    code = "PRICE_CODE_UNKNOWN"


class SuspensionTooShort(Refused):
    """A suspension of capacity (暂停) is asked for fewer days than the rule of its first day allows."""

    code = "SUSPENSION_TOO_SHORT"


class DemandFormulaNotInBook(Refused):
    """The demand formula of the time (the band formula before 2016) cannot be expressed as price rows; the trial
    calculation of the basic charge applies it."""

    code = "DEMAND_FORMULA_NOT_IN_BOOK"


class TierMannersMixed(Refused):
    """One book cannot hold plans that add tier steps and plans that share tier energy over the periods."""

    code = "TIER_MANNERS_MIXED"


@dataclass(frozen=True, slots=True)
class PriceCode:
    """One price code (电价码) as a person chooses it. ``status`` is that of the file that declares it."""

    code: str
    territory: str
    name_zh: str
    name_en: str
    status: str


@dataclass(frozen=True, slots=True)
class StructureFacts:
    """What a contract under a price code needs besides the code.

    ``tier_cycle`` is 0 without tiers, 1 by month, 12 by year; ``schedule`` names the time-of-use schedule, empty for
    none; ``may_adjust_power_factor`` says whether a standard can be agreed at all.
    """

    code: str
    name_zh: str
    name_en: str
    customer_class: str
    two_part: bool
    tiered: bool
    tier_cycle: int
    reading_month_season: bool
    schedule: str
    may_adjust_power_factor: bool
    feed_in: bool

    @property
    def needs_period_registers(self) -> bool:
        return bool(self.schedule)


SCHEDULE_COLUMNS = pa.schema(
    [
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("month_mask", pa.int16()),  # bit m-1 set: holds in month m
        ("start_point", pa.int16()),  # quarter hour 0..95, first of the span
        ("end_point", pa.int16()),  # 1..96, first after the span
        ("period", pa.int8()),  # calc.rating.frames.Measure: SHARP, PEAK, FLAT, VALLEY, DEEP
    ]
)

SPECIAL_DAY_COLUMNS = pa.schema(
    [
        ("on", pa.date32()),
        ("start_point", pa.int16()),
        ("end_point", pa.int16()),
        ("period", pa.int8()),
    ]
)


@dataclass(frozen=True, slots=True)
class TouSchedule:
    """A time-of-use schedule of 96 points a day over a window.

    ``spans`` has SCHEDULE_COLUMNS and tiles every day of the window; ``special_days`` has SPECIAL_DAY_COLUMNS and
    replaces the whole of the days it names. ``special_days_complete`` is false where more days may have been declared
    than the rule files list. ``sources`` are the paths of the rule files used.
    """

    spans: pa.Table
    special_days: pa.Table
    special_days_complete: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """The terms of a usage point (执行电价与计费参数), as ``models.PriceAssignment`` stores them."""

    price_code: str
    running_capacity_ckva: int = 0
    basic_method: int = 0
    contract_demand_ckw: int = 0
    pf_standard: int = 0
    household_shift_ckwh: int = 0
    free_ckwh: int = 0
    loss_method: int = 0
    loss_active_ckwh: int = 0
    loss_reactive_ckvarh: int = 0
    loss_p0_w: int = 0
    loss_pk_w: int = 0
    loss_sn_ckva: int = 0
    loss_i0_e4: int = 0
    loss_uk_e4: int = 0
    loss_k_e2: int = 100
    line_loss_e4: int = 0

    def __post_init__(self) -> None:
        counted = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "price_code"}
        negative = [name for name, value in counted.items() if value < 0]
        if negative:
            raise InvalidInput(f"terms are never negative: {', '.join(negative)}")
        if self.pf_standard not in (0, 80, 85, 90):
            raise InvalidInput(f"a power factor standard is 80, 85, 90 or 0 for none, not {self.pf_standard}")
        if self.basic_method not in list(BasicMethod) or self.loss_method not in list(LossMethod):
            raise InvalidInput(f"no such method: basic charge {self.basic_method}, losses {self.loss_method}")


class TermsChange(TypedDict, total=False):
    """What a change of terms may change: the fields of :class:`ContractTerms`."""

    price_code: str
    running_capacity_ckva: int
    basic_method: int
    contract_demand_ckw: int
    pf_standard: int
    household_shift_ckwh: int
    free_ckwh: int
    loss_method: int
    loss_active_ckwh: int
    loss_reactive_ckvarh: int
    loss_p0_w: int
    loss_pk_w: int
    loss_sn_ckva: int
    loss_i0_e4: int
    loss_uk_e4: int
    loss_k_e2: int
    line_loss_e4: int


@dataclass(frozen=True, slots=True)
class InstalledTransformer:
    """A customer's transformer for the basic charge. Those of one ``interlock`` cannot all run: one ``branch`` of it at
    a time. Hot standby and unsealed ones count as running; sealed ones (``is_suspended``) do not."""

    capacity_ckva: int
    is_suspended: bool = False
    interlock: str = ""
    branch: str = ""
