"""Leads to stolen energy (窃电线索) in one transformer area, ranked by evidence: a lead with its reasons, never a verdict.

The loss of each quarter hour is what the supply meter shows less what the customers' meters show. That series is explained by
the customers' own readings with coefficients that are never negative (NNLS), the square of the supply and a constant: the last
two take up what the wires and the transformer lose. Who pays for a part of what they use has a loss that goes like their
readings; the energy attributed to each is what ranks.

What this cannot see: a bypass that shows nothing at all, a theft that does not go with the reading (a fixed amount by night),
and two customers whose use goes alike. A wrong customer–transformer relation (户变关系) looks like theft in one area and like a
gain in its neighbour: :func:`mirrored` looks for that before anybody is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from wandeng.kernel.errors import InvalidInput

Series = npt.NDArray[np.float64]

POINTS_A_DAY = 96
DARK = np.r_[0:20, 80:96]
"""Quarter hours of a day in which no sun shines in any season here: from 20:00 to 05:00."""


@dataclass(frozen=True, slots=True)
class Lead:
    """One customer's share of an area's loss.

    ``column`` is its place among the customers; ``attributed`` the energy of the loss that goes like its readings, in the unit
    of the series; ``coefficient`` how much is lost for each unit read (0.43 is 30 % of the true use); ``share`` of the whole
    loss; ``explained`` by how much of the loss's variation the fit is worse without this customer; ``correlation`` of its
    readings with the loss; ``days`` on how many days the loss that the others leave goes with its readings by at least half the
    coefficient.
    """

    column: int
    attributed: float
    coefficient: float
    share: float
    explained: float
    correlation: float
    days: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """All leads of an area, the strongest first. ``lost`` is the whole loss, ``technical`` what supply squared and the constant
    take up, ``fit`` the share of the loss's variation that the model explains (R²)."""

    leads: tuple[Lead, ...]
    lost: float
    technical: float
    fit: float
    whole_days: int


def attribute(supply: Series, customers: Series, *, points_a_day: int = POINTS_A_DAY) -> Attribution:
    """Attribute the loss of an area. ``supply``: energy of each interval; ``customers``: one column a customer, in the same unit.
    Intervals with anything missing are left out by the caller, by whole days.

    Raises :class:`InvalidInput` for series of different lengths, part of a day or anything that is not a number.
    """
    count = len(supply)
    if customers.ndim != 2 or len(customers) != count or not count or count % points_a_day:
        raise InvalidInput("the supply and every customer have the same whole days of readings")
    if not np.isfinite(supply).all() or not np.isfinite(customers).all():
        raise InvalidInput("a day with a missing reading cannot be attributed")
    loss = supply - customers.sum(axis=1)
    design = _design(supply, customers)
    factors, residual = _solved(design, loss)
    around = float(((loss - loss.mean()) ** 2).sum())
    width = customers.shape[1]
    energy = customers.sum(axis=0)
    lost = float(loss.sum())
    order = [int(one) for one in np.argsort(-(factors[:width] * energy), kind="stable") if factors[one] > 0]
    leads = tuple(
        Lead(
            one, float(factors[one] * energy[one]), float(factors[one]),
            float(factors[one] * energy[one]) / lost if lost > 0 else 0.0,
            _worse_without(design, loss, residual, around, one) if place < _LOOKED_AT else 0.0,
            _correlation(customers[:, one], loss),
            _days(supply, customers, factors, one, points_a_day) if place < _LOOKED_AT else 0,
        )
        for place, one in enumerate(order)
    )  # fmt: skip
    technical = float(design[:, width:].sum(axis=0) @ factors[width:])
    return Attribution(leads, lost, technical, 1 - residual / around if around else 0.0, count // points_a_day)


def of_the_dark(values: Series) -> Series:
    """Of whole days of quarter hours those of the night, in their order; ``len(DARK)`` a day. What roofs feed in is not among customers'
    readings and hides every theft by day (``tests/test_loss_leads_hard.py``)."""
    kept: Series = values.reshape(-1, POINTS_A_DAY, *values.shape[1:])[:, DARK].reshape(-1, *values.shape[1:])
    return kept


_LOOKED_AT = 5
"""So many of the first are examined; what comes after them is no lead."""


def _design(supply: Series, customers: Series) -> Series:
    """The customers' readings, supply squared and a constant; the last two scaled to the size of a supply."""
    size = float(np.abs(supply).max()) or 1.0
    return np.column_stack([customers, supply**2 / size, np.full(len(supply), size)])


def _solved(design: Series, loss: Series) -> tuple[Series, float]:
    """Factors of the columns and the squared residual. Columns are scaled to length one for the solver."""
    lengths = np.linalg.norm(design, axis=0)
    lengths[lengths == 0] = 1.0
    factors, left = nnls(design / lengths, loss, maxiter=20 * design.shape[1])
    return factors / lengths, float(left) ** 2


def _worse_without(design: Series, loss: Series, residual: float, around: float, column: int) -> float:
    """What share of the loss's variation nobody else explains."""
    _, left = _solved(np.delete(design, column, axis=1), loss)
    return max(0.0, (left - residual) / around) if around else 0.0


def _correlation(one: Series, other: Series) -> float:
    if not one.std() or not other.std():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _days(supply: Series, customers: Series, factors: Series, column: int, points_a_day: int) -> int:
    """On how many days the loss that the others leave still goes with this customer's readings, by half its coefficient."""
    others = factors.copy()
    others[column] = 0
    left = (supply - customers.sum(axis=1)) - _design(supply, customers) @ others
    by_day = left.reshape(-1, points_a_day)
    read = customers[:, column].reshape(-1, points_a_day)
    squared = (read**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.where(squared > 0, (by_day * read).sum(axis=1) / squared, 0.0)
    return int((alone >= factors[column] / 2).sum())


def steps_at(loss_by_day: Series, *, least: int = 2) -> tuple[int, float]:
    """Before and after (前后对比): the day at which the daily loss changed most, with how many standard errors apart the days
    before and from there on are; place 0 and 0.0 where there are too few days. It catches what attribution cannot: a bypass
    or a seal broken on a day."""
    best, place = 0.0, 0
    for cut in range(least, len(loss_by_day) - least + 1):
        before, after = loss_by_day[:cut], loss_by_day[cut:]
        spread = np.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after))
        apart = float((after.mean() - before.mean()) / spread) if spread else 0.0
        if abs(apart) > abs(best):
            best, place = apart, cut
    return place, best


@dataclass(frozen=True, slots=True)
class Mirror:
    """Two areas whose losses go against each other: ``gains`` has the negative loss, ``loses`` the high one. ``correlation`` is
    that of the two series (near −1), ``moved`` the energy that would set both right."""

    loses: int
    gains: int
    correlation: float
    moved: float


def mirrored(losses: Series, pairs: Sequence[tuple[int, int]], *, at_most: float = -0.6) -> tuple[Mirror, ...]:
    """Pairs of neighbours with mirrored losses: ``losses`` has one column an area, one row a day (or interval), NaN where it is not
    computable. Told are pairs of which one loses and the other gains on the whole, with a correlation of at most
    ``at_most`` over at least three rows that both have; the strongest first."""
    found = []
    for one, other in pairs:
        both = ~np.isnan(losses[:, one]) & ~np.isnan(losses[:, other])
        if both.sum() < 3:
            continue
        first, second = losses[both, one], losses[both, other]
        if first.sum() < second.sum():
            one, other, first, second = other, one, second, first
        if second.sum() >= 0 or first.sum() <= 0:
            continue
        correlation = _correlation(first, second)
        if correlation <= at_most:
            moved = float(min(first.sum(), -second.sum()))
            found.append(Mirror(one, other, correlation, moved))
    return tuple(sorted(found, key=lambda each: each.correlation))


def moved_customer(loses: Series, gains: Series, candidates: Series) -> int | None:
    """Which customer counted in the gaining area explains both losses best: moving it to the other brings the sum of squared
    deviations of both down the most. ``candidates``: one column a customer of the gaining area. ``None`` where nobody does.

    The gaining area sells what it was never supplied: that customer hangs behind the other transformer.
    """
    if not candidates.shape[1]:
        return None
    now = float((loses**2).sum() + (gains**2).sum())
    after = ((loses[:, None] - candidates) ** 2).sum(axis=0) + ((gains[:, None] + candidates) ** 2).sum(axis=0)
    best = int(np.argmin(after))
    return best if after[best] < now / 2 else None
