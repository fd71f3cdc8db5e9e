"""Today's outages (今日停电): planned, running, overdue, temporary; who is off still, by how much, what comes next."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from django.db.models import Q

from wandeng.domains.outages import rules
from wandeng.domains.outages.models import OutageOverrun, PlannedOutageVersion
from wandeng.domains.outages.types.board import BoardOutage, BoardStage, OutageBoard, OverrunKind, OverrunShown
from wandeng.domains.outages.types.plans import OutageCategory, OutageState
from wandeng.domains.reliability.frames import ongoing
from wandeng.domains.switching import queries as switching
from wandeng.domains.switching.types import SheetBrief, SheetState
from wandeng.infra.scope import Scope

SHOWN = ("APPROVED", "PUBLISHED", "RUNNING", "DONE")
_ORDER = (BoardStage.OVERDUE, BoardStage.RUNNING, BoardStage.LATE, BoardStage.WAITING, BoardStage.OVER)


def board(scope: Scope, *, now: datetime) -> OutageBoard:
    """Outages whose window touches the local day of ``now``, and whatever still runs."""
    midnight = rules.midnight(rules.local_day(now))
    today = Q(starts_at__lt=midnight + timedelta(days=1), ends_at__gt=midnight, outage__state__in=SHOWN)
    versions = PlannedOutageVersion.objects.filter(Q(state="STANDS") & (today | Q(outage__state="RUNNING")))
    rows = list(scope.limit(versions.select_related("outage__unit", "feeder"), "outage__unit__path"))
    numbers = [row.outage.number for row in rows]
    off = Counter(ongoing.ongoing()["number"].to_list()) if rows else Counter[str]()
    sheets = switching.briefs_of(scope, numbers)
    alarms = defaultdict(list)
    for one in OutageOverrun.objects.filter(outage__in=[row.outage_id for row in rows]).order_by("raised_at", "id"):
        alarms[one.outage_id].append(_alarm(one))
    outages = [
        _outage(
            row, off[row.outage.number], _running(sheets.get(row.outage.number, ())), tuple(alarms[row.outage_id]), now
        )
        for row in rows
    ]
    outages.sort(key=lambda one: (_ORDER.index(one.stage), one.ends_at, one.number))
    stages = Counter(one.stage for one in outages)
    return OutageBoard(
        day=rules.local_day(now), outages=tuple(outages), waiting=stages[BoardStage.WAITING] + stages[BoardStage.LATE],
        running=stages[BoardStage.RUNNING], overdue=stages[BoardStage.OVERDUE],
        temporary=sum(one.category is OutageCategory.TEMPORARY for one in outages),
        still_off=sum(one.still_off for one in outages),
        alarms=sum(not alarm.acknowledged_by for one in outages for alarm in one.overruns),
    )  # fmt: skip


def open_overruns(scope: Scope) -> int:
    """Alarms of outages that run, which nobody has answered for."""
    rows = OutageOverrun.objects.filter(acknowledged_by="", outage__state="RUNNING")
    return scope.limit(rows, "outage__unit__path").count()


def _outage(
    row: PlannedOutageVersion, off: int, sheet: SheetBrief | None, alarms: tuple[OverrunShown, ...], now: datetime
) -> BoardOutage:
    state = OutageState(row.outage.state)
    stage = _stage(state, row, now)
    return BoardOutage(
        number=row.outage.number, title=row.outage.title, category=OutageCategory(row.outage.category), state=state,
        stage=stage, unit_name=row.outage.unit.name, feeder_name=row.feeder.name if row.feeder else "",
        starts_at=row.starts_at, ends_at=row.ends_at, areas=row.areas, customers=row.customers, still_off=off,
        minutes_over=int((now - row.ends_at) // timedelta(minutes=1)) if stage is BoardStage.OVERDUE else 0,
        responsible=row.outage.created_by, sheet=sheet.number if sheet else "", next_step=sheet.next if sheet else 0,
        next_action=sheet.next_action if sheet else "", next_device=sheet.next_device if sheet else "", overruns=alarms,
    )  # fmt: skip


def _stage(state: OutageState, row: PlannedOutageVersion, now: datetime) -> BoardStage:
    if state is OutageState.DONE:
        return BoardStage.OVER
    if state is OutageState.RUNNING:
        return BoardStage.OVERDUE if now > row.ends_at else BoardStage.RUNNING
    return BoardStage.LATE if now > row.starts_at else BoardStage.WAITING


def _running(sheets: tuple[SheetBrief, ...]) -> SheetBrief | None:
    """The sheet that is being executed, else the first that is to be."""
    left = [one for one in sheets if one.state is not SheetState.DONE]
    return next((one for one in left if one.state is SheetState.EXECUTING), left[0] if left else None)


def _alarm(one: OutageOverrun) -> OverrunShown:
    return OverrunShown(
        one.pk, OverrunKind(one.kind), one.ends_at, one.raised_at, one.areas, one.acknowledged_by, one.reason
    )


def overrun(scope: Scope, alarm: int) -> OverrunShown:
    """One alarm. Raises :class:`NotFound`."""
    return _alarm(scope.one(OutageOverrun.objects.all(), "outage__unit__path", "overrun alarm", pk=alarm))
