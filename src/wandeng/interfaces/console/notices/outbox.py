"""The outbox: everything that was to be told, one notice whole, and what a person decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.notices import actions, queries
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.notices import OUTBOX
from wandeng.interfaces.doorway.words import notices as words

_WORDS = {
    "states": words.STATES, "state_tones": words.STATE_TONES, "channels": words.CHANNELS, "purposes": words.PURPOSES,
    "whys": words.WHY, "outcomes": words.OUTCOMES, "outcome_tones": words.OUTCOME_TONES, "moves": words.MOVES,
}  # fmt: skip


class OutboxPage(ListPage):
    """The list with what stands where above it."""

    definition = OUTBOX
    template = "console/notices/outbox.html"

    def context(self, request: Request, *args: Any) -> dict[str, Any]:
        asking, here = request.asking, reverse("console:notices-list")
        counts = queries.counts(asking.scope)
        figures = [
            (words.STATES[state], counts.by_state[state], words.STATE_TONES[state], f"{here}?state={state}")
            for state in ("UNKNOWN", "FAILED", "WAITING")
        ]
        stopped = [one for one in queries.gateways() if one.open_until and one.open_until > asking.now]
        return super().context(request, *args) | {
            "figures": figures,
            "letters": counts.letters,
            "stopped": [(words.CHANNELS[one.channel], one.open_until) for one in stopped],
        }


@require_safe
def detail(request: Request, recipient: int) -> HttpResponse:
    """A notice to one recipient: what it says, every attempt, what was done."""
    asking = request.asking
    shown = queries.recipient(asking.scope, recipient, library=rulebook.library())
    told = [one for one in shown.attempts if one.channel == shown.channel]
    context = {
        **_WORDS,
        "notice": shown,
        "is_reduced": bool(told) and told[-1].is_reduced,
        "may_keep": asking.may("console:notices-cancel", write=True),
    }
    return render(request, "console/notices/detail.html", context)


@require_POST
def cancel(request: Request, recipient: int) -> HttpResponse:
    """Take one out of line."""
    actions.cancel(
        recipient_id=recipient, reason=request.POST.get("reason", ""), actor=request.asking.actor, at=request.asking.now
    )
    messages.success(request, _("已取消，不会发出。"))
    return _to(recipient)


@require_POST
def again(request: Request, recipient: int) -> HttpResponse:
    """Send one again."""
    actions.send_again(
        recipient_id=recipient, reason=request.POST.get("reason", ""), actor=request.asking.actor, at=request.asking.now
    )
    messages.success(request, _("已排队重发。"))
    return _to(recipient)


@require_POST
def settle(request: Request, recipient: int) -> HttpResponse:
    """Say what became of one that nobody knows of."""
    actions.settle_unknown(
        recipient_id=recipient,
        was_reached=request.POST.get("reached") == "1",
        reason=request.POST.get("reason", ""),
        actor=request.asking.actor,
        at=request.asking.now,
    )
    messages.success(request, _("已认定。"))
    return _to(recipient)


def _to(recipient: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:notices-detail", args=[recipient]))
