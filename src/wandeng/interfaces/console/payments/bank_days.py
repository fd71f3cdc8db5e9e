"""Channels' days against their own detail: which wait, which are closed, which differences somebody must decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.payments.actions import reconciliation as actions
from wandeng.domains.payments.queries import reconciliation as queries
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.payments_bank import DAYS
from wandeng.interfaces.doorway.words import payments_bank as words
from wandeng.kernel.errors import InvalidInput

LOOKED_BACK = timedelta(days=31)
SHOWN = 20


class DaysPage(ListPage):
    """Reconciled days, below those that wait for their detail and the share that matched by itself."""

    definition = DAYS
    template = "console/payments/reconciliation.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        asking = request.asking
        since = asking.today - LOOKED_BACK
        waiting = queries.waiting_days(asking.scope, since=since, before=asking.today)
        return super().context(request, *arguments) | {
            "waiting": [(one, words.CHANNELS.get(one.channel, one.channel)) for one in waiting[:SHOWN]],
            "more_waiting": max(0, len(waiting) - SHOWN),
            "share": queries.matched_share_e4(asking.scope, since=since),
            "days": LOOKED_BACK.days,
        }


@require_safe
def detail(request: Request, day_id: int) -> HttpResponse:
    """A day with its differences."""
    asking = request.asking
    day = queries.reconciled_day(asking.scope, day_id)
    items = [
        {
            "item": one,
            "kind": words.DIFFERENCES[one.kind],
            "tone": words.DIFFERENCE_TONES[one.kind],
            "state": words.DIFFERENCE_STATES[one.state],
            "state_tone": words.DIFFERENCE_STATE_TONES[one.state],
        }
        for one in day.items
    ]
    context = {
        "day": day,
        "channel": words.CHANNELS.get(day.channel, day.channel),
        "state": words.DAY_STATES[day.state],
        "tone": words.DAY_TONES[day.state],
        "items": items,
        "may_do": asking.may("console:payments-reconciliation-decide", write=True),
    }
    return render(request, "console/payments/reconciliation_day.html", context)


@require_POST
def decide(request: Request, item_id: int) -> HttpResponse:
    """Decide a difference: ``move`` to_suspense, book or reverse."""
    asking = request.asking
    named: dict[str, Any] = {
        "item_id": item_id, "reason": request.POST.get("reason", ""), "actor": asking.actor, "at": asking.now,
    }  # fmt: skip
    move = request.POST.get("move", "")
    if move == "to_suspense":
        actions.to_suspense(**named)
    elif move == "book":
        actions.book(**named)
    elif move == "reverse":
        actions.settle_reversed(**named)
    else:
        raise InvalidInput("choose what becomes of the difference")
    messages.success(request, _("差异已处理。"))
    day = queries.day_of_item(asking.scope, item_id)
    return HttpResponseRedirect(reverse("console:payments-reconciliation-day", args=[day]))
