"""The restoration of one incident: when supply is expected and who said so, areas that are back and those that are not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.cases.queries import incidents
from wandeng.domains.emergency.actions import estimates, faults
from wandeng.domains.emergency.queries import estimates as expected
from wandeng.domains.emergency.types import EstimateSource
from wandeng.domains.reliability import queries as reliability
from wandeng.domains.reliability.types import InterruptionShown
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.repairs.forms import wall
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import repairs as repair_words
from wandeng.interfaces.doorway.words import storm as words
from wandeng.kernel.errors import NotFound


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class EstimateForm(forms.Form):
    """When, by whose word, and why it is another time."""

    expected = _moment(gettext_lazy("预计恢复时间"))
    source = forms.ChoiceField(label=gettext_lazy("来源"), choices=list(words.SPOKEN.items()), initial="DISPATCHER")
    reason = forms.CharField(label=gettext_lazy("变更原因"), max_length=500, required=False)


class RestoreForm(forms.Form):
    """Which areas are back, and since when; none chosen: all."""

    on_at = _moment(gettext_lazy("恢复送电时间"))
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("已送电台区（不选为全部）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, found: InterruptionShown, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["on_at"].initial = wall(now)
        self.fields["areas"].choices = [  # type: ignore[attr-defined]
            (one.transformer_code, one.transformer_name) for one in found.steps if one.on_at is None
        ]


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """An incident's restoration."""
    return _show(request, number)


@require_POST
def estimate(request: Request, number: str) -> HttpResponse:
    """Say when supply is expected back."""
    asking, form = request.asking, EstimateForm(request.POST)
    incidents.incident(asking.scope, number, now=asking.now)

    def do() -> None:
        given = form.cleaned_data
        estimates.say(
            incident=number, expected_at=given["expected"], source=EstimateSource(given["source"]),
            reason=given["reason"], actor=asking.actor, at=asking.now, charter=rulebook.charter(),
        )  # fmt: skip

    if not attempt(form, do):
        return _show(request, number, said=form, status=422)
    messages.success(request, _("已记录，来电客户将听到这个时间。"))
    return HttpResponseRedirect(reverse("console:storm-incident", args=[number]))


@require_POST
def restore(request: Request, number: str) -> HttpResponse:
    """Some areas, or all, have supply again."""
    asking = request.asking
    incidents.incident(asking.scope, number, now=asking.now)
    found = _interruption(asking, number)
    if found is None:
        raise NotFound(f"there is no confirmed fault {number}")
    form = RestoreForm(request.POST, found=found, now=asking.now)

    def do() -> None:
        chosen = reliability.still_off(asking.scope, found.number, form.cleaned_data["areas"])
        faults.restore(
            incident=number, areas=chosen, on_at=form.cleaned_data["on_at"], actor=asking.actor, at=asking.now
        )

    if not attempt(form, do):
        return _show(request, number, back=form, status=422)
    messages.success(request, _("已登记送电。"))
    return HttpResponseRedirect(reverse("console:storm-incident", args=[number]))


def _interruption(asking: Asking, number: str) -> InterruptionShown | None:
    """The interruption of an incident that the caller has been shown to reach."""
    try:
        return reliability.interruption(asking.scope, f"GZ{number}")
    except NotFound:
        return None


def _show(
    request: Request,
    number: str,
    *,
    said: EstimateForm | None = None,
    back: RestoreForm | None = None,
    status: int = 200,
) -> HttpResponse:
    asking = request.asking
    one = incidents.incident(asking.scope, number, now=asking.now)
    found = _interruption(asking, number)
    history = expected.history_of(one)
    steps = found.steps if found else ()
    context = {
        "one": one, "found": found, "level": repair_words.LEVELS[one.level],
        "step": repair_words.INCIDENT_STEPS.get(one.step, one.step),
        "off": sum(each.on_at is None for each in steps), "steps": steps,
        "history": [
            (each, words.SOURCES[each.source.value], words.CONFIDENCES[each.confidence.value]) for each in history
        ],
        "said": said or EstimateForm(),
        "back": back or (RestoreForm(found=found, now=asking.now) if found else None),
        "may_say": one.state == "OPEN" and asking.may("console:storm-estimate", write=True),
        "may_restore": any(each.on_at is None for each in steps) and asking.may("console:storm-restore", write=True),
    }  # fmt: skip
    return render(request, "console/storm/incident.html", context, status=status)
