"""Agreements by which accounts are debited at their bank."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from wandeng.domains.payments.actions import bank_agreements as actions
from wandeng.flows import bank_files as flow
from wandeng.infra.effective.topics.bank_files import BankFiles
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.payments.bank_forms import AgreementForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.payments_bank import AGREEMENTS


class AgreementsPage(ListPage):
    """The agreements; ending one is asked for below them."""

    definition = AGREEMENTS
    template = "console/payments/bank_agreements.html"


class NewPage(View):
    """Write down an agreement that was signed."""

    def get(self, request: Request) -> HttpResponse:
        initial = {"signed_on": request.asking.today, "account_number": request.GET.get("account", "")}
        return self._page(request, AgreementForm(body=self._body(request), initial=initial))

    def post(self, request: Request) -> HttpResponse:
        form, asking = AgreementForm(request.POST, body=self._body(request)), request.asking
        done = attempt(
            form,
            lambda: actions.sign_bank_agreement(**form.cleaned_data, actor=asking.actor, at=asking.now),
        )
        if not done:
            return self._page(request, form, status=422)
        messages.success(request, _("协议已登记。"))
        return HttpResponseRedirect(reverse("console:payments-bank-agreements"))

    @staticmethod
    def _body(request: Request) -> BankFiles:
        return flow.rules(request.asking.unit.territory, request.asking.today).body

    @staticmethod
    def _page(request: Request, form: AgreementForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/payments/bank_agreement_new.html", {"form": form}, status=status)


@require_POST
def end(request: Request, bank: str, number: str) -> HttpResponse:
    """End an agreement."""
    asking = request.asking
    actions.end_bank_agreement(
        bank=bank, number=number, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now
    )
    messages.success(request, _("协议已终止；已发出的代扣仍可能扣成。"))
    return HttpResponseRedirect(reverse("console:payments-bank-agreements"))
