"""The day board (预约日程), what became of appointments by unit, and the appointments of a case."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from wandeng.domains.appointments.queries import days, figures, one
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import appointments as words

DAYS_SHOWN = 14


@require_safe
def day(request: Request) -> HttpResponse:
    """A day by place, with what is free; and how the next days look."""
    asking, library = request.asking, rulebook.library()
    on = _day(request.GET.get("on", ""), asking.today)
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in words.KINDS else ""
    case = request.GET.get("case", "")[:24]
    found = days.day(asking.scope, on=on, library=library, now=asking.now, kind=kind)
    context = {
        "on": on, "before": on - timedelta(days=1), "after": on + timedelta(days=1), "kind": kind, "case": case,
        "kinds": [("", ""), *words.KINDS.items()], "kind_words": words.KINDS, "states": words.STATES,
        "tones": words.STATE_TONES, "places": found, "free": sum(place.free for place in found),
        "booked": sum(slot.booked for place in found for slot, _ in place.slots),
        "undecided": days.undecided(asking.scope, now=asking.now),
        "week": days.week(asking.scope, first=asking.today, days=DAYS_SHOWN, kind=kind),
        "may_book": asking.may("console:appointments-book", write=True), "weekdays": words.WEEKDAYS,
        "services": service_names(request),
    }  # fmt: skip
    return render(request, "console/appointments/day.html", context)


@require_safe
def figures_page(request: Request) -> HttpResponse:
    """Kept and missed by unit, of a time."""
    asking = request.asking
    first = _day(request.GET.get("from", ""), asking.today - timedelta(days=30))
    last = _day(request.GET.get("to", ""), asking.today)
    found = figures.kept(asking.scope, first=first, last=last)
    runs, served = figures.served(asking.scope, first=first, last=last)
    context = {
        "first": first, "last": last, "rows": found, "all": figures.together(found), "runs": runs, "served": served,
    }  # fmt: skip
    return render(request, "console/appointments/figures.html", context)


@require_safe
def part(request: Request, number: str) -> HttpResponse:
    """The appointments of a case, beside it."""
    asking = request.asking
    found = one.of_case(asking.scope, number, library=rulebook.library(), now=asking.now)
    context = {
        "number": number, "found": found, "states": words.STATES, "tones": words.STATE_TONES,
        "may_book": asking.may("console:appointments-book", write=True),
    }  # fmt: skip
    return render(request, "console/appointments/part.html", context)


def service_names(request: Request) -> dict[str, str]:
    """Service → its name in the reader's language."""
    english = get_language() == "en"
    found = days.services(request.asking.scope, library=rulebook.library(), now=request.asking.now)
    return {each.code: each.name_en if english else each.name_zh for each in found}


def _day(text: str, usual: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return usual
