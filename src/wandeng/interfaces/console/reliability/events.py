"""One interruption: who was off from when to when, what stood before, and its correction."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.domains.reliability import actions, queries
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.reliability.forms import CorrectForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import reliability as words

SHOWN_STEPS = 300


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """What stands under a number, its steps, and its former revisions."""
    latest, *former = queries.revisions(request.asking.scope, number)
    context = {
        "found": latest, "former": former, "steps": latest.steps[:SHOWN_STEPS],
        "more": max(0, len(latest.steps) - SHOWN_STEPS), "kinds": words.KINDS, "causes": words.CAUSES,
        "voltages": words.VOLTAGES,
    }  # fmt: skip
    return render(request, "console/reliability/interruption.html", context)


class CorrectPage(View):
    """Write a new revision."""

    def get(self, request: Request, number: str) -> HttpResponse:
        found = queries.interruption(request.asking.scope, number)
        initial = {
            "kind": found.kind, "cause": found.cause, "is_external": found.is_external, "device": found.device,
            "note": found.note, "steps": queries.written(found.steps),
        }  # fmt: skip
        return self._shown(request, number, CorrectForm(initial=initial))

    def post(self, request: Request, number: str) -> HttpResponse:
        asking = request.asking
        was = queries.interruption(asking.scope, number)
        form = CorrectForm(request.POST)

        def correct() -> None:
            given = form.cleaned_data
            facts = Facts(
                InterruptionKind(given["kind"]), Cause(given["cause"]), was.unit_code, was.voltage, given["is_external"],
                was.feeder_code, given["device"], was.belongs_to, given["note"],
            )  # fmt: skip
            steps = queries.steps_written(given["steps"].splitlines())
            actions.correct(
                number=number, facts=facts, steps=steps, reason=given["reason"], actor=asking.actor, at=asking.now
            )

        if not console_forms.attempt(form, correct):
            return self._shown(request, number, form, status=422)
        messages.success(request, _("停电事件已更正，原记录保留。"))
        return HttpResponseRedirect(reverse("console:reliability-interruption", args=[number]))

    def _shown(self, request: Request, number: str, form: CorrectForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "number": number}
        return render(request, "console/reliability/correct.html", context, status=status)
