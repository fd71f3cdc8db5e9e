"""Areas of which something is told: each role gives the loss it is named for, and the thief is found first."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from wandeng.calc import loss_leads
from wandeng.twin import losses
from wandeng.twin.losses import Area, Role

DAYS = [date(2026, 11, 2) + timedelta(days=passed) for passed in range(10)]
AREAS = [
    Area(f"T{n}", f"C{n}", 20, tuple((f"P{n}-{m}", 1) for m in range(30)), ((f"G{n}", 0, 500),) if n == 8 else ())
    for n in range(1, 9)
]  # fmt: skip
POINTS = [f"p{point:02d}" for point in range(96)]


def _cast(areas: list[Area] = AREAS) -> losses.Told:
    return losses.cast(areas, days=DAYS, rng=np.random.default_rng(3))


def _series(told: losses.Told, area: Area) -> tuple[np.ndarray, np.ndarray]:
    """Supply and customers of an area in Wh of the days that all of them tell."""

    def of(point: str) -> np.ndarray:
        rows = told.curves.filter(pl.col("usage_point") == point).select(pl.col(POINTS).cast(pl.Float64))
        values: np.ndarray = rows.to_numpy().reshape(-1) * 1000
        return values

    customers = np.column_stack([of(code) for code, _ in area.customers])
    return of(area.supply) * area.supply_multiplier, customers


def _rate(told: losses.Told, area: Area, fed: float = 0.0) -> float:
    supply, customers = _series(told, area)
    return float(1 - customers.sum() / (supply.sum() + fed))


def test_the_same_seed_gives_the_same_rows_in_columns_that_the_importers_take() -> None:
    told = _cast()
    assert told.curves.equals(_cast().curves)
    assert told.curves.columns == ["usage_point", "day", *POINTS]
    assert told.readings.columns == ["usage_point", "read_on", "total", "export"]


@pytest.mark.parametrize(
    ("role", "least", "most"),
    [
        (Role.THIEF, 0.07, 0.3), (Role.SMALL_THIEF, 0.07, 0.3), (Role.LOSES, 0.07, 0.4), (Role.GAINS, -0.5, -0.01),
        (Role.WRONG_RATIO, -0.6, -0.4),
    ],
)  # fmt: skip
def test_each_role_has_the_loss_it_is_named_for(role: Role, least: float, most: float) -> None:
    assert least < _rate(_cast(), AREAS[losses.ROLES.index(role)]) < most


def test_the_thief_is_found_first_and_an_honest_area_with_a_roof_loses_little() -> None:
    told = _cast()
    supply, customers = _series(told, AREAS[0])
    assert told.who[Role.THIEF] == AREAS[0].customers[0][0]
    assert loss_leads.attribute(supply, customers).leads[0].column == 0
    exports = told.readings.filter(pl.col("usage_point") == "G8")["export"].cast(pl.Float64)
    assert exports.is_sorted()
    assert len(exports) == len(DAYS) + 1
    assert exports[0] == 5.0
    assert 0.01 < _rate(told, AREAS[7], (exports[-1] - exports[0]) * 1000) < 0.06


def test_what_is_not_read_is_not_in_the_file() -> None:
    counts = dict(_cast().curves.group_by("usage_point").len().iter_rows())
    silent, thin = AREAS[losses.ROLES.index(Role.SUPPLY_SILENT)], AREAS[losses.ROLES.index(Role.METERS_SILENT)]
    assert counts[silent.supply] == len(DAYS) // 2
    assert sum(counts[code] < len(DAYS) for code, _ in thin.customers) > 0.05 * len(thin.customers)


def test_with_three_areas_nobody_is_left_without_a_mirror() -> None:
    assert set(_cast(AREAS[:3]).who) == {Role.THIEF}
    assert set(_cast(AREAS[:4]).who) == {Role.THIEF, Role.LOSES, Role.GAINS}
