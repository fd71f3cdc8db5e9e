"""Halls and their tickets: who waits and in which order, what the screen shows, how long people waited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wandeng.domains.halls import rules
from wandeng.domains.halls.models import HallCounter, KioskKey, QueueTicket
from wandeng.domains.halls.ordering import AHEAD, Place, ordered
from wandeng.domains.halls.types import (
    PHONE_COLUMN,
    CounterShown,
    HallShown,
    HallWorkKind,
    KioskUnknown,
    NextTicket,
    TicketGlance,
    TicketPurpose,
    TicketShown,
    WaitingFigures,
    WorkDone,
)
from wandeng.domains.outlets import queries as outlets
from wandeng.domains.outlets.types import OutletKind, OutletShown
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.infra.tokens import digest
from wandeng.kernel.periods import BILLING_ZONE

MOST_DAYS = 366
_SEEN = ("WAITING", "CALLED", "NO_SHOW")


def halls_rows(scope: Scope, *, on: date) -> QuerySet[Any, Any]:
    """Halls in service on a day: columns of outlets, and ``waiting``, ``called``, ``counters`` of that day."""
    tickets = QueueTicket.objects.filter(day__outlet=OuterRef("pk"), day__on=on).order_by()

    def count(rows: QuerySet[Any]) -> Coalesce:
        grouped = rows.values("unit").annotate(found=Count("pk")).values("found")
        return Coalesce(Subquery(grouped[:1]), Value(0))

    rows = outlets.outlets_rows(scope).filter(kind=OutletKind.HALL.value, valid_from__lte=on)
    found: QuerySet[Any, Any] = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).annotate(
        waiting=count(tickets.filter(state="WAITING")), called=count(tickets.exclude(calls=0)),
        counters=count(HallCounter.objects.filter(outlet=OuterRef("pk"), closed_at__isnull=True).order_by()),
    )  # fmt: skip
    return found


def tickets_rows(scope: Scope) -> QuerySet[Any, Any]:
    """Tickets: id, outlet_code, outlet_name, unit_id, unit_name, on, purpose, number, priority, state, counter, clerk, calls, called_why,
    appointment, taken_at, called_at, ended_at, waited_s (null: still waiting), limit_s. Lazy."""
    return scope.limit(QueueTicket.objects.all(), "unit__path").values(
        "id", "unit_id", "purpose", "number", "priority", "state", "counter", "clerk", "calls", "called_why", "appointment",
        "taken_at", "called_at", "ended_at", "waited_s", "limit_s", unit_name=F("unit__name"), on=F("day__on"),
        outlet_code=F("day__outlet__code"), outlet_name=F("day__outlet__name"),
    )  # fmt: skip


def ticket(scope: Scope, ticket_id: int, *, now: datetime) -> TicketShown:
    """One ticket with the cases and payments made while it was served. Raises :class:`NotFound`."""
    row = scope.one(_related(QueueTicket.objects.all()), "unit__path", "queue ticket", pk=ticket_id)
    return _shown(row, now, work=tuple(WorkDone(one.kind, one.number) for one in row.work.order_by("id")))


def tickets_of_account(scope: Scope, account_id: int, *, most: int = 100) -> tuple[TicketGlance, ...]:
    """The tickets that named an account the caller looked up, newest first."""
    return _glances(scope, QueueTicket.objects.filter(account_id=account_id), most)


def tickets_of_case(scope: Scope, case_number: str, *, most: int = 100) -> tuple[TicketGlance, ...]:
    """The tickets at which a case the caller looked up was opened or asked about, newest first."""
    return _glances(scope, QueueTicket.objects.filter(work__kind=HallWorkKind.CASE, work__number=case_number), most)


def _glances(scope: Scope, rows: QuerySet[QueueTicket], most: int) -> tuple[TicketGlance, ...]:
    found = rows.select_related("day__outlet", "unit").prefetch_related("work").order_by("-taken_at", "-id")[:most]
    return tuple(
        TicketGlance(
            one.pk, label(one.purpose, one.number), one.day.outlet.name, one.purpose, one.taken_at,
            tuple(work.number for work in one.work.all() if work.kind == HallWorkKind.CASE), scope.covers(one.unit.path),
        )
        for one in found
    )  # fmt: skip


def hall(scope: Scope, outlet_code: str, *, now: datetime, library: RuleLibrary | None = None) -> HallShown:
    """A hall now. Raises :class:`NotFound` for the outlet, ``NoRuleInForce``."""
    today = now.astimezone(BILLING_ZONE).date()
    return of_outlet(outlets.outlet(scope, outlet_code, on=today), now=now, library=library)


def of_outlet(found: OutletShown, *, now: datetime, counter: str = "", library: RuleLibrary | None = None) -> HallShown:
    """The same for an outlet that was read; with a ``counter`` the queue is that of this counter. Raises ``NoRuleInForce``."""
    today = now.astimezone(BILLING_ZONE).date()
    rule = rules.queue(today, library=library)
    rows = QueueTicket.objects.filter(day__outlet__code=found.code, day__on=today)
    shown = [_shown(one, now) for one in _related(rows.filter(state__in=_SEEN)).order_by("id")]
    ended = dict(rows.filter(state__in=("SERVED", "LEFT")).order_by().values_list("state").annotate(Count("pk")))
    at_counter = {one.counter: one for one in shown if one.state == "CALLED"}
    open_now = HallCounter.objects.filter(outlet__code=found.code, closed_at__isnull=True).order_by("code")
    counters = tuple(
        CounterShown(one.pk, one.code, one.clerk, one.is_accessible, one.opened_at, at_counter.get(one.code))
        for one in open_now
    )
    has_accessible = any(one.is_accessible for one in counters)
    here = any(one.code == counter and one.is_accessible for one in counters)
    place = Place(counter, here, has_accessible, _in_a_row(rows))
    queue = ordered([one for one in shown if one.state == "WAITING"], rule, place, now=now)
    return HallShown(
        found.code, found.name, found.unit_code, today, rule.waiting.minutes * 60, counters,
        tuple(NextTicket(one, why) for one, why in queue), tuple(one for one in shown if one.state == "NO_SHOW"),
        ended.get("SERVED", 0), ended.get("LEFT", 0),
    )  # fmt: skip


def queue_of_counter(
    hall: HallShown, counter: CounterShown, *, now: datetime, library: RuleLibrary | None = None
) -> tuple[NextTicket, ...]:
    """The queue of a hall that was read, as this counter of it calls it. Raises ``NoRuleInForce``."""
    rule = rules.queue(hall.on, library=library)
    rows = QueueTicket.objects.filter(day__outlet__code=hall.code, day__on=hall.on)
    has_accessible = any(one.is_accessible for one in hall.counters)
    place = Place(counter.code, counter.is_accessible, has_accessible, _in_a_row(rows))
    waiting = sorted((one.ticket for one in hall.queue), key=lambda one: one.id)
    return tuple(NextTicket(one, why) for one, why in ordered(waiting, rule, place, now=now))


def figures(scope: Scope, *, from_on: date, to_on: date, outlet_code: str = "") -> tuple[WaitingFigures, ...]:
    """Waiting from a day to another (half-open) by hall and by the local hour in which people came; the row of a hall without an
    hour is all of it. Percentiles are waits that somebody had: the smallest that so many of a hundred did not exceed."""
    rows = tickets_rows(scope).filter(day__on__gte=from_on, day__on__lt=to_on).order_by("outlet_code", "id")
    if outlet_code:
        rows = rows.filter(day__outlet__code=outlet_code)
    read = list(rows.values_list("outlet_code", "outlet_name", "taken_at", "called_at", "state", "waited_s", "limit_s"))
    frame = pl.DataFrame(
        {
            "code": [one[0] for one in read], "name": [one[1] for one in read],
            "hour": [one[2].astimezone(BILLING_ZONE).hour for one in read], "is_called": [one[3] is not None for one in read],
            "is_left": [one[4] == "LEFT" for one in read], "waited": [one[5] for one in read], "limit": [one[6] for one in read],
        },
        schema={"code": pl.String, "name": pl.String, "hour": pl.Int64, "is_called": pl.Boolean, "is_left": pl.Boolean,
                "waited": pl.Int64, "limit": pl.Int64},
    )  # fmt: skip
    by_hour = frame.group_by("code", "name", "hour").agg(*_AGGREGATED)
    whole = frame.group_by("code", "name").agg(*_AGGREGATED).with_columns(hour=pl.lit(None, dtype=pl.Int64))
    told = pl.concat([whole, by_hour], how="diagonal").sort("code", "hour", nulls_last=False)
    return tuple(WaitingFigures(**one) for one in told.rename(_NAMES).to_dicts())


_CALLED = pl.col("waited").filter(pl.col("is_called"))
_AGGREGATED = (
    pl.len().alias("taken"), pl.col("is_called").sum().alias("called"),
    (pl.col("is_left") & ~pl.col("is_called")).sum().alias("left_uncalled"),
    (pl.col("is_called") & (pl.col("waited") <= pl.col("limit"))).sum().alias("within"),
    _CALLED.quantile(0.5, "higher").cast(pl.Int64).alias("p50_seconds"),
    _CALLED.quantile(0.9, "higher").cast(pl.Int64).alias("p90_seconds"), _CALLED.max().alias("longest_seconds"),
)  # fmt: skip
_NAMES = {"code": "outlet_code", "name": "outlet_name"}


def kiosk(token: str, *, on: date) -> OutletShown:
    """The hall whose kiosk has this address. Raises :class:`KioskUnknown`."""
    code = (
        KioskKey.objects.filter(token_hash=digest(token), ended_at__isnull=True)
        .values_list("outlet__code", flat=True)
        .first()
    )
    if code is None:
        raise KioskUnknown("no hall has this kiosk")
    return outlets.outlet(Scope.everywhere(), code, on=on)


def at_kiosk(found: OutletShown, ticket_id: int, *, now: datetime) -> TicketShown:
    """A ticket of today, for the sheet that the kiosk of its hall prints. Raises :class:`NotFound`."""
    today = now.astimezone(BILLING_ZONE).date()
    rows = QueueTicket.objects.filter(day__outlet__code=found.code, day__on=today)
    return _shown(Scope.everywhere().one(_related(rows), "unit__path", "queue ticket", pk=ticket_id), now)


def _in_a_row(rows: QuerySet[QueueTicket]) -> int:
    """How many were called ahead of others since the last who was not."""
    latest = rows.exclude(called_why="").order_by("-called_at", "-id").values_list("called_why", flat=True)[:20]
    return next((place for place, why in enumerate(latest) if why not in AHEAD), len(latest))


def _related(rows: QuerySet[QueueTicket]) -> QuerySet[QueueTicket]:
    return rows.select_related("day__outlet", "account")


def _shown(row: QueueTicket, now: datetime, work: Iterable[WorkDone] = ()) -> TicketShown:
    phone = pii.open_sealed(row.phone_sealed, column=PHONE_COLUMN) if row.phone_sealed else ""
    account = row.account
    return TicketShown(
        row.pk, label(row.purpose, row.number), row.day.outlet.code, row.day.on, row.purpose, row.number, row.priority, row.state,
        row.counter, row.clerk, row.wanted_counter, row.calls, row.called_why, account.account_number if account else "",
        account.name if account else "", pii.mask_phone(phone) if phone else "", row.appointment, row.due_at, row.taken_at,
        row.called_at, row.last_called_at, row.ended_at, waited_s(row, now), row.limit_s, tuple(work),
    )  # fmt: skip


def waited_s(row: QueueTicket, now: datetime) -> int:
    """How long somebody waited until the first call, or has waited by now; seconds."""
    return row.waited_s if row.waited_s is not None else max(0, int((now - row.taken_at).total_seconds()))


def label(purpose: str, number: int) -> str:
    """A number as it is called, ``A012``."""
    return f"{TicketPurpose(purpose).letter}{number:03d}"


def has_ticket(appointment: str) -> bool:
    """Whether a number was taken for an appointment, by whoever has not left."""
    return QueueTicket.objects.filter(appointment=appointment).exclude(state="LEFT").exists()
