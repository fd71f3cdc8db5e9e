"""Government funds (政府性基金及附加): each its own charge, added to a price or taken out of one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from wandeng.calc.rating.frames import Kind, Measure
from wandeng.domains.tariffs.frames.charges import Charge, VersionTable, exact_e8
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.components import CustomerClass, Fund, Funds


def fund_price(fund: Fund, customer_class: CustomerClass) -> Decimal:
    """What a class pays into a fund, yuan/kWh."""
    prices = {
        "commercial": fund.commercial,
        "residential": fund.residential,
        "agriculture": fund.agriculture,
    }
    return prices[customer_class]


def fund_total(library: RuleLibrary, territory: str, customer_class: CustomerClass, on: date) -> Decimal:
    """What the funds of a class add up to, yuan/kWh.

    Raises :class:`wandeng.kernel.errors.NoRuleInForce`.
    """
    body = library.version(Funds, on=on, territory=territory).body
    return sum((fund_price(fund, customer_class) for fund in body.funds), Decimal(0))


def fund_charges(
    library: RuleLibrary, territory: str, customer_class: CustomerClass, on: date, versions: VersionTable
) -> list[Charge]:
    """One charge on all energy for each fund the class pays. Never part of the power-factor base.

    Raises :class:`wandeng.kernel.errors.NoRuleInForce`.
    """
    version = library.version(Funds, on=on, territory=territory)
    source = (versions.note(version),)
    return [
        Charge(fund.item, Kind.FUND, Measure.TOTAL, exact_e8(price), source)
        for fund in version.body.funds
        if (price := fund_price(fund, customer_class))
    ]
