"""Thieves in areas that are not tidy: meters of any class with clocks that are off, roofs that feed in without a curve, days that are
missing, neighbours without a curve at all. What is asserted is what was measured, rounded down; ``docs/howto/line-loss.md`` says the
same figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from wandeng.calc import loss_leads

CUSTOMERS, DAYS, SLOTS = 60, 10, 96


@dataclass(frozen=True)
class Trouble:
    """What is wrong with an area besides its thief."""

    meter_error: float = 0.01
    clock_off: float = 0.0
    roofs: int = 0
    missing_days: int = 0
    silent: int = 0


def _used(rng: np.random.Generator) -> np.ndarray:
    hour = np.arange(SLOTS * DAYS) % SLOTS / 4
    evening, noon = rng.normal(20, 1.5, CUSTOMERS), rng.normal(12, 1, CUSTOMERS)
    shape = 0.2 + np.exp(-((hour[:, None] - evening) ** 2) / 8) + 0.6 * np.exp(-((hour[:, None] - noon) ** 2) / 6)
    used: np.ndarray = 80 * rng.lognormal(0, 0.6, CUSTOMERS) * shape * rng.lognormal(0, 0.6, (SLOTS * DAYS, CUSTOMERS))
    return used


def _place(seed: int, trouble: Trouble, part: float, in_the_dark: bool) -> int:
    """At which place the thief stands among the leads, 0 where it is none of them."""
    rng = np.random.default_rng(seed)
    used, thief = _used(rng), int(rng.integers(trouble.silent, CUSTOMERS))
    hour = np.arange(SLOTS * DAYS) % SLOTS / 4
    sun = np.clip(np.cos((hour - 12) / 12 * np.pi * 1.1), 0, None) * rng.uniform(0.3, 1, DAYS).repeat(SLOTS)
    fed = sun[:, None] * rng.uniform(200, 500, trouble.roofs)
    flow = used.sum(axis=1) - fed.sum(axis=1)
    size = np.abs(flow).mean()
    supply = (flow + 0.03 * flow**2 / size + 25) * rng.normal(1, 0.005, len(flow))
    shown = used * rng.normal(1, trouble.meter_error, CUSTOMERS)
    # A clock that is a few minutes off moves a share of each quarter hour into the next.
    late = rng.uniform(0, trouble.clock_off, CUSTOMERS)
    shown = (1 - late) * shown + late * np.roll(shown, 1, axis=0)
    shown[:, thief] *= 1 - part
    days = np.sort(rng.permutation(DAYS)[trouble.missing_days :])
    kept = np.concatenate([np.arange(SLOTS) + day * SLOTS for day in days])
    # Readings are whole watt-hours on the face, and customers without a curve are in the loss like a thief's.
    through, curves = supply[kept], shown[kept][:, trouble.silent :].round()
    if trouble.roofs and in_the_dark:
        through, curves = loss_leads.of_the_dark(through), loss_leads.of_the_dark(curves)
    told = loss_leads.attribute(through, curves, points_a_day=len(through) // len(days)).leads
    order = [one.column + trouble.silent for one in told]
    return order.index(thief) + 1 if thief in order else 0


def _first(trouble: Trouble, part: float = 0.3, areas: int = 40, *, in_the_dark: bool = True) -> int:
    return sum(_place(seed, trouble, part, in_the_dark) == 1 for seed in range(areas))


@pytest.mark.parametrize(
    ("trouble", "least"),
    [
        (Trouble(), 36), (Trouble(missing_days=5), 35), (Trouble(clock_off=0.07), 31), (Trouble(roofs=6), 33),
        (Trouble(silent=2), 23),
    ],
    ids=["errors of 1 %", "half of the days", "clocks a minute off", "a tenth has roofs", "two of sixty silent"],
)  # fmt: skip
def test_a_thief_of_thirty_percent_is_first_in_most_of_forty_areas(trouble: Trouble, least: int) -> None:
    assert _first(trouble) >= least


def test_roofs_hide_every_thief_by_day() -> None:
    assert _first(Trouble(roofs=6), areas=10, in_the_dark=False) <= 2


def test_clocks_minutes_off_hide_most_thieves() -> None:
    # A limit of the method, told in the how-to: the ranking is to be trusted where clocks are kept.
    assert _first(Trouble(clock_off=0.3), areas=20) <= 12
