"""Indicators as pages show them: formatted, compared, linked to the list behind them, drawn."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wandeng.domains.billing import queries as billing
from wandeng.flows import indicators
from wandeng.flows.indicators import Board, Indicator, Row
from wandeng.interfaces.console.home.parts import Kpi, link
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.templatetags.wandeng import count, grouped, percent, yuan
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

KEPT_S = 120
FIRST = ("amount", "energy", "price", "bills", "parked", "contact_accuracy", "agreements_due", "held")
MONTHS_BACK = 12
_FORMATS = {"fen": "yuan", "ckwh": "kwh", "share_e4": "percent", "price_e4": "number", "count": "number"}


def last_month(asking: Asking) -> Month:
    """The newest month billed in the scope, else the month before this one."""
    return billing.last_month_billed(asking.scope) or Month.of(asking.today).previous()


def asked_month(asking: Asking, text: str) -> Month:
    """The month of an address, else the newest. Raises :class:`InvalidInput` for one that is not a month."""
    if not text:
        return last_month(asking)
    if not re.fullmatch(r"\d{4}-\d{2}", text):
        raise InvalidInput(f"month must be written YYYY-MM, got '{text}'")
    return Month.parse(text)


def months(newest: Month) -> list[Month]:
    """The months to choose from, the newest first."""
    return [newest.plus(-back) for back in range(MONTHS_BACK)]


def board(asking: Asking, month: Month) -> Board:
    """The board of a month, kept for two minutes: whoever opens the page next does not count everything again."""
    return _kept(asking, month)[0]


def drawn(asking: Asking, newest: Month, few: int) -> SafeString:
    """The part of a first page with the board, drawn once for everybody who stands in the same unit with the same roles,
    for as long as the board itself is kept. Figures of units only: nobody's name is in it."""
    shown, made = _kept(asking, newest)
    known = f"{made}:{few}:{newest}:{get_language()}:{get_script_prefix()}:{sorted(asking.actor.roles)}"
    key = f"drawn-board:{hashlib.sha256(known.encode()).hexdigest()}"
    html: SafeString | None = cache.get(key)
    if html is None:
        part = worst_first(context(asking, shown, newest=newest), few)
        html = render_to_string("console/home/parts/board.html", {"part": part})
        cache.set(key, html, KEPT_S)
    return html


def _kept(asking: Asking, month: Month) -> tuple[Board, str]:
    """The board, and a word that no other board has: what is drawn of it is kept under that."""
    key = f"board:{asking.scope.unit_path}:{month}:{asking.today}"
    kept: tuple[Board, str] | None = cache.get(key)
    if kept is None:
        kept = indicators.board(asking.scope, month, on=asking.today), secrets.token_hex(8)
        cache.set(key, kept, KEPT_S)
    return kept


def value(one: Indicator, number: int | None) -> str:
    """A figure as people read it, without its unit."""
    if number is None:
        return "–"
    match one.unit:
        case "fen":
            return yuan(number)
        case "ckwh":
            return grouped(round(number / 100))
        case "share_e4":
            return percent(number).replace(" %", "")
        case "price_e4":
            return f"{number / 10_000:.4f}"
        case _:
            return count(number)


def unit_of(one: Indicator) -> str:
    """The unit behind a figure; money carries its own sign."""
    words = {"fen": "", "ckwh": "kWh", "share_e4": "%", "price_e4": _("元/千瓦时"), "count": ""}
    return words[one.unit]


def name(one: Indicator) -> str:
    return one.name_en if (get_language() or "").startswith("en") else one.name_zh


def change(one: Indicator, now: int | None, before: int | None) -> tuple[str, str]:
    """The change against the month before and its tone: shares in points, the rest in percent."""
    if now is None or not before:
        return "", ""
    if one.unit == "share_e4":
        text, moved = _("%(points)s 个百分点") % {"points": f"{(now - before) / 100:+.2f}"}, now - before
    else:
        text, moved = f"{(now - before) * 100 / abs(before):+.1f} %", now - before
    if text.lstrip("+-").startswith(("0.0 ", "0.00 ")):
        return "", ""
    if not one.better:
        return text, "neutral"
    return text, "ok" if (moved > 0) == (one.better == "up") else "warn"


def drill(asking: Asking, code: str, month: Month, unit: str) -> str:
    """The list behind a figure, with the same month and unit; empty where the reader may not open it."""
    match code:
        case "energy" | "amount" | "bills" | "price":
            return link(asking, "console:bills-list", month=month, unit=unit)
        case "zero_share":
            return link(asking, "console:bills-list", month=month, unit=unit, energy="zero")
        case "parked" | "accepted":
            return link(asking, "console:bills-exceptions", month=month, unit=unit, state=code.upper())
        case "contact_accuracy":
            return link(asking, "console:customers-contacts", unit=unit, verification="TODO", primary="yes")
        case "agreements_due":
            return link(asking, "console:customers-agreements", unit=unit, due=90, renewed="no")
        case _:
            return link(asking, "console:metering-held", unit=unit)


def kpi(asking: Asking, shown: Board, code: str) -> Kpi:
    """A figure of the whole scope."""
    one = indicators.indicator(code)
    now = shown.whole.now[code]
    text, tone = change(one, now, shown.whole.before.get(code))
    note = _("比上月") + f" {text}" if text else ""
    where = drill(asking, code, shown.month, shown.whole.unit_code)
    return Kpi(name(one), value(one, now), unit_of(one), note, "" if tone == "neutral" else tone, where)


def context(asking: Asking, shown: Board, by: str = "amount", *, newest: Month | None = None) -> dict[str, Any]:
    """What the table and the chart of the units show, ranked by one indicator; ``newest`` where the newest month is
    known already."""
    one = indicators.indicator(by)
    ranked = indicators.ranked(shown, one)
    marked = {code: indicators.to_explain(shown, indicators.indicator(code)) for code in FIRST}
    columns = [indicators.indicator(code) for code in FIRST]
    return {
        "month": shown.month,
        "by": by,
        "by_name": name(one),
        "columns": [(column.code, name(column), unit_of(column)) for column in columns],
        "rows": [_cells(asking, shown, row, columns, marked) for row in (*ranked, shown.whole)] if ranked else [],
        "option": _option(one, ranked),
        "format": _FORMATS[one.unit],
        "chart_columns": [_("单位"), name(one), _("上月")],
        "chart_rows": [(row.unit_name, value(one, row.now[by]), value(one, row.before.get(by))) for row in ranked],
        "choices": [(code, name(indicators.indicator(code))) for code in FIRST],
        "months": months(newest or last_month(asking)),
    }


def worst_first(part: dict[str, Any], few: int) -> dict[str, Any]:
    """The same table with ``rest``: the codes of the units that a phone leaves out on the first page, all but the few
    that have most to explain (among equals the first of the ranking)."""
    units = [row for row in part["rows"] if not row["is_whole"]]
    worst = sorted(units, key=lambda row: -len(row["explains"]))[:few]
    kept = {row["code"] for row in worst}
    return {**part, "units": len(units), "rest": {row["code"] for row in units if row["code"] not in kept}}


def _cells(
    asking: Asking, shown: Board, row: Row, columns: list[Indicator], marked: dict[str, frozenset[str]]
) -> dict[str, Any]:
    return {
        "code": row.unit_code,
        "name": row.unit_name,
        "is_whole": row is shown.whole,
        "has_below": row.has_below and row is not shown.whole,
        "explains": [name(column) for column in columns if row.unit_code in marked[column.code]],
        "cells": format_html_join("", "{}", ((_cell(asking, shown, row, column, marked),) for column in columns)),
    }


def _cell(asking: Asking, shown: Board, row: Row, column: Indicator, marked: dict[str, frozenset[str]]) -> SafeString:
    """A figure of a unit, linked to its list, with its mark and its change. Drawn here: a board has hundreds of them."""
    text, tone = change(column, row.now[column.code], row.before.get(column.code))
    href = drill(asking, column.code, shown.month, row.unit_code)
    figure = value(column, row.now[column.code])
    linked = format_html('<a href="{}">{}</a>', href, figure) if href else conditional_escape(figure)
    mark = ""
    if row.unit_code in marked[column.code]:
        mark = format_html('<span class="wd-ink-warn" aria-label="{}"> ▲</span>', _("须说明"))
    moved = format_html('<div class="wd-small wd-ink-{}">{}</div>', tone, text) if text else ""
    return format_html('<td class="num" data-label="{}"><div>{}{}{}</div></td>', name(column), linked, mark, moved)


def _option(one: Indicator, ranked: tuple[Row, ...]) -> dict[str, Any]:
    """A bar for each unit, and the month before beside it where there is one."""
    scale = 100 if one.unit == "share_e4" else 10_000 if one.unit == "price_e4" else 1

    def shown(number: int | None) -> float | int | None:
        return number if number is None or scale == 1 else number / scale

    series = [{"type": "bar", "name": _("本月"), "data": [shown(row.now[one.code]) for row in ranked]}]
    if any(row.before.get(one.code) for row in ranked):
        series.append({"type": "bar", "name": _("上月"), "data": [shown(row.before.get(one.code)) for row in ranked]})
    return {
        "xAxis": {"type": "category", "data": [row.unit_name for row in ranked], "axisLabel": {"rotate": 40}},
        "yAxis": {"type": "value"},
        "series": series,
    }
