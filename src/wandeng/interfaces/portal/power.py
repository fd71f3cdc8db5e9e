"""When is my power back (何时来电): for anybody, by account, telephone or place.

What was typed is looked up once and becomes an address that names nobody; from there on only published files are asked. Numbers
are sent in a body, so that no log and no cache keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from wandeng.flows.supply_status import answers, finding, publishing, tokens
from wandeng.flows.supply_status.finding import Found
from wandeng.flows.supply_status.publishing import Standing
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.middleware import address_of, now
from wandeng.interfaces.doorway.words import supply_status as words
from wandeng.interfaces.portal.limits import Gate
from wandeng.kernel.errors import InvalidInput, NotFound, Refused
from wandeng.kernel.periods import BILLING_ZONE

SECONDS_KEPT = 5
"""How long a cache before us may keep a page with an answer; its script asks the files anyway."""
SECONDS_FORM_KEPT = 60
LANGUAGES = {"zh": "zh-hans", "en": "en"}
GATE = Gate("portal.power_look")
"""Looks of an address altogether. Nothing is learned from an unknown number, so misses are not told apart."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An area of a page: where its file is, what it says in words, how old that is."""

    feeder: str
    area: str
    standing: str
    tone: str
    said: list[str]
    made_at: datetime | None
    age_seconds: int | None

    @property
    def is_old(self) -> bool:
        """Whether nobody has looked for longer than a reader would expect."""
        return self.age_seconds is None or self.age_seconds > publishing.OLD_SECONDS


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The question: one field for everything, and the list of places."""
    return page_of(request, "portal/power.html", {"units": finding.units()}, kept=SECONDS_FORM_KEPT)


@csrf_exempt
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """What was typed, looked up once: on to the answer, or to the places that are called so. Changes nothing, so a form from a
    kept page is as good as a fresh one."""
    if not GATE.lets(address_of(request), at=now()):
        return page_of(request, "portal/power.html", {"too_often": True, "units": finding.units()}, status=429)
    try:
        asked = finding.cleaned(str(request.POST.get("q", "")))
        if not finding.is_number(asked):
            return _to(request, "power:places", q=asked)
        found = finding.by_number(asked)
    except InvalidInput:
        return _to(request, "power:ask")
    except NotFound:
        return page_of(request, "portal/power.html", {"not_yet": True, "units": finding.units()}, status=503)
    except DatabaseError:
        return page_of(request, "portal/power.html", {"no_numbers": True, "units": finding.units()}, status=503)
    spots = ",".join(f"{one.feeder}.{one.area}" for one in found)
    return _to(request, "power:answer", [spots], by="number")


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Public areas that are called so, each with its answer."""
    asked = str(request.GET.get("q", "")).strip()[:64]
    found = _called(asked) if asked else finding.of_unit(str(request.GET.get("u", "")))
    told = [(one, _shown(one.feeder, one.area, _standing(one))) for one in found]
    return page_of(request, "portal/power_places.html", {"asked": asked, "told": told}, kept=SECONDS_KEPT)


def _called(asked: str) -> tuple[Found, ...]:
    """Areas that are called so; as published while the database is down, since the lists are files."""
    try:
        return finding.by_place(asked)
    except DatabaseError:
        return finding.by_place_published(asked)


@require_safe
def answer(request: HttpRequest, spots: str) -> HttpResponse:
    """The answer of one area or several, brought up to date by its script from the files."""
    language = language_of(request)
    with translation.override(language):
        told, nothing = _told(spots), words.said(answers.NOTHING_KNOWN, now())
    shown = {
        "told": told, "by_number": request.GET.get("by") == "number",
        "nothing": all(one.standing == "NONE" for one in told), "nothing_known": {"said": nothing}
    }  # fmt: skip
    return page_of(request, "portal/power_answer.html", shown, kept=SECONDS_KEPT)


@require_safe
def data(request: HttpRequest, spots: str) -> HttpResponse:
    """The same as JSON."""
    with translation.override(language_of(request)):
        told = _told(spots)
    body = [
        {"feeder": one.feeder, "area": one.area, "standing": one.standing, "said": one.said,
         "made_at": one.made_at.isoformat() if one.made_at else None}
        for one in told
    ]  # fmt: skip
    return JsonResponse({"answers": body}, headers={"Cache-Control": f"public, max-age={SECONDS_KEPT}"})


def _told(spots: str) -> list[Shown]:
    """Each area of an address. Raises :class:`Http404` for what is none of ours."""
    pairs = [one.split(".") for one in spots.split(",")][: finding.MOST_AREAS]
    if not all(len(pair) == 2 and all(map(tokens.is_token, pair)) for pair in pairs):
        raise Http404
    found = [(feeder, area, publishing.published(feeder, area)) for feeder, area in pairs]
    if any(standing is None for *_, standing in found):
        raise Http404
    return [_shown(feeder, area, standing) for feeder, area, standing in found]


def _standing(one: Found) -> Standing | None:
    return publishing.published(one.feeder, one.area)


def _shown(feeder: str, area: str, standing: Standing | None) -> Shown:
    at = now()
    found = standing or Standing(answers.NOTHING_KNOWN, None)
    age = None if found.made_at is None else max(timedelta(0), at - found.made_at)
    return Shown(
        feeder, area, found.answer.standing, words.STANDING_TONES[found.answer.standing], words.said(found.answer, at),
        found.made_at, None if age is None else int(age.total_seconds()),
    )  # fmt: skip


def language_of(request: HttpRequest) -> str:
    """As the address says, else as the reader's browser does."""
    return LANGUAGES.get(str(request.GET.get("l", "")), get_language() or "zh-hans")


def _to(request: HttpRequest, route: str, args: list[str] | None = None, **query: str) -> HttpResponse:
    """On to another address, in the language of this one."""
    if request.GET.get("l") in LANGUAGES:
        query["l"] = request.GET["l"]
    return HttpResponseRedirect(reverse(route, args=args) + (f"?{urlencode(query)}" if query else ""), status=303)


def hotline(at: datetime) -> str:
    """Whom to call; empty while the rules cannot be read: the answer does not wait for them."""
    with suppress(Refused):
        return rulebook.hotline(on=at.astimezone(BILLING_ZONE).date())
    return ""


def page_of(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200, kept: int = 0
) -> HttpResponse:
    """A page of 何时来电 in the reader's language, with the links to the other, kept for so many seconds."""
    language = language_of(request)
    asked = request.GET.copy()
    other = {}
    for short in LANGUAGES:
        asked["l"] = short
        other[short] = f"?{asked.urlencode()}"
    with translation.override(language):
        given = {
            "hotline": hotline(now()), "in_language": other, "language": language,
            "short": "en" if language == "en" else "zh", "old_seconds": publishing.OLD_SECONDS, **context,
        }  # fmt: skip
        response = render(request, template, given, status=status)
    response.headers["Cache-Control"] = f"public, max-age={kept}" if kept and status == 200 else "no-store"
    response.headers["Content-Language"] = language
    return response
