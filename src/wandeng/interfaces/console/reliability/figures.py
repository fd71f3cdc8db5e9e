"""Indices of a month or a year by a named standard, taken apart; and who stands out in a year."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wandeng.domains.organization import queries as organization
from wandeng.domains.rationing import queries as rationing
from wandeng.domains.rationing.types import LimitedSupply
from wandeng.domains.reliability import queries
from wandeng.domains.reliability.types import Analysis, By, Counts, IndexRow
from wandeng.interfaces.console.reliability import standouts_book
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.export import XLSX
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import reliability as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import Month, Period

SECONDS_PER_HOUR = 3600
SHOWN = 50
"""Rows of a list on the page."""


@require_safe
def analysis(request: Request) -> HttpResponse:
    """The indices of a unit and a month (``month``) or a year (``year``), by unit, feeder, area, kind, cause or month."""
    asking, library = request.asking, rulebook.library()
    units = organization.unit_tree(asking.scope)
    code = request.GET.get("unit") or units[0].code
    month = request.GET.get("month", "")
    year = _year(request, int(month[:4]) if month[:4].isdigit() else asking.today.year)
    whole_year = queries.calendar_year(year)
    period = Month.parse(month).period if month else whole_year
    by = By(request.GET["by"]) if request.GET.get("by") in set(By) else By.UNIT
    standard = request.GET.get("standard") or next(iter(words.STANDARDS))
    asked: dict[str, Any] = {"unit_code": code, "standard_code": standard, "now": asking.now, "library": library}
    found = queries.analysis(asking.scope, period=period, by=by, **asked)
    months = queries.analysis(asking.scope, period=_up_to(whole_year, asking.today), by=By.MONTH, **asked)
    context = {
        "units": units, "unit": organization.unit(asking.scope, code), "month": month, "year": year, "by": by.value,
        "ways": words.WAYS, "standard": standard, "standards": words.STANDARDS, "users": words.USERS.get(standard, ""),
        "found": found, "whole": found.whole and cells(found.whole), "before": found.year_before and cells(found.year_before),
        "without": found.without and cells(found.without), "rows": [cells(row, by) for row in found.rows],
        "limit": None if found.limit_e4 is None else short(found.limit_e4), "chart": chart(months),
        "limited": limits(rationing.limited(asking.scope, code, period=period)),
        "days": [(one.day, short(one.minutes_e4)) for one in found.major_days],
    }  # fmt: skip
    return render(request, "console/reliability/analysis.html", context)


def _year(request: Request, default: int) -> int:
    text = request.GET.get("year") or str(default)
    if not text.isdigit():
        raise InvalidInput(f"not a year: {text}")
    return int(text)


def _up_to(period: Period, today: date) -> Period:
    """The months of a year that have begun; the first one of a year to come."""
    last = max(Month.of(min(today, date(period.from_on.year, 12, 31))), Month.of(period.from_on))
    return Period(period.from_on, last.next().first)


def cells(row: IndexRow, by: By | None = None) -> dict[str, Any]:
    """A row as texts: hours with three decimals, times with three, percent with three."""
    names: dict[Any, Any] = {By.KIND: words.KINDS, By.CAUSE: words.CAUSES, By.LOCALITY: customer_words.LOCALITIES}
    name = names.get(by, {}).get(row.code, row.name) or _("未知")
    return {
        "code": row.code, "name": name, "users": row.users, "interruptions": row.interruptions,
        "hours": format_scaled((row.user_seconds * 10 + SECONDS_PER_HOUR // 2) // SECONDS_PER_HOUR, 1),
        "saidi": short(row.saidi_e4), "saifi": short(row.saifi_e4),
        "caidi": "–" if row.caidi_e4 is None else short(row.caidi_e4), "maifi": short(row.maifi_e4),
        "asai": [
            format_scaled(one, 3) for one in (row.asai_1_e5, row.asai_2_e5, row.asai_3_e5, row.asai_4_e5)
        ],
    }  # fmt: skip


def limits(told: LimitedSupply) -> dict[str, Any] | None:
    """What limited loads come to, as texts; nothing where nobody was limited."""
    if not told.times:
        return None
    return {
        "times": told.times, "customers": told.customers, "hours": hours(told.seconds),
        "equivalent": hours(told.equivalent_s),
    }  # fmt: skip


def short(value_e4: int) -> str:
    """10⁻⁴ with three decimals."""
    return format_scaled((value_e4 + 5) // 10, 3)


def chart(months: Analysis) -> dict[str, Any]:
    """Hours a user and times a user, month by month."""
    names = [row.code for row in months.rows]
    return {
        "xAxis": {"type": "category", "data": names},
        "yAxis": [{"type": "value"}, {"type": "value"}],
        "series": [
            {"name": _("平均停电时间（小时）"), "type": "bar", "data": [row.saidi_e4 / 10_000 for row in months.rows]},
            {
                "name": _("平均停电次数"), "type": "line", "yAxisIndex": 1,
                "data": [row.saifi_e4 / 10_000 for row in months.rows],
            },
        ],
    }  # fmt: skip


@require_safe
def standouts(request: Request) -> HttpResponse:
    """Customers off for long, areas off frequently or planned repeatedly, beside the same months of the year before;
    ``?format=xlsx`` names all of them in a workbook."""
    asking = request.asking
    units = organization.unit_tree(asking.scope)
    code = request.GET.get("unit") or units[0].code
    year = _year(request, asking.today.year)
    is_book = request.GET.get("format") == "xlsx"
    limit = standouts_book.MOST if is_book else SHOWN
    found = queries.standouts(
        asking.scope, unit_code=code, year=year, now=asking.now, limit=limit, library=rulebook.library()
    )
    if is_book:
        headers = {"Content-Disposition": f'attachment; filename="standouts-{code}-{year}.xlsx"'}
        return HttpResponse(standouts_book.workbook(found), content_type=XLSX, headers=headers)
    context = {
        "units": units, "unit": organization.unit(asking.scope, code), "year": year, "found": found,
        "lasting": [(one, hours(one.seconds), hours(one.seconds_before)) for one in found.lasting],
        "frequent": [(one, hours(one.seconds)) for one in found.frequent],
        "repeated": [(one, hours(one.seconds)) for one in found.repeated],
        "changes": [change(one) for one in (found.lasting_count, found.frequent_count, found.repeated_count)],
    }  # fmt: skip
    return render(request, "console/reliability/standouts.html", context)


def hours(seconds: int) -> str:
    """Hours with one decimal."""
    return format_scaled((seconds * 10 + SECONDS_PER_HOUR // 2) // SECONDS_PER_HOUR, 1)


def change(counts: Counts) -> str:
    """By how many percent a count differs from the year before."""
    if not counts.before:
        return "–"
    percent = (counts.now - counts.before) * 100 // counts.before
    return f"{'+' if percent > 0 else '−' if percent < 0 else ''}{abs(percent)}%"
