"""How amounts, energy, days and moments are shown."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wandeng.kernel.periods import BILLING_ZONE

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as ¥1,234.56."""
    if fen is None:
        return ""
    return f"{'−' if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


@register.filter
def kwh(ckwh: int | None) -> str:
    """0.01 kWh as 1,234.56."""
    if ckwh is None:
        return ""
    return f"{'−' if ckwh < 0 else ''}{abs(ckwh) // 100:,}.{abs(ckwh) % 100:02d}"


@register.filter
def count(number: int | None) -> str:
    """1,234."""
    return "" if number is None else f"{number:,}"


@register.filter
def percent(hundredths: int | None) -> str:
    """Hundredths of a percent as 12.34 %."""
    return "" if hundredths is None else f"{hundredths / 100:.2f} %"


@register.filter
def day(value: date | None) -> str:
    """2026-11-21."""
    return "" if value is None else value.isoformat()


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    """The local time."""
    if value is None:
        return ""
    local = value.astimezone(BILLING_ZONE)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), local.strftime("%Y-%m-%d %H:%M"))
