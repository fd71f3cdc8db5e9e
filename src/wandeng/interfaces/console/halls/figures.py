"""How long people waited in halls, by hall and hour, against the limit."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.halls import queries
from wandeng.domains.halls.types import WaitingFigures
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import halls as words
from wandeng.kernel.money import divide_half_up, format_scaled


@require_safe
def page(request: Request) -> HttpResponse:
    """Days ``from`` to ``to`` (both shown), today unless said; one ``outlet`` or all."""
    asking = request.asking
    first, last = _day(request.GET.get("from", ""), asking.today), _day(request.GET.get("to", ""), asking.today)
    if not 0 <= (last - first).days < queries.MOST_DAYS:
        first, last = asking.today, asking.today
    outlet = request.GET.get("outlet", "")[:32]
    found = queries.figures(asking.scope, from_on=first, to_on=last + timedelta(days=1), outlet_code=outlet)
    whole = [one for one in found if one.hour is None]
    taken, called, within = (sum(getattr(one, name) for one in whole) for name in ("taken", "called", "within"))
    context = {
        "first": first, "last": last, "outlet": outlet, "halls": [_row(one) for one in whole],
        "hours": [_row(one) for one in found if one.hour is not None], "taken": taken, "called": called,
        "over": called - within, "share": share(within, called), "left": sum(one.left_uncalled for one in whole),
    }  # fmt: skip
    return render(request, "console/halls/figures.html", context)


def _row(one: WaitingFigures) -> tuple[object, ...]:
    waits = (one.p50_seconds, one.p90_seconds, one.longest_seconds)
    return one, share(one.within, one.called), *map(words.minutes, waits)


def share(part: int, whole: int) -> str:
    """A share in percent with one decimal; a dash of nothing."""
    return f"{format_scaled(divide_half_up(part * 1000, whole), 1)}%" if whole else "–"


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
