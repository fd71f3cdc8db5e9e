"""Energy to add or refund after a metering error (计量差错退补).

Source: 供电营业规则 1996 art. 80–81. Every function returns the correction in 0.01 kWh as an exact
fraction: above zero the customer owes it, below zero the utility refunds it. Time is already cut by the
caller, who says which share of the recorded energy the rule lets correct (half of the time, or all of
it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import AMOUNT_DIVISOR, CKWH_PER_KWH


class EnergyRounding(StrEnum):
    """To what the corrected energy is rounded, half up, before it is priced."""

    WHOLE_KWH = "whole_kwh"
    HUNDREDTH_KWH = "hundredth_kwh"


class FourWireFault(StrEnum):
    """Faults of a three-phase four-wire meter on a balanced load, where the coefficient needs no angle."""

    ONE_PHASE_LOST = "one_phase_lost"
    TWO_PHASES_LOST = "two_phases_lost"
    ONE_PHASE_REVERSED = "one_phase_reversed"
    TWO_PHASES_REVERSED = "two_phases_reversed"


FOUR_WIRE_COEFFICIENTS = {
    FourWireFault.ONE_PHASE_LOST: Fraction(3, 2),
    FourWireFault.TWO_PHASES_LOST: Fraction(3),
    FourWireFault.ONE_PHASE_REVERSED: Fraction(3),
    FourWireFault.TWO_PHASES_REVERSED: Fraction(-3),
}
"""Correct power ÷ registered power: 3 elements of which 2, 1, 3 − 2 or 3 − 4 are registered. Physics, not
a rule."""


@dataclass(frozen=True, slots=True)
class PricedShare:
    """Part of the corrected energy with its own price: a period of the day, or months under another price
    version."""

    weight: int
    price_e8: int


@dataclass(frozen=True, slots=True)
class Correction:
    """Energy and money to add (positive) or refund (negative); ``shares`` in the order of the prices
    given."""

    energy_ckwh: int
    shares: tuple[tuple[int, int, int], ...]

    @property
    def amount_fen(self) -> int:
        return sum(amount for _, _, amount in self.shares)


def error_correction(recorded_ckwh: int, error: Fraction, time_share: Fraction) -> Fraction:
    """A meter or instrument transformer out of tolerance: zero error is the base (art. 80 no. 1).

    ``error`` is γ as a share, negative for a slow meter; true = recorded / (1 + γ). ``recorded_ckwh`` is
    the energy recorded from the last test or installation to the correction, ``time_share`` the part of
    it that is corrected.

    >>> error_correction(98_000, Fraction(-2, 100), Fraction(1, 2))
    Fraction(1000, 1)
    """
    _refuse_negative(recorded_ckwh)
    if error <= -1:
        raise InvalidInput("an error of -100 % or less means that nothing was recorded: use the normal month's use")
    if not 0 < time_share <= 1:
        raise InvalidInput("the share of time must lie above 0 and at most at 1")
    return recorded_ckwh * time_share * (1 / (1 + error) - 1)


def voltage_drop_correction(recorded_ckwh: int, drop: Fraction, allowed: Fraction) -> Fraction:
    """Voltage drop of the connecting leads above what is allowed: only the difference is added (art. 80
    no. 2).

    Both are shares of the rated voltage. A drop within the allowance gives zero.
    """
    _refuse_negative(recorded_ckwh)
    if drop < 0 or allowed < 0:
        raise InvalidInput("a voltage drop and its allowance cannot be negative")
    return recorded_ckwh * max(drop - allowed, Fraction(0))


def wiring_correction(recorded_ckwh: int, coefficient: Fraction) -> Fraction:
    """Wrong wiring: recorded energy × ε with ε = correct power / wrong power − 1, over the full time
    (art. 81 no. 1).

    A meter that ran backwards has a negative recorded energy and a negative coefficient: the true energy
    is positive.

    >>> wiring_correction(100_00, FOUR_WIRE_COEFFICIENTS[FourWireFault.ONE_PHASE_LOST])
    Fraction(5000, 1)
    """
    if coefficient * recorded_ckwh < 0:
        raise InvalidInput("recorded energy and coefficient must have the same sign: true energy cannot be negative")
    return recorded_ckwh * (coefficient - 1)


def multiplier_correction(billed_ckwh: int, billed_multiplier: Fraction, true_multiplier: Fraction) -> Fraction:
    """A wrong multiplier or nameplate: ε = true ratio / billed ratio − 1 (art. 81 no. 3)."""
    _refuse_negative(billed_ckwh)
    if billed_multiplier <= 0 or true_multiplier <= 0:
        raise InvalidInput("both multipliers must be above zero")
    return billed_ckwh * (true_multiplier / billed_multiplier - 1)


def normal_use_correction(normal_month_ckwh: int, recorded_ckwh: int, months: Fraction) -> Fraction:
    """Normal month's use for the time of the fault, less what was recorded in it (art. 80 no. 3, art. 81
    no. 2)."""
    _refuse_negative(normal_month_ckwh)
    _refuse_negative(recorded_ckwh)
    if months <= 0:
        raise InvalidInput("the months of the fault must be above zero")
    return normal_month_ckwh * months - recorded_ckwh


def round_energy(energy_ckwh: Fraction, rounding: EnergyRounding) -> int:
    """The corrected energy in 0.01 kWh, rounded half away from zero."""
    step = CKWH_PER_KWH if rounding is EnergyRounding.WHOLE_KWH else 1
    return divide_half_up(energy_ckwh.numerator, energy_ckwh.denominator * step) * step


def price_correction(energy_ckwh: int, shares: Sequence[PricedShare]) -> Correction:
    """Spread a rounded energy over shares by weight and price each, rounded to fen, half up.

    The shares add up to the energy: the last hundredths go to the largest remainders, the first share on
    a tie.
    """
    total = sum(share.weight for share in shares)
    if not shares or total <= 0 or min(share.weight for share in shares) < 0:
        raise InvalidInput("the weights of the prices must be non-negative and not all zero")
    size, sign = abs(energy_ckwh), -1 if energy_ckwh < 0 else 1
    parts = [size * share.weight // total for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (-(size * shares[i].weight % total), i))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return Correction(
        energy_ckwh,
        tuple(
            (sign * part, share.price_e8, sign * divide_half_up(part * share.price_e8, AMOUNT_DIVISOR))
            for part, share in zip(parts, shares, strict=True)
        ),
    )


def _refuse_negative(energy_ckwh: int) -> None:
    if energy_ckwh < 0:
        raise InvalidInput("recorded energy cannot be negative here")
