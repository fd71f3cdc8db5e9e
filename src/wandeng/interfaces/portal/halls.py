"""Kiosk and screen of a hall (取号机、叫号屏), without a login: the key in the address is the device's.

The screen names numbers and counters only; the sheet says the number, how many are before it, and the time.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from wandeng.domains.halls import queries
from wandeng.domains.halls.actions import TicketWanted
from wandeng.domains.outlets.types import OutletShown
from wandeng.flows import hall_queue
from wandeng.interfaces.doorway import refusals, rulebook
from wandeng.interfaces.doorway.middleware import address_of, now
from wandeng.interfaces.doorway.words import halls as words
from wandeng.interfaces.portal.limits import Gate
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE

MOST_SHOWN = 8
"""Numbers that a screen shows as waiting."""
GATE = Gate()
"""Looks of kiosks and screens, apart from those of links, so that an office's screens use up nobody else's."""


class KioskForm(forms.Form):
    """What somebody presses and may type."""

    purpose = forms.ChoiceField(choices=list(words.PURPOSES.items()))
    priority = forms.ChoiceField(
        label=words.KIOSK["priority"], choices=[*words.PRIORITIES.items(), ("", words.KIOSK["none"])], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    appointment = forms.CharField(label=words.KIOSK["appointment"], max_length=24, required=False)
    account_number = forms.CharField(label=words.KIOSK["account_number"], max_length=32, required=False)
    phone = forms.CharField(label=words.KIOSK["phone"], max_length=12, required=False)


def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    """Large keys, one for what somebody comes for; a number at once."""
    hall = _hall(request, token)
    if isinstance(hall, HttpResponse):
        return hall
    form = KioskForm(request.POST) if request.method == "POST" else KioskForm()
    if request.method == "POST" and form.is_valid():
        wanted = TicketWanted(**form.cleaned_data)
        try:
            made = hall_queue.take_at_kiosk(token=token, wanted=wanted, at=now(), library=rulebook.library())
            return HttpResponseRedirect(reverse("hall:sheet", args=[token, made]))
        except Refused as refusal:
            form.add_error(None, refusals.sentence(refusal, get_language() or "zh-hans"))
    waiting = len(queries.of_outlet(hall, now=now(), library=rulebook.library()).queue)
    context = {"hall": hall, "form": form, "token": token, "waiting": waiting, "purposes": list(words.PURPOSES.items())}
    return _page(request, "portal/hall_kiosk.html", context, status=422 if form.errors else 200)


@require_safe
def sheet(request: HttpRequest, token: str, ticket: int) -> HttpResponse:
    """The sheet with the number."""
    hall = _hall(request, token)
    if isinstance(hall, HttpResponse):
        return hall
    found = queries.at_kiosk(hall, ticket, now=now())
    queue = [one.ticket.id for one in queries.of_outlet(hall, now=now(), library=rulebook.library()).queue]
    context = {
        "hall": hall, "token": token, "found": found, "purpose": words.PURPOSES[found.purpose],
        "priority": words.PRIORITIES.get(found.priority, ""), "limit": found.limit_seconds // 60,
        "before": queue.index(found.id) if found.id in queue else None, "at": found.taken_at.astimezone(BILLING_ZONE),
    }  # fmt: skip
    return _page(request, "portal/hall_sheet.html", context)


@require_safe
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """Who is called to which counter, and the next numbers; asks again by itself, without a sound."""
    hall = _hall(request, token)
    if isinstance(hall, HttpResponse):
        return hall
    at = now()
    found = queries.of_outlet(hall, now=at, library=rulebook.library())
    called = sorted(
        (one for one in found.counters if one.ticket is not None and one.ticket.last_called_at is not None),
        key=lambda one: one.ticket.last_called_at,  # type: ignore[union-attr,return-value,arg-type]
        reverse=True,
    )
    context = {
        "hall": hall, "token": token, "called": called, "next": [one.ticket.label for one in found.queue[:MOST_SHOWN]],
        "waiting": len(found.queue), "missed": [one.label for one in found.missed[-MOST_SHOWN:]],
        "clock": at.astimezone(BILLING_ZONE),
        "accessible": [one.code for one in found.counters if one.is_accessible],
    }  # fmt: skip
    return _page(request, "portal/hall_screen.html", context)


def _hall(request: HttpRequest, token: str) -> OutletShown | HttpResponse:
    """The hall of a key, or the page for a key that opens nothing."""
    at, address = now(), address_of(request)
    if not GATE.lets(address, at=at):
        return _page(request, "portal/hall_gone.html", {"too_often": True}, status=429)
    try:
        return queries.kiosk(token, on=at.astimezone(BILLING_ZONE).date())
    except Refused:
        GATE.missed(address, at=at)
        return _page(request, "portal/hall_gone.html", {}, status=404)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
