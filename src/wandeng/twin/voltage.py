"""Voltage of the county: bars of substations, ends of areas, one low in the evening, one high at noon, and devices that fail."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from wandeng.twin.county import Plan

DAYS = 45
AREAS = 24
SLOTS = 96
POINT_COLUMNS = (
    "code", "name", "unit", "voltage_class", "area", "nominal_volts", "upper_volts", "lower_volts", "transformer",
    "usage_point", "valid_from", "valid_to",
)  # fmt: skip
READING_COLUMNS = ("point", "day", *(f"v{slot:02d}" for slot in range(SLOTS)))
LOW, HIGH, FAULTY = 2, 5, 8
"""Places of the areas whose end is low in the evening, whose sun lifts it at noon, whose device fails now and then."""


def points(plan: Plan, sections: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of kind ``voltage-points``: a bar of every substation (A), and the end of areas all over the county (D)."""
    since = plan.freezes[0].isoformat()
    rows = [
        (f"DY-{code}", f"{name}10kV母线", unit, "A类", "城市", "10000", "", "", "", "", since, "")
        for code, name, unit in sections["substation"].select("code", "name", "unit").iter_rows()
    ]
    units = dict(sections["feeder"].select("code", "unit").iter_rows())
    areas = sections["transformer"].filter(pl.col("ownership") == "PUBLIC").sort("code")
    step = max(1, areas.height // AREAS)
    for place, (code, name, feeder) in enumerate(
        areas.gather_every(step).select("code", "name", "feeder").head(AREAS).iter_rows()
    ):
        area = "农村" if place % 3 else "城市"
        rows.append((f"DY-{code}", f"{name}末端", units[feeder], "D类", area, "220", "", "", code, "", since, ""))
    return pl.DataFrame(rows, list(POINT_COLUMNS), orient="row")


def readings(plan: Plan, found: pl.DataFrame) -> pl.DataFrame:
    """Rows of kind ``voltage-readings`` of the last days before the last frozen reading; the same plan, the same rows."""
    rng = plan.rng("voltage")
    last = plan.freezes[-1]
    days = [last - timedelta(days=back) for back in range(DAYS, 0, -1)]
    rows: list[tuple[str, ...]] = []
    ends = 0
    for code, voltage_class in found.select("code", "voltage_class").iter_rows():
        is_end = voltage_class == "D类"
        for day in days:
            volts = _end(rng, ends, day) if is_end else _bar(rng)
            rows.append((code, day.isoformat(), *volts))
        ends += is_end
    return pl.DataFrame(rows, list(READING_COLUMNS), orient="row")


def _bar(rng: np.random.Generator) -> list[str]:
    """A bar at 10.2 to 10.6 kV; now and then a reading counted twice, or none."""
    volts = 10_400 + 120 * np.sin(np.arange(SLOTS) / SLOTS * 2 * np.pi) + rng.normal(0, 25, SLOTS)
    if rng.random() < 0.05:
        volts[rng.integers(SLOTS)] *= 2
    return _texts(volts)


def _end(rng: np.random.Generator, place: int, day: date) -> list[str]:
    """The end of an area: lower in the evening, the more so at weekends."""
    hour = np.arange(SLOTS) / 4
    evening, noon = np.exp(-(((hour - 20) / 1.8) ** 2)), np.exp(-(((hour - 12.5) / 2) ** 2))
    depth = 34.0 if place == LOW else 9.0
    volts = 226 - depth * evening * (1.1 if day.weekday() > 4 else 1.0) + rng.normal(0, 0.8, SLOTS)
    if place == HIGH:
        volts += 14 * noon * rng.uniform(0.5, 1.0)
    if place == FAULTY:
        volts = _failing(rng, volts)
    return _texts(volts)


def _failing(rng: np.random.Generator, volts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Readings that are none: gaps, zeros, a device that tells the same for hours."""
    start = int(rng.integers(SLOTS - 24))
    match int(rng.integers(5)):
        case 0:
            volts[start : start + 6] = np.nan
        case 1:
            volts[start : start + 2] = 0
        case 2:
            volts[start : start + 20] = volts[start]
        case _:
            pass
    return volts


def _texts(volts: npt.NDArray[np.float64]) -> list[str]:
    return ["" if np.isnan(one) else f"{one:.1f}" for one in volts]
