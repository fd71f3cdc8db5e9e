"""Which parked accounts wait for something that others bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.calc.rating.frames import FindingCode
from wandeng.domains.billing.models import BillException
from wandeng.kernel.ids import RunId, UsagePointId


@dataclass(frozen=True, slots=True)
class WaitsForReading:
    """An account parked in a run because a usage point has no reading on a day."""

    run: RunId
    account_number: str
    usage_point: UsagePointId
    on: date


def for_readings(*, from_on: date, to_on: date) -> tuple[WaitsForReading, ...]:
    """Accounts of all runs parked for a reading of a day ``from_on <= on <= to_on``."""
    rows = BillException.objects.filter(
        code=FindingCode.MISSING_READING, state="PARKED", on_date__range=(from_on, to_on), usage_point_id__isnull=False
    ).order_by("run_id", "account_id")
    named = rows.values_list("run_id", "account__account_number", "usage_point_id", "on_date")
    return tuple(
        WaitsForReading(RunId(run), number, UsagePointId(point), on) for run, number, point, on in named if point and on
    )
