"""Which period of the day a quarter hour belongs to: the columns that tell it, for curves and for those who compile them
from rules."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

SCHEDULE = pa.schema(
    [
        ("schedule", pa.int32()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("month_mask", pa.int16()),         # bit m-1 set: the row holds in month m
        ("start_point", pa.int16()),        # quarter hour 0..95, first of the span
        ("end_point", pa.int16()),          # 1..96, first after the span
        ("period", pa.int8()),              # rating.frames.Measure: SHARP, PEAK, FLAT, VALLEY, DEEP
    ]
)  # fmt: skip
"""The rows of a schedule tile every day on which it holds."""

SPECIAL_DAYS = pa.schema(
    [
        ("schedule", pa.int32()),
        ("on", pa.date32()),
        ("start_point", pa.int16()),
        ("end_point", pa.int16()),
        ("period", pa.int8()),
    ]
)
"""Days with spans of their own (sharp days, holidays with deep valleys): they replace the whole of the days they name."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """Schedules by number: ``spans`` (SCHEDULE) and ``special_days`` (SPECIAL_DAYS). ``incomplete`` are the numbers of
    those for which more special days may have been declared than are listed."""

    spans: pa.Table = field(default_factory=SCHEDULE.empty_table)
    special_days: pa.Table = field(default_factory=SPECIAL_DAYS.empty_table)
    incomplete: tuple[int, ...] = ()
