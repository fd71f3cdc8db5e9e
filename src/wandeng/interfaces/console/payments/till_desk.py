"""The cash desk: 户号, Enter, amount, Enter. A till is opened first; the form that takes money carries its own key."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_http_methods

from wandeng.domains.payments.actions import tills
from wandeng.domains.payments.queries import tills as queries
from wandeng.domains.payments.queries.tills import SessionFacts
from wandeng.domains.payments.types import Standing
from wandeng.flows import cash_desk
from wandeng.flows.cash_desk import NotAsChosen, Taken
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.payments.till_forms import OpenForm, TakeForm
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.templatetags.wandeng import yuan
from wandeng.kernel.money import format_scaled


class DeskPage(View):
    """GET finds the customer and shows what is owed; POST takes the money and leads to the receipt."""

    def get(self, request: Request) -> HttpResponse:
        asking = request.asking
        session = queries.open_session_of(asking.actor.code)
        if session is None:
            return HttpResponseRedirect(reverse("console:payments-till-open"))
        asked = cash_desk.look_up(asking.actor, request.GET.get("q", ""))
        if asked.receipt_number:
            where = reverse("console:payments-receipt", args=[asked.receipt_number])
            return HttpResponseRedirect(f"{where}?check={asked.receipt_code}")
        if len(asked.candidates) == 1:
            query = urlencode({"q": asked.candidates[0].account_number})
            return HttpResponseRedirect(f"{reverse('console:payments-desk')}?{query}")
        context: dict[str, Any] = {"asked": asked, "session": session, "ready": _ready(session, asking)}
        if asked.account is not None:
            standing = cash_desk.standing(asking.scope, asked.account.account_number, on=asking.today)
            form = TakeForm(initial=_initial(standing), open_bills=standing.open_bills)
            context |= {"account": asked.account, "standing": standing, "form": form}
        return render(request, "console/payments/desk.html", context)

    def post(self, request: Request) -> HttpResponse:
        asking = request.asking
        session = queries.open_session_of(asking.actor.code)
        if session is None:
            return HttpResponseRedirect(reverse("console:payments-till-open"))
        number = request.POST.get("account_number", "")
        asked = cash_desk.look_up(asking.actor, number)
        standing = cash_desk.standing(asking.scope, number, on=asking.today)
        form = TakeForm(request.POST, open_bills=standing.open_bills)
        taken = _take(form, session, asking)
        if taken is not None:
            _tell(request, taken)
            return HttpResponseRedirect(reverse("console:payments-receipt", args=[taken.receipt_number]))
        context = {
            "asked": asked,
            "session": session,
            "ready": _ready(session, asking),
            "account": asked.account,
            "standing": standing,
            "form": form,
        }
        return render(request, "console/payments/desk.html", context, status=422)


@require_http_methods(["GET", "POST"])
def open_till(request: Request) -> HttpResponse:
    """Open a till with a float."""
    asking = request.asking
    free = [one for one in queries.tills(asking.scope) if one.is_active and not one.session_number]
    form = OpenForm(request.POST or None, tills=free, initial={"opening": "0"})
    if request.method == "POST" and console_forms.attempt(
        form,
        lambda: tills.open_session(
            till_code=form.cleaned_data["till"],
            float_fen=form.cleaned_data["opening"] or 0,
            actor=asking.actor,
            at=asking.now,
        ),
    ):
        messages.success(request, _("已开班，可以收费。"))
        return HttpResponseRedirect(reverse("console:payments-desk"))
    context = {"form": form, "free": free, "own": queries.open_session_of(asking.actor.code)}
    return render(request, "console/payments/open.html", context, status=422 if form.errors else 200)


def _take(form: TakeForm, session: SessionFacts, asking: Asking) -> Taken | None:
    """Take the money. Where the amount does not do what was chosen, the form comes back with what it would do chosen, so
    that Enter once more agrees to it."""
    done: list[Taken] = []
    instead: list[str] = []

    def act() -> None:
        given = form.cleaned_data
        try:
            done.append(
                cash_desk.take(
                    session_number=session.number, client_key=given["key"], account_number=given["account_number"],
                    amount_fen=given["amount"], tender=given["tender"], purpose=given["purpose"],
                    tendered_fen=given["tendered"], bills=form.chosen_bills(), payer=given["payer"],
                    actor=asking.actor, at=asking.now,
                )
            )  # fmt: skip
        except NotAsChosen as refusal:
            instead.append("ADVANCE" if "credit_fen" in refusal.facts else "PART")
            raise

    if console_forms.attempt(form, act):
        return done[0]
    if instead:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["purpose"] = instead[0]  # type: ignore[index]
    return None


def _initial(standing: Standing) -> dict[str, str]:
    owed = standing.to_pay_fen
    return {
        "account_number": standing.account_number,
        "key": secrets.token_hex(12),
        "amount": format_scaled(owed, 2) if owed else "",
        "purpose": "FULL" if owed else "ADVANCE",
    }


def _ready(session: SessionFacts, asking: Asking) -> bool:
    return session.state == "OPEN" and session.business_on == asking.today


def _tell(request: Request, taken: Taken) -> None:
    if taken.is_repeat:
        messages.info(request, _("这一笔已经收过，没有重复收费；这是当时的收据。"))
        return
    messages.success(request, _("已收 %(amount)s。") % {"amount": yuan(taken.amount_fen)})
