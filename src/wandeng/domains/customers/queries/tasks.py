"""What waits for the people at the counter (营业厅) and on the telephone (95598): counts for their first page."""

from __future__ import annotations

from datetime import date

from wandeng.domains.customers.queries import rows
from wandeng.domains.customers.types import ClerkTasks
from wandeng.infra.scope import Scope

MOST = 1_000
"""Counting stops here: it is the most a person can do, and the first page must come at once."""


def clerk_tasks(scope: Scope, *, on: date, until: date) -> ClerkTasks:
    """Contacts to check, agreements that end on a day ``on`` ≤ day < ``until`` without a successor, agreements that are
    over and still signed, and drafts not signed yet."""
    contacts = rows.contact_rows(scope).exclude(verification="RIGHT")
    agreements = rows.agreement_rows(scope)
    signed = agreements.filter(state="SIGNED")
    due = signed.filter(valid_to__gte=on, valid_to__lt=until, successor__isnull=True)
    return ClerkTasks(
        contacts_to_verify=_count(contacts),
        contacts_wrong=_count(contacts.filter(verification="WRONG")),
        important_to_verify=_count(contacts.exclude(importance="")),
        agreements_due=_count(due),
        agreements_over=_count(signed.filter(valid_to__lte=on)),
        drafts_waiting=_count(agreements.filter(state="DRAFT")),
        most=MOST,
    )


def _count(found: rows.Rows) -> int:
    return found.order_by()[:MOST].count()
