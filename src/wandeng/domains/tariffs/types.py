"""The nouns of the price book that people and other domains handle."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from wandeng.kernel.errors import Refused


class PriceCodeUnknown(Refused):
    """No rule file declares this price code on any day."""

    code = "PRICE_CODE_UNKNOWN"


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
