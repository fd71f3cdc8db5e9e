"""A late reading or curve frees the bills that wait for it: parked accounts are mended, and the next pricing takes them
up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from wandeng.calc.rating.frames import FindingCode
from wandeng.domains.billing.actions import exceptions
from wandeng.domains.billing.queries import waiting
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering import frames as metering_frames
from wandeng.domains.metering import queries as metering
from wandeng.infra.columns import ColumnStore
from wandeng.infra.events import Body
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

REASON = "示数已到 the missing reading has arrived"
CURVE_REASON = "曲线已齐 the missing quarter hours have arrived"


def mend_missing_readings(body: Body, now: datetime) -> None:
    """Mark the accounts mended whose missing reading is among the accepted ones. Twice is once: a mended account no
    longer waits."""
    days = {"from_on": date.fromisoformat(body["from_on"]), "to_on": date.fromisoformat(body["to_on"])}
    arrived: dict[RunId, list[str]] = defaultdict(list)
    for wait in waiting.for_readings(**days):
        if metering.is_read(usage_point=wait.usage_point, on=wait.on):
            arrived[wait.run].append(wait.account_number)
    _mend(arrived, REASON, now)


def mend_missing_curves(body: Body, now: datetime) -> None:
    """Mark the accounts mended that waited for quarter hours of the unit and month, and lack none any more. Twice is
    once."""
    month = Month.of(date.fromisoformat(body["from_on"]))
    arrived: dict[RunId, list[str]] = defaultdict(list)
    by_bill = attrgetter("run", "unit_path", "month")
    waits = sorted(waiting.for_curves(unit_path=body["unit_path"], month=month), key=by_bill)
    with ColumnStore() as store:
        for (run, unit_path, billed), some in groupby(waits, key=by_bill):
            accounts = list(some)
            ids = [wait.account_id for wait in accounts]
            whole = metering_frames.points_with_whole_curves(
                store,
                accounts=AccountSet(min(ids), max(ids) + 1, unit_path),
                usage_points=[wait.usage_point for wait in accounts],
                month=billed,
            )
            arrived[run] += [wait.account_number for wait in accounts if wait.usage_point in set(whole)]
    _mend(arrived, CURVE_REASON, now)


def _mend(arrived: Mapping[RunId, Sequence[str]], reason: str, now: datetime) -> None:
    for run, numbers in arrived.items():
        if numbers:
            exceptions.accept(
                run=run, code=FindingCode.MISSING_READING, account_numbers=numbers, reason=reason, actor=SYSTEM, at=now
            )
