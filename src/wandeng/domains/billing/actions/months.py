"""What the ledger did to the months of bills, kept short and right."""

from __future__ import annotations

from django.db import connection, transaction

from wandeng.domains.billing import moves


@transaction.atomic
def fold() -> int:
    """Put what was written down entry by entry together into one row a month and unit; returns how many rows went."""
    return moves.fold(connection)
