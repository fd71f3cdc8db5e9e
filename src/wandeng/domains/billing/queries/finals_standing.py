"""The final bills of an account that count: not thrown away, and cancelled by nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.domains.billing.models import Bill, BillShard
from wandeng.domains.billing.types import BillKind
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import Month

IN_THE_BOOKS = ("POSTED", "PUBLISHED")


@dataclass(frozen=True, slots=True)
class StandingFinal:
    """A final bill or the draft of one: its run, its bill once there is one (0 before), its month, its day of the end."""

    run_id: int
    bill_id: int
    month: Month
    ends_on: date
    is_draft: bool


def standing_finals(account: AccountId) -> tuple[StandingFinal, ...]:
    """Final bills of an account, the oldest first. The caller has found the account within a scope."""
    rows = BillShard.objects.filter(takes="FINAL", account_from=account, ends_on__isnull=False).order_by("id")
    found = [
        StandingFinal(shard.run_id, shard.first_bill_id, Month.from_index(shard.month_index), shard.ends_on, is_draft)
        for shard in rows.exclude(run__state="DISCARDED").select_related("run")
        if shard.ends_on and ((is_draft := shard.run.state not in IN_THE_BOOKS) or shard.bills)
    ]
    bills = [one.bill_id for one in found]
    gone = Bill.objects.filter(corrects_id__in=bills, kind=BillKind.CANCELLATION).values_list("corrects_id", flat=True)
    cancelled = set(gone) if bills else set()
    return tuple(one for one in found if one.bill_id not in cancelled)
