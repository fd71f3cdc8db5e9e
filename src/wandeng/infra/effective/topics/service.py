"""Service figures: damaged appliances (家用电器损坏), reliability (供电可靠性) and voltage (电压合格率)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from wandeng.infra.effective.values import Count, Exact, Group, Price, Rows, TopicModel


class ClaimTerms(Group):
    """Hours to be on site and days within which a claim must be made."""

    on_site_hours: Count
    claim_days: Count


class FullPrice(Group):
    """Bought at most so many months ago: the invoice price."""

    months: Count


class Residual(Group):
    """Straight line over the service life, never below this share of the price."""

    least_share: Price


class ApplianceAge(Group):
    """How the age of an appliance is measured against its service life."""

    counting: Literal["completed_months", "started_years", "days"]


class ServiceLife(Group):
    """Years by which an appliance loses its value."""

    kind: Literal["electronic", "motor", "resistance", "lamp"]
    name_zh: str
    years: Annotated[int, Field(gt=0)]


class ApplianceCompensation(TopicModel):
    """居民用户家用电器损坏处理办法."""

    topic_name: ClassVar[str] = "appliance_compensation"

    terms: ClaimTerms
    full_price: FullPrice
    residual: Residual
    age: ApplianceAge
    lives: Rows[ServiceLife]


class OutageFactors(Group):
    """Times the energy price an outage by an operating accident costs the utility."""

    two_part: Count
    single_rate: Count


class QualityShare(Group):
    """Share of the user's average price for energy used while a quality was out of range."""

    share: Price


class SupplyCompensation(TopicModel):
    """What the utility pays for outages by its own accident and for bad voltage or frequency (1996 art. 95–97)."""

    topic_name: ClassVar[str] = "supply_compensation"

    outage: OutageFactors
    voltage: QualityShare
    frequency: QualityShare


class Sustained(Group):
    """Longer than this is a sustained interruption (持续停电)."""

    over_minutes: Count


class Indicator(Group):
    """A number of DL/T 836.1: what is left out of it."""

    code: str
    name_zh: str
    old_code: str
    excludes: Rows[Literal["external", "system_shortage", "momentary"]]


class ReliabilityTarget(Group):
    """A promised level of ASAI-1, percent."""

    area: Literal["city", "rural"]
    source: str
    percent: Price


class NotAnOutage(Group):
    """Interruptions that are not counted."""

    causes: Rows[str]


class Decimals(Group):
    """Printed decimals."""

    percent: Count


class Reliability(TopicModel):
    """Definitions and targets of reliability figures (DL/T 836.1-2016)."""

    topic_name: ClassVar[str] = "reliability"

    sustained: Sustained
    indicators: Rows[Indicator]
    targets: Rows[ReliabilityTarget]
    not_an_outage: NotAnOutage
    decimals: Decimals


class VoltageBand(Group):
    """Allowed deviation from nominal in percent; ``sum_of_both`` limits |plus| + |minus| instead of each."""

    code: Literal["ge35kv", "le20kv_three_phase", "220v_single_phase", "abnormal"]
    name_zh: str
    plus_percent: Price
    minus_percent: Exact
    sum_of_both: bool


class VoltageWeights(Group):
    """综合电压合格率 = ``weight_a`` · A + (1 − ``weight_a``) · mean of the classes B, C, D that have points."""

    weight_a: Price


class VoltageTarget(Group):
    """A promised qualification rate of residential voltage, percent."""

    area: Literal["city", "rural"]
    source: str
    percent: Price


class Voltage(TopicModel):
    """Voltage limits (GB/T 12325-2008) and qualification."""

    topic_name: ClassVar[str] = "voltage"

    bands: Rows[VoltageBand]
    weights: VoltageWeights
    targets: Rows[VoltageTarget]
