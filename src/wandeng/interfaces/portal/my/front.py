"""The first page: what an account owes, its last bill, whether it has supply."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from wandeng.flows import self_service
from wandeng.interfaces.doorway import holding, rulebook
from wandeng.interfaces.doorway.words import supply_status as words
from wandeng.interfaces.portal.my.pages import page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """On to the first account, or to binding one."""
    held = holding.of(request).accounts
    return HttpResponseRedirect(
        reverse("my:account", args=[held[0].account_number]) if held else reverse("my:accounts")
    )


@require_safe
def account(request: HttpRequest, number: str) -> HttpResponse:
    """An account that is held."""
    held = holding.of(request)
    shown = held.account(number)
    found = self_service.front(number, at=held.now, library=rulebook.library())
    supply = [
        (one.place or one.area_name, words.STANDING_TONES[one.answer.standing], words.said(one.answer, held.now))
        for one in found.supply
    ]
    return page(request, "account", {"account": shown, "found": found, "supply": supply}, at=held.now)
