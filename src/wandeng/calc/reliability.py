"""Supply reliability from interruptions, and the way between its published pairs (ASAI ↔ SAIDI ↔ SAIFI).

Source: DL/T 836.1-2016 and IEEE 1366. All values are exact fractions; rounding
(three decimals of a percentage) belongs to whoever prints them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Period

HOURS_PER_DAY = 24
MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class Interruption:
    """One event: how long, how many customers, how much capacity (kVA; ``None`` where it is not known)."""

    minutes: Fraction
    customers: int
    capacity_kva: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """The base of every index: customers served, and where known their capacity and how many different
    were hit."""

    customers: int
    capacity_kva: Fraction | None = None
    different_customers_hit: int | None = None


@dataclass(frozen=True, slots=True)
class Indices:
    """Durations in minutes, frequencies in times, ``asai`` as a share of one; ``None`` where the base is
    not known."""

    saifi: Fraction
    saidi_minutes: Fraction
    caidi_minutes: Fraction | None
    asai: Fraction
    customer_hours: Fraction
    caifi: Fraction | None
    ctaidi_minutes: Fraction | None
    asifi: Fraction | None
    asidi_minutes: Fraction | None
    maifi: Fraction


def period_hours(from_on: date, to_on: date) -> int:
    """Calendar hours of the half-open period: 8,760 of a common year, 8,784 of a leap year.

    >>> period_hours(date(2020, 1, 1), date(2021, 1, 1))
    8784
    """
    return Period(from_on, to_on).days * HOURS_PER_DAY


def asai_from_saidi(saidi_hours: Fraction, hours: int) -> Fraction:
    """供电可靠率 as a share of one: 1 − SAIDI / T.

    >>> round(asai_from_saidi(Fraction(783, 100), 8760), 5)
    Fraction(99911, 100000)
    """
    _refuse_period(hours)
    if not 0 <= saidi_hours <= hours:
        raise InvalidInput(f"hours without supply must lie between 0 and the period's {hours}")
    return 1 - saidi_hours / hours


def saidi_from_asai(asai: Fraction, hours: int) -> Fraction:
    """用户平均停电时间 in hours: (1 − ASAI) × T."""
    _refuse_period(hours)
    if not 0 <= asai <= 1:
        raise InvalidInput("a reliability lies between 0 and 100 %")
    return (1 - asai) * hours


def caidi(saidi_hours: Fraction, saifi: Fraction) -> Fraction:
    """Hours per interruption: SAIDI / SAIFI."""
    if saifi <= 0:
        raise InvalidInput("without interruptions (SAIFI 0) there is no average duration")
    return saidi_hours / saifi


def saifi_from_caidi(saidi_hours: Fraction, caidi_hours: Fraction) -> Fraction:
    """Times per customer: SAIDI / CAIDI."""
    if caidi_hours <= 0:
        raise InvalidInput("the average duration of an interruption must be above zero")
    return saidi_hours / caidi_hours


def rationing_equivalent(hours: Fraction, allowed_power: Fraction, power_before: Fraction) -> Fraction:
    """Equivalent outage hours of rationing: hours × (1 − allowed power / power before)."""
    if power_before <= 0 or not 0 <= allowed_power <= power_before:
        raise InvalidInput("the allowed power must lie between 0 and the power before the rationing")
    return hours * (1 - allowed_power / power_before)


def indices(events: Sequence[Interruption], served: Served, hours: int, sustained_minutes: Fraction) -> Indices:
    """All indices of a period. An event is sustained when it lasts longer than ``sustained_minutes`` (3
    in DL/T 836.1, 5 in IEEE 1366); shorter ones enter MAIFI only.

    Capacity indices are ``None`` when any sustained event or the base lacks its capacity.
    """
    _refuse_period(hours)
    _refuse_impossible(events, served)
    sustained = [event for event in events if event.minutes > sustained_minutes]
    hits = sum(event.customers for event in sustained)
    minutes = sum((event.minutes * event.customers for event in sustained), Fraction(0))
    momentary = sum(event.customers for event in events) - hits
    saidi = minutes / served.customers
    different = served.different_customers_hit
    asifi, asidi = _capacity_indices(sustained, served.capacity_kva)
    return Indices(
        saifi=Fraction(hits, served.customers),
        saidi_minutes=saidi,
        caidi_minutes=minutes / hits if hits else None,
        asai=asai_from_saidi(saidi / MINUTES_PER_HOUR, hours),
        customer_hours=minutes / MINUTES_PER_HOUR,
        caifi=Fraction(hits, different) if different else None,
        ctaidi_minutes=minutes / different if different else None,
        asifi=asifi,
        asidi_minutes=asidi,
        maifi=Fraction(momentary, served.customers),
    )


def _capacity_indices(
    sustained: Sequence[Interruption], capacity_kva: Fraction | None
) -> tuple[Fraction | None, Fraction | None]:
    if not capacity_kva:
        return None, None
    lost, lost_minutes = Fraction(0), Fraction(0)
    for event in sustained:
        if event.capacity_kva is None:
            return None, None
        lost += event.capacity_kva
        lost_minutes += event.capacity_kva * event.minutes
    return lost / capacity_kva, lost_minutes / capacity_kva


def _refuse_period(hours: int) -> None:
    if hours <= 0:
        raise InvalidInput("the period must have at least one hour")


def _refuse_impossible(events: Sequence[Interruption], served: Served) -> None:
    if served.customers <= 0:
        raise InvalidInput("customers served must be above zero")
    if any(event.minutes < 0 or not 0 <= event.customers <= served.customers for event in events):
        raise InvalidInput("an event cannot be shorter than zero or hit more customers than are served")
    different = served.different_customers_hit
    if different is not None and not 0 <= different <= served.customers:
        raise InvalidInput("different customers hit cannot exceed the customers served")
