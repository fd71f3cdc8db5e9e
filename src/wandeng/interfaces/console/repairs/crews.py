"""One crew: people, place, what it has in hand; founding one, duty, position."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.cases.actions import crews as actions
from wandeng.domains.cases.queries import crews
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.repairs.forms import CrewForm, DutyForm, PlaceForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import repairs as words


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Found a crew."""
    asking = request.asking
    form = CrewForm(request.POST or None, units=organization.unit_tree(asking.scope))
    if request.method == "POST":

        def do() -> None:
            given = form.cleaned_data
            actions.found(
                code=given["code"], name=given["name"], unit_code=given["unit"], leader=given["leader"],
                members=given["members"].split(), skills=given["skills"], actor=asking.actor, at=asking.now,
            )  # fmt: skip

        if attempt(form, do):
            messages.success(request, _("抢修队已组建，安排上岗后即可派工。"))
            return HttpResponseRedirect(reverse("console:repairs-crew", args=[form.cleaned_data["code"].strip()]))
    status = 422 if form.errors else 200
    return render(request, "console/repairs/crew_new.html", {"form": form}, status=status)


@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """A crew with everything about it."""
    return _show(request, code)


@require_POST
def act(request: Request, code: str, verb: str) -> HttpResponse:
    """Come on, go off, say where it is."""
    asking = request.asking
    told: dict[str, Any] = {"code": code, "actor": asking.actor, "at": asking.now, "charter": rulebook.charter()}
    crews.crew(asking.scope, code)
    duty = DutyForm(request.POST if verb == "on" else None, now=asking.now, auto_id="duty_%s")
    place = PlaceForm(request.POST if verb == "position" else None, auto_id="place_%s")
    if verb == "on":
        done = attempt(duty, lambda: actions.come_on(until=duty.cleaned_data["until"], **told))
    elif verb == "position":
        done = attempt(place, _position(place, told, request))
    elif verb == "off":
        actions.go_off(**told)
        done = True
    else:
        raise Http404
    if not done:
        return _show(request, code, duty=duty, place=place, status=422)
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:repairs-crew", args=[code]))


def _position(form: PlaceForm, told: dict[str, Any], request: Request) -> Callable[[], object]:
    key = request.POST.get("key") or f"page:{request.asking.now.isoformat()}"

    def do() -> object:
        at = form.place()
        return actions.report_position(longitude_e6=at.longitude_e6, latitude_e6=at.latitude_e6, key=key, **told)

    return do


def _show(
    request: Request, code: str, *, duty: DutyForm | None = None, place: PlaceForm | None = None, status: int = 200
) -> HttpResponse:
    asking = request.asking
    found = crews.crew(asking.scope, code)
    may = asking.may("console:repairs-crew-act", write=True)
    context = {
        "crew": found, "state": words.CREW_STATES[found.state], "tone": words.CREW_TONES[found.state],
        "skills": [words.SKILLS[one] for one in found.skills], "may": may,
        "duty": duty or DutyForm(now=asking.now, auto_id="duty_%s"), "place": place or PlaceForm(auto_id="place_%s"),
        "latitude": _degrees(found.latitude_e6), "longitude": _degrees(found.longitude_e6),
    }  # fmt: skip
    return render(request, "console/repairs/crew.html", context, status=status)


def _degrees(e6: int | None) -> str:
    """A degree × 10⁶ as people read it."""
    if e6 is None:
        return ""
    sign = "-" if e6 < 0 else ""
    return f"{sign}{abs(e6) // 1_000_000}.{abs(e6) % 1_000_000:06d}"
