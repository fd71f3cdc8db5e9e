"""One conversation, turn by turn."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.conversations import queries
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import conversations as words


@require_safe
def page(request: Request, conversation: int) -> HttpResponse:
    """What both sides said, the oldest first."""
    context = {
        "found": queries.conversation(request.asking.scope, conversation), "media": words.MEDIA, "sides": words.SIDES,
        "outcomes": words.OUTCOMES, "tones": words.TONES, "verified": words.VERIFIED,
    }  # fmt: skip
    return render(request, "console/conversations/thread.html", context)
