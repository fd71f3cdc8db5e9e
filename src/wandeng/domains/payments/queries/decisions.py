"""Decisions about money and instalment plans, as people see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet

from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments.actions.plans import paid_fen
from wandeng.domains.payments.models import InstalmentPlan, PaymentDecision
from wandeng.domains.payments.types import DecisionShown, PlanShown
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import FAR_FUTURE

Rows = QuerySet[Any, dict[str, Any]]
UNIT = "account__unit__path"
DECISION_COLUMNS = (
    "id", "kind", "state", "account_number", "account_name", "unit_name", "payment_id", "bill_id", "amount_fen",
    "reason", "maker", "proposed_at", "checker", "decided_at",
)  # fmt: skip
_MOST = 200


def decision_rows(scope: Scope) -> Rows:
    """Decisions, newest first: DECISION_COLUMNS."""
    rows = PaymentDecision.objects.order_by("-id")
    if scope.prefix:
        rows = rows.filter(account__unit_id__in=[unit.unit_id for unit in organization.unit_tree(scope)])
    named: Rows = rows.annotate(
        account_number=F("account__account_number"), account_name=F("account__name"), unit_name=F("account__unit__name")
    ).values(*DECISION_COLUMNS)
    return named


def decisions(scope: Scope, *, account_number: str = "", state: str = "") -> tuple[DecisionShown, ...]:
    """Decisions of an account, or in a state, oldest first, at most 200."""
    rows = scope.limit(PaymentDecision.objects.select_related("account", "to_account"), UNIT)
    rows = rows.filter(account__account_number=account_number) if account_number else rows
    rows = rows.filter(state=state) if state else rows
    return tuple(_shown(row) for row in rows.order_by("id")[:_MOST])


def decision(scope: Scope, decision_id: int) -> DecisionShown:
    """One decision. Raises ``NotFound``, also outside the scope."""
    rows = PaymentDecision.objects.select_related("account", "to_account")
    return _shown(scope.one(rows, UNIT, "payment decision", pk=decision_id))


def decided_by_pair(scope: Scope, since: datetime) -> dict[tuple[str, str], int]:
    """(maker, checker) → decisions since an instant that a second person took."""
    rows = scope.limit(PaymentDecision.objects.filter(decided_at__gte=since).exclude(checker=""), UNIT)
    counted = rows.values_list("maker", "checker").annotate(n=Count("id")).order_by()
    return {(maker, checker): n for maker, checker, n in counted}


def plans_of(scope: Scope, account_number: str) -> tuple[PlanShown, ...]:
    """The instalment plans of an account, newest first. Raises ``NotFound``, also outside the scope."""
    rows = InstalmentPlan.objects.filter(account_id=customers.account(scope, account_number).id)
    return tuple(
        PlanShown(
            plan_id=row.pk,
            account_number=account_number,
            state=row.state,
            owed_fen=row.owed_fen,
            paid_fen=paid_fen(row, FAR_FUTURE),
            made_on=row.made_on,
            made_by=row.made_by,
            reason=row.reason,
            parts=tuple((part.due_on, part.amount_fen) for part in row.parts.all()),
        )
        for row in rows.prefetch_related("parts").order_by("-id")
    )


def _shown(row: PaymentDecision) -> DecisionShown:
    return DecisionShown(
        decision_id=row.pk,
        kind=row.kind,
        state=row.state,
        account_number=row.account.account_number,
        account_name=row.account.name,
        payment_id=row.payment_id,
        bill_id=row.bill_id,
        to_account_number="" if row.to_account is None else row.to_account.account_number,
        amount_fen=row.amount_fen,
        reason=row.reason,
        maker=row.maker,
        proposed_at=row.proposed_at,
        checker=row.checker,
        decided_at=row.decided_at,
    )
