"""What waits for the people at the counter (营业厅) and on the telephone (95598): counts for their first page."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from wandeng.domains.customers.models import Contact, CustomerAccount, CustomerAgreement
from wandeng.domains.customers.queries import rows
from wandeng.domains.customers.types import ClerkTasks
from wandeng.infra.scope import Scope
from wandeng.infra.statements import Reading

MOST = 1_000
"""Counting stops here: it is the most a person can do, and the first page must come at once."""
FEW_UNITS = 64
"""Up to so many units the text of the counts is written once for each number of them."""


def clerk_tasks(scope: Scope, *, on: date, until: date) -> ClerkTasks:
    """Contacts to check, agreements that end on a day ``on`` ≤ day < ``until`` without a successor, agreements that are
    over and still signed, and drafts not signed yet."""
    units = rows.units_of(scope)
    if units is None:
        counts = _EVERYWHERE.first(on, until)
    elif units and len(units) <= FEW_UNITS:
        counts = _written(len(units)).first(on, until, *units)
    else:
        counts = _counts(rows.inside(units, "account__unit_id"), on, until).first()
    to_verify, wrong, important, ending, over, drafts = counts or (0,) * 6
    return ClerkTasks(
        contacts_to_verify=to_verify,
        contacts_wrong=wrong,
        important_to_verify=important,
        agreements_due=ending,
        agreements_over=over,
        drafts_waiting=drafts,
        most=MOST,
    )


@lru_cache(maxsize=FEW_UNITS)
def _written(units: int) -> Reading[tuple[int, ...]]:
    """The counts over so many units."""

    def make(on: date, until: date, *ids: int) -> QuerySet[Any, Any]:
        return _counts(rows.inside(ids, "account__unit_id"), on, until)

    return Reading(make, date, date, *[int] * units, planned_once=True)


def _counts(inside: Q, on: date, until: date) -> QuerySet[Any, Any]:
    # The bare tables: what the rows of a list show besides would be joined for nothing.
    contacts = Contact.objects.filter(inside, account__closed_on__isnull=True).exclude(verification="RIGHT")
    agreements = CustomerAgreement.objects.filter(inside)
    signed = agreements.filter(state="SIGNED")
    followed = CustomerAgreement.objects.filter(renews=OuterRef("pk"))
    due = signed.filter(~Exists(followed), valid_to__gte=on, valid_to__lt=until)
    # Of any account: what is counted stands in the columns.
    found = CustomerAccount.objects.order_by().values_list(
        _counted(contacts),
        _counted(contacts.filter(verification="WRONG")),
        _counted(contacts.exclude(account__importance="")),
        _counted(due),
        _counted(signed.filter(valid_to__lte=on)),
        _counted(agreements.filter(state="DRAFT")),
    )
    return found[:1]


_EVERYWHERE: Reading[tuple[int, ...]] = Reading(
    lambda on, until: _counts(Q(), on, until), date, date, planned_once=True
)


class _Counted(Subquery):
    """How many rows a query has, as one value of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _counted(found: QuerySet[Any, Any]) -> _Counted:
    return _Counted(found.order_by().values("pk")[:MOST])
