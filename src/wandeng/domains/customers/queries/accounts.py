"""One account as its page shows it, accounts that were found, and what was done to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from wandeng.domains.customers.models import Contact, CustomerAccount, CustomerAgreement
from wandeng.domains.customers.types import (
    PHONE_COLUMN,
    PHONE_TAIL_COLUMN,
    AccountFacts,
    AccountFound,
    AccountOperation,
    AgreementShown,
)
from wandeng.infra import operations, pii
from wandeng.infra.scope import Scope, within
from wandeng.infra.statements import Reading
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import AccountId

UNIT = "unit__path"
_OTHERS = 20
_TAIL = 4
"""Digits that the blind index of a number's end was made from."""


def account(scope: Scope, account_number: str, *, with_others: bool = False) -> AccountFacts:
    """One account; ``with_others`` looks for its customer's others too. Raises :class:`NotFound`, also outside the
    scope."""
    row = _NUMBERED.first(account_number)
    if row is None or not scope.covers(row.unit.path):
        raise NotFound(f"there is no account {account_number}")
    others: tuple[str, ...] = ()
    if with_others:
        others = tuple(number for (number,) in _SIBLINGS(row.customer_id, row.pk, *scope.bounds))
    return AccountFacts(
        id=AccountId(row.pk),
        account_number=row.account_number,
        name=row.name,
        address=row.address,
        customer_class=row.customer_class,
        locality=row.locality,
        importance=row.importance,
        household_size=row.household_size,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        unit_path=row.unit.path,
        territory=row.unit.territory,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        customer_kind=row.customer.kind,
        other_accounts=others,
    )


_NUMBERED: Reading[CustomerAccount] = Reading(
    lambda number: CustomerAccount.objects.select_related("unit", "customer").filter(account_number=number),
    str, planned_once=True,
)  # fmt: skip


_SIBLINGS: Reading[tuple[str]] = Reading(
    lambda customer, own, length, prefix: (
        within(CustomerAccount.objects.filter(customer_id=customer).exclude(pk=own), UNIT, length, prefix)
        .order_by("account_number")
        .values_list("account_number")[:_OTHERS]
    ),
    int, int, int, str, planned_once=True,
)  # fmt: skip


def accounts_by_id(scope: Scope, ids: Sequence[int]) -> tuple[AccountFound, ...]:
    """The accounts with these ids that lie inside the scope, in the order of ``ids``."""
    rows = scope.limit(CustomerAccount.objects.filter(pk__in=ids).select_related("unit"), UNIT)
    place = {one: number for number, one in enumerate(ids)}
    return tuple(_found(row) for row in sorted(rows, key=lambda row: place[row.pk]))


def accounts_named(scope: Scope, numbers: Sequence[str]) -> tuple[AccountFound, ...]:
    """The accounts with these numbers that lie inside the scope, by number."""
    rows = CustomerAccount.objects.filter(account_number__in=numbers).select_related("unit")
    return tuple(_found(row) for row in scope.limit(rows, UNIT).order_by("account_number"))


def accounts_by_phone(scope: Scope, digits: str, *, limit: int) -> tuple[int, ...]:
    """Ids of accounts with a contact of this number, or of one that ends in it if it has four digits, open ones first.

    Only blind indexes are compared: no number is opened.
    """
    column, field = (PHONE_TAIL_COLUMN, "phone_tail_index") if len(digits) == _TAIL else (PHONE_COLUMN, "phone_index")
    (index,) = pii.index_many([digits], column=column)
    rows = scope.limit(Contact.objects.filter(**{field: index}), "account__unit__path")
    ordered = rows.order_by("account__closed_on", "-is_primary", "account_id").values_list("account_id", flat=True)
    return tuple(dict.fromkeys(ordered[: 2 * limit]))[:limit]


def accounts_verified_by_phone(phone: str, *, limit: int, since: datetime | None = None) -> tuple[str, ...]:
    """Numbers of open accounts of which this number is a contact that was verified (``since`` a time): whoever writes from it
    may be told of them. Only blind indexes are compared."""
    (index,) = pii.index_many([phone], column=PHONE_COLUMN)
    rows = Contact.objects.filter(phone_index=index, verification="RIGHT", account__closed_on__isnull=True)
    if since is not None:
        rows = rows.filter(verified_at__gte=since)
    ordered = rows.order_by("-is_primary", "account__account_number")
    return tuple(ordered.values_list("account__account_number", flat=True)[:limit])


def operations_of(
    scope: Scope, account: AccountFacts, agreements: Sequence[AgreementShown], *, limit: int = 100
) -> tuple[AccountOperation, ...]:
    """What people did to an account, its agreements and its contacts, newest first."""
    account_label, agreement_label, contact_label = (
        model._meta.label for model in (CustomerAccount, CustomerAgreement, Contact)
    )
    about = {
        (account_label, str(account.id)): account.account_number,
        **{(agreement_label, str(one.id)): one.number for one in agreements},
    }
    # Looked up first: as a subquery the log would be read from end to end.
    contacts = [str(one) for one in Contact.objects.filter(account_id=account.id).values_list("pk", flat=True)]
    subjects = Q(subject_type=account_label, subject_code=str(account.id))
    subjects |= Q(subject_type=agreement_label, subject_code__in=[str(one.id) for one in agreements])
    subjects |= Q(subject_type=contact_label, subject_code__in=contacts)
    found = operations.inside(scope).filter(subjects).order_by("-id")[:limit]
    return tuple(
        AccountOperation(
            one.at,
            one.actor,
            one.action,
            about.get((one.subject_type, one.subject_code), ""),
            operations.facts_of(one.facts),
            one.reason,
        )
        for one in found
    )


def _found(row: CustomerAccount) -> AccountFound:
    return AccountFound(
        AccountId(row.pk),
        row.account_number,
        row.name,
        row.address,
        row.customer_class,
        row.importance,
        row.unit.name,
        row.closed_on is not None,
    )
