"""A plan is asked for and changed; what it would come to stands beside the form before anything is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import queries
from wandeng.domains.outages.types import PlanView
from wandeng.flows import outage_plans
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.outages.forms import ChangeForm, PlanForm, initial_of
from wandeng.interfaces.console.outages.shown import findings
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import outages as words
from wandeng.kernel.periods import BILLING_ZONE

FIRST_DAYS = 10
"""So many days ahead a new plan begins until somebody says otherwise: there is time to decide and to tell."""


def _form(request: Request, *arguments: Any, **named: Any) -> PlanForm:
    return PlanForm(*arguments, units=organization.unit_tree(request.asking.scope), **named)


def _change_form(request: Request, *arguments: Any, **named: Any) -> ChangeForm:
    return ChangeForm(*arguments, units=organization.unit_tree(request.asking.scope), **named)


class NewPage(View):
    """Draft a plan; ``?switch=`` or ``?transformer=`` fills in what is isolated."""

    def get(self, request: Request) -> HttpResponse:
        day = request.asking.now.astimezone(BILLING_ZONE).replace(minute=0, second=0, microsecond=0)
        begins = (day + timedelta(days=FIRST_DAYS)).replace(hour=8)
        initial = {
            "starts_at": begins, "ends_at": begins + timedelta(hours=6), "opened": request.GET.get("switch", ""),
            "out": request.GET.get("transformer", ""),
        }  # fmt: skip
        return self._shown(request, _form(request, initial=initial))

    def post(self, request: Request) -> HttpResponse:
        asking, form = request.asking, _form(request, request.POST)
        made: list[str] = []

        def draft() -> None:
            number = outage_plans.draft(
                request=form.request(), actor=asking.actor, at=asking.now, library=rulebook.library()
            )
            made.append(number)

        if not console_forms.attempt(form, draft):
            return self._shown(request, form, status=422)
        messages.success(request, _("停电计划已保存为草稿。"))
        return HttpResponseRedirect(reverse("console:outages-plan", args=[made[0]]))

    def _shown(self, request: Request, form: PlanForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/outages/new.html", {"form": form}, status=status)


class ChangePage(View):
    """Write the next version of a plan."""

    def get(self, request: Request, number: str) -> HttpResponse:
        found = self._found(request, number)
        return self._shown(request, found, _change_form(request, initial=initial_of(found)))

    def post(self, request: Request, number: str) -> HttpResponse:
        asking, found = request.asking, self._found(request, number)
        form = _change_form(request, request.POST)

        def change() -> None:
            outage_plans.change(
                number=number, request=form.request(), reason=form.cleaned_data["reason"], actor=asking.actor,
                at=asking.now, library=rulebook.library(),
            )  # fmt: skip

        if not console_forms.attempt(form, change):
            return self._shown(request, found, form, status=422)
        told = found.state == "PUBLISHED"
        messages.success(request, _("变更已提交审批，批准前仍按原计划。") if told else _("新版本已保存为草稿。"))
        return HttpResponseRedirect(reverse("console:outages-plan", args=[number]))

    def _found(self, request: Request, number: str) -> PlanView:
        return queries.plan(request.asking.scope, number, on=request.asking.today, library=rulebook.library())

    def _shown(self, request: Request, found: PlanView, form: ChangeForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/outages/change.html", {"form": form, "found": found}, status=status)


@require_POST
def preview(request: Request) -> HttpResponse:
    """What the form beside it would come to; ``?changes=`` is the plan it would change. Nothing is written."""
    form = _form(request, request.POST)
    found: list[Any] = []

    def look() -> None:
        shown = outage_plans.preview(
            request.asking.scope, form.request(), now=request.asking.now, changes=request.GET.get("changes", ""),
            library=rulebook.library(),
        )  # fmt: skip
        found.append(shown)

    console_forms.attempt(form, look)
    shown = found[0] if found else None
    context = {
        "form": form, "shown": shown, "findings": findings(shown.findings) if shown else [],
        "levels": [words.LEVELS[one] for one in shown.levels] if shown else [],
        "importance": customer_words.IMPORTANCES, "protections": words.PROTECTIONS,
    }  # fmt: skip
    return render(request, "console/outages/preview.html", context, status=200 if shown else 422)
