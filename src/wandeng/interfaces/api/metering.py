"""Metering: routes and their sheets, held readings, orders to read again, meters, line loss."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.types import ExchangePreview, MeterReading, Ratio, Registers, Sheet
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import BILLING_ZONE, Month

_P = "console:metering-"
_ROUTE, _SHEET = "/reading-routes/{path:code}", "/reading-sheets/{int:installation_id}/{read_on}"
_HELD, _ORDER, _METER = (
    "/held-readings/{int:reading_id}",
    "/reread-orders/{int:order_id}",
    "/meters/{asset_number}",
)


def sheet(
    scope: Scope,
    code: str,
    *,
    now: datetime,
    library: RuleLibrary,
    month: Month | None = None,
    start: int = 0,
    limit: int = 60,
    only_missing: bool = False,
) -> Sheet:
    """A part of a route's sheet in walk order; of the newest month when none is given."""
    facts = queries.route(scope, code)
    newest = queries.last_month(facts.reading_day, facts.months, now.astimezone(BILLING_ZONE).date())
    return queries.sheet(
        scope, code, month or newest, start=start, count=limit, library=library, only_missing=only_missing
    )


def correct(*, reading_id: int, registers: Registers, actor: Actor, at: datetime, reason: str) -> int:
    """Write down what the meter really shows; returns the new reading."""
    return actions.correct_reading(reading_id=reading_id, registers=registers, actor=actor, at=at, reason=reason)


def estimate(
    *, reading_id: int, method: Literal["average", "last_year"], actor: Actor, at: datetime, reason: str
) -> list[dict[str, Any]]:
    """Refuse a held reading and estimate its day; returns the estimate."""
    found = actions.estimate_instead(reading_id=reading_id, method=method, actor=actor, at=at, reason=reason)
    return [dict(row) for row in found.to_pylist()]


def meter_readings(scope: Scope, asset_number: str, *, limit: int = 60) -> tuple[MeterReading, ...]:
    """The newest readings of a meter, with the energy each closes."""
    queries.meter_view(scope, asset_number)
    return queries.meter_readings(scope, asset_number, limit=limit)


def curve_days(scope: Scope, asset_number: str, month: Month) -> tuple[date, ...]:
    """The days of a month of which the meter has quarter hours."""
    queries.meter_view(scope, asset_number)
    return queries.curve_days(scope, asset_number, month)


def curve(scope: Scope, asset_number: str, day: date) -> tuple[int | None, ...]:
    """The 96 quarter hours of a day in Wh on the meter's face; null where one is missing, empty where all are."""
    queries.meter_view(scope, asset_number)
    return queries.curve(scope, asset_number, day)


def _usage_point(scope: Scope, asset_number: str) -> str:
    hangs = queries.meter_view(scope, asset_number).hangs
    if hangs is None:
        raise NotFound(f"meter {asset_number} hangs nowhere")
    return hangs.usage_point


def preview(
    scope: Scope, asset_number: str, *, removed: Registers, new_meter: str, new_multiplier: int, on: date
) -> ExchangePreview:
    """What exchanging this meter would mean; nothing is done."""
    return queries.exchange_preview(
        scope,
        usage_point=_usage_point(scope, asset_number),
        removed=removed,
        new_meter=new_meter,
        new_multiplier=new_multiplier,
        on=on,
    )


def exchange(
    scope: Scope,
    asset_number: str,
    *,
    removed: Registers,
    new_meter: str,
    new_multiplier: int,
    start: Registers,
    on: date,
    actor: Actor,
    at: datetime,
    reason: str,
    ratio: Ratio | None = None,
) -> int:
    """Exchange this meter for another; returns the new installation."""
    return actions.exchange_meter(
        usage_point=_usage_point(scope, asset_number),
        removed_reading=removed,
        new_meter=new_meter,
        new_multiplier=new_multiplier,
        new_ratio=ratio,
        start_reading=start,
        on=on,
        actor=actor,
        at=at,
        reason=reason,
    )


def _read(address: str, query: Any, name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=_P + like, tag="metering", about=about)


def _write(address: str, action: Any, name: str, like: str, about: str, *, commits_itself: bool = False) -> None:
    write(address, action, name=name, like=_P + like, tag="metering", about=about, commits_itself=commits_itself)


_read(f"{_ROUTE}/sheet", sheet, "route-sheet", "route", "抄表单 the sheet of a route")
_read(f"{_ROUTE}/progress", queries.progress, "route-progress", "route", "进度 how far a route is")
_read(_ROUTE, queries.route, "route", "route", "抄表段 a route")
_read(
    "/reading-sheets/{int:installation_id}/{day}",
    queries.sheet_row,
    "sheet-row",
    "route",
    "一块表 one meter of a sheet",
)
_write(
    f"{_SHEET}/enter",
    actions.enter_reading,
    "reading-enter",
    "enter",
    "录入示数 enter a reading",
    commits_itself=True,
)
_read(_HELD, queries.held_view, "held-reading", "held-reading", "待审示数 a held reading with what to decide by")
_write(f"{_HELD}/release", actions.release_reading, "reading-release", "decide", "放行 release")
_write(f"{_HELD}/refuse", actions.refuse_reading, "reading-refuse", "decide", "退回 refuse")
_write(f"{_HELD}/correct", correct, "reading-correct", "decide", "更正 correct")
_write(f"{_HELD}/estimate", estimate, "reading-estimate", "decide", "估抄 estimate instead", commits_itself=True)
_write(f"{_HELD}/reread", actions.order_reread, "reading-reread", "decide", "派复抄 order to read again")
_read(_ORDER, queries.reread, "reread-order", "reread", "复抄工单 an order to read again")
_write(f"{_ORDER}/take", actions.take_reread, "reread-take", "reread", "领取 take")
_write(f"{_ORDER}/give-back", actions.give_back_reread, "reread-give-back", "reread", "退回工单 give back")
_write(f"{_ORDER}/cancel", actions.cancel_reread, "reread-cancel", "reread", "取消工单 cancel")
_write(
    f"{_ORDER}/complete",
    actions.complete_reread,
    "reread-complete",
    "reread",
    "完成复抄 what the meter really shows",
)
_read(_METER, queries.meter_view, "meter", "meter", "电能表 a meter and where it hung")
_read(f"{_METER}/readings", meter_readings, "meter-readings", "meter", "示数 readings of a meter")
_read(f"{_METER}/curve-days", curve_days, "curve-days", "curve", "有曲线的日子 days with a curve")
_read(f"{_METER}/curve", curve, "curve", "curve", "日负荷曲线 the curve of a day")
_write(
    f"{_METER}/exchange/preview",
    preview,
    "exchange-preview",
    "exchange",
    "换表预览 what an exchange would mean",
)
_write(f"{_METER}/exchange", exchange, "meter-exchange", "exchange", "换表 exchange")
