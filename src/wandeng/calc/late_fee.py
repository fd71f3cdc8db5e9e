"""Late fee on unpaid bills (电费违约金): simple daily interest from the day after the due date to the day
of payment.

Source: Rules for Electricity Supply (供电营业规则) 1996 art. 98, 电力供应与使用条例 art. 39. The rates,
the minimum and the way a debt crosses the year end come in as :class:`LateFeeTerms`; published answers to
one and the same case (WE-14) differ only in the last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up, format_scaled, format_yuan
from wandeng.kernel.units import E4_PER_ONE


class CrossYear(StrEnum):
    """What happens to a debt carried over 31 December (WE-14: 190, 126 and 222 yuan).

    ``SPLIT_AT_YEAR_END``: the current-year rate up to 31 December of the due year, the carried rate from
    1 January. ``PAYMENT_YEAR_ONLY``: the same rates, but only what accrues in the year of payment is
    asked. ``WHOLE_AT_CARRIED_RATE``: once a debt is carried over, all its days run at the carried rate.
    """

    SPLIT_AT_YEAR_END = "split_at_year_end"
    PAYMENT_YEAR_ONLY = "payment_year_only"
    WHOLE_AT_CARRIED_RATE = "whole_at_carried_rate"


@dataclass(frozen=True, slots=True)
class LateFeeTerms:
    """The dated parameters: daily rates in 10⁻⁴ (2 ‰ = 20), the least fee of a bill in fen, and the most
    as a share of the arrears in 10⁻⁴ (``None``: no cap, the national rule has none; contracts may)."""

    rate_e4: int
    carried_rate_e4: int
    minimum_fen: int
    cap_share_e4: int | None
    cross_year: CrossYear


@dataclass(frozen=True, slots=True)
class RateBand:
    """Between which daily rates, in 10⁻⁴ and both included, a supply agreement may lay down its own.

    Source: 电力供应与使用条例 art. 39, 1 ‰ to 3 ‰.
    """

    least_e4: int
    most_e4: int

    def require(self, rate_e4: int) -> None:
        """Raises :class:`InvalidInput` for a rate outside the band."""
        if not self.least_e4 <= rate_e4 <= self.most_e4:
            agreed, least, most = (format_scaled(one, 1, trim=True) for one in (rate_e4, self.least_e4, self.most_e4))
            raise InvalidInput(
                f"a late fee of {agreed} ‰ a day cannot be agreed: the rule of that day allows {least} ‰ to {most} ‰"
            )


def by_agreement(terms: LateFeeTerms, band: RateBand, rate_e4: int) -> LateFeeTerms:
    """The terms of a bill whose supply agreement lays down a rate: it runs on every day, over a year end too.

    Raises :class:`InvalidInput` for a rate outside the band.
    """
    band.require(rate_e4)
    return replace(terms, rate_e4=rate_e4, carried_rate_e4=rate_e4)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received for the bill; the day of payment still bears the fee, the following day no longer
    does."""

    on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Arrears:
    """One bill: what was owed, the last day to pay without a fee, and what has been paid since."""

    amount_fen: int
    due_on: date
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True)
class Accrual:
    """Days ``from_on <= day < to_on`` with one outstanding amount and one rate."""

    from_on: date
    to_on: date
    outstanding_fen: int
    rate_e4: int

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days

    @property
    def exact_fen(self) -> Fraction:
        return Fraction(self.outstanding_fen * self.days * self.rate_e4, E4_PER_ONE)


@dataclass(frozen=True, slots=True)
class LateFee:
    """The fee of one bill. ``exact_fen`` is the unrounded sum of the accruals; ``bound`` tells whether
    the "minimum" or the "cap" decided ("" when neither did)."""

    accruals: tuple[Accrual, ...]
    exact_fen: Fraction
    amount_fen: int
    bound: str


def accrue(arrears: Arrears, until: date, terms: LateFeeTerms) -> tuple[Accrual, ...]:
    """The pieces of time that bear a fee up to and with the day ``until``, in order.

    Cut at the year ends and after every part payment. Raises :class:`InvalidInput` for an amount that is not
    positive or payments above the arrears.
    """
    _refuse_impossible(arrears)
    start, end = arrears.due_on + timedelta(days=1), until + timedelta(days=1)
    if end <= start:
        return ()
    new_years = {date(year, 1, 1) for year in range(start.year + 1, end.year + 1)}
    after_payments = {payment.on + timedelta(days=1) for payment in arrears.payments}
    inner = sorted(cut for cut in new_years | after_payments if start < cut < end)
    carried_over = until.year > arrears.due_on.year
    pieces = []
    for from_on, to_on in pairwise([start, *inner, end]):
        if terms.cross_year is CrossYear.PAYMENT_YEAR_ONLY and from_on.year < until.year:
            continue
        outstanding = arrears.amount_fen - sum(p.amount_fen for p in arrears.payments if p.on < from_on)
        whole = carried_over and terms.cross_year is CrossYear.WHOLE_AT_CARRIED_RATE
        carried = whole or from_on.year > arrears.due_on.year
        if outstanding:
            rate = terms.carried_rate_e4 if carried else terms.rate_e4
            pieces.append(Accrual(from_on, to_on, outstanding, rate))
    return tuple(pieces)


def late_fee(arrears: Arrears, until: date, terms: LateFeeTerms) -> LateFee:
    """The fee of one bill when the rest is paid on ``until``, rounded once, to fen, half up.

    A fee above zero is at least ``minimum_fen``; the cap, where there is one, is applied last.
    """
    accruals = accrue(arrears, until, terms)
    exact = sum((piece.exact_fen for piece in accruals), Fraction(0))
    amount, bound = divide_half_up(exact.numerator, exact.denominator), ""
    if 0 < exact < terms.minimum_fen:
        amount, bound = terms.minimum_fen, "minimum"
    if terms.cap_share_e4 is not None:
        cap = arrears.amount_fen * terms.cap_share_e4 // E4_PER_ONE
        if amount > cap:
            amount, bound = cap, "cap"
    return LateFee(accruals, exact, amount, bound)


def _refuse_impossible(arrears: Arrears) -> None:
    if arrears.amount_fen <= 0:
        raise InvalidInput(f"arrears must be above zero, got {format_yuan(arrears.amount_fen)}")
    if any(payment.amount_fen <= 0 for payment in arrears.payments):
        raise InvalidInput("every payment must be above zero")
    paid = sum(payment.amount_fen for payment in arrears.payments)
    if paid > arrears.amount_fen:
        raise InvalidInput(f"{format_yuan(paid)} paid exceeds the arrears of {format_yuan(arrears.amount_fen)}")
