"""Which bill of an account and month stands: the last priced one that nothing cancels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wandeng.domains.billing.models import Bill
from wandeng.domains.billing.types import BillKind
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month

PRICED_KINDS = (BillKind.ORDINARY, BillKind.REBILL)


def bills_of(scope: Scope, account_number: str, months: Iterable[Month]) -> list[Bill]:
    """All bills of the months, by month and revision."""
    rows = Bill.objects.filter(
        month_index__in=[month.index for month in months], account__account_number=account_number
    )
    rows = rows.select_related("account__unit", "shard__run", "corrects__shard__run")
    return list(scope.limit(rows.order_by("month_index", "revision"), "account__unit__path"))


def cancelled(bills: Sequence[Bill]) -> set[int | None]:
    """Ids of the bills that one of these cancels."""
    return {bill.corrects_id for bill in bills if bill.kind == BillKind.CANCELLATION}


def standing(bills: Sequence[Bill]) -> list[Bill]:
    """The priced bills among them that nothing cancels."""
    gone = cancelled(bills)
    return [bill for bill in bills if bill.kind in PRICED_KINDS and bill.pk not in gone]


def bill_of(scope: Scope, account_number: str, month: Month) -> Bill:
    """The bill of a month that stands; where all are cancelled, the last priced one.

    Raises :class:`NotFound` when the month was never billed.
    """
    bills = bills_of(scope, account_number, [month])
    priced = [bill for bill in bills if bill.kind in PRICED_KINDS]
    if not priced:
        raise NotFound(f"account {account_number} has no bill for {month}")
    return (standing(bills) or priced)[-1]
