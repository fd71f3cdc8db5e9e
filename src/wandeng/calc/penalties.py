"""Payment and penalty for theft (窃电) and breach of contract (违约用电).

Source: 供电营业规则 1996 art. 100–103. Multiples, unit amounts, hours and unknown periods are
parameters of the caller, read from dated rules; only the arithmetic stands here. Energy is an exact
fraction of 0.01 kWh, money an exact fraction of fen until the one rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import AMOUNT_DIVISOR, CKVA_PER_KVA, WH_PER_CKWH


class PenaltyRounding(StrEnum):
    """Whether the multiple is taken of the rounded or of the unrounded base.

    WE-12 multiplies the rounded amount (16,456.89), WE-09 the unrounded one (3,180.17).
    """

    ROUNDED_BASE = "rounded"
    UNROUNDED_BASE = "unrounded"


@dataclass(frozen=True, slots=True)
class Load:
    """Connected equipment of one kind: watts apiece, how many, and hours of use a day."""

    power_w: Fraction
    count: int
    hours_per_day: Fraction


@dataclass(frozen=True, slots=True)
class Penalty:
    """What is paid back (``base_fen``), the multiple and the penalty on top, in fen."""

    exact_base_fen: Fraction
    base_fen: int
    multiple: int
    penalty_fen: int

    @property
    def total_fen(self) -> int:
        return self.base_fen + self.penalty_fen


def penalize(exact_base_fen: Fraction, multiple: int, rounding: PenaltyRounding) -> Penalty:
    """Round the base to fen and put the penalty on it.

    Raises :class:`InvalidInput` for a negative base or multiple.
    """
    if exact_base_fen < 0 or multiple < 0:
        raise InvalidInput("neither the amount to pay back nor the multiple of a penalty can be negative")
    base_fen = _half_up(exact_base_fen)
    if rounding is PenaltyRounding.ROUNDED_BASE:
        return Penalty(exact_base_fen, base_fen, multiple, base_fen * multiple)
    return Penalty(exact_base_fen, base_fen, multiple, _half_up(exact_base_fen * multiple))


def connected_energy(loads: Sequence[Load], days: int) -> Fraction:
    """Energy of connected equipment over a number of days, in 0.01 kWh, exact.

    Theft and class misuse both count the rated capacity times the time (art. 103).
    """
    if days < 0:
        raise InvalidInput(f"days cannot be negative, got {days}")
    return sum((_daily_wh(load) * days / WH_PER_CKWH for load in loads), Fraction(0))


def meter_power_w(rated_current_ma: int, phase_voltage_v: int, phases: int, ratio: Fraction) -> Fraction:
    """The capacity a meter's rated current stands for, in watts (kVA count as kW, art. 103), ×
    transformer ratio."""
    if phases not in (1, 3):
        raise InvalidInput(f"a meter has 1 or 3 phases, got {phases}")
    return Fraction(rated_current_ma * phase_voltage_v * phases, 1000) * ratio


def energy_price(energy_ckwh: Fraction, price_e8: int) -> Fraction:
    """Exact fen of an energy (0.01 kWh) at a price (10⁻⁸ yuan/kWh)."""
    return energy_ckwh * price_e8 / AMOUNT_DIVISOR


def theft(
    energy_ckwh: Fraction, recorded_ckwh: int, price_e8: int, multiple: int, rounding: PenaltyRounding
) -> Penalty:
    """Price of the stolen energy and the penalty on it (art. 102).

    Energy the meter did record in that time has been billed already and is taken off. Raises
    :class:`InvalidInput` when more was recorded than used.
    """
    if recorded_ckwh > energy_ckwh:
        raise InvalidInput("the meter recorded more energy than the connected equipment can have used")
    return penalize(energy_price(energy_ckwh - recorded_ckwh, price_e8), multiple, rounding)


def class_misuse(
    energy_ckwh: Fraction, paid_price_e8: int, due_price_e8: int, multiple: int, rounding: PenaltyRounding
) -> Penalty:
    """Dearer-class equipment on a cheaper-class line: the price difference and its multiple (art. 100 no. 1).

    Raises :class:`InvalidInput` when the class used is not the dearer one.
    """
    if due_price_e8 <= paid_price_e8:
        raise InvalidInput("the price due must be above the price paid, else nothing was misused")
    return penalize(energy_price(energy_ckwh, due_price_e8 - paid_price_e8), multiple, rounding)


def basic_charge_breach(
    capacity_ckva: int, price_e8: int, days: int, month_days: int, multiple: int, rounding: PenaltyRounding
) -> Penalty:
    """Private or reopened capacity of a two-part user: its basic charge for the time, and a multiple
    (art. 100).

    ``price_e8`` is in 10⁻⁸ yuan per kVA and month, ``days`` the charged days of all months on ``month_days``.
    """
    base = Fraction(capacity_ckva * price_e8 * days, AMOUNT_DIVISOR * month_days)
    return penalize(base, multiple, rounding)


def unit_penalty(capacity_ckva: int, per_unit_fen: int, times: int) -> int:
    """A fixed amount per kW, kVA counting as kW, in fen, half up: other users' breaches of art. 100."""
    if capacity_ckva <= 0 or times <= 0:
        raise InvalidInput("capacity and number of times must be above zero")
    return divide_half_up(capacity_ckva * per_unit_fen * times, CKVA_PER_KVA)


def _daily_wh(load: Load) -> Fraction:
    if load.power_w <= 0 or load.count <= 0:
        raise InvalidInput("connected equipment needs a power and a count above zero")
    if not 0 < load.hours_per_day <= 24:
        raise InvalidInput(f"hours a day must lie between 0 and 24, got {load.hours_per_day}")
    return load.power_w * load.count * load.hours_per_day


def _half_up(value: Fraction) -> int:
    return divide_half_up(value.numerator, value.denominator)
