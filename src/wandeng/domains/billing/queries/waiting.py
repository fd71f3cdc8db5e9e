"""Which parked accounts wait for something that others bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.calc.rating.frames import FindingCode
from wandeng.domains.billing.models import BillException
from wandeng.kernel.ids import RunId, UsagePointId
from wandeng.kernel.periods import Month

LONGEST_CYCLE = 12
"""Most months between the readings of a route."""


@dataclass(frozen=True, slots=True)
class WaitsForReading:
    """An account parked in a run because a usage point has no reading on a day."""

    run: RunId
    account_number: str
    usage_point: UsagePointId
    on: date


@dataclass(frozen=True, slots=True)
class WaitsForCurve:
    """An account parked in a run because a usage point's energy of a bill month is not known."""

    run: RunId
    unit_path: str
    month: Month
    account_id: int
    account_number: str
    usage_point: UsagePointId


def for_curves(*, unit_path: str, month: Month) -> tuple[WaitsForCurve, ...]:
    """Accounts of a unit parked for a missing reading in a bill that quarter hours of ``month`` may belong to: those of
    the month itself, and of the months whose reading day or cycle reaches back into it."""
    rows = BillException.objects.filter(
        code=FindingCode.MISSING_READING, state="PARKED", usage_point_id__isnull=False, account__unit__path=unit_path,
        shard__month_index__range=(month.index, month.plus(LONGEST_CYCLE).index),
    ).order_by("run_id", "account_id")  # fmt: skip
    named = rows.values_list(
        "run_id", "run__unit__path", "shard__month_index", "account_id", "account__account_number", "usage_point_id"
    ).distinct()
    return tuple(
        WaitsForCurve(RunId(run), path, Month.from_index(index), account, number, UsagePointId(point))
        for run, path, index, account, number, point in named
        if point
    )


def for_readings(*, from_on: date, to_on: date) -> tuple[WaitsForReading, ...]:
    """Accounts of all runs parked for a reading of a day ``from_on <= on <= to_on``."""
    rows = BillException.objects.filter(
        code=FindingCode.MISSING_READING, state="PARKED", on_date__range=(from_on, to_on), usage_point_id__isnull=False
    ).order_by("run_id", "account_id")
    named = rows.values_list("run_id", "account__account_number", "usage_point_id", "on_date")
    return tuple(
        WaitsForReading(RunId(run), number, UsagePointId(point), on) for run, number, point, on in named if point and on
    )
