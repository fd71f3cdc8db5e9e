"""Parameters of the arithmetic that are not prices: two-part rules, losses, how periods meet tiers, bill checks."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from wandeng.infra.effective.values import Count, Group, Price, TopicModel

Positive = Annotated[int, Field(gt=0)]


class PartMonth(Group):
    """A changed month is charged by days of a month of ``month_days`` (1996 art. 84)."""

    month_days: Positive


class ContractDemand(Group):
    """``formula`` ``over_share``: the contract value is charged, the part over ``free_share`` × contract at
    ``excess_factor``; ``excess_base`` says what the first part is. ``band``: the pre-2016 book, with its own lower
    share and the excess counted over the contract value itself."""

    formula: Literal["over_share", "band"]
    free_share: Price
    excess_factor: Positive
    excess_base: Literal["contract", "free_share"]
    band_lower_share: Price | None = None


class DemandUtilization(Group):
    """The 90 % rule of 2023/526; ``kwh_per_kva`` 0 and ``share`` 1 where it is not in force."""

    kwh_per_kva: Count
    share: Price


class Thresholds(Group):
    """Who may or must take two-part prices, kVA; ``choice_from_kva`` equals ``two_part_from_kva`` where none chose."""

    choice_from_kva: Count
    two_part_from_kva: Count


class Suspension(Group):
    """Suspension of capacity (暂停): a single one lasts ``least_days`` at least. One that was ended sooner counts for
    nothing where ``short_is_charged``: its basic charge is charged as if the capacity had run."""

    least_days: Positive
    short_is_charged: bool


class TwoPart(TopicModel):
    """Two-part tariff (两部制)."""

    topic_name: ClassVar[str] = "two_part"

    part_month: PartMonth
    contract_demand: ContractDemand
    utilization: DemandUtilization
    thresholds: Thresholds
    suspension: Suspension


class LossRules(Group):
    """``period``: losses are billed at flat, or shared over the periods pro rata; ``whole_kwh``: each loss is rounded
    to whole kWh, as published answers do (WE-02)."""

    period: Literal["flat", "pro_rata"]
    whole_kwh: bool


class LossFormula(Group):
    """``hours`` of a month in the standard formula, and K by working shifts."""

    hours: Positive
    k_continuous: Price
    k_two_shifts: Price
    k_one_shift: Price


class LossRate(Group):
    """Decimals of a printed line-loss rate in percent (线损率)."""

    decimals: Count


class Losses(TopicModel):
    """Transformer and line losses of low-voltage metering (高供低计)."""

    topic_name: ClassVar[str] = "losses"

    rules: LossRules
    formula: LossFormula
    rate: LossRate


class TierSplit(Group):
    """How tier energy meets periods where a territory's own plan does not say it."""

    manner: Literal["surcharge", "proportional"]


class Rounding(Group):
    """Where and how amounts are rounded."""

    line: Literal["half_up_fen"]
    price_decimals: Annotated[int, Field(ge=0, le=8)]
    power_factor_decimals: Literal[2]


class CapacityHours(Group):
    """Hours a day at full contract capacity above which energy is not believed."""

    hours_per_day: Annotated[int, Field(ge=1, le=24)]


class RatingConventions(TopicModel):
    """Conventions of the bill calculation itself."""

    topic_name: ClassVar[str] = "rating"

    tier_split: TierSplit
    rounding: Rounding


class Jump(Group):
    """A bill ``factor`` times the last one and at least ``floor_kwh`` above it waits for a person."""

    factor: Price
    floor_kwh: Count


class ZeroBill(Group):
    """Whether a zero after a month with energy waits for a person."""

    held: bool


class RunGate(Group):
    """The gate of a whole run: the ``moved_share`` of accounts whose energy moved by more than the jump factor, the
    largest single bill, the energy that may be missing or too much against the supply meters (shares), and the most
    lines a bill may have."""

    moved_share: Price
    supply_loss_share: Price
    supply_gain_share: Price
    bill_limit_yuan: Price
    lines_limit: Positive


class BillChecks(TopicModel):
    """Plausibility limits of a bill run. None is law; a utility replaces them by its own."""

    topic_name: ClassVar[str] = "bill_checks"

    jump: Jump
    zero: ZeroBill
    capacity: CapacityHours
    run_gate: RunGate


class DueDate(Group):
    """A bill is due ``days`` after the end of its billing period."""

    days: Positive
    counted_from: Literal["period_end"]


class BillingTerms(TopicModel):
    """When a bill is due where the contract says nothing else."""

    topic_name: ClassVar[str] = "billing_terms"

    due: DueDate
