"""One interruption: who was off from when to when, what stood before; recorded, restored and corrected by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.domains.organization import queries as organization
from wandeng.domains.reliability import actions, queries
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind, InterruptionShown, StepShown, Voltage
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.reliability.forms import CorrectForm, FactsForm, RecordForm, RestoreForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import reliability as words
from wandeng.kernel.periods import BILLING_ZONE

SHOWN_STEPS = 300
_P = "console:reliability-"


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


def _facts(form: FactsForm, unit_code: str, voltage: Voltage, feeder_code: str, belongs_to: str = "") -> Facts:
    given = form.cleaned_data
    return Facts(
        InterruptionKind(given["kind"]), Cause(given["cause"]), unit_code, voltage, given["is_external"], feeder_code,
        given["device"], belongs_to, given["note"],
    )  # fmt: skip


class RecordPage(View):
    """Write down an interruption that came from no plan and no case."""

    def get(self, request: Request) -> HttpResponse:
        initial = {"number": request.asking.now.strftime("TD%Y%m%d-%H%M%S")}
        return self._shown(request, self._form(request, initial=initial))

    def post(self, request: Request) -> HttpResponse:
        asking, form = request.asking, self._form(request, request.POST)

        def record() -> None:
            given = form.cleaned_data
            facts = _facts(form, given["unit_code"], Voltage(given["voltage"]), given["feeder_code"])
            steps = queries.steps_written(given["steps"].splitlines())
            actions.record(number=given["number"], facts=facts, steps=steps, actor=asking.actor, at=asking.now)

        if not console_forms.attempt(form, record):
            return self._shown(request, form, status=422)
        messages.success(request, _("停电事件已登记。"))
        return HttpResponseRedirect(reverse(f"{_P}interruption", args=[form.cleaned_data["number"].strip()]))

    def _form(self, request: Request, *arguments: Any, **named: Any) -> RecordForm:
        return RecordForm(*arguments, units=organization.unit_tree(request.asking.scope), **named)

    def _shown(self, request: Request, form: RecordForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/reliability/record.html", {"form": form}, status=status)


class RestorePage(View):
    """Supply is back, to all that are still off or to some."""

    def get(self, request: Request, number: str) -> HttpResponse:
        found = queries.interruption(request.asking.scope, number)
        initial = {"on_at": request.asking.now.astimezone(BILLING_ZONE).replace(second=0, microsecond=0)}
        return self._shown(request, found, RestoreForm(initial=initial, still_off=_still_off(found)))

    def post(self, request: Request, number: str) -> HttpResponse:
        asking = request.asking
        found = queries.interruption(asking.scope, number)
        form = RestoreForm(request.POST, still_off=_still_off(found))

        def restore() -> None:
            given = form.cleaned_data
            chosen = [int(one) for one in given["transformers"]] or None
            actions.restore(number=number, on_at=given["on_at"], transformers=chosen, actor=asking.actor, at=asking.now)

        if not console_forms.attempt(form, restore):
            return self._shown(request, found, form, status=422)
        messages.success(request, _("复电时间已登记。"))
        return HttpResponseRedirect(reverse(f"{_P}interruption", args=[number]))

    def _shown(
        self, request: Request, found: InterruptionShown, form: RestoreForm, *, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "found": found, "is_over": not _still_off(found)}
        return render(request, "console/reliability/restore.html", context, status=status)


def _still_off(found: InterruptionShown) -> tuple[StepShown, ...]:
    return tuple(one for one in found.steps if one.on_at is None)


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
            facts = _facts(form, was.unit_code, was.voltage, was.feeder_code, was.belongs_to)
            steps = queries.steps_written(form.cleaned_data["steps"].splitlines())
            actions.correct(
                number=number, facts=facts, steps=steps, reason=form.cleaned_data["reason"], actor=asking.actor,
                at=asking.now,
            )  # fmt: skip

        if not console_forms.attempt(form, correct):
            return self._shown(request, number, form, status=422)
        messages.success(request, _("停电事件已更正，原记录保留。"))
        return HttpResponseRedirect(reverse(f"{_P}interruption", args=[number]))

    def _shown(self, request: Request, number: str, form: CorrectForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "number": number}
        return render(request, "console/reliability/correct.html", context, status=status)
