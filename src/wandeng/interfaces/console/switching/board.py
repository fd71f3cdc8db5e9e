"""Today's outages on one page, with alarms that somebody answers for."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization.queries import staff
from wandeng.domains.outages.actions import overruns
from wandeng.domains.outages.queries import board
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import outages as plan_words
from wandeng.interfaces.doorway.words import switching as words


@require_safe
def page(request: Request) -> HttpResponse:
    """Planned, running, overdue, temporary; what is overdue first."""
    return _shown(request)


@require_POST
def acknowledge(request: Request, alarm: int) -> HttpResponse:
    """Answer for an alarm."""
    form, asking = ReasonForm(request.POST), request.asking
    board.overrun(asking.scope, alarm)
    if not attempt(
        form,
        lambda: overruns.acknowledge(
            alarm=alarm, reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now
        ),
    ):
        errors = [str(error) for one in form.errors.values() for error in one]
        return _shown(request, errors=errors, status=422)
    return HttpResponseRedirect(reverse("console:outages-today"))


def _shown(request: Request, *, errors: list[str] | None = None, status: int = 200) -> HttpResponse:
    found = board.board(request.asking.scope, now=request.asking.now)
    names = staff.people_names(one.responsible for one in found.outages)
    context = {
        "found": found, "errors": errors or [], "names": names, "stages": words.STAGES, "tones": words.STAGE_TONES,
        "actions": words.STEPS, "alarms": words.OVERRUNS, "categories": plan_words.CATEGORIES,
        "may_answer": request.asking.may("console:outages-overrun", write=True),
    }  # fmt: skip
    return render(request, "console/switching/board.html", context, status=status)
