"""Who owes: accounts with something open, for a list. Late fees run by the day and stand on the account's own page."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Coalesce

from wandeng.domains.customers import queries as customers
from wandeng.domains.ledger import queries as ledger
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, dict[str, Any]]
RECEIVABLE_COLUMNS = ("account_number", "name", "unit_code", "unit_name", "customer_class", "open_fen")


def receivable_rows(scope: Scope) -> Rows:
    """Accounts that owe, by account: RECEIVABLE_COLUMNS; ``open_fen`` is the sum of what the ledger has open of their
    bills, due or not yet."""
    owed = Coalesce(ledger.receivable_of_row(), 0, output_field=BigIntegerField())
    named: Rows = customers.account_rows(scope).annotate(open_fen=owed).filter(open_fen__gt=0)
    return named.values(*RECEIVABLE_COLUMNS)
