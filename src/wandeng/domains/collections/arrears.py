"""What an account has overdue, as the ledger has it in Django's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from wandeng.calc import arrears
from wandeng.domains.collections.models import DunningCase
from wandeng.domains.payments import queries as payments
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId

EVERYWHERE = Scope.everywhere()


@dataclass(frozen=True, slots=True)
class Overdue:
    """Overdue on a day, late fees not counted; all zero when nothing is."""

    open_fen: int = 0
    fee_fen: int = 0
    bills: int = 0
    oldest_due_on: date | None = None


def overdue_of(account_number: str, *, on: date) -> Overdue:
    """What the account has overdue on a day, its credit taken off. Raises :class:`NotFound`."""
    standing = payments.standing(EVERYWHERE, account_number, on=on)
    items = [(0, int(one.bill_id), one.due_on, one.open_fen) for one in standing.open_bills]
    credits = [(0, standing.credit_fen)] if standing.credit_fen > 0 else []
    found = arrears.overdue(
        pl.DataFrame(items, arrears.ITEMS, orient="row"), pl.DataFrame(credits, arrears.CREDITS, orient="row"), on=on
    )
    if found.is_empty():
        return Overdue()
    row = found.row(0, named=True)
    return Overdue(row["open_fen"], standing.late_fee_fen, row["bills"], row["oldest_due_on"])


def has_plan(account: AccountId) -> bool:
    """Whether an instalment plan (分期) of the account is running; only of accounts that were ever dunned."""
    return DunningCase.objects.filter(account_id=account, account__instalment_plans__state="ACTIVE").exists()


def left_of(account_number: str, *, due_to: date, on: date) -> int:
    """What is still open of the bills due by a day, credit taken off: what a promise is judged by."""
    standing = payments.standing(EVERYWHERE, account_number, on=on)
    owed = sum(one.open_fen for one in standing.open_bills if one.due_on <= due_to or one.open_fen < 0)
    return max(0, owed - standing.credit_fen)
