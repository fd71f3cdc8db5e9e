"""A community board (公示栏) for everybody who has its address: on the screen of an estate, on a telephone; it renews itself.

No customer is named here: what is told is ``flows.community_boards.content``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wandeng.domains.boards import actions, queries
from wandeng.domains.boards.types import BoardShown
from wandeng.flows.community_boards.content import content
from wandeng.infra.typesetting import qr_uri
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.middleware import address_of, now
from wandeng.interfaces.doorway.words import boards as words
from wandeng.interfaces.doorway.words import outlets as outlet_words
from wandeng.interfaces.doorway.words import planned_outages, supply_status
from wandeng.interfaces.portal import power
from wandeng.interfaces.portal.limits import Gate
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import BILLING_ZONE

GATE = Gate()
SECONDS_KEPT = 30
PHOTO_SECONDS = 3_600


@require_safe
def show(request: HttpRequest, handle: str) -> HttpResponse:
    """The board now."""
    found = _board(request, handle)
    if isinstance(found, HttpResponse):
        return found
    at = now()
    told = content(found, now=at, library=rulebook.library())
    if request.headers.get("HX-Request"):  # the page asks again by itself: a screen hangs here
        with suppress(DatabaseError):
            actions.seen(handle=handle, at=at)
    context = {
        "told": told, "board": found, "clock": at.astimezone(BILLING_ZONE), "hotline": power.hotline(at),
        "supply": [(name, supply_status.said(one, at), one.is_off) for name, one in told.supply],
        "planned": [planned_outages.said(one) for one in told.planned],
        "arrears": words.arrears(told.arrears) if told.arrears else "",
        "bands": [(words.band(one), one.customers) for one in told.arrears.bands] if told.arrears else [],
        "houses": told.arrears.houses if told.arrears else (),
        "people": [(words.POSTS[one.post], one) for one in told.people],
        "prices": [(words.tier(one), one.price_e8) for one in told.prices],
        "outlets": [(one, outlet_words.hours(one.hours)) for one in told.outlets],
        "qr": qr_uri(request.build_absolute_uri(reverse("my:home"))),
    }  # fmt: skip
    response = _page(request, "portal/board.html", context)
    response.headers["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    return response


@require_safe
def photo(request: HttpRequest, handle: str, name: str) -> HttpResponse:
    """The photo of somebody whom this board names."""
    found = _board(request, handle)
    if isinstance(found, HttpResponse):
        return found
    told = queries.responsible(found, on=now().astimezone(BILLING_ZONE).date())
    if name not in {one.photo for one in told if one.photo}:
        raise Http404
    kept = {"Cache-Control": f"public, max-age={PHOTO_SECONDS}", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(queries.photo(name), content_type="image/jpeg", headers=kept)


def _board(request: HttpRequest, handle: str) -> BoardShown | HttpResponse:
    at, address = now(), address_of(request)
    if not GATE.lets(address, at=at):
        return _page(request, "portal/hall_gone.html", {"too_often": True}, status=429)
    try:
        return queries.at(handle)
    except NotFound:
        GATE.missed(address, at=at)
        raise Http404 from None


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
