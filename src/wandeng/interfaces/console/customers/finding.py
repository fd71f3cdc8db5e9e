"""The box that finds anything (Ctrl-K): its answer as a fragment, and as a page for those who press Enter without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from wandeng.flows import search as finding
from wandeng.flows.search import Hit
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import customers as words
from wandeng.kernel.errors import NotFound

ROUTES = {
    "account": "console:customers-detail",
    "bill": "console:bills-bill",
    "meter": "console:metering-meter",
    "transformer": "console:network-transformer",
    "feeder": "console:network-feeder",
    "switch": "console:network-switch",
    "unit": "console:administration-unit",
    "person": "console:administration-person",
}
"""Where a kind of thing has a page of its own. What has none, or none for the reader, leads to its account."""
OWNER = "console:customers-detail"


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as the results show it."""

    title: str
    code: str
    detail: str
    url: str
    badge: Any
    tone: str


@require_safe
def search(request: Request) -> HttpResponse:
    """What fits ``q``, grouped; only what the reader has a page for."""
    asking = request.asking
    asked = request.GET.get("q", "").strip()
    found = finding.find(asking.actor, asked)
    groups = []
    for group in found.groups:
        hits = [shown for hit in group.hits if (shown := _shown(asking, hit)) is not None]
        if hits:
            groups.append({"title": words.FOUND[group.kind], "hits": hits, "more": group.more})
    context = {"groups": groups, "query": asked}
    template = "console/search_results.html" if getattr(request, "htmx", False) else "console/customers/search.html"
    return render(request, template, context)


def _shown(asking: Asking, hit: Hit) -> Shown | None:
    url = _url(asking, ROUTES.get(hit.kind, ""), hit.code) or _url(asking, OWNER, hit.account_number)
    if not url:
        return None
    badge: Any = ""
    tone = ""
    if hit.fit == finding.PHONE:
        badge, tone = words.FOUND_NOTES["PHONE"], "info"
    if hit.note:
        badge, tone = words.FOUND_NOTES.get(hit.note, hit.note), words.IMPORTANCE_TONES.get(hit.note, "neutral")
    return Shown(hit.title, "" if hit.title == hit.code else hit.code, hit.detail, url, badge, tone)


def _url(asking: Asking, route: str, code: str) -> str:
    if not route or not code:
        return ""
    try:
        return reverse(route, args=[code]) if asking.may(route) else ""
    except (NoReverseMatch, NotFound):
        return ""
