"""What people ask about agreements: which end soon, which accounts have none, how a campaign gets on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from wandeng.domains.customers.models import CustomerAccount, CustomerAgreement
from wandeng.domains.customers.types import (
    AgreedRate,
    AgreementDue,
    AgreementMove,
    AgreementShown,
    CampaignDay,
    CampaignProgress,
)
from wandeng.infra.models import StateChange
from wandeng.infra.scope import Scope, within
from wandeng.infra.statements import Reading

UNIT = "account__unit__path"


def agreements_due(scope: Scope, *, on: date, until: date, limit: int = 1000) -> tuple[AgreementDue, ...]:
    """Signed agreements that end on a day ``on`` ≤ day < ``until``, soonest first, with the successor drafted so far."""
    rows = scope.limit(CustomerAgreement.objects.filter(state="SIGNED", valid_to__gte=on, valid_to__lt=until), UNIT)
    named = rows.annotate(successor=_successor()).order_by("valid_to", "number")
    return tuple(
        AgreementDue(row.account.account_number, row.account.unit.code, row.number, row.valid_to, row.successor or "")
        for row in named.select_related("account__unit")[:limit]
    )


def accounts_without_agreement(scope: Scope, *, on: date, limit: int = 1000) -> tuple[AgreementDue, ...]:
    """Open accounts for which no signed agreement holds on the day; ``number`` is that of a waiting draft, if any."""
    covering = CustomerAgreement.objects.filter(state="SIGNED", valid_from__lte=on, valid_to__gt=on)
    draft = CustomerAgreement.objects.filter(state="DRAFT", account=OuterRef("pk")).order_by("valid_from")
    open_ones = CustomerAccount.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), opened_on__lte=on)
    rows = scope.limit(open_ones.exclude(pk__in=covering.values("account_id")), "unit__path")
    named = rows.annotate(draft=Subquery(draft.values("number")[:1])).order_by("account_number")
    return tuple(
        AgreementDue(row.account_number, row.unit.code, row.draft or "", None, "")
        for row in named.select_related("unit")[:limit]
    )


def campaign_progress(scope: Scope, *, from_on: date, to_on: date) -> CampaignProgress:
    """Agreements signed on the days ``from_on`` ≤ day < ``to_on``, by unit and day, and the drafts still waiting."""
    inside = scope.limit(CustomerAgreement.objects.all(), UNIT)
    signed = inside.filter(signed_on__gte=from_on, signed_on__lt=to_on)
    grouped = (
        signed.values(code=F("account__unit__code"), label=F("account__unit__name"), day=F("signed_on"))
        .annotate(signed=Count("pk"))
        .order_by("day", "code")
    )
    days = tuple(CampaignDay(row["code"], row["label"], row["day"], row["signed"]) for row in grouped)
    return CampaignProgress(days, sum(day.signed for day in days), inside.filter(state="DRAFT").count())


def agreements_of(scope: Scope, account_number: str) -> tuple[AgreementShown, ...]:
    """The agreements of an account, newest first."""
    rows = _OF_ACCOUNT(account_number, *scope.bounds)
    return tuple(AgreementShown(*(*one[:-2], one[-2] or "", one[-1] or "")) for one in rows)


def _of_account(number: str, length: int, prefix: str) -> QuerySet[Any, Any]:
    rows = within(CustomerAgreement.objects.filter(account__account_number=number), UNIT, length, prefix)
    return rows.order_by("-valid_from", "-id").values_list(
        "id",
        "number",
        "state",
        "valid_from",
        "valid_to",
        "signed_on",
        "late_fee_rate_e4",
        "renews__number",
        _successor(),
    )


_OF_ACCOUNT: Reading[tuple[Any, ...]] = Reading(_of_account, str, int, str, planned_once=True)


def agreed_late_fee_rate(scope: Scope, account_number: str, on: date) -> AgreedRate | None:
    """The late fee that the agreement of an account lays down for a day; ``None`` when no agreement was in force or it
    says nothing of it. An agreement that has expired or was terminated counts for the days on which it held.

    Raises :class:`NotFound` for the account, also outside the scope.
    """
    account = scope.one(CustomerAccount.objects.all(), "unit__path", "account", account_number=account_number)
    held = account.agreements.filter(
        state__in=["SIGNED", "EXPIRED", "TERMINATED"], valid_from__lte=on, valid_to__gt=on
    ).first()
    if held is None or held.late_fee_rate_e4 is None:
        return None
    return AgreedRate(held.number, held.late_fee_rate_e4)


def agreement_moves(agreements: Sequence[AgreementShown]) -> tuple[AgreementMove, ...]:
    """Every step in the lives of these agreements, newest first."""
    numbers = {one.id: one.number for one in agreements}
    moves = StateChange.objects.filter(subject_type=CustomerAgreement._meta.label, subject_id__in=list(numbers))
    return tuple(
        AgreementMove(numbers[row.subject_id], row.move, row.to_state, row.actor, row.at, row.reason)
        for row in moves.order_by("-id")
    )


def agreement_account(scope: Scope, number: str) -> str:
    """The account number of an agreement, empty when there is none of this number inside the scope."""
    rows = scope.limit(CustomerAgreement.objects.filter(number=number), UNIT)
    return rows.values_list("account__account_number", flat=True).first() or ""


def _successor() -> Subquery:
    """The number of the agreement that follows one."""
    return Subquery(CustomerAgreement.objects.filter(renews=OuterRef("pk")).values("number")[:1])
