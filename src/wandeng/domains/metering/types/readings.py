"""Readings, their limits and batches, as other domains exchange them with metering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

import pyarrow as pa

from wandeng.calc.timetable import Timetable
from wandeng.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Registers:
    """What a meter shows: 0.01 kWh and 0.01 kvarh on its face; ``None`` where it has no such register.

    ``demand_e4`` is the highest demand since the last reading, 10⁻⁴ kW before the multiplier.
    """

    total_ckwh: int
    sharp_ckwh: int | None = None
    peak_ckwh: int | None = None
    valley_ckwh: int | None = None
    deep_ckwh: int | None = None
    reactive_ckvarh: int | None = None
    reactive_export_ckvarh: int | None = None
    export_ckwh: int | None = None
    demand_e4: int | None = None

    def __post_init__(self) -> None:
        negative = [name for name, value in asdict(self).items() if value is not None and value < 0]
        if negative:
            raise InvalidInput(f"a register never shows less than zero: {', '.join(negative)}")

    def columns(self) -> dict[str, int | None]:
        """The values under their column names."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Current and voltage transformers in front of a meter (互感器), e.g. CT 100/5 and PT 10000/100.

    >>> Ratio(100, 5, 10_000, 100).multiplier
    2000
    """

    ct_primary_a: int | None = None
    ct_secondary_a: int | None = None
    pt_primary_v: int | None = None
    pt_secondary_v: int | None = None

    @property
    def multiplier(self) -> int:
        """CT × PT, 1 for what is not there. Raises :class:`InvalidInput` for half a pair or a broken number."""
        product = 1
        for name, above, below in (
            ("CT", self.ct_primary_a, self.ct_secondary_a),
            ("PT", self.pt_primary_v, self.pt_secondary_v),
        ):
            if above is None and below is None:
                continue
            if not above or not below or above % below:
                raise InvalidInput(f"{name} {above}/{below} gives no whole ratio")
            product *= above // below
        return product

    def columns(self) -> Mapping[str, int | None]:
        """The values under their column names."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """When a reading is not believed at once: its daily energy is ``jump_factor_e4`` / 10⁴ times that of the reading
    before, and its energy at least ``jump_floor_ckwh`` (at the meter × multiplier) above what was to be expected.
    Neither is law; see ``rules.reading_limits``."""

    jump_factor_e4: int
    jump_floor_ckwh: int


@dataclass(frozen=True, slots=True)
class EntryLimits:
    """What a reading that a person types is held against: the limits of every reading, the contract capacity for
    ``hours_per_day`` hours a day, and whether a first zero waits."""

    reading: ReadingLimits
    hours_per_day: int
    zero_is_held: bool


class HoldReason:
    """Why a reading waits for a person (``Reading.hold_reason``), in the order in which it is looked for.

    ``OVER_CAPACITY`` and ``ZERO`` are looked for where a person types a reading and can look again at once; in a file they
    are left to the checks of the bill run.
    """

    FUTURE_DATE = "FUTURE_DATE"
    BEFORE_LAST = "BEFORE_LAST"
    PERIOD_MISSING = "PERIOD_MISSING"
    LOWER_THAN_LAST = "LOWER_THAN_LAST"
    PERIODS_EXCEED_TOTAL = "PERIODS_EXCEED_TOTAL"
    OVER_MODULUS = "OVER_MODULUS"
    OVER_CAPACITY = "OVER_CAPACITY"
    JUMP = "JUMP"
    ZERO = "ZERO"


HOLD_REASONS_ZH = {
    HoldReason.FUTURE_DATE: "抄表日期在未来",
    HoldReason.BEFORE_LAST: "早于最近一次抄表",
    HoldReason.PERIOD_MISSING: "缺少分时示数",
    HoldReason.LOWER_THAN_LAST: "示数小于上次且非翻转",
    HoldReason.PERIODS_EXCEED_TOTAL: "分时之和大于总",
    HoldReason.OVER_MODULUS: "超出电能表位数",
    HoldReason.OVER_CAPACITY: "电量超过合同容量",
    HoldReason.JUMP: "电量突增",
    HoldReason.ZERO: "有用电户首次零电量",
}


class Unrecorded:
    """Why a row of a batch was not stored at all (the ``code`` of :data:`REFUSED_READINGS`)."""

    UNKNOWN_INSTALLATION = "UNKNOWN_INSTALLATION"
    NOT_HUNG = "NOT_HUNG"
    TWICE = "TWICE"
    DIFFERS = "DIFFERS"
    NO_TOTAL = "NO_TOTAL"
    NEGATIVE = "NEGATIVE"


REGISTERS = (
    "total_ckwh",
    "sharp_ckwh",
    "peak_ckwh",
    "valley_ckwh",
    "deep_ckwh",
    "reactive_ckvarh",
    "reactive_export_ckvarh",
    "export_ckwh",
)
"""Columns of a reading that only ever count up (and roll over); the demand does not."""

READING_BATCH = pa.schema(
    [
        ("row", pa.int64()),  # the caller's own number of the row, handed back with refusals
        ("installation_id", pa.int64()),
        ("read_on", pa.date32()),
        *[(name, pa.int64()) for name in REGISTERS],
        ("demand_e4", pa.int64()),
    ]
)
"""What ``actions.record_readings`` takes; register columns may be missing, except the total."""

REFUSED_READINGS = pa.schema(
    [
        ("row", pa.int64()),
        ("installation_id", pa.int64()),
        ("read_on", pa.date32()),
        ("code", pa.string()),
        ("found_ckwh", pa.int64()),  # the total of the row
        ("stored_ckwh", pa.int64()),  # DIFFERS: the total that stands
    ]
)


@dataclass(frozen=True, slots=True)
class RecordedReadings:
    """What became of a batch. ``refused`` has the columns of :data:`REFUSED_READINGS`: nothing of them was stored.
    ``unchanged_rows`` are the rows that said what stands already."""

    accepted: int
    held: int
    unchanged: int
    refused: pa.Table
    unchanged_rows: pa.Array = field(default_factory=lambda: pa.array([], pa.int64()))


ESTIMATES = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("read_on", pa.date32()),
        ("total_ckwh", pa.int64()),  # null: no history to estimate from, nothing was stored
        ("consecutive", pa.int32()),  # this one included
    ]
)
"""What ``actions.estimate_missing`` returns, one row for each missing reading."""


@dataclass(frozen=True, slots=True)
class HeldReading:
    """A reading that waits for a person, beside the one it follows."""

    reading_id: int
    account_number: str
    usage_point: str
    asset_number: str
    read_on: date
    total_ckwh: int
    previous_on: date | None
    previous_ckwh: int | None
    multiplier: int | None
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """One reading of a usage point's history; superseded ones are shown too."""

    reading_id: int
    asset_number: str
    read_on: date
    total_ckwh: int
    source: str
    state: str
    hold_reason: str
    is_current: bool
    supersedes: int | None
    actor: str


@dataclass(frozen=True, slots=True)
class CurveSchedules:
    """How the quarter hours of points billed from curves fall into periods; the caller knows their prices, metering not.

    ``of_point``: usage_point_id int64, valid_from and valid_to date32, schedule int32 (a number of the timetable's;
    null: priced by period, but no rule tells the periods of these days). Days of a point without a row have no periods,
    and a point without any row gets totals only.
    """

    of_point: pa.Table
    timetable: Timetable
