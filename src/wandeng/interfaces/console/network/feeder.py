"""A feeder's single-line view, and transformer areas."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.network import queries
from wandeng.interfaces.console.network import drawing
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import network as words


@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """The single-line view (单线图) of a feeder, with its twin as a table."""
    asking = request.asking
    shown = queries.feeder_diagram(asking.scope, code, on=asking.today)
    drawn = drawing.drawing(shown)
    context = {
        "feeder": shown,
        "drawing": drawn,
        "legend": drawing.legend(),
        "busbar": drawing.ROW // 2,
        "transformers": len(shown.transformers),
        "customers": sum(transformer.customers for transformer in shown.transformers.values()),
        "off": sum(mark.is_off for mark in drawn.marks),
        "dead": sum(mark.symbol == "transformer" and mark.state == "dead" for mark in drawn.marks),
    }
    part = request.GET.get("part") == "diagram"
    return render(request, "console/network/diagram.html" if part else "console/network/feeder.html", context)


@require_safe
def transformer(request: Request, code: str) -> HttpResponse:
    """A transformer area on a page of its own."""
    return render(request, "console/network/transformer.html", _transformer(request, code))


@require_safe
def transformer_panel(request: Request, code: str) -> HttpResponse:
    """The same as the side panel of map and diagram."""
    return render(request, "console/network/transformer_panel.html", _transformer(request, code))


def _transformer(request: Request, code: str) -> dict[str, object]:
    asking = request.asking
    return {
        "view": queries.transformer_view(asking.scope, code, on=asking.today),
        "ownerships": words.OWNERSHIPS,
        "importances": words.IMPORTANCES,
        "tones": words.IMPORTANCE_TONES,
    }
