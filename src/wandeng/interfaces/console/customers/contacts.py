"""Contacts of an account: added, checked, corrected, and shown in the clear for a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wandeng.domains.customers import actions, queries
from wandeng.domains.customers.types import Verdict
from wandeng.interfaces.console.customers import shown
from wandeng.interfaces.console.customers.forms import ContactForm, CorrectForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.errors import InvalidInput, NotFound


def _back(number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('console:customers-detail', args=[number])}?tab=contacts")


@require_http_methods(["GET", "POST"])
def add(request: Request, number: str) -> HttpResponse:
    """Add a number to an account."""
    asking = request.asking
    account = queries.account(asking.scope, number)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: actions.add_contact(account_number=number, actor=asking.actor, at=asking.now, **form.cleaned_data),
    ):
        messages.success(request, _("已新增联系电话，等待核实。"))
        return _back(number)
    return render(request, "console/customers/contact_add.html", {"form": form, "account": account, "number": number})


@require_POST
def check(request: Request, contact_id: int) -> HttpResponse:
    """Record what a call or visit found about a number."""
    asking = request.asking
    try:
        verdict = Verdict(request.POST.get("verdict", ""))
    except ValueError:
        raise InvalidInput("a check finds a number right or wrong") from None
    reason = request.POST.get("reason", "").strip()
    number = queries.contact_account(asking.scope, contact_id)
    actions.verify_contact(contact_id=contact_id, verdict=verdict, actor=asking.actor, at=asking.now, reason=reason)
    messages.success(request, _("已记录核实结果。"))
    return _back(number)


@require_http_methods(["GET", "POST"])
def correct(request: Request, number: str, contact_id: int) -> HttpResponse:
    """Put the right number in place of a wrong one."""
    asking = request.asking
    account = queries.account(asking.scope, number)
    old = next((one for one in queries.contacts_of(asking.scope, number) if one.contact_id == contact_id), None)
    if old is None:
        raise NotFound(f"there is no contact {contact_id}")
    form = CorrectForm(request.POST or None, initial={"name": old.name})
    if request.method == "POST" and attempt(
        form,
        lambda: actions.correct_contact(contact_id=contact_id, actor=asking.actor, at=asking.now, **form.cleaned_data),
    ):
        messages.success(request, _("已更正：原号码记为错误，新号码等待核实。"))
        return _back(number)
    context = {**shown.WORDS, "form": form, "account": account, "number": number, "old": old}
    return render(request, "console/customers/contact_correct.html", context)


@require_POST
def reveal(request: Request, contact_id: int) -> HttpResponse:
    """The number in the clear, for a reason that is logged; only the number, to be put where the mask stood."""
    asking = request.asking
    phone = actions.reveal_phone(
        contact_id=contact_id, actor=asking.actor, at=asking.now, reason=request.POST.get("reason", "")
    )
    return HttpResponse(escape(phone))
