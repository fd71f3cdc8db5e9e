"""What people ask about contacts: which to check next, how many can be reached, what every check found."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from wandeng.domains.customers.actions.contacts import VERIFY
from wandeng.domains.customers.models import Contact, CustomerAccount
from wandeng.domains.customers.types import (
    PHONE_COLUMN,
    ContactAccuracy,
    ContactCheck,
    ContactShown,
    ContactToVerify,
)
from wandeng.infra import pii
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope, within
from wandeng.infra.statements import Reading
from wandeng.kernel.ids import AccountId

UNIT = "account__unit__path"
IMPORTANCE_ORDER = ("SPECIAL", "FIRST", "SECOND", "TEMPORARY")
CLASS_ORDER = ("HIGH_VOLTAGE", "LOW_VOLTAGE", "RESIDENTIAL")
CHECK_ORDER = ("UNVERIFIED", "WRONG")


def contact_accuracy(
    scope: Scope, *, on: date, leaving_out: Collection[int] | QuerySet[Any, Any] = ()
) -> tuple[ContactAccuracy, ...]:
    """Accuracy of contact data (联系信息准确率), one figure for each unit with open accounts, by unit path.

    An account counts once: by its primary contact's last check, or as ``without`` one. Add the figures up for a
    subtree; :func:`total_accuracy` does. ``leaving_out`` are ids of accounts nobody is to be reached at: the utility's own,
    under which check meters hang (``network.queries.house_accounts``).
    """
    verdict = Contact.objects.filter(account=OuterRef("pk"), is_primary=True).values("verification")[:1]
    open_ones = CustomerAccount.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), opened_on__lte=on)
    rows = (
        scope.limit(open_ones.exclude(pk__in=leaving_out), "unit__path")
        .annotate(verdict=Subquery(verdict))
        .values("unit__path", "unit__code", "unit__name")
        .annotate(
            accounts=Count("pk"),
            right=Count("pk", filter=Q(verdict="RIGHT")),
            wrong=Count("pk", filter=Q(verdict="WRONG")),
            unverified=Count("pk", filter=Q(verdict="UNVERIFIED")),
            without=Count("pk", filter=Q(verdict__isnull=True)),
        )
        .order_by("unit__path")
    )
    return tuple(
        ContactAccuracy(
            row["unit__code"],
            row["unit__name"],
            row["accounts"],
            row["right"],
            row["wrong"],
            row["unverified"],
            row["without"],
        )
        for row in rows
    )


def total_accuracy(figures: tuple[ContactAccuracy, ...]) -> ContactAccuracy:
    """The figures of several units as one."""
    counts = [
        sum(getattr(figure, name) for figure in figures)
        for name in ("accounts", "right", "wrong", "unverified", "without")
    ]
    return ContactAccuracy("", "合计 total", *counts)


def contacts_to_verify(scope: Scope, *, limit: int = 50, assigned_to: str = "") -> tuple[ContactToVerify, ...]:
    """Which contact to check next: important customers first, then high voltage before low before homes; among
    equals those never checked before those found wrong, then by account number. Numbers are masked. With
    ``assigned_to`` only those given to that person."""
    rows = _given_to(limit)(*scope.bounds, assigned_to) if assigned_to else _next(scope, limit)
    return tuple(
        ContactToVerify(*(*one[:-1], pii.mask_phone(pii.open_sealed(one[-1], column=PHONE_COLUMN)))) for one in rows
    )


def _next(scope: Scope, limit: int) -> list[tuple[Any, ...]]:
    """The first so many of everybody's, rank after rank: ranking all contacts of a county for the few that a page shows
    would cost more than the rest of the page."""
    rows = list(_foremost(limit)(*scope.bounds))
    for of_class in CLASS_ORDER[1:]:
        for verdict in CHECK_ORDER:
            if len(rows) < limit:
                rows += _ordinary(limit)(of_class, verdict, *scope.bounds)
    return rows[:limit]


@lru_cache(maxsize=64)
def _given_to(limit: int) -> Reading[tuple[Any, ...]]:
    """Those given to a person."""
    return Reading(
        lambda length, prefix, person: _ranked(within(_OPEN.filter(assigned_to=person), UNIT, length, prefix))[:limit],
        int, str, str,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _foremost(limit: int) -> Reading[tuple[Any, ...]]:
    """Those of important customers and of the first class, of which there are few."""
    few = ~Q(account__importance="") | Q(account__customer_class=CLASS_ORDER[0])
    return Reading(
        lambda length, prefix: _ranked(within(_OPEN.filter(few), UNIT, length, prefix))[:limit],
        int, str, planned_once=True,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _ordinary(limit: int) -> Reading[tuple[Any, ...]]:
    """Those of all others of one class with one verdict, which an index has in the order of their accounts."""

    def make(of_class: str, verdict: str, length: int, prefix: str) -> QuerySet[Any, Any]:
        rows = _OPEN.filter(account__importance="", account__customer_class=of_class, verification=verdict)
        return within(rows, UNIT, length, prefix).order_by("account__account_number", "pk").values_list(*_TOLD)[:limit]

    return Reading(make, str, str, int, str, planned_once=True)


_OPEN = Contact.objects.exclude(verification="RIGHT").filter(account__closed_on__isnull=True)
_TOLD = (
    "id", "account__account_number", "account__unit__code", "account__importance", "account__customer_class", "verification",
    "phone_sealed",
)  # fmt: skip


def _ranked(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    ranked = rows.annotate(
        importance_rank=_rank("account__importance", IMPORTANCE_ORDER),
        class_rank=_rank("account__customer_class", CLASS_ORDER),
        check_rank=_rank("verification", CHECK_ORDER),
    )
    ranks = ("importance_rank", "class_rank", "check_rank")
    told: QuerySet[Any, Any] = ranked.order_by(*ranks, "account__account_number", "pk").values_list(*_TOLD)
    return told


def contacts_of(scope: Scope, account_number: str) -> tuple[ContactShown, ...]:
    """The contacts of an account with masked numbers, the primary one first."""
    return tuple(
        ContactShown(key, name, pii.mask_phone(pii.open_sealed(sealed, column=PHONE_COLUMN)), *others)
        for key, name, sealed, *others in _OF_ACCOUNT(account_number, *scope.bounds)
    )


_OF_ACCOUNT: Reading[tuple[Any, ...]] = Reading(
    lambda number, length, prefix: (
        within(Contact.objects.filter(account__account_number=number), UNIT, length, prefix)
        .order_by("-is_primary", "id")
        .values_list("id", "name", "phone_sealed", "is_primary", "verification", "verified_at")
    ),
    str, int, str, planned_once=True,
)  # fmt: skip


def primary_number(account: AccountId) -> str:
    """The number of an account's primary contact in the clear, empty for none: for actions that seal it again, never for
    showing."""
    found = _NUMBERS.first(int(account))
    return pii.open_sealed(found[0] if found else "", column=PHONE_COLUMN)


def verified_number(account: AccountId) -> str:
    """The number of an account that a check found right, the primary one first, in the clear; empty for none: for whoever dials it, never
    for showing."""
    rows = Contact.objects.filter(account_id=account, verification="RIGHT").order_by("-is_primary", "id")
    return pii.open_sealed(rows.values_list("phone_sealed", flat=True).first() or "", column=PHONE_COLUMN)


_NUMBERS: Reading[tuple[str]] = Reading(
    lambda account: (
        Contact.objects.filter(account_id=account)
        .exclude(verification="WRONG")
        .order_by("-is_primary", "id")
        .values_list("phone_sealed")
    ),
    int,
)


def contact_account(scope: Scope, contact_id: int) -> str:
    """The account number of a contact. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(Contact.objects.select_related("account"), UNIT, "contact", pk=contact_id)
    return row.account.account_number


def contact_history(scope: Scope, *, contact_id: int) -> tuple[ContactCheck, ...]:
    """Every check of a contact, oldest first. Raises :class:`NotFound` outside the scope."""
    contact = scope.one(Contact.objects.all(), UNIT, "contact", pk=contact_id)
    rows = Operation.objects.filter(action=VERIFY, subject_type=contact._meta.label, subject_code=str(contact.pk))
    checks = [(row, json.loads(row.facts)) for row in rows.order_by("id")]
    return tuple(ContactCheck(row.at, row.actor, facts["from"], facts["to"], row.reason) for row, facts in checks)


def _rank(field: str, order: tuple[str, ...]) -> Case:
    """The place of a value in an order; others come last."""
    whens = [When(**{field: value}, then=Value(place)) for place, value in enumerate(order)]
    return Case(*whens, default=Value(len(order)), output_field=IntegerField())
