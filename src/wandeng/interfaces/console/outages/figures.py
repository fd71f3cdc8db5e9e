"""How outages are shared out among areas, and how faithfully plans are kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import queries
from wandeng.domains.outages.types import KeptPlans
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request

FIRST_YEAR, LAST_YEAR = 2000, 2999


@require_safe
def fairness(request: Request) -> HttpResponse:
    """Each area's planned outages of the year, written and still to come."""
    asking = request.asking
    units = organization.unit_tree(asking.scope)
    unit = _unit(request, [one.code for one in units])
    found = queries.fairness(asking.scope, unit_code=unit, on=asking.today, library=rulebook.library())
    most = max((count for _, count in found.spread), default=0)
    spread = [(times, count, round(100 * count / most) if most else 0) for times, count in found.spread]
    context = {"found": found, "units": units, "spread": spread}
    return render(request, "console/outages/fairness.html", context)


@require_safe
def fulfilment(request: Request) -> HttpResponse:
    """Kept, changed, canceled, missed and late plans of a year."""
    asking = request.asking
    units = organization.unit_tree(asking.scope)
    unit = _unit(request, [one.code for one in units])
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and FIRST_YEAR <= int(given) <= LAST_YEAR else asking.today.year
    found = queries.fulfilment(
        asking.scope, unit_code=unit, year=year, now=asking.now, library=rulebook.library()
    )  # fmt: skip
    context = {
        "found": found, "units": units, "months": [_line(one) for one in found.months],
        "by_unit": [_line(one) for one in found.units], "whole": _line(found.whole),
        "is_met": found.whole.percent_e2 is not None and found.whole.percent_e2 >= found.target_percent * 100,
    }  # fmt: skip
    return render(request, "console/outages/fulfilment.html", context)


def _line(one: KeptPlans) -> tuple[KeptPlans, str]:
    share = one.percent_e2
    return one, "–" if share is None else f"{share // 100}.{share % 100:02} %"


def _unit(request: Request, codes: list[str]) -> str:
    given = request.GET.get("unit", "")
    return given if given in codes else codes[0]
