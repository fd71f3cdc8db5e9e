"""What billing has to say about one account: its bills with every revision, and what is parked for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wandeng.domains.billing import standing
from wandeng.domains.billing.models import Bill, BillException
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month

UNIT = "account__unit__path"


@dataclass(frozen=True, slots=True)
class BillOfAccount:
    """A bill of an account. ``stands``: it is what the customer owes for the month, nothing cancels it."""

    number: int
    month: Month
    revision: int
    kind: str
    run_id: int
    run_state: str
    made_at: datetime
    period_from: date
    period_to: date
    energy_ckwh: int
    amount_fen: int
    due_on: date
    stands: bool


@dataclass(frozen=True, slots=True)
class OpenHold:
    """Something of an account that bill runs wait for a person about."""

    exception_id: int
    run_id: int
    month: Month
    code: str
    found: int | None
    limit: int | None
    on: date | None


def bills_of_account(
    scope: Scope, account_number: str, *, last: Month, count: int, published: bool = False
) -> tuple[BillOfAccount, ...]:
    """All bills of an account for ``count`` months up to ``last``, newest first, cancelled and cancelling ones too;
    with ``published`` only those that customers may see."""
    bills = standing.bills_of(scope, account_number, [last.plus(-back) for back in range(count)])
    if published:
        bills = [bill for bill in bills if bill.shard.run.state == "PUBLISHED"]
    valid = {bill.pk for bill in standing.standing(bills)}
    return tuple(_bill(bill, bill.pk in valid) for bill in reversed(bills))


def open_holds(scope: Scope, account_number: str) -> tuple[OpenHold, ...]:
    """What is parked of an account in runs that are not over, newest first."""
    rows = BillException.objects.filter(account__account_number=account_number, state="PARKED")
    waiting = scope.limit(rows.exclude(run__state__in=["PUBLISHED", "DISCARDED"]), UNIT)
    return tuple(
        OpenHold(row.pk, row.run_id, Month.parse(row.run.month), row.code, row.found, row.limit_value, row.on_date)
        for row in waiting.select_related("run").order_by("-id")
    )


def _bill(bill: Bill, stands: bool) -> BillOfAccount:
    run = bill.shard.run
    return BillOfAccount(
        number=bill.pk,
        month=Month.from_index(bill.month_index),
        revision=bill.revision,
        kind=bill.kind,
        run_id=run.pk,
        run_state=run.state,
        made_at=run.created_at,
        period_from=bill.period_from,
        period_to=bill.period_to,
        energy_ckwh=bill.energy_ckwh,
        amount_fen=bill.amount_fen,
        due_on=bill.due_on,
        stands=stands,
    )
