"""What an account owes and has paid in advance on a day, from the ledger."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db.models import Sum

from wandeng.domains.customers import queries as customers
from wandeng.domains.payments import reading, settling
from wandeng.domains.payments.models import Deposit
from wandeng.domains.payments.types import OpenBill, Standing
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import BillId
from wandeng.kernel.periods import Month


def standing(scope: Scope, account_number: str, *, on: date, library: RuleLibrary | None = None) -> Standing:
    """The account's open bills with late fees to ``on``, oldest first, its credit and its deposit.

    Corrections that nothing has netted yet are shown as the next payment would treat them: netted.

    Raises ``NotFound``, also outside the scope, and ``NoRuleInForce``.
    """
    account = customers.account(scope, account_number)
    position = reading.position(reading.by_django, reading.of_accounts([account.id]), on, library or current.library())
    items, credit = settling.netted(position)
    bills = tuple(
        OpenBill(
            bill_id=BillId(row["bill_id"]),
            month=Month.from_index(row["month_index"]),
            due_on=row["due_on"],
            amount_fen=row["amount_fen"],
            open_fen=row["open_fen"],
            late_fee_fen=row["fee_fen"],
            days_late=max(0, (on - row["due_on"]).days),
        )
        for row in items.sort("due_on", "bill_id").iter_rows(named=True)
    )
    deposit = Deposit.objects.filter(account_id=account.id).aggregate(total=Sum("amount_fen"))["total"] or 0
    return Standing(
        account_id=account.id,
        account_number=account_number,
        on=on,
        open_bills=bills,
        credit_fen=int(credit.select(pl.col("credit_fen").sum()).item()),
        deposit_fen=int(deposit),
        owed_fen=sum(bill.open_fen for bill in bills),
        late_fee_fen=sum(bill.late_fee_fen for bill in bills),
        account_name=account.name,
    )
