"""A meter: where it hangs and hung, what it showed, its curve of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.metering import queries
from wandeng.domains.metering.types import MeterReading
from wandeng.interfaces.console.metering import charts, registers
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import metering as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE, Month

LATE, HISTORY = timedelta(days=3), timedelta(days=31)
"""A reading that comes later than so after its day is marked: bills have waited for it. After a month it is no late
reading but history that was taken over."""


@require_safe
def detail(request: Request, asset: str) -> HttpResponse:
    """A meter with its places, its ratio, its readings as chart and table, and its curve where there is one."""
    asking = request.asking
    meter = queries.meter_view(asking.scope, asset)
    readings = queries.meter_readings(asking.scope, asset)
    shown = [name for name in words.REGISTERS if any(getattr(row.registers, name) is not None for row in readings)]
    hangs = meter.hangs
    context = {
        "meter": meter,
        "hangs": hangs,
        "state": words.METER_STATES[meter.state],
        "tone": words.METER_TONES[meter.state],
        "billed_by": words.BILLED_BY[hangs.source] if hangs is not None else "",
        "columns": [(name, words.REGISTERS[name]) for name in shown],
        "readings": [_line(row, shown) for row in readings],
        "chart": charts.history(readings),
        "has_energy": any(row.energy_ckwh is not None for row in readings),
        "curve_month": queries.curve_month(asking.scope, asset, on=asking.today),
        "may_exchange": hangs is not None and asking.may("console:metering-exchange", write=True),
    }
    return render(request, "console/metering/meter.html", context)


@require_safe
def curve(request: Request, asset: str) -> HttpResponse:
    """The quarter hours of a day, as a part of the meter's page."""
    asking = request.asking
    meter = queries.meter_view(asking.scope, asset)
    month = Month.parse(request.GET.get("month", "") or str(Month.of(asking.today)))
    days = queries.curve_days(asking.scope, asset, month)
    chosen = _day(request.GET.get("day", "")) or (days[-1] if days else None)
    points = queries.curve(asking.scope, asset, chosen) if chosen is not None else ()
    multiplier = (meter.installations[0].multiplier if meter.installations else None) or 1
    known = [wh for wh in points if wh is not None]
    rows = [(charts.quarter(place), "" if wh is None else wh) for place, wh in enumerate(points)]
    context = {
        "meter": meter,
        "month": month,
        "earlier": month.plus(-1),
        "later": month.plus(1),
        "days": days,
        "day": chosen,
        "option": charts.curve(points, multiplier),
        "rows": rows,
        "missing": len(points) - len(known),
        "energy_ckwh": sum(known) * multiplier // 10,
        "points": points,
    }
    return render(request, "console/metering/curve.html", context)


def _line(row: MeterReading, shown: list[str]) -> dict[str, Any]:
    received = row.received_at.astimezone(BILLING_ZONE).date()
    return {
        "row": row,
        "values": [(words.REGISTERS[name], registers.shown(name, getattr(row.registers, name))) for name in shown],
        "state": words.READING_STATES[row.state],
        "tone": words.READING_TONES[row.state],
        "source": words.SOURCES[row.source],
        "reason": words.HOLD_REASONS.get(row.hold_reason, ""),
        "late_days": (received - row.read_on).days if LATE < received - row.read_on <= HISTORY else 0,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"a day is written YYYY-MM-DD, not '{text}'") from None
