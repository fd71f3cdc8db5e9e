"""Rows of the lists: lazy, limited to the scope."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from wandeng.domains.notices.queries.next_way import next_way
from wandeng.domains.rationing import rules
from wandeng.domains.rationing.models import RationingCall, RationingOrder, RationingScheme, RationingTold
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]
REACHED = Q(recipient__reached_at__isnull=False)
BY_HAND = Q(hand_at__isnull=False)


def schemes_rows(scope: Scope) -> Rows:
    """Versions of schemes: id, unit_id, unit_name, year, version, state, max_demand_kw, document, people, shed_kw."""
    return scope.limit(RationingScheme.objects.all(), "unit__path").values(
        "id", "unit_id", "year", "version", "state", "max_demand_kw", "document", unit_name=F("unit__name"),
        people=Count("participants"), shed_kw=Sum("participants__shed_kw", default=0),
    )  # fmt: skip


def orders_rows(scope: Scope) -> Rows:
    """Orders: id, number, unit_id, unit_name, level, gap_kw, shed_kw, starts_at, ends_at, notice_by, state, shortage."""
    return scope.limit(RationingOrder.objects.all(), "scheme__unit__path").values(
        "id", "number", "level", "gap_kw", "shed_kw", "starts_at", "ends_at", "notice_by", "state", "shortage",
        unit_id=F("scheme__unit_id"), unit_name=F("scheme__unit__name"),
    )  # fmt: skip


def gap_rows(scope: Scope, *, now: datetime) -> Rows:
    """Whom nobody has reached by what was told last of their order: id, number, unit_id, unit_name, kind, due_by,
    account_number, area, state, channel, why, next_way.

    ``next_way`` is the channel that a message waits for or is on; else a call, and the door shortly before the deadline by the rule
    of the unit's territory, because nobody waits for a call then.
    """
    following = next_way(
        due_by="telling__due_by",
        territory="telling__order__scheme__unit__territory",
        doors=rules.doors(rules.local_day(now)),
        now=now,
    )
    later = RationingTold.objects.filter(
        account=OuterRef("account"), telling__order=OuterRef("telling__order"), telling__gt=OuterRef("telling")
    )
    rows = RationingTold.objects.filter(
        ~REACHED, ~BY_HAND, ~Exists(later), telling__order__state__in=("PUBLISHED", "RUNNING", "DRAFT", "APPROVED")
    )
    return scope.limit(rows, "telling__order__scheme__unit__path").values(
        "id", number=F("telling__order__number"), unit_id=F("telling__order__scheme__unit_id"),
        unit_name=F("telling__order__scheme__unit__name"), kind=F("telling__kind"), due_by=F("telling__due_by"),
        account_number=F("account__account_number"), area=F("account__address"), state=F("recipient__state"),
        channel=F("recipient__channel"), why=F("recipient__why"), next_way=following,
    )  # fmt: skip


def call_rows(scope: Scope) -> Rows:
    """Calls: id, number, unit_id, unit_name, kind, due_by, account_number, importance, is_participant, state, tries,
    confirmed_by, called_by, called_at."""
    return scope.limit(RationingCall.objects.all(), "telling__order__scheme__unit__path").values(
        "id", "importance", "is_participant", "state", "tries", "confirmed_by", "called_by", "called_at",
        number=F("telling__order__number"), unit_id=F("telling__order__scheme__unit_id"),
        unit_name=F("telling__order__scheme__unit__name"), kind=F("telling__kind"), due_by=F("telling__due_by"),
        account_number=F("account__account_number"),
    )  # fmt: skip
