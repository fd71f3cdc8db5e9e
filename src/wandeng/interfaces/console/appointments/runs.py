"""The run sheet (出车单), for a telephone beside the wheel: stops in order, who booked, what was served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.appointments.actions import running, swapping
from wandeng.domains.appointments.queries import register, runs
from wandeng.flows import run_documents
from wandeng.interfaces.console.appointments.board import service_names
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import appointments as words
from wandeng.kernel.errors import InvalidInput

COUNT = "count-"


@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """The sheet of a run."""
    return _show(request, number)


@require_safe
def sheet(request: Request, number: str) -> HttpResponse:
    """The sheet on paper."""
    asking = request.asking
    content = run_documents.run_pdf(asking.scope, number, library=rulebook.library(), on=asking.today)
    named = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=named)


@require_POST
def act(request: Request, number: str, verb: str) -> HttpResponse:
    """Leave, arrive, serve, skip, come home, cancel."""
    asking, given = request.asking, request.POST
    runs.run(asking.scope, number, library=rulebook.library())
    told: dict[str, Any] = {"number": number, "actor": asking.actor, "at": asking.now}
    stop = int(given["stop"]) if given.get("stop", "").isdigit() else 0
    reason: dict[str, Any] = {"reason": given.get("reason", ""), "library": rulebook.library()}
    doing: dict[str, Callable[[], Any]] = {
        "start": lambda: running.start(**told),
        "arrive": lambda: running.arrive(stop=stop, **told),
        "leave": lambda: running.leave(stop=stop, counts=_counts(request), library=rulebook.library(), **told),
        "skip": lambda: running.skip(stop=stop, **reason, **told),
        "finish": lambda: running.finish(**told),
        "cancel": lambda: running.cancel(**reason, **told),
        "swap": lambda: swapping.hand_over(
            vehicle=given.get("vehicle", ""), delay_minutes=_delay(given.get("delay", "")), **reason, **told
        ),
    }
    if verb not in doing:
        raise Http404
    form = forms.Form(given)
    if not attempt(form, doing[verb]):
        return _show(request, number, errors=[str(one) for one in form.non_field_errors()], status=422)
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:appointments-run", args=[number]))


def _delay(text: str) -> int:
    """Minutes as typed; empty is none."""
    if text.strip() and not (text.strip().isdigit() and len(text.strip()) < 5):
        raise InvalidInput(f"a run is put off by 0 to {swapping.MOST_DELAY} minutes")
    return int(text or 0)


def _counts(request: Request) -> dict[str, int]:
    """How many of each service, as typed; empty is none."""
    found = {
        name.removeprefix(COUNT): str(text).strip() for name, text in request.POST.items() if name.startswith(COUNT)
    }
    if any(text and not (text.isdigit() and len(text) < 6) for text in found.values()):
        raise InvalidInput("services of the rule are counted, from 0 to 10,000 each")
    return {service: int(text) for service, text in found.items() if text}


def _show(
    request: Request, number: str, *, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    asking, english = request.asking, get_language() == "en"
    found = runs.run(asking.scope, number, library=rulebook.library())
    may = asking.may("console:appointments-run-act", write=True)
    may_cancel = asking.may("console:appointments-route-act", write=True) and found.state in ("PLANNED", "UNDER_WAY")
    others = [one for one in register.vehicles(asking.scope) if one[0] != found.vehicle] if may_cancel else []
    context = {
        "run": found, "state": words.RUN_STATES[found.state], "tone": words.RUN_TONES[found.state], "errors": errors,
        "stops": [
            {
                "one": stop, "state": words.STOP_STATES[stop.state], "tone": words.STOP_TONES[stop.state],
                "booked": [
                    (one, words.STATES[one.state], words.STATE_TONES[one.state], one.service_en if english else one.service_zh)
                    for one in stop.appointments
                ],
                "served": [(en if english else zh, count) for _code, zh, en, count in stop.services],
                "may_leave_out": may and stop.state in ("AHEAD", "HERE") and found.state in ("PLANNED", "UNDER_WAY"),
            }
            for stop in found.stops
        ],
        "services": list(service_names(request).items()), "may": may, "is_today": found.on <= asking.today,
        "may_cancel": may_cancel, "others": others, "most_delay": swapping.MOST_DELAY,
        "may_book": asking.may("console:appointments-book", write=True),
    }  # fmt: skip
    return render(request, "console/appointments/run.html", context, status=status)
