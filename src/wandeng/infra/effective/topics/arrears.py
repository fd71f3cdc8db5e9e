"""Late fees (违约金), breach of contract (违约用电), theft (窃电) and metering corrections (差错退补)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Group, Price, Rows, TopicModel

CrossYearMethod = Literal["split_at_year_end", "payment_year_only", "whole_at_carried_rate"]


class DailyRates(Group):
    """Share of the arrears a day. ``carried_over`` applies to arrears carried over the year end."""

    residential: Price
    other: Price
    carried_over: Price


class AgreedRates(Group):
    """Between which daily shares, both included, a supply agreement may lay down its own rate."""

    least: Price
    most: Price

    @model_validator(mode="after")
    def _is_a_band(self) -> AgreedRates:
        if not 0 < self.least <= self.most:
            raise ValueError("least must lie above 0 and not above most")
        return self


class CrossYear(Group):
    """How a bill overdue over 31 December is counted; WE-14 has all three in print: ``split`` each day at the rate of
    its year (190), ``payment_year_only`` only the days from 1 January (126), ``whole_at_carried_rate`` all days at the
    higher rate (222). ``published`` lists the options a contract or an auditor may ask for instead."""

    method: CrossYearMethod
    published: Rows[CrossYearMethod]


class LateFeeMinimum(Group):
    """A fee above zero and below this is charged as this; 0 where no minimum is kept."""

    yuan: Price


class LateFeeCap(Group):
    """The most a fee may be, as a share of the arrears. The nation knows none; a contract may."""

    share: Price


class LateFee(TopicModel):
    """Counted from the day after the due date to the day of payment, simple, per bill."""

    topic_name: ClassVar[str] = "late_fee"

    rates: DailyRates
    agreed: AgreedRates
    cross_year: CrossYear
    minimum: LateFeeMinimum
    cap: LateFeeCap | None = None


class ClassMisuse(Group):
    """高价低接: the price difference for the actual period, else for ``unknown_months`` of ``month_days``."""

    unknown_months: Count
    month_days: Count
    penalty_multiple: Count


class OverCapacity(Group):
    """私自增容: a two-part user pays the basic charge by ``two_part_days`` and the multiple; others pay per kW."""

    two_part_penalty_multiple: Count
    two_part_counts: Literal["months", "days"]
    start_day_counted: bool
    other_yuan_per_kw: Price


class SealedEquipment(Group):
    """擅自启用暂停或封存设备. ``day_count`` names a counting of ``calc.charged_days``."""

    two_part_penalty_multiple: Count
    day_count: Literal["thirty_day_months", "start_excluded", "start_included"]
    other_yuan_per_kw: Price


class Tampering(Group):
    """擅自操作计量装置, yuan each time."""

    residential_yuan: Price
    other_yuan: Price


class UnauthorizedSource(Group):
    """擅自引入、供出电源或并网."""

    yuan_per_kw: Price


class Theft(Group):
    """Energy = capacity × hours a day × days where the time is unknown; then the penalty multiple of its price."""

    penalty_multiple: Count
    unknown_days: Count
    power_hours_per_day: Annotated[int, Field(ge=1, le=24)]
    lighting_hours_per_day: Annotated[int, Field(ge=1, le=24)]


class PenaltyRounding(Group):
    """Whether the multiple is taken of the amount already rounded to fen (WE-12) or of the exact one (WE-09)."""

    base: Literal["rounded", "unrounded"]


class BreachAndTheft(TopicModel):
    """Ministry order 8 of 1996 art. 100–103 and its successor. ``multiples_are_maximum``: the contract may say less."""

    topic_name: ClassVar[str] = "breach_and_theft"

    multiples_are_maximum: bool
    class_misuse: ClassMisuse
    over_capacity: OverCapacity
    sealed_equipment: SealedEquipment
    tampering: Tampering
    unauthorized_source: UnauthorizedSource
    theft: Theft
    rounding: PenaltyRounding


class BackBillingCase(Group):
    """One row of art. 80–81: from what zero the error counts, and over which share of the time since the last test
    (``period`` ``since_test``) or by which records. ``theft`` is that of art. 102–103, by what was found on site."""

    code: str
    name_zh: str
    base: Literal[
        "zero_error",
        "allowed_drop",
        "normal_month",
        "correct_wiring",
        "normal_month_difference",
        "ratio",
        "connected_capacity",
    ]
    period: Literal["since_test", "since_installation", "reading_records", "inspection_record"]
    time_share: Price


class CorrectedEnergy(Group):
    """To what a corrected energy is rounded before it is priced."""

    rounding: Literal["whole_kwh", "hundredth_kwh"]


class BackBilling(TopicModel):
    """Metering error corrections (计量差错退补)."""

    topic_name: ClassVar[str] = "back_billing"

    energy: CorrectedEnergy
    cases: Rows[BackBillingCase]
