"""Major event days (重大事件日) by 2.5 beta. Source: IEEE 1366, annex B."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import exp, log
from statistics import mean, stdev

LEAST_DAYS = 2
"""A standard deviation needs two values."""


def major_day_limit(daily_saidi: Iterable[float], beta: Decimal) -> float | None:
    """T_MED from the daily SAIDI of earlier years (up to five): exp(mean + ``beta`` × standard deviation) of the natural
    logarithms, days without interruption left out. In the unit of what is given; ``None`` for fewer than two days.

    >>> round(major_day_limit([1.0, 2.718281828459045], Decimal("2.5")), 3)  # mean 0.5, deviation 0.7071
    9.658
    """
    logs = [log(value) for value in daily_saidi if value > 0]
    if len(logs) < LEAST_DAYS:
        return None
    return exp(mean(logs) + float(beta) * stdev(logs))
