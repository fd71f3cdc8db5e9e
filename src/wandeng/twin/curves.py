"""A month of 96-point curves for part of the county, in the columns of the curves file."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from wandeng.twin.county import Plan

POINTS = 96


def curves(
    plan: Plan, meters: pl.DataFrame, faces: np.ndarray, billed: np.ndarray, share: float = 0.01
) -> pl.DataFrame:
    """One row per meter and day for the rows ``billed`` by their curves and, as a sample, every ``1/share``-th meter; the
    days of the month add up to its register."""
    rng = plan.rng("curves")
    month = plan.curve_month
    column = plan.freezes.index(month.first)
    chosen = np.union1d(np.arange(0, meters.height, max(1, round(1 / share))), billed)
    modulus = 10 ** (meters["digits"].to_numpy()[chosen] + 2)
    energy_wh = ((faces[chosen, column + 1] - faces[chosen, column]) % modulus) * 10
    hour = np.arange(POINTS) / 4
    shape = 0.35 + 0.5 * np.exp(-((hour - 20) ** 2) / 8) + 0.3 * np.exp(-((hour - 12) ** 2) / 10)
    frames = []
    weights = shape[None, None, :] * rng.lognormal(0, 0.25, (len(chosen), month.days, POINTS))
    weights /= weights.sum(axis=(1, 2), keepdims=True)
    # Rounded running sums, so that the quarter-hours of a month add up to what the register showed.
    running = (weights.reshape(len(chosen), -1).cumsum(axis=1) * energy_wh[:, None]).round().astype(np.int64)
    wh = np.diff(running, axis=1, prepend=0).reshape(len(chosen), month.days, POINTS)
    asset = meters["asset_number"].gather(chosen.tolist())
    for day in range(month.days):
        values = wh[:, day, :]
        text = {f"p{point:02d}": thousandths(pl.Series(values[:, point])) for point in range(POINTS)}
        on = (month.first + timedelta(days=day)).isoformat()
        frames.append(pl.DataFrame({"asset_number": asset, "day": [on] * len(chosen), **text}))
    return pl.concat(frames)


def thousandths(values: pl.Series) -> pl.Series:
    """Watt-hours as kWh with three decimals."""
    return (values // 1000).cast(pl.String) + "." + (values % 1000).cast(pl.String).str.zfill(3)
