"""The dunning board with its figures, the night that is run by hand, and the ladder as people read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.collections import queries
from wandeng.flows import dunning
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import administration
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import dunning as words

SINCE_DAYS = 30


class BoardPage(ListPage):
    """Cases that are open, with what they come to above them."""

    template = "console/dunning/board.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        asking = request.asking
        figures = queries.figures(asking.scope, since=asking.today - timedelta(days=SINCE_DAYS))
        more = {
            "figures": figures,
            "steps": [(step, words.STEPS[step], count, fen) for step, count, fen in figures.by_step],
            "days": SINCE_DAYS,
            "may_run": asking.may("console:dunning-run", write=True),
        }
        return {**super().context(request, *arguments), **more}


@require_POST
def run(request: Request) -> HttpResponse:
    """Leave the night's run of the unit acted in to a worker."""
    asking = request.asking
    dunning.queue(unit_code=asking.unit.code, actor=asking.actor, at=asking.now)
    messages.success(request, _("夜间催费已排队，由后台执行。"))
    return HttpResponseRedirect(reverse("console:dunning-board"))


@require_safe
def ladder(request: Request) -> HttpResponse:
    """The rungs of each class with their clocks and sources."""
    asking = request.asking
    shown = queries.ladder(rulebook.library(), territory=asking.unit.territory, on=asking.today)
    context = {
        "shown": shown,
        "ladders": [
            (
                [customer_words.CLASSES[one] for one in ladder.classes],
                ladder,
                [(words.STEPS[rung.kind], words.BY[rung.by], words.DAYS[rung.days], rung) for rung in ladder.rungs],
            )
            for ladder in shown.ladders
        ],
        "rule_statuses": administration.RULE_STATUSES,
        "closed_days": [words.CLOSED_DAYS[one] for one in shown.closed_days],
    }
    return render(request, "console/dunning/ladder.html", context)
