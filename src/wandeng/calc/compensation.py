"""What the utility pays: damaged home appliances, outages by its own accident, voltage and frequency out
of range.

Source: 居民用户家用电器损坏处理办法 1996 and 供电营业规则 1996 art. 95–97. Lives, months, shares and
factors are parameters from dated rules. Money is fen, rounded once, half up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import AMOUNT_DIVISOR, E4_PER_ONE


class AgeCounting(StrEnum):
    """How the age of an appliance is measured against its service life.

    ``COMPLETED_MONTHS``: whole months since the invoice. ``STARTED_YEARS``: every year begun counts as a
    year. ``DAYS``: calendar days over the calendar days of the service life.
    """

    COMPLETED_MONTHS = "completed_months"
    STARTED_YEARS = "started_years"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class ApplianceTerms:
    """Full price up to and with ``full_price_months``; at least ``floor_share_e4`` of the price; claims
    within ``claim_days`` of the damage; ``service_years`` of this kind of appliance."""

    full_price_months: int
    floor_share_e4: int
    claim_days: int
    service_years: int
    age_counting: AgeCounting


@dataclass(frozen=True, slots=True)
class Appliance:
    """What was damaged: invoice price and date, day of damage, day of the claim, and the repair bill if
    repairable."""

    price_fen: int
    bought_on: date
    damaged_on: date
    claimed_on: date
    repair_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Compensation:
    """The amount and why: "late_claim", "repair", "full_price", "residual" or "floor". ``used`` and
    ``life`` are in the unit of the age counting, zero where no residual was taken."""

    amount_fen: int
    ground: str
    used: int
    life: int


def appliance(damage: Appliance, terms: ApplianceTerms) -> Compensation:
    """The compensation of one appliance.

    Raises :class:`InvalidInput` for a price that is not positive or dates out of order.
    """
    _refuse_impossible(damage)
    if damage.claimed_on > damage.damaged_on + timedelta(days=terms.claim_days):
        return Compensation(0, "late_claim", 0, 0)
    if damage.repair_fen is not None:
        return Compensation(damage.repair_fen, "repair", 0, 0)
    if damage.damaged_on <= _plus_months(damage.bought_on, terms.full_price_months):
        return Compensation(damage.price_fen, "full_price", 0, 0)
    used, life = _age(damage, terms)
    residual = divide_half_up(damage.price_fen * max(life - used, 0), life)
    floor = divide_half_up(damage.price_fen * terms.floor_share_e4, E4_PER_ONE)
    if residual < floor:
        return Compensation(floor, "floor", used, life)
    return Compensation(residual, "residual", used, life)


def outage(normal_ckwh: int, normal_hours: Fraction, hours: Fraction, price_e8: int, factor: int) -> int:
    """An outage by the utility's operating accident, in fen: possible energy × price × factor (art. 95).

    Possible energy is the hourly average of a normal period times the hours of the outage.
    """
    if normal_ckwh < 0 or normal_hours <= 0 or hours < 0:
        raise InvalidInput("the normal period needs hours above zero, energy and outage hours cannot be negative")
    exact = normal_ckwh / normal_hours * hours * price_e8 * factor / AMOUNT_DIVISOR
    return divide_half_up(exact.numerator, exact.denominator)


def quality(energy_ckwh: int, average_price_e8: int, share_e4: int) -> int:
    """Voltage or frequency out of range, in fen: energy used in that time × average price × share (art.
    96, 97)."""
    if energy_ckwh < 0:
        raise InvalidInput("the energy used out of range cannot be negative")
    return divide_half_up(energy_ckwh * average_price_e8 * share_e4, AMOUNT_DIVISOR * E4_PER_ONE)


def _age(damage: Appliance, terms: ApplianceTerms) -> tuple[int, int]:
    """Used time and service life in the unit of the counting."""
    if terms.age_counting is AgeCounting.DAYS:
        end_of_life = _plus_months(damage.bought_on, 12 * terms.service_years)
        return (damage.damaged_on - damage.bought_on).days, (end_of_life - damage.bought_on).days
    months = _completed_months(damage.bought_on, damage.damaged_on)
    if terms.age_counting is AgeCounting.COMPLETED_MONTHS:
        return months, 12 * terms.service_years
    full_years = months // 12
    begun = damage.damaged_on > _plus_months(damage.bought_on, 12 * full_years)
    return full_years + begun, terms.service_years


def _completed_months(start: date, end: date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if _plus_months(start, months) <= end else months - 1


def _plus_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _refuse_impossible(damage: Appliance) -> None:
    if damage.price_fen <= 0:
        raise InvalidInput("the invoice price must be above zero")
    if damage.repair_fen is not None and damage.repair_fen < 0:
        raise InvalidInput("a repair bill cannot be negative")
    if not damage.bought_on <= damage.damaged_on <= damage.claimed_on:
        raise InvalidInput("an appliance is bought, then damaged, then claimed for: the dates are out of order")
