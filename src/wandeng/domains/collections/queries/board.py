"""Rows of the dunning board, of visits to make, of promises and of protections; and figures. Lazy, within the scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from wandeng.domains.collections.models import DunningCase, DunningStep, PromiseToPay, ProtectedCustomer
from wandeng.domains.collections.types import AVOIDING, DunningFigures
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId

Rows = QuerySet[Any, dict[str, Any]]
_ORDER = ("", "SMS", "VOICE", "VISIT", "NOTICE", "SECOND_NOTICE", "CUT")

CASE_COLUMNS = (
    "id", "account_number", "account_name", "address", "customer_class", "importance", "unit_code", "unit_name", "state",
    "open_fen", "bills", "oldest_due_on", "overdue_days", "as_of", "opened_on", "step", "step_on", "standing", "next_step", "next_on",
    "noticed_on", "responsible", "closed_on", "closed_as",
)  # fmt: skip
TASK_COLUMNS = (
    "id", "kind", "attempt", "case_id", "account_number", "account_name", "address", "importance", "open_fen",
    "oldest_due_on", "taken_on", "responsible", "unit_code", "unit_name",
)  # fmt: skip
PROMISE_COLUMNS = (
    "id", "case_id", "account_number", "account_name", "unit_name", "promised_on", "amount_fen", "paid_fen", "channel",
    "state", "made_at", "made_by", "decided_on",
)  # fmt: skip
PROTECTED_COLUMNS = (
    "id", "account_number", "account_name", "unit_name", "kind", "evidence", "valid_from", "valid_to", "state",
    "proposed_by", "proposed_at", "decided_by", "decided_at",
)  # fmt: skip


def case_rows(scope: Scope) -> Rows:
    """Dunning cases, closed ones too: CASE_COLUMNS; ``overdue_days`` are those of the day ``as_of``."""
    rows = DunningCase.objects.filter(_inside(scope, "unit_id")).annotate(
        overdue_days=_Days(F("as_of"), F("oldest_due_on"))
    )
    found: Rows = _named(rows, "account").values(*CASE_COLUMNS)
    return found


def task_rows(scope: Scope, *, responsible: str = "") -> Rows:
    """Visits to make and notices to deliver that nobody has answered for: TASK_COLUMNS; of one person when named."""
    rows = DunningStep.objects.filter(_inside(scope, "unit_id"), state="PENDING", by="PERSON")
    if responsible:
        rows = rows.filter(responsible=responsible)
    found: Rows = _named(rows, "case__account").values(*TASK_COLUMNS)
    return found


def promised_fen(account: AccountId, *, on: date) -> int:
    """What the account's promises that hold on a day come to; the caller has found the account within a scope."""
    rows = PromiseToPay.objects.filter(case__account=account, state="HOLDING", promised_on__gte=on)
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def promise_rows(scope: Scope) -> Rows:
    """Promises to pay: PROMISE_COLUMNS."""
    rows = PromiseToPay.objects.filter(_inside(scope, "case__unit_id"))
    found: Rows = _named(rows, "case__account", "case__unit").values(*PROMISE_COLUMNS)
    return found


def protected_rows(scope: Scope) -> Rows:
    """Protections, decided or not: PROTECTED_COLUMNS."""
    rows = ProtectedCustomer.objects.filter(_inside(scope, "account__unit_id"))
    found: Rows = _named(rows, "account", "account__unit").values(*PROTECTED_COLUMNS)
    return found


def figures(scope: Scope, *, since: date) -> DunningFigures:
    """What is open now and what was closed since a day (included)."""
    inside = scope.limit(DunningCase.objects.all(), "unit__path")
    parts = [
        _Part(**row)
        for row in inside.exclude(state="CLOSED")
        .values("step", "state", "standing", "noticed_on")
        .annotate(number=Count("id"), fen=Sum("open_fen"))
    ]
    saved = Q(state="CLOSED", noticed_on__isnull=False, cut_at__isnull=True, closed_as__in=AVOIDING)
    # What a closed case owed stands in the notice that saved it.
    notice = DunningStep.objects.filter(case=OuterRef("pk"), kind="NOTICE", state="REACHED").order_by("-id")
    ended = Q(state="CLOSED", closed_on__gte=since)
    closed = (
        inside.filter(ended | Q(cut_at__date__gte=since))
        .annotate(noticed_fen=Subquery(notice.values("open_fen")[:1]))
        .aggregate(
            closed=Count("id", filter=ended),
            paid=Count("id", filter=ended & Q(closed_as__in=["PAID", "PROMISE_KEPT"])),
            avoided=Count("id", filter=ended & saved),
            avoided_fen=Coalesce(Sum("noticed_fen", filter=ended & saved), Value(0)),
            cut=Count("id", filter=Q(cut_at__date__gte=since)),
        )
    )
    steps = sorted({one.step for one in parts}, key=lambda step: (*_ORDER, step).index(step))
    return DunningFigures(
        cases=sum(one.number for one in parts),
        open_fen=sum(one.fen for one in parts),
        promised=sum(one.number for one in parts if one.state == "PROMISED"),
        noticed=sum(one.number for one in parts if one.noticed_on),
        tasks=sum(one.number for one in parts if one.standing == "TASK"),
        ready=sum(one.number for one in parts if (one.standing, one.state) == ("READY", "OPEN")),
        by_step=tuple(
            (
                step,
                sum(one.number for one in parts if one.step == step),
                sum(one.fen for one in parts if one.step == step),
            )
            for step in steps
        ),
        **closed,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Open cases that stand alike."""

    step: str
    state: str
    standing: str
    noticed_on: date | None
    number: int
    fen: int


class _Days(Func):
    """Days of a date after an earlier one."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "CAST(julianday(%(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **extra)


def _named(rows: QuerySet[Any], account: str, unit: str = "unit") -> QuerySet[Any]:
    named: QuerySet[Any] = rows.annotate(
        account_number=F(f"{account}__account_number"), account_name=F(f"{account}__name"),
        unit_code=F(f"{unit}__code"), unit_name=F(f"{unit}__name"),
        address=F(f"{account}__address"), importance=F(f"{account}__importance"),
    )  # fmt: skip
    return named


def _inside(scope: Scope, unit: str) -> Q:
    """The scope as a choice of units, which an index answers; no condition for the whole installation."""
    if not scope.prefix:
        return Q()
    return Q(**{f"{unit}__in": [node.unit_id for node in organization.unit_tree(scope)]})
