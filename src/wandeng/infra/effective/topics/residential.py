"""Residential prices (居民生活用电): tiers by month, year and season, shared meters, periods, allowances."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import (
    Count,
    Group,
    MonthNumber,
    PeriodName,
    Price,
    Rows,
    Strict,
    TopicModel,
    months_partition_the_year,
)


class Tier(Strict):
    """One step (档). ``over_kwh`` < energy ≤ ``up_to_kwh`` per cycle; the last tier has no upper edge. ``tier`` 0 is
    the only tier of a season without steps (Yunnan's wet season)."""

    tier: Annotated[int, Field(ge=0, le=9)]
    over_kwh: Count
    up_to_kwh: Annotated[int, Field(gt=0)] | None = None


class Season(Group):
    """The tiers of some months. A plan without seasons has one season of twelve months."""

    name_zh: str
    months: Rows[MonthNumber]
    tiers: Rows[Tier]

    @model_validator(mode="after")
    def _tiers_are_contiguous(self) -> Season:
        if not self.tiers:
            raise ValueError("a season needs at least one tier")
        numbers = [tier.tier for tier in self.tiers]
        if numbers != [0] and numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"tiers must be numbered 1, 2, 3 … or be a single 0; found {numbers}")
        edge: int | None = 0
        for tier in self.tiers:
            if tier.over_kwh != edge:
                raise ValueError(f"tier {tier.tier} starts over {tier.over_kwh} kWh, the one before ends at {edge}")
            if tier.up_to_kwh is not None and tier.up_to_kwh <= tier.over_kwh:
                raise ValueError(f"tier {tier.tier} ends at {tier.up_to_kwh} kWh, before it starts")
            edge = tier.up_to_kwh
        if edge is not None:
            raise ValueError(f"the last tier must be open; it ends at {edge} kWh")
        return self


class Cycle(Group):
    """``cycle`` month or year; ``month_basis`` says whether a season follows the month of the last used day or the
    month of the reading (Hunan)."""

    cycle: Literal["month", "year"]
    month_basis: Literal["usage_month", "reading_month"]


class TierPrices(Group):
    """yuan/kWh of tier 1, 2, 3 …, funds included."""

    tiers: Rows[Price]


class SharedMeter(Group):
    """合表: not tiered."""

    price: Price


class PeriodPrice(Strict):
    """The yuan/kWh of one period, tier by tier."""

    period: PeriodName
    tiers: Rows[Price]


class ReadAs(Strict):
    """A period the meter may still record although the plan has none, and the period whose price it takes."""

    period: PeriodName
    price_of: PeriodName


class ResidentialTimeOfUse(Group):
    """Tier × period. ``surcharge``: period price of tier 1 plus the tier's step on the excess kWh;
    ``proportional``: each tier has its own period prices and the tier's kWh are shared over the periods."""

    manner: Literal["surcharge", "proportional"]
    schedule: str
    periods: Rows[PeriodPrice]
    read_as: Rows[ReadAs]

    @model_validator(mode="after")
    def _every_period_has_one_price(self) -> ResidentialTimeOfUse:
        priced = [row.period for row in self.periods]
        named = priced + [row.period for row in self.read_as]
        if sorted(named) != sorted({"sharp", "peak", "flat", "valley", "deep"}):
            raise ValueError(f"each of the five periods needs one price, own or read_as; found {named}")
        for row in self.read_as:
            if row.price_of not in priced:
                raise ValueError(f"read_as of {row.period} names {row.price_of}, which has no price")
        if self.manner == "surcharge":
            steps = {tuple(price - row.tiers[0] for price in row.tiers) for row in self.periods}
            if len(steps) != 1:
                raise ValueError("manner surcharge needs the same step in every period; write proportional")
        return self


class LargeHousehold(Group):
    """一户多人口: every finite tier edge moves up by ``shift_kwh`` a month."""

    persons_at_least: Annotated[int, Field(ge=2)]
    shift_kwh: Count
    reapply_years: Count = 0


class FreeQuota(Group):
    """免费电量 of poor households: so many kWh a month are credited at the price named."""

    kwh_per_month: Count
    credited_at: Literal["tier_1", "shared"]


class Residential(TopicModel):
    """``funds``: ``included`` prices the line at the published price, which contains the funds; ``split`` takes the
    funds out of the energy line and shows each as its own, never adding anything."""

    topic_name: ClassVar[str] = "residential"

    funds: Literal["included", "split"]
    cycle: Cycle
    seasons: Rows[Season]
    prices: TierPrices
    shared: SharedMeter | None = None
    time_of_use: ResidentialTimeOfUse | None = None
    large_household: LargeHousehold | None = None
    free_quota: FreeQuota | None = None

    @model_validator(mode="after")
    def _seasons_and_prices_fit(self) -> Residential:
        months_partition_the_year([season.months for season in self.seasons])
        deepest = max(len(season.tiers) for season in self.seasons)
        tables: list[tuple[Decimal, ...]] = [self.prices.tiers]
        if self.time_of_use:
            tables += [row.tiers for row in self.time_of_use.periods]
        for prices in tables:
            if len(prices) != deepest:
                raise ValueError(f"{deepest} tiers need {deepest} prices; found {len(prices)}")
        if self.free_quota and self.free_quota.credited_at == "shared" and not self.shared:
            raise ValueError("free_quota is credited at the shared price, and there is none")
        return self
