"""Single bills by their number: where they belong, which months there are, and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.billing import standing
from wandeng.domains.billing.models import Bill, BillCorrection
from wandeng.domains.billing.queries.compare import Comparison, compare
from wandeng.domains.billing.queries.explain import explain, explain_all
from wandeng.domains.billing.types import BillExplanation
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month

UNIT = "account__unit__path"


@dataclass(frozen=True, slots=True)
class BillKey:
    """What a bill number stands for."""

    number: int
    account_number: str
    month: Month
    revision: int


@dataclass(frozen=True, slots=True)
class MonthBilled:
    """The bill of a month that stands, or the last of all where none does (``stands`` is then false)."""

    number: int
    month: Month
    days: int
    energy_ckwh: int
    amount_fen: int
    stands: bool


@dataclass(frozen=True, slots=True)
class CorrectionMade:
    """A decision to correct a month of an account, with both persons and how far its run is. ``energy_ckwh`` and
    ``amount_fen`` are what an adjustment was given as."""

    run_id: int
    run_state: str
    month: Month
    original_number: int
    action: str
    case_code: str
    document_number: str
    energy_ckwh: int | None
    amount_fen: int | None
    reason: str
    made_by: str
    made_at: datetime
    approved_by: str


def key(scope: Scope, number: int) -> BillKey:
    """The account, month and revision of a bill. Raises ``NotFound``, also outside the scope."""
    bill = scope.one(Bill.objects.select_related("account"), UNIT, "bill", pk=number)
    return BillKey(number, bill.account.account_number, Month.from_index(bill.month_index), bill.revision)


def explain_bill(scope: Scope, number: int) -> BillExplanation:
    """The explanation of the bill with this number. Raises what :func:`explain` raises."""
    named = key(scope, number)
    return explain(scope, account_number=named.account_number, month=named.month, revision=named.revision)


def compared(scope: Scope, number: int, other: int) -> Comparison:
    """Two bills of one account, the earlier period first. Raises ``NotFound`` where one lies outside the scope or belongs
    to another account, and what :func:`explain` raises."""
    rows = scope.limit(Bill.objects.filter(pk__in=(number, other)), UNIT).select_related("account")
    found = sorted(rows, key=lambda bill: (bill.month_index, bill.revision))
    if len({bill.pk for bill in found}) != 2 or found[0].account_id != found[1].account_id:
        raise NotFound("there are no two such bills of one account")
    wanted = [(Month.from_index(bill.month_index), bill.revision) for bill in found]
    first, second = explain_all(scope, account_number=found[0].account.account_number, wanted=wanted)
    return compare(first, second)


def months_billed(scope: Scope, account_number: str, *, last: Month, count: int) -> tuple[MonthBilled, ...]:
    """The bills of an account that stand, for ``count`` months up to ``last``, newest first."""
    months = [last.plus(-back) for back in range(count)]
    bills = standing.bills_of(scope, account_number, months)
    found = []
    for month in months:
        own = [bill for bill in bills if bill.month_index == month.index]
        stands = standing.standing(own)
        priced = stands or [bill for bill in own if bill.kind in standing.PRICED_KINDS]
        if priced:
            bill = priced[-1]
            days = (bill.period_to - bill.period_from).days
            found.append(MonthBilled(bill.pk, month, days, bill.energy_ckwh, bill.amount_fen, bool(stands)))
    return tuple(found)


def corrections_of(scope: Scope, account_number: str, *, month: Month | None = None) -> tuple[CorrectionMade, ...]:
    """Decisions to correct an account's bills, newest first, also those that wait and those thrown away."""
    rows = scope.limit(
        BillCorrection.objects.filter(account__account_number=account_number).select_related("shard__run"), UNIT
    )
    if month is not None:
        rows = rows.filter(shard__month_index=month.index)
    return tuple(_made(row) for row in rows.order_by("-id"))


def correction_of_run(scope: Scope, run_id: int) -> tuple[CorrectionMade, str]:
    """The decision behind a correcting run, and its account number. Raises ``NotFound`` for any other run."""
    rows = scope.limit(BillCorrection.objects.filter(shard__run_id=run_id), UNIT)
    row = rows.select_related("shard__run", "account").order_by("shard__number").first()
    if row is None:
        raise NotFound(f"bill run {run_id} corrects nothing")
    return _made(row), row.account.account_number


def _made(row: BillCorrection) -> CorrectionMade:
    run = row.shard.run
    return CorrectionMade(
        run_id=run.pk,
        run_state=run.state,
        month=Month.from_index(row.shard.month_index),
        original_number=row.original_id,
        action=row.action,
        case_code=row.case_code,
        document_number=row.document_number,
        energy_ckwh=row.energy_ckwh,
        amount_fen=row.amount_fen,
        reason=row.reason,
        made_by=run.created_by,
        made_at=run.created_at,
        approved_by=run.approved_by,
    )
