"""Names that one rule file uses of another: checked at load, so that no price code points at nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from wandeng.infra.effective.problems import RuleProblem
from wandeng.infra.effective.topics.components import (
    AgentPurchase,
    BillItems,
    Catalogue,
    FeedIn,
    Funds,
    Transmission,
)
from wandeng.infra.effective.topics.plans import PricePlan, PricePlans
from wandeng.infra.effective.topics.power_factor import PowerFactor
from wandeng.infra.effective.topics.residential import Residential
from wandeng.infra.effective.topics.time_of_use import TimeOfUse
from wandeng.infra.effective.values import TopicModel
from wandeng.infra.effective.versions import RuleVersion

if TYPE_CHECKING:
    from wandeng.infra.effective.library import RuleLibrary

Reference = tuple[str, str, str]
"""(key in the file, what kind of thing, its name)."""


def dangling_references(library: RuleLibrary) -> list[RuleProblem]:
    """Complaints about bill items, schedules, catalogue rows, feed-in rows and voltages that no file declares."""
    bodies = [version.body for versions in library.shelf.values() for version in versions]
    items = {item.code for body in bodies if isinstance(body, BillItems) for item in body.items}
    problems = []
    for (territory, _), versions in sorted(library.shelf.items()):
        declared = _declared(library, territory) | {("bill item", code) for code in items}
        for version in versions:
            for key, kind, name in _references(version):
                if (kind, name) not in declared:
                    message = f"no file for {territory} declares the {kind} '{name}'"
                    problems.append(RuleProblem(version.path, key, version.effective_from, message))
    return problems


def _declared(library: RuleLibrary, territory: str) -> set[tuple[str, str]]:
    declared: set[tuple[str, str]] = set()
    for schedules in library.versions(TimeOfUse, territory):
        declared |= {("schedule", row.code) for row in schedules.body.schedules}
        declared |= {("schedule with factors", row.code) for row in schedules.body.schedules if row.factors}
    for catalogue in library.versions(Catalogue, territory):
        declared |= {("catalogue price", row.code) for row in catalogue.body.prices}
    for feed_in in library.versions(FeedIn, territory):
        declared |= {("feed-in price", row.code) for row in feed_in.body.prices}
    for transmission in library.versions(Transmission, territory):
        declared |= {("transmission price", f"{row.voltage} {row.billing}") for row in transmission.body.prices}
    for residential in library.versions(Residential, territory):
        if residential.body.shared:
            declared.add(("residential price", "shared"))
    for topic in (AgentPurchase, Funds):
        if library.versions(topic, territory):
            declared.add(("topic", topic.topic_name))
    return declared


def _references(version: RuleVersion[TopicModel]) -> Iterator[Reference]:
    readers: dict[type[TopicModel], Callable[..., Iterator[Reference]]] = {
        AgentPurchase: _of_agent_purchase,
        Funds: _of_funds,
        PowerFactor: _of_power_factor,
        PricePlans: _of_price_plans,
        Residential: _of_residential,
        TimeOfUse: _of_time_of_use,
    }
    reader = readers.get(type(version.body))
    if reader:
        yield from reader(version.body)


def _of_agent_purchase(body: AgentPurchase) -> Iterator[Reference]:
    for place, component in enumerate(body.components):
        yield f"components[{place}].item", "bill item", component.item


def _of_funds(body: Funds) -> Iterator[Reference]:
    for place, fund in enumerate(body.funds):
        yield f"funds[{place}].item", "bill item", fund.item


def _of_power_factor(body: PowerFactor) -> Iterator[Reference]:
    for place, item in enumerate(body.base_items):
        yield f"base_items[{place}]", "bill item", item


def _of_time_of_use(body: TimeOfUse) -> Iterator[Reference]:
    for place, schedule in enumerate(body.schedules):
        for item in schedule.factors.applies_to if schedule.factors else ():
            yield f"schedules[{place}].factors.applies_to", "bill item", item


def _of_residential(body: Residential) -> Iterator[Reference]:
    if body.time_of_use:
        yield "time_of_use.schedule", "schedule", body.time_of_use.schedule
    if body.funds == "split":
        yield "funds", "topic", Funds.topic_name


def _of_price_plans(body: PricePlans) -> Iterator[Reference]:
    for place, plan in enumerate(body.plans):
        for key, kind, name in _of_plan(plan):
            yield f"plans[{place}].{key}", kind, name


def _of_plan(plan: PricePlan) -> Iterator[Reference]:
    if plan.basis == "components":
        yield "basis", "topic", AgentPurchase.topic_name
        yield "voltage", "transmission price", f"{plan.voltage} {plan.billing}"
    if plan.schedule:
        yield "schedule", "schedule with factors", plan.schedule
    if plan.catalogue_code:
        yield "catalogue_code", "catalogue price", plan.catalogue_code
    if plan.residential_shared:
        yield "residential_shared", "residential price", "shared"
    if plan.feed_in_code:
        yield "feed_in_code", "feed-in price", plan.feed_in_code
    if plan.funds != "included":
        yield "funds", "topic", Funds.topic_name
