"""A late reading frees the bills that wait for it: parked accounts are mended, and the next pricing takes them up."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from wandeng.calc.rating.frames import FindingCode
from wandeng.domains.billing.actions import exceptions
from wandeng.domains.billing.queries import waiting
from wandeng.domains.metering import queries as metering
from wandeng.infra.events import Body
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.ids import RunId

REASON = "示数已到 the missing reading has arrived"


def mend_missing_readings(body: Body, now: datetime) -> None:
    """Mark the accounts mended whose missing reading is among the accepted ones. Twice is once: a mended account no
    longer waits."""
    days = {"from_on": date.fromisoformat(body["from_on"]), "to_on": date.fromisoformat(body["to_on"])}
    arrived: dict[RunId, list[str]] = defaultdict(list)
    for wait in waiting.for_readings(**days):
        if metering.is_read(usage_point=wait.usage_point, on=wait.on):
            arrived[wait.run].append(wait.account_number)
    for run, numbers in arrived.items():
        exceptions.accept(
            run=run, code=FindingCode.MISSING_READING, account_numbers=numbers, reason=REASON, actor=SYSTEM, at=now
        )
