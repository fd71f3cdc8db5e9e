"""Accounts that a resident holds: binding another, letting one go."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wandeng.domains.residents import actions, queries
from wandeng.domains.residents.types import TooManyCodes
from wandeng.flows import self_service
from wandeng.interfaces.doorway import holding, rulebook
from wandeng.interfaces.doorway.middleware import address_of
from wandeng.interfaces.portal.my.pages import demo_code, page, told
from wandeng.kernel.errors import InvalidInput

MOST_OFFERED = 9


@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts, and the number of another. A number of which this phone is a contact is bound at once; of any other, there
    or not, the answer is that a code was sent to the phone on file."""
    held = holding.of(request)
    number, wrong, status = str(request.POST.get("account_number", "")).strip()[:32], "", 200
    if request.method == "POST":
        try:
            if number and actions.bind_own(
                resident_id=held.resident_id, account_number=number, at=held.now, library=rulebook.library()
            ):
                return HttpResponseRedirect(reverse("my:account", args=[number]))
            asked = self_service.ask_binding_code(
                resident_id=held.resident_id, account_number=number, address=address_of(request), at=held.now,
                library=rulebook.library(),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("my:proof", args=[asked.handle]))
        except InvalidInput as refusal:
            wrong, status = told(refusal), 422
        except TooManyCodes as refusal:
            wrong, status = told(refusal), 429
    offers = queries.own_offers(held.resident_id, limit=MOST_OFFERED, now=held.now, library=rulebook.library())
    context = {"offers": offers, "number": number, "wrong": wrong}
    return page(request, "accounts", context, at=held.now, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, handle: str) -> HttpResponse:
    """The code that was sent to the phone on file."""
    held, wrong, status = holding.of(request), "", 200
    if request.method == "POST":
        try:
            number = actions.bind_by_code(
                resident_id=held.resident_id, handle=handle, code=str(request.POST.get("code", "")), at=held.now,
                library=rulebook.library(),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("my:account", args=[number]))
        except InvalidInput as refusal:
            wrong, status = told(refusal), 422
    context = {"handle": handle, "wrong": wrong, "demo_code": demo_code(handle, at=held.now)}
    return page(request, "proof", context, at=held.now, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def unbind(request: HttpRequest, number: str) -> HttpResponse:
    """Ask once, then let the account go."""
    held = holding.of(request)
    account = held.account(number)
    if request.method == "POST":
        actions.unbind(resident_id=held.resident_id, account_number=number, at=held.now)
        return HttpResponseRedirect(reverse("my:accounts"))
    return page(request, "unbind", {"account": account}, at=held.now)
