"""A lead with what speaks for and against it, and the way into a case."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from wandeng.domains.losses import queries
from wandeng.flows import loss_leads
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.losses.forms import LeadForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import losses as words


class LeadPage(View):
    """The lead; posted to, its case is opened."""

    def get(self, request: Request, lead_id: int) -> HttpResponse:
        return self._shown(request, lead_id, LeadForm())

    def post(self, request: Request, lead_id: int) -> HttpResponse:
        asking, form = request.asking, LeadForm(request.POST)

        def send() -> None:
            loss_leads.open_case(
                lead_id=lead_id, actor=asking.actor, at=asking.now, charter=rulebook.charter(),
                despite=form.cleaned_data["despite"],
            )  # fmt: skip

        if not console_forms.attempt(form, send):
            return self._shown(request, lead_id, form, status=422)
        messages.success(request, _("已立案核查，工单只写台区，不写客户。"))
        return HttpResponseRedirect(request.path)

    def _shown(self, request: Request, lead_id: int, form: LeadForm, *, status: int = 200) -> HttpResponse:
        scope = request.asking.scope
        found = queries.lead(scope, lead_id)
        context = {
            "found": found, "last_day": found.to_on - timedelta(days=1), "form": form, "states": words.LEAD_STATES, "tones": words.LEAD_TONES, "tests": words.TESTS,
            "evidence": found.evidence, "hits": queries.hit_rate(scope), "is_mirrored": "MIRRORED" in found.tests,
        }  # fmt: skip
        return render(request, "console/losses/lead.html", context, status=status)
