"""Channels' days against our books: which wait, which are closed, which differences somebody must decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Exists
from django.db.models.functions import Substr

from wandeng.domains.payments.frames.reconciling import FOUND_LATER
from wandeng.domains.payments.models import Payment, ReconciliationDay, ReconciliationItem
from wandeng.domains.payments.queries import bank_values as values
from wandeng.domains.payments.queries.bank_values import DayFacts, DayItem, WaitingDay
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, dict[str, Any]]

DAY_COLUMNS = (
    "id", "unit_code", "unit_name", "channel", "day", "ours", "ours_fen", "theirs", "theirs_fen", "matched",
    "matched_fen", "differences", "undecided", "state", "made_by", "made_at",
)  # fmt: skip
CLEARED = "CLEARING:"
"""Beginning of the ledger accounts of channels; cash is counted by hand, session by session, and has no detail."""
ITEM_COLUMNS = (
    "id", "day_id", "channel", "on", "kind", "key", "account_number", "ours_fen", "theirs_fen", "state", "reason",
    "decided_by", "decided_at",
)  # fmt: skip


def day_rows(scope: Scope) -> Rows:
    """Reconciled days: DAY_COLUMNS."""
    rows = scope.limit(ReconciliationDay.objects.all(), "unit__path")
    found: Rows = rows.annotate(
        unit_code=F("unit__code"), unit_name=F("unit__name"), differences=Count("items"),
        undecided=Count("items", filter=Q(items__state="OPEN")),
    ).values(*DAY_COLUMNS)  # fmt: skip
    return found


def item_rows(scope: Scope) -> Rows:
    """Differences: ITEM_COLUMNS."""
    rows = scope.limit(ReconciliationItem.objects.all(), "day__unit__path")
    found: Rows = rows.annotate(channel=F("day__channel"), on=F("day__day")).values(*ITEM_COLUMNS)
    return found


def reconciled_day(scope: Scope, day_id: int) -> DayFacts:
    """A day with its differences. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(ReconciliationDay.objects.select_related("unit"), "unit__path", "reconciled day", id=day_id)
    items = tuple(
        DayItem(
            one.pk, one.kind, one.key, one.account_number, one.ours_fen, one.theirs_fen, one.state, one.reason,
            one.decided_by, one.decided_at,
        )
        for one in row.items.order_by("id")
    )  # fmt: skip
    return DayFacts(
        day_id=row.pk, unit_code=row.unit.code, unit_name=row.unit.name, channel=row.channel, day=row.day,
        file_id=row.file_id, ours=values.Sum(row.ours, row.ours_fen), theirs=values.Sum(row.theirs, row.theirs_fen),
        matched=values.Sum(row.matched, row.matched_fen), state=row.state, made_by=row.made_by, made_at=row.made_at,
        items=items,
    )  # fmt: skip


def day_of_item(scope: Scope, item_id: int) -> int:
    """The day of a difference. Raises :class:`NotFound`."""
    return scope.one(ReconciliationItem.objects.all(), "day__unit__path", "difference", id=item_id).day_id


def waiting_days(scope: Scope, *, since: date, before: date) -> tuple[WaitingDay, ...]:
    """Days of channels with payments of ours and no detail yet, the oldest first. Card and code at tills are owed by their
    acquirers."""
    cleared = Payment.objects.annotate(by=Substr("debited", len(CLEARED) + 1))
    done = ReconciliationDay.objects.filter(channel=OuterRef("by"), day=OuterRef("received_on"))
    rows = scope.limit(
        cleared.filter(
            ~Exists(done), state="RECEIVED", debited__startswith=CLEARED, received_on__gte=since, received_on__lt=before,
        ).exclude(key__startswith=FOUND_LATER),
        "unit__path",
    )  # fmt: skip
    found = (
        rows.values("by", "received_on").annotate(n=Count("id"), fen=Sum("amount_fen")).order_by("received_on", "by")
    )
    return tuple(WaitingDay(one["by"], one["received_on"], values.Sum(one["n"], one["fen"])) for one in found)


def matched_share_e4(scope: Scope, *, since: date) -> int | None:
    """Share of payments that matched by themselves since a day, in 10⁻⁴; ``None`` when nothing was reconciled."""
    days = scope.limit(ReconciliationDay.objects.filter(day__gte=since), "unit__path")
    matched = days.aggregate(n=Sum("matched"))["n"]
    items = scope.limit(ReconciliationItem.objects.filter(day__day__gte=since), "day__unit__path").count()
    whole = (matched or 0) + items
    return 10_000 * (matched or 0) // whole if whole else None
