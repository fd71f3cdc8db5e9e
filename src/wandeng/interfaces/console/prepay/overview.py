"""Prepay at a glance: where the accounts stand, the share of them by unit, what the last run came to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.collections.queries import prepay
from wandeng.domains.collections.types import PrepayShare
from wandeng.domains.organization import queries as organization
from wandeng.flows import prepay as flow
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.templatetags.wandeng import count, percent
from wandeng.interfaces.doorway.words import prepay as words

LOWEST = 10


@require_safe
def page(request: Request) -> HttpResponse:
    """Figures, share by unit, and who is lowest; a unit further down by ``unit``."""
    asking = request.asking
    scope = asking.scope
    code = request.GET.get("unit", "")
    if code:
        scope = scope.narrowed(organization.unit(scope, code).path)
    whole, *units = prepay.share(scope)
    ranked = sorted(units, key=lambda one: -(one.share_e4 or 0))
    context = {
        "figures": prepay.figures(scope), "whole": whole, "units": units, "is_narrowed": bool(code),
        "share_rows": [(one.unit_name, count(one.accounts), count(one.prepay), percent(one.share_e4)) for one in ranked],
        "share_columns": [_("单位"), _("用电户"), _("费控户"), _("占比")],
        "option": _option(ranked),
        "lowest": list(prepay.episode_rows(scope).order_by("balance_fen", "id")[:LOWEST]),
        "standings": words.STANDINGS, "tones": words.STANDING_TONES, "may": _may(asking),
    }  # fmt: skip
    return render(request, "console/prepay/overview.html", context)


@require_POST
def run(request: Request) -> HttpResponse:
    """Leave today's run of the unit acted in to a worker."""
    asking = request.asking
    flow.queue(unit_code=asking.unit.code, actor=asking.actor, at=asking.now)
    messages.success(request, _("费控测算已排队，由后台执行。"))
    return HttpResponseRedirect(reverse("console:prepay-overview"))


def _may(asking: Asking) -> dict[str, bool]:
    return {
        "run": asking.may("console:prepay-run", write=True),
        "enroll": asking.may("console:prepay-enroll", write=True),
        "order": asking.may("console:disconnection-order"),
    }


def _option(units: list[PrepayShare]) -> dict[str, Any]:
    """A bar for each unit: hundredths of a percent are drawn as percent."""
    return {
        "xAxis": {"type": "category", "data": [one.unit_name for one in units], "axisLabel": {"rotate": 40}},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar", "name": _("费控户占比"),
                "data": [None if one.share_e4 is None else one.share_e4 / 100 for one in units],
            }
        ],
    }  # fmt: skip
