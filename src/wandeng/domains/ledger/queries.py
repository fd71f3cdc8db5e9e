"""Balances for people: always from the lines, never from a cache."""

from __future__ import annotations

from django.db.models import Sum

from wandeng.domains.ledger import checks
from wandeng.domains.ledger.models import Entry, EntryLine
from wandeng.domains.ledger.types import RECEIVABLE, LedgerFault
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.ids import AccountId, EntryId, UnitId


def receivable_fen(*, account: AccountId) -> int:
    """What the customer account owes now, in fen; negative is a credit."""
    total = EntryLine.objects.filter(account_id=account, ledger_account=RECEIVABLE, entry__is_posted=True).aggregate(
        total=Sum("amount_fen")
    )["total"]
    return int(total or 0)


def trial_balance(*, unit: UnitId, month: str) -> dict[str, int]:
    """Sum of each ledger account over the unit's entries of a month; the values sum to zero."""
    rows = (
        EntryLine.objects.filter(entry__unit_id=unit, entry__month=month, entry__is_posted=True)
        .values("ledger_account")
        .annotate(total=Sum("amount_fen"))
        .order_by("ledger_account")
    )
    return {row["ledger_account"]: row["total"] for row in rows}


def find_entry(*, biz_key: str) -> EntryId | None:
    """The entry posted under a business key, if any."""
    found = Entry.objects.filter(biz_key=biz_key, is_posted=True).values_list("pk", flat=True).first()
    return None if found is None else EntryId(found)


def faults() -> list[LedgerFault]:
    """What is wrong with the books, recomputed from every row; empty is the only good answer."""
    with ColumnStore() as store:
        return checks.all_faults(store)


def count_entries() -> int:
    """How many entries are posted."""
    return Entry.objects.filter(is_posted=True).count()
