"""Places that take appointments: set one up, say when it is open, close a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.appointments.actions import places as actions
from wandeng.domains.appointments.actions import slots
from wandeng.domains.appointments.queries import register
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console.appointments.forms import DayForm, EndOpeningForm, OpeningForm, PlaceForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import appointments as words


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Set up a place."""
    asking = request.asking
    form = PlaceForm(request.POST or None, units=organization.unit_tree(asking.scope))
    if request.method == "POST":
        made: list[str] = []

        def do() -> None:
            given = form.cleaned_data
            made.append(
                actions.add(
                    code=given["code"], name=given["name"], kind=given["kind"], unit_code=given["unit"],
                    address=given["address"], crew=given["crew"], actor=asking.actor, at=asking.now,
                )
            )  # fmt: skip

        if attempt(form, do):
            messages.success(request, _("服务点已设立，请安排开放时间。"))
            return HttpResponseRedirect(reverse("console:appointments-place", args=made))
    context = {
        "form": form,
        "title": _("设服务点"),
        "list_route": "console:appointments-places",
        "list_name": _("服务点"),
    }
    return render(request, "console/appointments/new.html", context, status=422 if form.errors else 200)


@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """A place with its openings."""
    return _show(request, code)


@require_POST
def act(request: Request, code: str, verb: str) -> HttpResponse:
    """Open, end an opening, close a day."""
    asking = request.asking
    register.place(asking.scope, code)
    told: dict[str, Any] = {"code": code, "actor": asking.actor, "at": asking.now}
    said: list[str] = []
    form: forms.Form
    if verb == "open":
        opening = form = OpeningForm(request.POST, today=asking.today, auto_id="open_%s")

        def do() -> None:
            made = actions.open_(opening=opening.opening(), library=rulebook.library(), **told).slots
            said.append(ngettext("已生成 %(n)s 个时段。", "已生成 %(n)s 个时段。", made) % {"n": made})

    elif verb == "close-day":
        form = DayForm(request.POST, auto_id="close_%s")

        def do() -> None:
            done = slots.close_day(
                on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], library=rulebook.library(), **told
            )
            said.append(_("已停约 %(slots)s 个时段，告知 %(told)s 位客户。") % {"slots": done.slots, "told": done.told})

    elif verb == "end":
        form = EndOpeningForm(request.POST, auto_id="end_%s")

        def do() -> None:
            given = form.cleaned_data
            done = actions.end(pattern_id=given["pattern"], on=given["on"], reason=given["reason"], **told)
            said.append(_("已撤销 %(n)s 个时段，有预约的 %(kept)s 个保留。") % {"n": done.withdrawn, "kept": done.kept})

    else:
        raise Http404
    if not attempt(form, do):
        return _show(request, code, wrong={verb: form}, status=422)
    messages.success(request, said[0])
    return HttpResponseRedirect(reverse("console:appointments-place", args=[code]))


def _show(
    request: Request, code: str, *, wrong: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    asking, wrong = request.asking, wrong or {}
    found = register.place(asking.scope, code)
    context = {
        "place": found, "kind": words.PLACE_KINDS[found.kind], "open_on": words.OPEN_ON,
        "patterns": [
            (one, [words.WEEKDAYS[digit] for digit in one.weekdays], one.valid_to is None or one.valid_to > asking.today)
            for one in found.patterns
        ],
        "may": asking.may("console:appointments-place-act", write=True),
        "opening": wrong.get("open") or OpeningForm(today=asking.today, auto_id="open_%s"),
        "closing": wrong.get("close-day") or DayForm(auto_id="close_%s"),
        "ending": wrong.get("end") or EndOpeningForm(auto_id="end_%s"),
    }  # fmt: skip
    return render(request, "console/appointments/place.html", context, status=status)
