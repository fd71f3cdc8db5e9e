"""The final bill of an account: how far it is, and what it comes to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from wandeng.domains.billing.models import BillShard
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class FinalBill:
    """The final bill of an account, or the draft of it: its run and that run's state. ``energy_ckwh`` and ``amount_fen`` are
    zero until it is priced; ``parked`` says why it cannot be."""

    run_id: int
    state: str
    month: Month
    ends_on: date
    energy_ckwh: int
    amount_fen: int
    parked: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether the customer may see and pay it."""
        return self.state == "PUBLISHED"


def final_bill(account: AccountId) -> FinalBill | None:
    """The last final bill of an account that was not thrown away; none where none was begun. The caller has found the account
    within a scope."""
    rows = BillShard.objects.select_related("run").filter(takes="FINAL", account_from=account)
    shard = rows.exclude(run__state="DISCARDED").order_by("-id").first()
    if shard is None or shard.ends_on is None:
        return None
    parked = (
        shard.exceptions.filter(state="PARKED").order_by("id").values_list("code", flat=True) if shard.parked else ()
    )
    return FinalBill(
        run_id=shard.run_id, state=shard.run.state, month=Month.from_index(shard.month_index), ends_on=shard.ends_on,
        energy_ckwh=shard.energy_ckwh, amount_fen=shard.amount_fen, parked=tuple(dict.fromkeys(parked)),
    )  # fmt: skip


def final_months(account: AccountId, ends_on: date, *, states: Collection[str]) -> frozenset[Month]:
    """The months whose final bill of an account, of those that end on a day, stands in one of some states."""
    shards = BillShard.objects.filter(takes="FINAL", account_from=account, ends_on=ends_on, run__state__in=states)
    return frozenset(Month.from_index(index) for index in shards.values_list("month_index", flat=True))
