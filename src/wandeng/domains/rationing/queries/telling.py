"""What was told of an order: tellings, whom nobody has reached, calls, the text for the media."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count

from wandeng.domains.rationing.models import RationingCall, RationingOrder, RationingShareArea, RationingTold
from wandeng.domains.rationing.queries.rows import BY_HAND, REACHED, gap_rows
from wandeng.domains.rationing.types import (
    RationingCallShown,
    RationingCallState,
    RationingGap,
    RationingTellingKind,
    RationingTellingShown,
    RationingTellingView,
)
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE

SHOWN_GAPS = 200


def telling_view(scope: Scope, number: str, *, now: datetime) -> RationingTellingView:
    """Everything told of an order. Raises :class:`NotFound`."""
    rows = RationingOrder.objects.select_related("scheme__unit")
    row = scope.one(rows, "scheme__unit__path", "rationing order", number=number)
    counted = {
        one["telling"]: one
        for one in RationingTold.objects.filter(telling__order=row)
        .order_by()
        .values("telling")
        .annotate(reached=Count("id", filter=REACHED), hand=Count("id", filter=BY_HAND & ~REACHED))
    }
    none = {"reached": 0, "hand": 0}
    tellings = tuple(
        RationingTellingShown(
            one.pk, one.version, RationingTellingKind(one.kind), one.made_at, one.due_by, one.accounts, one.messages,
            counted.get(one.pk, none)["reached"], counted.get(one.pk, none)["hand"],
        )
        for one in row.tellings.order_by("-id")
    )  # fmt: skip
    gaps = gap_rows(scope, now=now).filter(number=number).order_by("due_by", "id")[:SHOWN_GAPS]
    calls = RationingCall.objects.filter(telling__order=row).select_related("telling", "account")
    return RationingTellingView(
        row.number, row.scheme.unit.name, row.notice_by, tellings, tuple(_gap(one) for one in gaps),
        tuple(_call(one) for one in calls.order_by("-telling_id", "account__account_number")), media_text(row),
    )  # fmt: skip


def call_number(scope: Scope, call_id: int) -> str:
    """The order of a call. Raises :class:`NotFound`."""
    rows = RationingCall.objects.select_related("telling__order")
    return scope.one(
        rows, "telling__order__scheme__unit__path", "call about rationing", pk=call_id
    ).telling.order.number


def media_text(row: RationingOrder) -> str:
    """An order as newspapers print it: when, why, which villages; no customer is named."""
    dark = RationingShareArea.objects.filter(share__order=row, share__is_chosen=True).exclude(transformer__area_name="")
    places = dict.fromkeys(dark.order_by("transformer__area_name").values_list("transformer__area_name", flat=True))
    begin, end = (one.astimezone(BILLING_ZONE) for one in (row.starts_at, row.ends_at))
    until = f"{end:%H:%M}" if begin.date() == end.date() else f"{end.month}月{end.day}日{end:%H:%M}"
    named = f"以下区域停电：{'、'.join(places)}。" if places else "不停居民用电。"
    return (
        f"{row.scheme.unit.name}有序用电公告：因电力供应缺口，{begin.year}年{begin.month}月{begin.day}日{begin:%H:%M}至{until}"
        f"实施有序用电，{named}编号{row.number}，如有变化另行公告。"
    )


def _gap(one: Mapping[str, Any]) -> RationingGap:
    return RationingGap(
        one["id"], one["account_number"], one["area"], RationingTellingKind(one["kind"]), one["due_by"], one["state"],
        one["why"], one["next_way"],
    )  # fmt: skip


def _call(one: RationingCall) -> RationingCallShown:
    return RationingCallShown(
        one.pk, one.account.account_number, one.account.name, one.importance, one.is_participant,
        RationingTellingKind(one.telling.kind), one.telling.due_by, RationingCallState(one.state), one.tries,
        one.confirmed_by, one.called_by, one.called_at, one.note,
    )  # fmt: skip
