"""Columns of metering: points and their billing periods, readings as rating wants them, curves.

``points``, ``periods``: who is billed from when to when. ``reads``, ``reads_for_period``: registers at both ends.
``points_and_installations``: points with what ``reads`` can be given, so that installations are read once for both.
``append_intervals``, ``intervals``, ``interval_gaps``, ``points_with_whole_curves``: the Parquet store of 96-point curves.
``daily_energies``: energy of one day of every meter behind a unit's transformers, from registers or curves.
``span_energies``: energy of some days together of every meter behind a unit's transformers, from registers at both ends.
``supply_energy``: kWh of the master meters (考核表) of transformer areas.
"""

from wandeng.domains.metering.frames.daily import daily_energies
from wandeng.domains.metering.frames.gaps import GAPS, interval_gaps, points_with_whole_curves
from wandeng.domains.metering.frames.intervals import INTERVALS, append_intervals, intervals
from wandeng.domains.metering.frames.points import POINT_PERIODS, periods, points, points_and_installations
from wandeng.domains.metering.frames.registers import reads, reads_for_period
from wandeng.domains.metering.frames.spans import span_energies
from wandeng.domains.metering.frames.supply import supply_energy

__all__ = [
    "GAPS",
    "INTERVALS",
    "POINT_PERIODS",
    "append_intervals",
    "daily_energies",
    "interval_gaps",
    "intervals",
    "periods",
    "points",
    "points_and_installations",
    "points_with_whole_curves",
    "reads",
    "reads_for_period",
    "span_energies",
    "supply_energy",
]
