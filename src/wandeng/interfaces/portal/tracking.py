"""How far a case is (进度查询), for whoever holds its link: one page for a telephone, and the same as data."""

from __future__ import annotations

from dataclasses import asdict
from datetime import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from wandeng.domains.cases.queries import tracking
from wandeng.domains.cases.queries.tracking import Track, Words
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.middleware import address_of, now
from wandeng.interfaces.portal.limits import GATE
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import BILLING_ZONE


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Steps with their days, the step now, what is waited for, the days left of the promise, whom to call."""
    found, status = _found(request, token)
    if found is None:
        hotline = rulebook.hotline(on=now().astimezone(BILLING_ZONE).date())
        return render(request, "portal/gone.html", {"hotline": hotline, "too_often": status == 429}, status=status)
    return render(request, "portal/track.html", {"track": found, "told": told(found), "hotline": found.hotline})


@require_safe
def data(request: HttpRequest, token: str) -> HttpResponse:
    """The same as JSON, names in both languages."""
    found, status = _found(request, token)
    if found is None:
        return JsonResponse({"code": "TOO_MANY_REQUESTS" if status == 429 else "NOT_FOUND"}, status=status)
    return JsonResponse(asdict(found))


def _found(request: HttpRequest, token: str) -> tuple[Track | None, int]:
    at, address = now(), address_of(request)
    if not GATE.lets(address, at=at):
        return None, 429
    try:
        return tracking.track(token, charter=rulebook.charter(), now=at), 200
    except NotFound:
        GATE.missed(address, at=at)
        return None, 404


def told(found: Track) -> dict[str, Any]:
    """Names in the reader's language."""
    place = 1 if get_language() == "en" else 0

    def names(words: tuple[Words, ...]) -> list[str]:
        return [one[place] for one in words]

    return {
        "title": found.title[place], "here": found.here[place], "wanted": names(found.wanted),
        "pauses": names(found.pauses),
        "steps": [(one, one.name[place]) for one in found.steps],
        "by_the_day": found.due_at is not None and found.due_at.astimezone(BILLING_ZONE).time() == time.min,
        "days_late": -found.days_left if found.days_left is not None and found.days_left < 0 else 0,
    }  # fmt: skip
