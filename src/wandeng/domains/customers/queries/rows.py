"""Rows of the lists of customers: lazy, limited to the scope by its units, named by their keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from wandeng.domains.customers.models import Contact, CustomerAccount, CustomerAgreement
from wandeng.domains.organization import queries as organization
from wandeng.infra.kept_rows import kept
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import UnitId

Rows = QuerySet[Any, dict[str, Any]]

ACCOUNT_COLUMNS = (
    "id", "account_number", "name", "address", "customer_class", "importance", "locality", "household_size", "unit_id",
    "unit_code", "unit_name", "opened_on", "closed_on",
)  # fmt: skip
AGREEMENT_COLUMNS = (
    "id", "number", "state", "valid_from", "valid_to", "signed_on", "successor", "account_number", "account_name",
    "customer_class", "importance", "unit_code", "unit_name",
)  # fmt: skip
CONTACT_COLUMNS = (
    "id", "contact_name", "is_primary", "verification", "verified_at", "assigned_to", "account_number", "account_name", "address",
    "customer_class", "importance", "unit_code", "unit_name",
)  # fmt: skip


def account_rows(scope: Scope) -> Rows:
    """Accounts: ACCOUNT_COLUMNS."""
    return _accounts().filter(_inside(scope, "unit_id"))


@kept
def _accounts() -> Rows:
    """The rows for everybody."""
    named = CustomerAccount.objects.annotate(unit_code=F("unit__code"), unit_name=F("unit__name"))
    rows: Rows = named.values(*ACCOUNT_COLUMNS)
    return rows


def without_agreement_rows(scope: Scope, *, on: date) -> Rows:
    """Open accounts for which no signed agreement holds on the day: ACCOUNT_COLUMNS and ``draft``, the number of a draft
    that waits for them."""
    own = CustomerAgreement.objects.filter(account=OuterRef("pk"))
    covering = own.filter(state="SIGNED", valid_from__lte=on, valid_to__gt=on)
    draft = own.filter(state="DRAFT").order_by("valid_from").values("number")[:1]
    bare = CustomerAccount.objects.filter(_inside(scope, "unit_id"), ~Exists(covering), opened_on__lte=on)
    still = bare.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on)).annotate(
        unit_code=F("unit__code"), unit_name=F("unit__name"), draft=Subquery(draft)
    )
    rows: Rows = still.values(*ACCOUNT_COLUMNS, "draft")
    return rows


def agreement_rows(scope: Scope) -> Rows:
    """Agreements: AGREEMENT_COLUMNS; ``successor`` is the number of the one that follows."""
    return agreements_in(_inside(scope, "account__unit_id"))


def agreements_in(inside: Q) -> Rows:
    """The same where the units are said by a condition."""
    named = _named(CustomerAgreement.objects.filter(inside))
    rows: Rows = named.annotate(successor=F("renewed_by__number")).values(*AGREEMENT_COLUMNS)
    return rows


def contact_rows(scope: Scope) -> Rows:
    """Contacts of open accounts: CONTACT_COLUMNS. No number is among them, masked or not: a list is exported, and
    opening a hundred sealed numbers for a page nobody rings from is not worth it."""
    return contacts_in(_inside(scope, "account__unit_id"))


def contacts_in(inside: Q) -> Rows:
    """The same where the units are said by a condition."""
    named = _named(Contact.objects.filter(inside, account__closed_on__isnull=True))
    rows: Rows = named.annotate(contact_name=F("name"), address=F("account__address")).values(*CONTACT_COLUMNS)
    return rows


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    named: QuerySet[Any] = rows.annotate(
        account_number=F("account__account_number"),
        account_name=F("account__name"),
        customer_class=F("account__customer_class"),
        importance=F("account__importance"),
        unit_code=F("account__unit__code"),
        unit_name=F("account__unit__name"),
    )
    return named


def ids_in(units: Sequence[int]) -> QuerySet[Any, Any]:
    """The ids of the accounts of these units: to stand inside other queries."""
    return CustomerAccount.objects.filter(unit_id__in=units).values("id")


def _inside(scope: Scope, unit: str) -> Q:
    return inside(units_of(scope), unit)


def units_of(scope: Scope) -> tuple[UnitId, ...] | None:
    """The units of the scope; ``None`` for the whole installation, and for whoever sees every unit of it: what is asked no
    unit is not looked through for the units either."""
    if not scope.prefix:
        return None
    units = organization.unit_tree(scope)
    if scope.is_root and len(units) == len(organization.unit_tree(Scope.everywhere())):
        return None
    return tuple(node.unit_id for node in units)


def inside(units: Sequence[int] | None, unit: str) -> Q:
    """The scope as a choice of units, which an index answers; no condition for the whole installation."""
    return Q() if units is None else Q(**{f"{unit}__in": units})
