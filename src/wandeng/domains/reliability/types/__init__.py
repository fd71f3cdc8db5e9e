"""Values that other domains and the doors get from reliability."""

from wandeng.domains.reliability.types.figures import (
    AccountHistory,
    Analysis,
    AreaYear,
    By,
    Counts,
    CustomerYear,
    Experienced,
    IndexRow,
    MajorDay,
    Standouts,
)
from wandeng.domains.reliability.types.recorded import (
    Cause,
    Facts,
    InterruptionKind,
    InterruptionRecorded,
    InterruptionShown,
    Repeats,
    Step,
    StepShown,
    StepsOverlap,
    Voltage,
)

__all__ = [
    "AccountHistory",
    "Analysis",
    "AreaYear",
    "By",
    "Cause",
    "Counts",
    "CustomerYear",
    "Experienced",
    "Facts",
    "IndexRow",
    "InterruptionKind",
    "InterruptionRecorded",
    "InterruptionShown",
    "MajorDay",
    "Repeats",
    "Standouts",
    "Step",
    "StepShown",
    "StepsOverlap",
    "Voltage",
]
