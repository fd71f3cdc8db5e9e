"""What a theft comes to, and carrying it into the books: reckoned first, then settled with the same numbers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from wandeng.domains.losses import queries
from wandeng.flows import theft_settlements
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.losses.forms import SettleForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import losses as words


class SettlePage(View):
    """Reckoned by what stands in the address; posted to, the same is carried out."""

    def get(self, request: Request, lead_id: int) -> HttpResponse:
        asking = request.asking
        form = SettleForm(request.GET) if "capacity_w" in request.GET else SettleForm()
        told: list[theft_settlements.TheftReckoning] = []

        def reckon() -> None:
            told.append(theft_settlements.reckon(asking.scope, lead_id, library=rulebook.library(), **form.asked()))

        is_told = form.is_bound and console_forms.attempt(form, reckon)
        status = 422 if form.is_bound and not is_told else 200
        return self._shown(request, lead_id, form, told[0] if told else None, status=status)

    def post(self, request: Request, lead_id: int) -> HttpResponse:
        asking, form = request.asking, SettleForm(request.POST)

        def settle() -> None:
            made = theft_settlements.settle(
                lead_id=lead_id, actor=asking.actor, at=asking.now, shop=rulebook.workshop(),
                charter=rulebook.charter(), **form.asked(),
            )  # fmt: skip
            messages.success(request, _("退补批次 %(run)s 已生成，等待另一人批准。") % {"run": made.run.run_id})

        if not console_forms.attempt(form, settle):
            return self._shown(request, lead_id, form, None, status=422)
        return HttpResponseRedirect(reverse("console:losses-lead", args=[lead_id]))

    def _shown(
        self, request: Request, lead_id: int, form: SettleForm, told: theft_settlements.TheftReckoning | None,
        *, status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        found = queries.lead(request.asking.scope, lead_id)
        context = {
            "found": found,
            "form": form,
            "told": told,
            "uses": words.USES,
            "may_settle": request.asking.may("console:losses-settle", write=True),
        }
        return render(request, "console/losses/settle.html", context, status=status)
