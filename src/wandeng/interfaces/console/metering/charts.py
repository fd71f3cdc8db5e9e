"""Charts of metering, built in Python so that they can be tested; each has its figures as a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from wandeng.domains.metering.types import MeterReading

CKWH_PER_KWH = 100
QUARTERS_PER_HOUR = 4
LONGEST_DAYS = 130
"""The longest a bar may be of: two two-monthly readings, as ``frames.history`` looks back."""


def history(readings: Sequence[MeterReading]) -> dict[str, Any]:
    """Energy between readings, oldest first; estimates are lighter. What years of an unread meter came to is left out: it
    would dwarf everything."""
    shown = [row for row in reversed(readings) if row.energy_ckwh is not None and (row.days or 0) <= LONGEST_DAYS]
    return {
        "xAxis": {"type": "category", "data": [row.read_on.isoformat() for row in shown]},
        "yAxis": {"type": "value", "name": "kWh"},
        "series": [
            {
                "name": _("电量"),
                "type": "bar",
                "data": [
                    {"value": _kwh(row.energy_ckwh), "itemStyle": {"opacity": 0.45}}
                    if row.source == "ESTIMATE"
                    else _kwh(row.energy_ckwh)
                    for row in shown
                ],
            }
        ],
    }


def curve(points: Sequence[int | None], multiplier: int) -> dict[str, Any]:
    """Load of a day in kW by quarter hours; a gap is a gap."""
    return {
        "xAxis": {"type": "category", "data": [quarter(place) for place in range(len(points))], "boundaryGap": False},
        "yAxis": {"type": "value", "name": "kW"},
        "series": [
            {
                "name": _("负荷"),
                "type": "line",
                "showSymbol": False,
                "step": "end",
                "areaStyle": {"opacity": 0.12},
                "data": [None if wh is None else load_kw(wh, multiplier) for wh in points],
            }
        ],
    }


def load_kw(wh: int, multiplier: int) -> Any:
    """Mean power of a quarter hour in kW, from Wh on the face."""
    return wh * multiplier * QUARTERS_PER_HOUR / 1000


def quarter(place: int) -> str:
    """The time at which a quarter hour starts."""
    return f"{place // QUARTERS_PER_HOUR:02d}:{place % QUARTERS_PER_HOUR * 15:02d}"


def _kwh(ckwh: int | None) -> Any:
    return None if ckwh is None else ckwh / CKWH_PER_KWH
