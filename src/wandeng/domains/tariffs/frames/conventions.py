"""The parameters of rating that are not prices, gathered from their rule files for one day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import pyarrow as pa

from wandeng.calc.rating.frames import Conventions
from wandeng.domains.tariffs.frames.charges import VersionTable
from wandeng.domains.tariffs.types import DemandFormulaNotInBook, TierMannersMixed
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.conventions import BillChecks, Losses, RatingConventions, TwoPart
from wandeng.infra.effective.topics.power_factor import PowerFactor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.units import CKWH_PER_KWH, E4_PER_ONE, E8_PER_YUAN

POWER_FACTOR_COLUMNS = pa.schema([("standard", pa.int16()), ("pf_hundredths", pa.int16()), ("rate_e8", pa.int64())])


def share_e4(value: Decimal) -> int:
    """A share or factor in 10⁻⁴, exactly.

    >>> share_e4(Decimal("1.05"))
    10500

    Raises :class:`InvalidInput` for more than four decimals.
    """
    scaled = value * E4_PER_ONE
    if scaled != scaled.to_integral_value():
        raise InvalidInput(f"{value} has more than four decimals")
    return int(scaled)


def power_factor_table(body: PowerFactor) -> pa.Table:
    """Every hundredth 0..100 of every standard with its rate in 10⁻⁸ of the base, sorted by both."""
    rows = [
        (table.standard, hundredths, int(table.percent(hundredths) * E8_PER_YUAN / 100))
        for table in sorted(body.tables, key=lambda table: table.standard)
        for hundredths in range(101)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    return pa.table(columns, schema=POWER_FACTOR_COLUMNS)


def conventions(
    library: RuleLibrary, territory: str, on: date, manners: Collection[str], versions: VersionTable
) -> Conventions:
    """What rating needs besides prices, in force on a day. ``manners`` are those of the plans with tier × period in
    the book; without any, the rating rule's own.

    Raises :class:`wandeng.kernel.errors.NoRuleInForce`, :class:`DemandFormulaNotInBook`, :class:`TierMannersMixed`.
    """
    two_part = library.version(TwoPart, on=on, territory=territory)
    losses = library.version(Losses, on=on, territory=territory)
    rating = library.version(RatingConventions, on=on, territory=territory)
    checks = library.version(BillChecks, on=on, territory=territory)
    power_factor = library.version(PowerFactor, on=on, territory=territory)
    demand, use = two_part.body.contract_demand, two_part.body.utilization
    if demand.formula != "over_share":
        raise DemandFormulaNotInBook(
            f"the contract demand formula of {two_part.path} cannot be put into a price book", path=two_part.path
        )
    if len(set(manners)) > 1:
        raise TierMannersMixed("the price codes of a book must treat tiers and periods alike; make two books")
    decided_by = (two_part, losses, rating, checks)
    return Conventions(
        month_days=two_part.body.part_month.month_days,
        demand_free_share_e4=share_e4(demand.free_share),
        demand_excess_factor=demand.excess_factor,
        demand_excess_base=demand.excess_base,
        demand_utilization_ckwh=use.kwh_per_kva * CKWH_PER_KWH,
        demand_utilization_share_e4=share_e4(use.share),
        loss_period=losses.body.rules.period,
        loss_whole_kwh=losses.body.rules.whole_kwh,
        tier_split=next(iter(manners), rating.body.tier_split.manner),
        jump_factor_e4=share_e4(checks.body.jump.factor),
        jump_floor_ckwh=checks.body.jump.floor_kwh * CKWH_PER_KWH,
        zero_held=checks.body.zero.held,
        capacity_hours_per_day=checks.body.capacity.hours_per_day,
        power_factor=power_factor_table(power_factor.body),
        power_factor_version_id=versions.id_of((versions.note(power_factor),)),
        conventions_version_id=versions.id_of(tuple(versions.note(version) for version in decided_by)),
    )
