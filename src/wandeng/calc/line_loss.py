"""Line-loss rate (线损率): what was supplied and not sold, as a share of what was supplied.

Published example: WE-17. Energies are integers of one unit of the caller's choice, the same for all of
them; the rate is an exact fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from wandeng.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Loss:
    """Supplied, used and lost energy; ``rate`` is lost / supplied and may be negative (a wrong reading)."""

    supplied: Fraction
    used: Fraction

    @property
    def lost(self) -> Fraction:
        return self.supplied - self.used

    @property
    def rate(self) -> Fraction:
        return self.lost / self.supplied


def company_loss(
    generated: Fraction, own_use_share: Fraction, purchased: Fraction, exported: Fraction, sold: Fraction
) -> Loss:
    """A utility's loss: 供电量 = own generation less own use + purchased − exported.

    >>> loss = company_loss(Fraction(100), Fraction(4, 100), Fraction(15), Fraction(37), Fraction(69))
    >>> loss.supplied, loss.rate
    (Fraction(74, 1), Fraction(5, 74))
    """
    if not 0 <= own_use_share <= 1:
        raise InvalidInput("own use is a share between 0 and 100 % of the generation")
    return _loss(generated * (1 - own_use_share) + purchased - exported, sold)


def area_loss(master_import: Fraction, master_export: Fraction, embedded: Fraction, used: Sequence[Fraction]) -> Loss:
    """A transformer area's loss (台区线损): master meter import − export + embedded generation fed in,
    against the sum of the customer meters and agreed unmetered loads."""
    return _loss(master_import - master_export + embedded, sum(used, Fraction(0)))


def _loss(supplied: Fraction, used: Fraction) -> Loss:
    if supplied <= 0:
        raise InvalidInput("the energy supplied must be above zero, else there is no rate")
    return Loss(supplied, used)
