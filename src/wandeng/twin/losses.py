"""Quarter hours of transformer areas whose loss tells something: a thief, two customers booked to each other's area, a supply
meter that was not read, one with a wrong current transformer, an area in which meters stay silent.

The physics is that of an area: what flows is the sum of what is really used, wires lose with its square, the transformer loses
all the time; the supply meter shows all of it. What differs is which meter tells how much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from wandeng.twin.curves import POINTS, thousandths

Wh = npt.NDArray[np.float64]

STOLEN = {"THIEF": 0.6, "SMALL_THIEF": 0.45}
"""How much of the true use the meter of a thief does not show."""
LARGE = 9.0
"""What a small workshop uses against a home; thieves and customers of the wrong area are such."""
SILENT_EVERY = 8
"""Every so manieth meter of an area with bad collection is silent."""


class Role(StrEnum):
    """What is the matter with an area."""

    HONEST = "HONEST"
    THIEF = "THIEF"
    SMALL_THIEF = "SMALL_THIEF"
    LOSES = "LOSES"
    GAINS = "GAINS"
    WRONG_RATIO = "WRONG_RATIO"
    SUPPLY_SILENT = "SUPPLY_SILENT"
    METERS_SILENT = "METERS_SILENT"


ROLES = (Role.THIEF, Role.WRONG_RATIO, Role.LOSES, Role.GAINS, Role.SUPPLY_SILENT, Role.SMALL_THIEF, Role.METERS_SILENT)
"""In the order in which areas take them; what is left is honest. The two that mirror each other follow each other."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area: the points of its customers and of its supply meter with their multipliers, and of its roofs with the registers from
    which they count on (0.01 kWh: total, export). ``customers`` is not empty."""

    code: str
    supply: str
    supply_multiplier: int
    customers: tuple[tuple[str, int], ...]
    roofs: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Rows of the curves file and of the readings file (roofs: curves carry no feeding in), and at which point what happens
    (role → point code)."""

    curves: pl.DataFrame
    readings: pl.DataFrame
    who: dict[Role, str]


def cast(areas: Sequence[Area], *, days: Sequence[date], rng: np.random.Generator) -> Told:
    """Let ``days`` pass in ``areas``, the first of which take the roles. The pair that mirrors each other needs both."""
    roles = list(ROLES[: len(areas)])
    if roles and roles[-1] is Role.LOSES:
        roles[-1] = Role.SUPPLY_SILENT
    roles += [Role.HONEST] * (len(areas) - len(roles))
    used = [_used(len(area.customers), len(days), rng) for area in areas]
    who: dict[Role, str] = {}
    for area, role, wh in zip(areas, roles, used, strict=True):
        if role in (Role.THIEF, Role.SMALL_THIEF, Role.LOSES, Role.GAINS):
            # The customer of the area that gains is the large one of the two: it hangs behind the other transformer.
            wh[:, 0] *= LARGE * (0.1 if role is Role.LOSES else 1.0)
            who[role] = area.customers[0][0]
    flows = [wh.copy() for wh in used]
    if Role.GAINS in roles:
        loses, gains = roles.index(Role.LOSES), roles.index(Role.GAINS)
        flows[loses][:, 0], flows[gains][:, 0] = used[gains][:, 0], used[loses][:, 0]
    parts, readings = [], []
    for area, role, wh, flow in zip(areas, roles, used, flows, strict=True):
        fed = _fed(len(area.roofs), len(days), rng)
        parts.append(_area(area, role, wh, flow.sum(axis=1) - fed.sum(axis=1), days, rng))
        readings += _read(area, fed, days)
    columns = {"usage_point": pl.String, "read_on": pl.String, "total": pl.String, "export": pl.String}
    return Told(pl.concat(parts), pl.DataFrame(readings, columns, orient="row"), who)


def _used(customers: int, days: int, rng: np.random.Generator) -> Wh:
    """Wh of each quarter hour (rows) and customer (columns): an evening and a noon of their own, switched loads on top."""
    hour = np.arange(POINTS * days) % POINTS / 4
    evening, noon = rng.normal(20, 1.5, customers), rng.normal(12, 1, customers)
    shape = 0.2 + np.exp(-((hour[:, None] - evening) ** 2) / 8) + 0.6 * np.exp(-((hour[:, None] - noon) ** 2) / 6)
    used: Wh = 70 * rng.lognormal(0, 0.5, customers) * shape * rng.lognormal(0, 0.6, (POINTS * days, customers))
    return used


def _fed(roofs: int, days: int, rng: np.random.Generator) -> Wh:
    """Wh that roofs feed in: a few kWh at noon, the less the cloudier the day."""
    hour = np.arange(POINTS * days) % POINTS / 4
    clear = rng.uniform(0.3, 1.0, days).repeat(POINTS)
    sun = np.clip(np.cos((hour - 12) / 12 * np.pi * 1.1), 0, None) * clear
    fed: Wh = sun[:, None] * rng.uniform(300, 700, roofs)
    return fed


def _read(area: Area, fed: Wh, days: Sequence[date]) -> list[tuple[str, str, str, str]]:
    """Registers of the roofs at every midnight from the first day to the day after the last."""
    rows = []
    for (point, total, export), wh in zip(area.roofs, fed.T, strict=True):
        ckwh = np.concatenate([[0], wh.reshape(len(days), POINTS).sum(axis=1).cumsum() / 10]).round().astype(int)
        for day, gained in zip([*days, days[-1] + timedelta(days=1)], ckwh.tolist(), strict=True):
            rows.append((point, day.isoformat(), f"{total / 100:.2f}", f"{(export + gained) / 100:.2f}"))
    return rows


def _area(
    area: Area, role: Role, used: Wh, through: Wh, days: Sequence[date], rng: np.random.Generator
) -> pl.DataFrame:
    size = np.abs(through).mean()
    supply = (through + 0.02 * through**2 / size + 0.01 * size) * rng.normal(1, 0.002, len(through))
    shown = used * rng.normal(1, 0.004, used.shape[1])
    if role in STOLEN:
        shown[:, 0] *= 1 - STOLEN[role]
    if role is Role.WRONG_RATIO:
        supply = supply / 1.5
    multipliers = np.array([multiplier for _, multiplier in area.customers])
    faces = np.column_stack([supply / area.supply_multiplier, shown / multipliers])
    points = [area.supply, *(code for code, _ in area.customers)]
    told = np.ones((len(days), len(points)), dtype=bool)
    if role is Role.SUPPLY_SILENT:
        told[len(days) // 2 :, 0] = False
    if role is Role.METERS_SILENT:
        told[-3:, 1::SILENT_EVERY] = False
    return _rows(points, faces, told, days)


def _rows(points: Sequence[str], faces: Wh, told: npt.NDArray[np.bool_], days: Sequence[date]) -> pl.DataFrame:
    """Rounded running sums, so that the quarter hours of the days add up to what a register would show."""
    wh = np.diff(faces.cumsum(axis=0).round(), axis=0, prepend=0).astype(np.int64)
    by_day = wh.reshape(len(days), POINTS, len(points)).transpose(0, 2, 1).reshape(-1, POINTS)
    values = {f"p{point:02d}": thousandths(pl.Series(by_day[:, point])) for point in range(POINTS)}
    rows = pl.DataFrame(
        {
            "usage_point": list(points) * len(days),
            "day": [day.isoformat() for day in days for _ in points],
            **values,
        }
    )
    return rows.filter(pl.Series(told.reshape(-1)))
