"""The share of voltage in range of a month or a year: together, by class, against promises, by unit."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wandeng.domains.organization import queries as organization
from wandeng.domains.voltage import queries
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import voltage as words
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import Month

MINUTES_PER_HOUR = 60


@require_safe
def analysis(request: Request) -> HttpResponse:
    """The shares of a unit and month, and the months of its year as a chart."""
    asking, library = request.asking, rulebook.library()
    units = organization.unit_tree(asking.scope)
    code = request.GET.get("unit") or units[0].code
    month = Month.parse(request.GET.get("month") or str(Month.of(asking.today)))
    found = queries.qualification(asking.scope, unit_code=code, period=month.period, library=library)
    months = queries.months(
        asking.scope, unit_code=code, year=month.first.year, up_to=asking.today, library=library
    )  # fmt: skip
    context = {
        "units": units, "unit": organization.unit(asking.scope, code), "month": month, "found": found,
        "composite": percent(found.composite_e5), "before": percent(found.before_e5),
        "classes": [(words.CLASSES[one.voltage_class], one, percent(one.share_e5)) for one in found.classes],
        "targets": [(words.AREAS[one.area], one, percent(one.share_e5)) for one in found.targets],
        "rows": [(one, percent(one.share_e5), hours(one.over), hours(one.under), hours(one.faulty)) for one in found.units],
        "over": hours(sum(one.over for one in found.classes)), "under": hours(sum(one.under for one in found.classes)),
        "points": sum(one.points for one in found.classes), "chart": chart(months),
    }  # fmt: skip
    return render(request, "console/voltage/analysis.html", context)


def percent(share_e5: int | None) -> str:
    """A share (10⁻⁵) in percent."""
    return "–" if share_e5 is None else f"{format_scaled(share_e5, 3)}%"


def hours(minutes: int) -> str:
    """Hours with one decimal."""
    return format_scaled((minutes * 10 + MINUTES_PER_HOUR // 2) // MINUTES_PER_HOUR, 1)


def chart(months: list[tuple[str, int | None]]) -> dict[str, Any]:
    """The share of each month, percent."""
    shares = [None if share is None else share / 1000 for _month, share in months]
    known = [one for one in shares if one is not None]
    return {
        "xAxis": {"type": "category", "data": [month for month, _share in months]},
        "yAxis": {"type": "value", "min": int(min(known, default=0)), "max": 100},
        "series": [{"name": _("综合电压合格率（%）"), "type": "line", "data": shares}],
    }
