"""Substations and feeders at a glance, and the map."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from wandeng.domains.network import queries
from wandeng.interfaces.console.network import geojson as features
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import network as words


@require_safe
def overview(request: Request) -> HttpResponse:
    """Every feeder with what it feeds, what is dead, and which switches do not stand as planned."""
    asking = request.asking
    shown = queries.overview(asking.scope, on=asking.today)
    feeders = shown.feeders
    context = {
        "shown": shown,
        "kinds": words.SWITCH_KINDS,
        "feeder_count": len(feeders),
        "transformers": sum(feeder.transformers for feeder in feeders),
        "customers": sum(feeder.customers for feeder in feeders),
        "dead_customers": sum(feeder.dead_customers for feeder in feeders),
        "dead_transformers": sum(feeder.dead_transformers for feeder in feeders),
    }
    return render(request, "console/network/overview.html", context)


@require_safe
def show_map(request: Request) -> HttpResponse:
    """The network of the scope on a map of its own layers; ``?feeder=`` shows one feeder."""
    return render(request, "console/network/map.html", {"feeder": request.GET.get("feeder", "")})


def _etag(request: HttpRequest) -> str | None:
    asking = request.asking  # type: ignore[attr-defined]  # the condition decorator says HttpRequest
    found = queries.map_revision(asking.scope, on=asking.today)
    if not found:
        return None
    told = f"{found}|{request.GET.get('feeder', '')}|{get_language()}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_etag)
def geojson(request: Request) -> HttpResponse:
    """The map's features; unchanged ones are not sent again."""
    asking = request.asking
    drawn = queries.network_map(asking.scope, on=asking.today, feeder=request.GET.get("feeder", ""))
    body = json.dumps(features.collection(drawn), ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/geo+json")
    patch_cache_control(response, private=True, no_cache=True)
    return response
