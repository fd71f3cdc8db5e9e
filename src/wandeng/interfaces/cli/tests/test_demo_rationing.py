"""Readings of a demonstration's rationing order let anyone compute what was saved, and one of three gave up too little."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import polars as pl

from wandeng.interfaces.cli import demo_rationing as demo

ON = date(2026, 10, 27)


def saved_kw(given: float, scale: Fraction) -> float:
    """Mean of the working days before less the day itself, from ten to two, in kW of the customer."""
    days = [ON - timedelta(days=back) for back in range(5, -1, -1)]
    rows = demo.loads("M1", days, scale=scale, given=given, rng=np.random.default_rng(1))
    taken = rows.select(
        pl.sum_horizontal(pl.col(f"p{point:02d}").cast(pl.Float64) for point in range(40, 56))
    ).to_series()
    return (float(taken[:-1].mean()) - float(taken[-1])) / 4 / float(scale)


def test_what_was_given_up_stands_in_the_readings() -> None:
    assert abs(saved_kw(1.0, Fraction(1)) - demo.SHED_KW) < 12
    assert abs(saved_kw(0.5, Fraction(1, 80)) - demo.SHED_KW / 2) < 12
    assert demo.loads("M1", [ON], scale=Fraction(1, 80), given=1, rng=np.random.default_rng(1)).width == 2 + demo.POINTS
