"""What waits for the people at the counter (营业厅) and on the telephone (95598): counts for their first page."""

from __future__ import annotations

from datetime import date

from django.db.models import IntegerField, Subquery

from wandeng.domains.customers.models import CustomerAccount
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
    counts = CustomerAccount.objects.order_by().values_list(
        _counted(contacts),
        _counted(contacts.filter(verification="WRONG")),
        _counted(contacts.exclude(importance="")),
        _counted(due),
        _counted(signed.filter(valid_to__lte=on)),
        _counted(agreements.filter(state="DRAFT")),
    )
    to_verify, wrong, important, ending, over, drafts = counts.first() or (0,) * 6
    return ClerkTasks(
        contacts_to_verify=to_verify,
        contacts_wrong=wrong,
        important_to_verify=important,
        agreements_due=ending,
        agreements_over=over,
        drafts_waiting=drafts,
        most=MOST,
    )


class _Counted(Subquery):
    """How many rows a query has, as one value of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _counted(found: rows.Rows) -> _Counted:
    return _Counted(found.order_by().values("pk")[:MOST])
