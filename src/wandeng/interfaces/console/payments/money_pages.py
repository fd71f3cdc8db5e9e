"""A payment, an account's money, and decisions about it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.payments import queries
from wandeng.domains.payments.types import Decided, Standing
from wandeng.flows import account_money
from wandeng.infra.scope import Scope
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.payments import money_forms
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import payments_money as words

NEWEST = 24


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that can be done with an account's money: its form, what it says, what it does."""

    title: Any
    hint: Any
    go: Any
    form: Any
    act: Callable[[Asking, str, Any], object]


def _told(asking: Asking, number: str, form: Any) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "key": f"page:{given['key']}", "account_number": number, "amount_fen": given["amount"],
        "reason": given["reason"], "actor": asking.actor, "at": asking.now,
    }  # fmt: skip


def _refund(asking: Asking, number: str, form: Any) -> object:
    return account_money.refund(tender=form.cleaned_data["tender"], **_desk(form), **_told(asking, number, form))


def _waive(asking: Asking, number: str, form: Any) -> object:
    return account_money.waive(bill_id=form.cleaned_data["bill"], **_told(asking, number, form))


def _write_off(asking: Asking, number: str, form: Any) -> object:
    return account_money.write_off(bill_id=form.cleaned_data["bill"], **_told(asking, number, form))


def _transfer(asking: Asking, number: str, form: Any) -> object:
    return account_money.transfer(to_account_number=form.cleaned_data["to_account"], **_told(asking, number, form))


def _deposit(asking: Asking, number: str, form: Any) -> object:
    return account_money.take_deposit(tender=form.cleaned_data["tender"], **_desk(form), **_told(asking, number, form))


def _release(asking: Asking, number: str, form: Any) -> object:
    return account_money.release_deposit(**_told(asking, number, form))


def _plan(asking: Asking, number: str, form: Any) -> object:
    return account_money.make_plan(
        account_number=number, parts=form.parts(), reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now
    )


def _desk(form: Any) -> dict[str, Any]:
    return {"channel": "TRANSFER" if form.cleaned_data["tender"] == "TRANSFER" else "TILL"}


DOINGS = {
    "refund": Doing(gettext_lazy("退费"), gettext_lazy("从预收电费里退还；超过限额由另一人复核后退。"), gettext_lazy("退费"), money_forms.RefundForm, _refund),
    "waive": Doing(gettext_lazy("违约金减免"), gettext_lazy("减免的违约金不再收取；超过限额由另一人复核。"), gettext_lazy("减免"), money_forms.BillForm, _waive),
    "write-off": Doing(gettext_lazy("坏账核销"), gettext_lazy("核销后不再追收，须由县公司经理复核。"), gettext_lazy("提交复核"), money_forms.BillForm, _write_off),
    "transfer": Doing(gettext_lazy("预收转账"), gettext_lazy("只能转到同一客户的另一户，转入后先抵欠费。"), gettext_lazy("转账"), money_forms.TransferForm, _transfer),
    "deposit": Doing(gettext_lazy("收电费保证金"), gettext_lazy("保证金单独保管，不抵电费，退还时转为预收。"), gettext_lazy("收取"), money_forms.DepositForm, _deposit),
    "release": Doing(gettext_lazy("退还保证金"), gettext_lazy("转为预收电费，先抵欠费。"), gettext_lazy("退还"), money_forms.MoneyForm, _release),
    "plan": Doing(gettext_lazy("分期付款"), gettext_lazy("各期合计须等于今天的欠费和违约金；按期付清前不催费。"), gettext_lazy("签订"), money_forms.PlanForm, _plan),
}  # fmt: skip


@require_safe
def payment(request: Request, payment_id: int) -> HttpResponse:
    """A payment: what it settled, who took it, and its reversal."""
    asking = request.asking
    shown = queries.shown(asking.scope, payment_id)
    may = asking.may("console:payments-payment-reverse", write=True)
    context = {
        "payment": shown,
        "channel": words.CHANNELS.get(shown.channel, shown.channel),
        "tender": words.TENDERS.get(shown.tender, shown.tender),
        "state": words.STATES[shown.state],
        "tone": words.STATE_TONES[shown.state],
        "parts": [(one, words.PARTS[one.kind]) for one in shown.settled],
        "may_reverse": may and shown.state == "RECEIVED" and shown.decision_id is None,
    }
    return render(request, "console/payments/payment.html", context)


@require_POST
def reverse_payment(request: Request, payment_id: int) -> HttpResponse:
    """Reverse it, or ask a second person to."""
    made = account_money.reverse(
        key=f"page:reversal:{payment_id}:{request.POST.get('key', '')}", payment_id=payment_id,
        reason=request.POST.get("reason", ""), actor=request.asking.actor, at=request.asking.now,
    )  # fmt: skip
    _say(request, made)
    return HttpResponseRedirect(reverse("console:payments-payment", args=[payment_id]))


def money_of(asking: Asking, number: str) -> dict[str, Any]:
    """What the page of an account's money and the tab of a customer's page show."""
    standing = queries.standing(asking.scope, number, on=asking.today)
    # The standing has looked at the scope; the account's own payments lie inside it.
    rows = queries.payment_rows(Scope.everywhere()).filter(account_id=standing.account_id)[:NEWEST]
    return {
        "number": number,
        "standing": standing,
        "payments": [(row, words.CHANNELS.get(row["channel"], row["channel"])) for row in rows],
        "decisions": [
            (one, words.DECISIONS[one.kind], words.DECISION_STATES[one.state], words.DECISION_TONES[one.state])
            for one in reversed(queries.decisions(asking.scope, account_number=number))
        ],
        "plans": [
            (one, words.PLAN_STATES[one.state], words.PLAN_TONES[one.state])
            for one in queries.plans_of(asking.scope, number)
        ],
        "doings": [
            (reverse(f"console:payments-account-{name}", args=[number]), doing.title)
            for name, doing in DOINGS.items()
            if asking.may(f"console:payments-account-{name}", write=True) and _is_useful(name, standing)
        ],
        "may_cancel_plan": asking.may("console:payments-plan-cancel", write=True),
    }  # fmt: skip


def _is_useful(name: str, standing: Standing) -> bool:
    """Whether there is anything to do it with."""
    has = {
        "refund": standing.credit_fen,
        "transfer": standing.credit_fen,
        "waive": standing.late_fee_fen,
        "write-off": standing.owed_fen,
        "plan": standing.owed_fen,
        "release": standing.deposit_fen,
    }
    return bool(has.get(name, 1))


@require_safe
def account(request: Request, number: str) -> HttpResponse:
    """An account's money: what is open with late fees to today, credit, payments, decisions, plans."""
    return render(request, "console/payments/account.html", money_of(request.asking, number))


class DoingPage(View):
    """A form about an account's money."""

    what = ""

    def get(self, request: Request, number: str) -> HttpResponse:
        standing = queries.standing(request.asking.scope, number, on=request.asking.today)
        first = {"key": secrets.token_hex(12), "amount": money_forms.plain(_first(self.what, standing))}
        return self._page(request, standing, self._form(standing, initial=first))

    def post(self, request: Request, number: str) -> HttpResponse:
        asking, made = request.asking, []
        standing = queries.standing(asking.scope, number, on=asking.today)
        form = self._form(standing, data=request.POST)
        if not console_forms.attempt(form, lambda: made.append(DOINGS[self.what].act(asking, number, form))):
            return self._page(request, standing, form, status=422)
        _say(request, made[0])
        return HttpResponseRedirect(reverse("console:payments-account", args=[number]))

    def _form(self, standing: Standing, **named: Any) -> forms.Form:
        form: forms.Form = DOINGS[self.what].form(standing=standing, **named)
        return form

    def _page(self, request: Request, standing: Standing, form: forms.Form, *, status: int = 200) -> HttpResponse:
        context = {"doing": DOINGS[self.what], "standing": standing, "form": form}
        return render(request, "console/payments/account_form.html", context, status=status)


@require_POST
def cancel_plan(request: Request, number: str, plan_id: int) -> HttpResponse:
    """End a plan before its time."""
    asking = request.asking
    account_money.cancel_plan(plan_id=plan_id, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now)
    messages.success(request, _("分期付款协议已终止。"))
    return HttpResponseRedirect(reverse("console:payments-account", args=[number]))


@require_safe
def decision(request: Request, decision_id: int) -> HttpResponse:
    """A decision about money; the second person agrees or rejects here."""
    asking = request.asking
    shown = queries.decision(asking.scope, decision_id)
    may = asking.may("console:payments-decision-decide", write=True) and shown.state == "PROPOSED"
    context = {
        "decision": shown,
        "kind": words.DECISIONS[shown.kind],
        "state": words.DECISION_STATES[shown.state],
        "tone": words.DECISION_TONES[shown.state],
        "may_decide": may and shown.maker != asking.actor.code,
        "own": shown.maker == asking.actor.code and shown.state == "PROPOSED",
    }
    return render(request, "console/payments/decision.html", context)


@require_POST
def decide(request: Request, decision_id: int) -> HttpResponse:
    """The second person's word."""
    made = account_money.decide(
        decision_id=decision_id, agree=request.POST.get("agree") == "yes", reason=request.POST.get("reason", ""),
        actor=request.asking.actor, at=request.asking.now,
    )  # fmt: skip
    _say(request, made)
    return HttpResponseRedirect(reverse("console:payments-decision", args=[decision_id]))


def _first(what: str, standing: Standing) -> int:
    """The amount that a form begins with."""
    bill = standing.open_bills[0] if standing.open_bills else None
    return {
        "refund": standing.credit_fen,
        "transfer": standing.credit_fen,
        "waive": bill.late_fee_fen if bill else 0,
        "write-off": bill.open_fen if bill else 0,
        "release": standing.deposit_fen,
    }.get(what, 0)


def _say(request: Request, made: object) -> None:
    if isinstance(made, Decided) and made.state == "PROPOSED":
        messages.warning(request, _("已提交，等待另一人复核。"))
    elif isinstance(made, Decided) and made.state == "REJECTED":
        messages.success(request, _("已驳回。"))
    else:
        messages.success(request, _("已办理。"))
