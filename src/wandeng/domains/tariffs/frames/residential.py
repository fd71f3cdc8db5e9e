"""Residential prices as charges: tiers by season, the shared meter, tier × period, the free quota."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from wandeng.calc.rating.frames import Kind, Measure, MonthBasis
from wandeng.domains.tariffs.frames.charges import PERIOD_MEASURES, Charge, VersionTable, exact_e8
from wandeng.domains.tariffs.frames.funds import fund_charges, fund_total
from wandeng.domains.tariffs.rules import CYCLE_MONTHS, has_residential_plan
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.residential import Residential, ResidentialTimeOfUse, Tier
from wandeng.infra.effective.values import month_mask
from wandeng.kernel.units import CKWH_PER_KWH, UNBOUNDED_CKWH

BASES = {"usage_month": MonthBasis.USAGE_MONTH, "reading_month": MonthBasis.READING_MONTH}


def charges(library: RuleLibrary, territory: str, plan: str, on: date, versions: VersionTable) -> list[Charge]:
    """The charges of a residential plan on a day; empty where the file of the day does not offer the plan.

    Raises :class:`wandeng.kernel.errors.NoRuleInForce`.
    """
    version = library.version(Residential, on=on, territory=territory)
    body, source = version.body, (versions.note(version),)
    if not has_residential_plan(body, plan):
        return []
    inside = fund_total(library, territory, "residential", on) if body.funds == "split" else Decimal(0)
    rows: list[Charge] = []
    if plan == "residential.shared" and body.shared:
        rows.append(_energy(body.shared.price - inside, Measure.TOTAL, source))
    elif plan == "residential.tou" and body.time_of_use:
        rows += _tier_by_period(body, body.time_of_use, inside, source)
    else:
        rows += _tiers(body, list(body.prices.tiers), inside, Measure.TOTAL, source)
    if body.free_quota and plan != "residential.shared":
        credited = body.prices.tiers[0]
        if body.free_quota.credited_at == "shared" and body.shared:
            credited = body.shared.price
        rows.append(Charge("free_quota", Kind.FREE_QUOTA, Measure.FREE, -exact_e8(credited), source))
    if body.funds == "split":
        rows += fund_charges(library, territory, "residential", on, versions)
    return rows


def _energy(price: Decimal, measure: Measure, source: tuple[str, ...]) -> Charge:
    return Charge("catalogue_energy", Kind.ENERGY, measure, exact_e8(price), source, pf_base=True)


def _tiers(
    body: Residential, prices: list[Decimal], inside: Decimal, measure: Measure, source: tuple[str, ...]
) -> list[Charge]:
    """Each tier of each season at its own price."""
    return [
        _tier_charge(body, season.months, tier, prices[max(tier.tier - 1, 0)] - inside, measure, source)
        for season in body.seasons
        for tier in season.tiers
    ]


def _tier_charge(
    body: Residential,
    months: tuple[int, ...],
    tier: Tier,
    price: Decimal,
    measure: Measure,
    source: tuple[str, ...],
    kind: Kind = Kind.ENERGY,
) -> Charge:
    upper = UNBOUNDED_CKWH if tier.up_to_kwh is None else tier.up_to_kwh * CKWH_PER_KWH
    return Charge(
        item="tier_surcharge" if kind is Kind.SURCHARGE else "catalogue_energy",
        kind=kind,
        measure=measure,
        price_e8=exact_e8(price),
        sources=source,
        pf_base=True,
        month_mask=month_mask(months),
        month_basis=BASES[body.cycle.month_basis],
        tier=tier.tier,
        tier_cycle=CYCLE_MONTHS[body.cycle.cycle] if tier.tier else 0,
        tier_lo_ckwh=tier.over_kwh * CKWH_PER_KWH,
        tier_hi_ckwh=upper,
    )


def _tier_by_period(
    body: Residential, plan: ResidentialTimeOfUse, inside: Decimal, source: tuple[str, ...]
) -> list[Charge]:
    """``surcharge``: period energy at tier-1 price, and the steps of the higher tiers on top of the excess.
    ``proportional``: every tier × period its own row."""
    priced: dict[str, tuple[Decimal, ...]] = {row.period: row.tiers for row in plan.periods}
    for row in plan.read_as:
        priced[row.period] = priced[row.price_of]
    rows: list[Charge] = []
    for name, measure in PERIOD_MEASURES.items():
        if plan.manner == "surcharge":
            rows.append(_energy(priced[name][0] - inside, measure, source))
        else:
            rows += _tiers(body, list(priced[name]), inside, measure, source)
    if plan.manner == "surcharge":
        prices = plan.periods[0].tiers
        rows += [
            _tier_charge(body, season.months, tier, step, Measure.TOTAL, source, Kind.SURCHARGE)
            for season in body.seasons
            for tier in season.tiers
            if tier.tier > 1 and (step := prices[tier.tier - 1] - prices[0])
        ]
    return rows
