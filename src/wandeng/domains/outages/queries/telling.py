"""What was told of an outage: tellings, whom nobody has reached, calls to important users, the text for the media."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from wandeng.domains.notices.queries.next_way import next_way
from wandeng.domains.outages import rules
from wandeng.domains.outages.models import ImportantCall, OutageArea, OutageTold, PlannedOutage
from wandeng.domains.outages.types.telling import CallShown, CallState, GapShown, TellingKind, TellingShown, TellingView
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE

Rows = QuerySet[Any, Any]
SHOWN_GAPS = 200
REACHED = Q(recipient__reached_at__isnull=False)
BY_HAND = Q(hand_at__isnull=False)


def telling_view(scope: Scope, number: str, *, now: datetime, library: RuleLibrary | None = None) -> TellingView:
    """Everything told of a plan. Raises :class:`NotFound`, ``NoRuleInForce``."""
    row = scope.one(PlannedOutage.objects.select_related("unit"), "unit__path", "outage", number=number)
    version = row.versions.get(version=row.version)
    counted = {
        one["telling"]: one
        for one in OutageTold.objects.filter(telling__outage=row)
        .order_by()
        .values("telling")
        .annotate(reached=Count("id", filter=REACHED), hand=Count("id", filter=BY_HAND & ~REACHED))
    }
    none = {"reached": 0, "hand": 0}
    tellings = tuple(
        TellingShown(
            one.pk, one.version, TellingKind(one.kind), one.made_at, one.due_by, one.accounts, one.messages,
            counted.get(one.pk, none)["reached"], counted.get(one.pk, none)["hand"],
        )
        for one in row.tellings.order_by("-id")
    )  # fmt: skip
    gaps = gap_rows(scope, now=now, library=library).filter(number=number).order_by("due_by", "id")[:SHOWN_GAPS]
    calls = ImportantCall.objects.filter(telling__outage=row).select_related("telling", "account")
    return TellingView(
        row.number, row.title, row.unit.name, version.notice_by, version.customers, tellings,
        tuple(_gap(one) for one in gaps),
        tuple(_call(one) for one in calls.order_by("-telling_id", "account__account_number")),
        media_text(row, version),
    )  # fmt: skip


def gap_rows(scope: Scope, *, now: datetime, library: RuleLibrary | None = None) -> Rows:
    """Whom nobody has reached by what was told last of their outage: id, number, title, unit_id, unit_name, kind, due_by,
    account_number, area, state, channel, why, next_way.

    ``next_way`` is the channel that a message waits for or is on; else a call, and the door shortly before the deadline by the rule
    of the unit's territory (``outage_telling``), because nobody waits for a call then.
    """
    following = next_way(
        due_by="telling__due_by",
        territory="telling__outage__unit__territory",
        doors=rules.doors(rules.local_day(now), library=library),
        now=now,
    )
    return _unreached(scope).values(
        "id", number=F("telling__outage__number"), title=F("telling__outage__title"),
        unit_id=F("telling__outage__unit_id"), unit_name=F("telling__outage__unit__name"), kind=F("telling__kind"),
        due_by=F("telling__due_by"), account_number=F("account__account_number"), area=F("account__address"),
        state=F("recipient__state"), channel=F("recipient__channel"), why=F("recipient__why"), next_way=following,
    )  # fmt: skip


def doors_left(scope: Scope, number: str) -> Rows:
    """Those of one outage, as rows of what was told, the last telling first."""
    return _unreached(scope).filter(telling__outage__number=number).order_by("-telling_id")


def _unreached(scope: Scope) -> Rows:
    later = OutageTold.objects.filter(
        account=OuterRef("account"), telling__outage=OuterRef("telling__outage"), telling__gt=OuterRef("telling")
    )
    rows = OutageTold.objects.filter(
        ~REACHED, ~BY_HAND, ~Exists(later), telling__outage__state__in=("PUBLISHED", "RUNNING")
    )
    return scope.limit(rows, "telling__outage__unit__path")


def call_rows(scope: Scope) -> Rows:
    """Calls to important users: id, number, unit_id, unit_name, kind, due_by, account_number, importance, protection, state,
    tries, confirmed_by, called_by, called_at."""
    return scope.limit(ImportantCall.objects.all(), "telling__outage__unit__path").values(
        "id", "importance", "protection", "state", "tries", "confirmed_by", "called_by", "called_at",
        number=F("telling__outage__number"), unit_id=F("telling__outage__unit_id"),
        unit_name=F("telling__outage__unit__name"), kind=F("telling__kind"), due_by=F("telling__due_by"),
        account_number=F("account__account_number"),
    )  # fmt: skip


def call_number(scope: Scope, call_id: int) -> str:
    """The plan of a call. Raises :class:`NotFound`."""
    rows = ImportantCall.objects.select_related("telling__outage")
    row = scope.one(rows, "telling__outage__unit__path", "call to an important user", pk=call_id)
    return row.telling.outage.number


def media_text(row: PlannedOutage, version: Any) -> str:
    """A plan as newspapers and communities print it: when, which villages, why, from whom; no customer is named."""
    places = (
        OutageArea.objects.filter(version=version).exclude(place="").order_by("place").values_list("place", flat=True)
    )
    named = "、".join(dict.fromkeys(places)) or version.place or row.title
    begin, end = (one.astimezone(BILLING_ZONE) for one in (version.starts_at, version.ends_at))
    until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end.month}月{end.day}日{end:%H:%M}"
    line = f"（{version.feeder.name}）" if version.feeder else ""
    return (
        f"{row.unit.name}停电公告：{begin.year}年{begin.month}月{begin.day}日{begin:%H:%M}至{until}，"
        f"因{version.work}，以下区域停电：{named}{line}。停电编号{row.number}，如有变化另行公告。"
    )


def _gap(one: Mapping[str, Any]) -> GapShown:
    return GapShown(
        one["id"], one["account_number"], one["unit_name"], one["area"], TellingKind(one["kind"]), one["due_by"],
        one["state"], one["why"], one["next_way"],
    )  # fmt: skip


def _call(one: ImportantCall) -> CallShown:
    return CallShown(
        one.pk, one.account.account_number, one.account.name, one.importance, one.protection,
        TellingKind(one.telling.kind), one.telling.due_by, CallState(one.state), one.tries, one.confirmed_by,
        one.called_by, one.called_at, one.note,
    )  # fmt: skip
