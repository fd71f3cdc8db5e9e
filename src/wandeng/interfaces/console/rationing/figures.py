"""What an order really saved, and how fairly rationing lies."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.organization import queries as organization
from wandeng.domains.rationing import queries
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import rationing as words

FIRST_YEAR, LAST_YEAR = 2000, 2099


@require_safe
def saved(request: Request, number: str) -> HttpResponse:
    """Actual load against the baseline."""
    found = queries.saved(request.asking.scope, number, library=rulebook.library())
    context = {
        "found": found, "whys": words.NOT_COMPUTABLE,
        "sums": [f"{wh / 1000:,.1f}" for wh in (found.baseline_wh, found.actual_wh, found.saved_wh, found.expected_wh)],
        "rows": [
            (one, *("–" if wh is None else f"{wh / 1000:,.1f}" for wh in (one.baseline_wh, one.actual_wh, one.saved_wh)))
            for one in found.shares
        ],
    }  # fmt: skip
    return render(request, "console/rationing/saved.html", context)


@require_safe
def burdens(request: Request) -> HttpResponse:
    """Hours by participant of a year."""
    asking = request.asking
    units = organization.unit_tree(asking.scope)
    codes = [one.code for one in units]
    unit, given = request.GET.get("unit", ""), request.GET.get("year", "")
    year = (
        int(given)
        if given.isdecimal() and len(given) < 5 and FIRST_YEAR <= int(given) <= LAST_YEAR
        else asking.today.year
    )
    found = queries.burdens(
        asking.scope, unit if unit in codes else codes[0], year=year, library=rulebook.library()
    )  # fmt: skip
    context = {
        "found": found, "units": units, "measures": words.MEASURES, "kinds": words.KINDS,
        "rows": [(one, f"{one.seconds / 3600:.1f}", f"{one.equivalent_s / 3600:.2f}") for one in found.rows],
        "spreads": [
            (one, *(f"{seconds / 3600:.1f}" for seconds in (one.most, one.mean, one.least, one.spread)))
            for one in found.spreads
        ],
    }  # fmt: skip
    return render(request, "console/rationing/burdens.html", context)
