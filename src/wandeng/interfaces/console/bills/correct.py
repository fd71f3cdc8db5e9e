"""Correcting a bill: decide, look at what it would come to, then write it down for a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from wandeng.domains.billing import queries
from wandeng.domains.billing.queries.bills import BillKey
from wandeng.flows import bill_correction, bill_preview
from wandeng.flows.bill_correction import Corrected
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.bills.forms import AdjustForm, CancelForm, RebillForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.templatetags.wandeng import listed
from wandeng.interfaces.doorway.words import bills as words
from wandeng.kernel.errors import NotFound

ACTIONS = {"cancel": "CANCEL", "rebill": "REBILL", "adjust": "ADJUST"}
Decided = CancelForm | RebillForm | AdjustForm


class CorrectPage(View):
    """GET asks; POST with ``do=preview`` shows what it comes to; POST with ``do=commit`` makes the correcting run."""

    def get(self, request: Request, number: int, action: str) -> HttpResponse:
        key = self._key(request.asking, number, action)
        return self._page(request, key, action, self._form(request.asking, key, action))

    def post(self, request: Request, number: int, action: str) -> HttpResponse:
        asking, key = request.asking, self._key(request.asking, number, action)
        form = self._form(asking, key, action, request.POST)
        shop = rulebook.workshop()
        if request.POST.get("do") == "commit":
            made: list[Corrected] = []
            if console_forms.attempt(form, lambda: made.append(_commit(form, key, asking))):
                return _to_run(request, made[0])
            return self._page(request, key, action, form, status=422)
        found: list[bill_preview.CorrectionPreview] = []
        decided = console_forms.attempt(
            form,
            lambda: found.append(
                bill_preview.preview(
                    decision=form.decision(key.account_number, key.month), actor=asking.actor, shop=shop
                )
            ),
        )
        preview = found[0] if decided else None
        return self._page(request, key, action, form, preview=preview, status=200 if decided else 422)

    @staticmethod
    def _key(asking: Asking, number: int, action: str) -> BillKey:
        if action not in ACTIONS:
            raise NotFound(f"there is no correction {action}")
        return queries.key(asking.scope, number)

    @staticmethod
    def _form(asking: Asking, key: BillKey, action: str, data: Any = None) -> Decided:
        if action == "cancel":
            return CancelForm(data)
        if action == "rebill":
            return RebillForm(data)
        place = queries.place(asking.scope, account_number=key.account_number, month=key.month)
        cases = queries.cases(rulebook.library(), on=key.month.first, territory=place.territory)
        return AdjustForm(data, cases=tuple((code, rule_name(name)) for code, name in cases))

    @staticmethod
    def _page(
        request: Request,
        key: BillKey,
        action: str,
        form: forms.Form,
        *,
        preview: bill_preview.CorrectionPreview | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "key": key,
            "action": action,
            "title": words.ACTIONS[ACTIONS[action]],
            "form": form,
            "preview": preview,
            "told": queries.compare(preview.original, preview.corrected)
            if preview is not None and preview.action == "REBILL"
            else None,
        }
        return render(request, "console/bills/correct.html", context, status=status)


def _commit(form: Decided, key: BillKey, asking: Asking) -> Corrected:
    """Make the correcting run; the same decision sent twice is one run."""
    at, actor, shop = asking.now, asking.actor, rulebook.workshop()
    reason = form.cleaned_data["reason"]
    if form.action == "CANCEL":
        return bill_correction.cancel(
            account_number=key.account_number, month=key.month, reason=reason, actor=actor, at=at, shop=shop
        )
    if form.action == "REBILL":
        return bill_correction.rebill(
            account_number=key.account_number, month=key.month, reason=reason, actor=actor, at=at, shop=shop,
            cascade=form.cleaned_data["cascade"],
        )  # fmt: skip
    decision = form.decision(key.account_number, key.month)
    return bill_correction.adjust(decision=decision, actor=actor, at=at, shop=shop)


def _to_run(request: Request, made: Corrected) -> HttpResponse:
    messages.success(request, _("更正批次已生成，等待第二人批准。"))
    if made.later:
        months = listed(made.later)
        told = _("按年阶梯：%(months)s 的账单以本月电量为基数，也须重算。") % {"months": months}
        messages.warning(request, told)
    return HttpResponseRedirect(reverse("console:bills-run", args=[made.run.run_id]))
