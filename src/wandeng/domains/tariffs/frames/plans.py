"""Commercial, industrial, agricultural and feed-in price codes as charges, from the component groups of 2023/526."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wandeng.calc.rating.frames import Kind, Measure
from wandeng.domains.tariffs.frames.charges import PERIOD_MEASURES, Charge, VersionTable, exact_e8, scaled_price_e8
from wandeng.domains.tariffs.frames.funds import fund_charges, fund_total
from wandeng.domains.tariffs.rules import find_plan
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.components import (
    AgentPurchase,
    Catalogue,
    FeedIn,
    Transmission,
    TransmissionPrice,
)
from wandeng.infra.effective.topics.plans import PricePlan, PricePlans
from wandeng.infra.effective.topics.power_factor import PowerFactor
from wandeng.infra.effective.topics.residential import Residential
from wandeng.infra.effective.topics.time_of_use import Factors, TimeOfUse
from wandeng.kernel.errors import NoRuleInForce

TOPICS = (AgentPurchase, Catalogue, FeedIn, PowerFactor, PricePlans, Residential, TimeOfUse, Transmission)


@dataclass(frozen=True, slots=True)
class _Compilation:
    """The territory and day being compiled, with what several parts need."""

    library: RuleLibrary
    territory: str
    on: date
    versions: VersionTable
    base_items: frozenset[str]

    def energy(
        self, item: str, price: Decimal, sources: tuple[str, ...], factors: tuple[Factors, str] | None
    ) -> list[Charge]:
        """One row on all energy, or one a period where the schedule's factors apply to the item."""
        in_base = item in self.base_items
        if factors is None or item not in factors[0].applies_to:
            return [Charge(item, Kind.ENERGY, Measure.TOTAL, exact_e8(price), sources, in_base)] if price else []
        shape, path = factors
        return [
            Charge(
                item,
                Kind.ENERGY,
                measure,
                scaled_price_e8(price, getattr(shape, name), shape.rounding_decimals),
                (*sources, path),
                in_base,
            )
            for name, measure in PERIOD_MEASURES.items()
        ]

    def factors(self, schedule: str) -> tuple[Factors, str] | None:
        if not schedule:
            return None
        version = self.library.version(TimeOfUse, on=self.on, territory=self.territory)
        for row in version.body.schedules:
            if row.code == schedule and row.factors:
                return row.factors, self.versions.note(version)
        raise NoRuleInForce(f"{TimeOfUse.topic_name} schedule {schedule}", self.on, self.territory)


def charges(library: RuleLibrary, territory: str, plan: str, on: date, versions: VersionTable) -> list[Charge]:
    """The charges of a plan on a day; empty where the file of the day does not have the plan.

    Raises :class:`NoRuleInForce` when one of its parts has no rule that day: a price with a part missing is never
    compiled.
    """
    found = find_plan(library, territory, plan, on)
    if found is None:
        return []
    adjustment = library.version(PowerFactor, on=on, territory=territory)
    part = _Compilation(library, territory, on, versions, frozenset(adjustment.body.base_items))
    rows = _component_charges(part, found) if found.basis == "components" else _catalogue_charges(part, found)
    if found.power_factor:
        source = (versions.note(adjustment),)
        rows.append(Charge("power_factor", Kind.POWER_FACTOR, Measure.PF_BASE, 0, source))
    if found.feed_in_code:
        rows.append(_feed_in_charge(part, found.feed_in_code))
    if found.funds != "included":
        rows += fund_charges(library, territory, found.customer_class, on, versions)
    return rows


def _component_charges(part: _Compilation, plan: PricePlan) -> list[Charge]:
    factors = part.factors(plan.schedule)
    purchase = part.library.version(AgentPurchase, on=part.on, territory=part.territory)
    source = (part.versions.note(purchase),)
    rows = [
        charge
        for component in purchase.body.components
        for charge in part.energy(component.item, component.price, source, factors)
    ]
    transmission = part.library.version(Transmission, on=part.on, territory=part.territory)
    source = (part.versions.note(transmission),)
    for cell in transmission.body.prices:
        if (cell.voltage, cell.billing) == (plan.voltage, plan.billing):
            rows += part.energy("transmission_energy", cell.energy, source, factors)
            return rows + _basic_charges(part, cell, source)
    raise NoRuleInForce(f"{Transmission.topic_name} {plan.voltage} {plan.billing}", part.on, part.territory)


def _basic_charges(part: _Compilation, cell: TransmissionPrice, source: tuple[str, ...]) -> list[Charge]:
    """Both ways of the basic charge; the contract's method chooses between them."""
    if cell.capacity is None or cell.demand is None:
        return []
    return [
        Charge(item, kind, measure, exact_e8(price), source, item in part.base_items)
        for item, kind, measure, price in (
            ("capacity_charge", Kind.CAPACITY, Measure.CAPACITY, cell.capacity),
            ("demand_charge", Kind.DEMAND, Measure.DEMAND, cell.demand),
        )
    ]


def _catalogue_charges(part: _Compilation, plan: PricePlan) -> list[Charge]:
    price, path = _catalogue_price(part, plan)
    if plan.funds == "split":
        price -= fund_total(part.library, part.territory, plan.customer_class, part.on)
    return part.energy("catalogue_energy", price, (path,), None)


def _catalogue_price(part: _Compilation, plan: PricePlan) -> tuple[Decimal, str]:
    if plan.residential_shared:
        version = part.library.version(Residential, on=part.on, territory=part.territory)
        if version.body.shared:
            return version.body.shared.price, part.versions.note(version)
        raise NoRuleInForce(f"{Residential.topic_name} shared price", part.on, part.territory)
    catalogue = part.library.version(Catalogue, on=part.on, territory=part.territory)
    for row in catalogue.body.prices:
        if row.code == plan.catalogue_code:
            return row.price, part.versions.note(catalogue)
    raise NoRuleInForce(f"{Catalogue.topic_name} {plan.catalogue_code}", part.on, part.territory)


def _feed_in_charge(part: _Compilation, code: str) -> Charge:
    version = part.library.version(FeedIn, on=part.on, territory=part.territory)
    for row in version.body.prices:
        if row.code == code:
            source = (part.versions.note(version),)
            return Charge("feed_in", Kind.FEED_IN, Measure.EXPORT, -exact_e8(row.price), source)
    raise NoRuleInForce(f"{FeedIn.topic_name} {code}", part.on, part.territory)
