"""Agreements: drafted, signed, renewed, withdrawn or ended before their time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wandeng.domains.customers import actions, queries
from wandeng.domains.customers.types import AgreementShown
from wandeng.interfaces.console.customers.forms import DraftForm, EndForm, RenewForm, SignForm, WithdrawForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.errors import NotFound
from wandeng.kernel.money import format_scaled, parse_scaled

TEMPLATE = "console/customers/agreement_form.html"


@require_http_methods(["GET", "POST"])
def draft(request: Request, number: str) -> HttpResponse:
    """Draft an agreement for an account."""
    asking = request.asking
    account = queries.account(asking.scope, number)
    form = DraftForm(
        request.POST or None,
        initial={"number": f"{number}-{asking.today:%Y%m%d}", "valid_from": asking.today.isoformat()},
    )

    def act() -> None:
        actions.draft_agreement(
            account_number=number,
            library=rulebook.library(),
            actor=asking.actor,
            at=asking.now,
            **_with_rate(form.cleaned_data),
        )

    said = {"title": _("起草供用电合同"), "go": _("起草"), "done": _("合同已起草，等待签订。")}
    return _answer(request, form, act, account.account_number, account.name, said)


@require_http_methods(["GET", "POST"])
def sign(request: Request, number: str) -> HttpResponse:
    """Sign a draft."""
    asking = request.asking
    account_number, name, one = _agreement(request, number)
    form = SignForm(request.POST or None, initial={"signed_on": asking.today.isoformat()})

    def act() -> None:
        actions.sign_agreement(number=number, actor=asking.actor, at=asking.now, **form.cleaned_data)

    said = {"title": _("签订合同"), "go": _("签订"), "done": _("合同已签订。"), "agreement": one}
    said["consequence"] = _("签订后不能改回草稿，只能到期、续签或提前终止。")
    return _answer(request, form, act, account_number, name, said)


@require_http_methods(["GET", "POST"])
def renew(request: Request, number: str) -> HttpResponse:
    """Draft the agreement that follows one, as long as it was."""
    asking = request.asking
    account_number, name, one = _agreement(request, number)
    valid_from, valid_to = actions.next_term(one.valid_from, one.valid_to)
    initial = {"number": f"{account_number}-{valid_from:%Y%m%d}", "valid_to": valid_to.isoformat()}
    if one.late_fee_rate_e4 is not None:
        initial["late_fee_permille"] = format_scaled(one.late_fee_rate_e4, 1, trim=True)
    form = RenewForm(request.POST or None, initial=initial)

    def act() -> None:
        given = _with_rate(form.cleaned_data)
        actions.renew_agreement(
            number=number,
            new_number=given["number"],
            valid_to=given["valid_to"],
            late_fee_rate_e4=given["late_fee_rate_e4"],
            library=rulebook.library(),
            actor=asking.actor,
            at=asking.now,
        )

    said = {"title": _("续签合同"), "go": _("起草续签"), "done": _("续签合同已起草，等待签订。"), "agreement": one}
    return _answer(request, form, act, account_number, name, said)


@require_http_methods(["GET", "POST"])
def end(request: Request, number: str) -> HttpResponse:
    """Withdraw a draft, or end a signed agreement before its time."""
    asking = request.asking
    account_number, name, one = _agreement(request, number)
    if one.state == "DRAFT":
        form: forms.Form = WithdrawForm(request.POST or None)
        said = {
            "title": _("撤回合同草稿"),
            "go": _("撤回"),
            "done": _("草稿已撤回。"),
            "danger": "yes",
            "agreement": one,
        }
        said["consequence"] = _("草稿作废，不能恢复。")
    else:
        form = EndForm(request.POST or None, initial={"on": asking.today.isoformat()})
        said = {
            "title": _("提前终止合同"),
            "go": _("终止合同"),
            "done": _("合同已终止。"),
            "danger": "yes",
            "agreement": one,
        }
        said["consequence"] = _("合同自所填日期起失效，不能恢复；继续用电须另签合同。")

    def act() -> None:
        do = actions.withdraw_agreement if one.state == "DRAFT" else actions.terminate_agreement
        do(number=number, actor=asking.actor, at=asking.now, **form.cleaned_data)

    return _answer(request, form, act, account_number, name, said)


def _agreement(request: Request, number: str) -> tuple[str, str, AgreementShown]:
    """The account of an agreement, its name, and the agreement. Raises :class:`NotFound`, also outside the scope."""
    scope = request.asking.scope
    account_number = queries.agreement_account(scope, number)
    found = next((one for one in queries.agreements_of(scope, account_number) if one.number == number), None)
    if found is None:
        raise NotFound(f"there is no agreement {number}")
    return account_number, queries.account(scope, account_number).name, found


def _with_rate(given: dict[str, Any]) -> dict[str, Any]:
    """The late fee as typed, in ‰, in the unit of the agreement."""
    permille = given.pop("late_fee_permille")
    rate_e4 = None if permille is None else parse_scaled(permille, 1, what="late fee")
    return {**given, "late_fee_rate_e4": rate_e4}


def _answer(
    request: Request, form: forms.Form, act: Callable[[], None], number: str, name: str, said: dict[str, Any]
) -> HttpResponse:
    back = f"{reverse('console:customers-detail', args=[number])}?tab=agreements"
    if request.method == "POST" and attempt(form, act):
        messages.success(request, said["done"])
        return HttpResponseRedirect(back)
    return render(request, TEMPLATE, {"form": form, "number": number, "name": name, "back": back, **said})
