"""One incident: its cases, its crew, the time everybody is told, and what may be done now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.cases.actions import incidents as actions
from wandeng.domains.cases.queries import crews, incidents
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.console.repairs.board import ranked
from wandeng.interfaces.console.repairs.forms import ArriveForm, CaseForm, ExpectForm, RestoreForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import repairs as words


class ChooseForm(forms.Form):
    """Which crew."""

    crew = forms.CharField(max_length=32)


class LeaveForm(ReasonForm):
    """Which case, and why it goes alone."""

    case = forms.CharField(max_length=24)


@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """An incident with everything about it."""
    return _show(request, number, {})


@require_POST
def act(request: Request, number: str, verb: str) -> HttpResponse:
    """Send, accept, arrive, expect, restore, take back, join, leave, dissolve."""
    asking = request.asking
    incidents.incident(asking.scope, number, now=asking.now)
    if verb not in _DOES:
        raise Http404
    kind, do = _DOES[verb]
    form = _form(kind, request, verb)
    told = {"number": number, "actor": asking.actor, "at": asking.now}
    if not attempt(form, lambda: do(form, told)):
        return _show(request, number, {verb: form}, status=422)
    messages.success(request, _("已记录。"))
    if not incidents.is_reached(asking.scope, number):
        return HttpResponseRedirect(reverse("console:repairs-incidents"))
    return HttpResponseRedirect(reverse("console:repairs-incident", args=[number]))


def _form(kind: type[forms.Form], request: Request, verb: str) -> forms.Form:
    named: dict[str, Any] = {"now": request.asking.now} if kind is RestoreForm else {}
    if request.method == "POST":
        return kind(request.POST, request.FILES, auto_id=f"{verb}_%s", **named)
    return kind(auto_id=f"{verb}_%s", **named)


def _show(request: Request, number: str, given: dict[str, forms.Form], *, status: int = 200) -> HttpResponse:
    asking = request.asking
    found = incidents.incident(asking.scope, number, now=asking.now)
    is_open = found.state == "OPEN"
    may_act = is_open and asking.may("console:repairs-incident-act", write=True)
    is_ours = asking.scope.covers(found.unit_path)
    directs = is_open and is_ours and asking.may("console:repairs-send", write=True)
    waits = directs and not found.crew
    places = (
        crews.ranking_for_incident(asking.scope, number, charter=rulebook.charter(), now=asking.now) if waits else ()
    )
    blank = {
        "expect": ExpectForm(auto_id="expect_%s"), "arrive": ArriveForm(auto_id="arrive_%s"),
        "restore": RestoreForm(now=asking.now, auto_id="restore_%s"), "join": CaseForm(auto_id="join_%s"),
    }  # fmt: skip
    context = {
        "incident": found, "state": words.INCIDENT_STATES[found.state], "tone": words.INCIDENT_TONES[found.state],
        "level": words.LEVELS[found.level], "step": words.INCIDENT_STEPS.get(found.step, found.step),
        "places": ranked(places), "directs": directs, "waits": waits,
        "may_accept": may_act and found.crew and found.step == "DISPATCH",
        "may_arrive": may_act and found.crew and found.step == "ACCEPT",
        "may_restore": may_act and found.crew and found.step == "ARRIVE",
        "is_lent": not is_ours, "may_expect": may_act, "forms": blank | given,
        "errors": [error for form in given.values() for error in form.non_field_errors()],
        "proposals": [
            (at, crew, words.BECAUSE.get(because, because), minutes)
            for at, crew, because, minutes in crews.proposals_of(asking.scope, number)
        ],
    }  # fmt: skip
    return render(request, "console/repairs/incident.html", context, status=status)


Told = dict[str, Any]
Does = Callable[[Any, Told], object]


def _restore(form: RestoreForm, told: Told) -> object:
    given = form.cleaned_data
    return actions.restore(
        cause=given["cause"], restored_at=given["restored"], result=given["result"], proofs=form.proofs(),
        charter=rulebook.charter(), **told,
    )  # fmt: skip


def _with_charter(action: Callable[..., object], *fields: str) -> Does:
    return lambda form, told: action(
        charter=rulebook.charter(), **{one: form.cleaned_data[one] for one in fields}, **told
    )


_DOES: dict[str, tuple[type[forms.Form], Does]] = {
    "send": (
        ChooseForm, lambda form, told: actions.send(code=form.cleaned_data["crew"], charter=rulebook.charter(), **told),
    ),
    "accept": (forms.Form, _with_charter(actions.accept)),
    "arrive": (
        ArriveForm,
        lambda form, told: actions.arrive(
            proofs=(form.proof(),), expected_at=form.cleaned_data["expected"], charter=rulebook.charter(), **told
        ),
    ),
    "expect": (
        ExpectForm,
        lambda form, told: actions.expect(
            expected_at=form.cleaned_data["expected"], reason=form.cleaned_data["reason"], charter=rulebook.charter(),
            **told,
        ),
    ),
    "restore": (RestoreForm, _restore),
    "take-back": (ReasonForm, _with_charter(actions.take_back, "reason")),
    "join": (CaseForm, _with_charter(actions.join, "case")),
    "leave": (
        LeaveForm,
        lambda form, told: actions.leave(case=form.cleaned_data["case"], reason=form.cleaned_data["reason"], **told),
    ),
    "dissolve": (ReasonForm, _with_charter(actions.dissolve, "reason")),
}  # fmt: skip
