"""What every page of residents is made with: the layout's words, and forms that say what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from wandeng.domains.residents import actions, queries
from wandeng.interfaces.doorway import holding, refusals, rulebook
from wandeng.interfaces.doorway.holding import Holding
from wandeng.interfaces.portal import power
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Refused

MACHINE = Actor("portal", roles=frozenset({"ADMINISTRATOR"}))
"""Under which name a resident's own form opens a case."""
CHANNEL = "PORTAL"
ELDER_COOKIE = "wd_elder"
"""Whether the large version was chosen, on this telephone."""


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, at: datetime, status: int = 200
) -> HttpResponse:
    """A page of residents; ``holding`` is there on the routes of residents."""
    is_elder = request.COOKIES.get(ELDER_COOKIE) == "1"
    given = {
        "is_elder": is_elder,
        "holding": getattr(request, "holding", None),
        "hotline": power.hotline(at),
        **context,
    }
    return render(request, f"portal/my/{template}.html", given, status=status)


def looking(request: HttpRequest) -> Holding:
    """What is held, a look counted. Raises :class:`TooManyLooks`."""
    held = holding.of(request)
    actions.count_look(resident_id=held.resident_id, at=held.now, library=rulebook.library())
    return held


def told(refusal: Refused) -> str:
    """A refusal in the reader's language."""
    return refusals.sentence(refusal, get_language() or "zh-hans")


def demo_code(handle: str, *, at: datetime) -> str:
    """The code, where the installation is a demonstration: it sends nothing to telephones."""
    return queries.demo_code(handle, now=at, library=rulebook.library()) if settings.DEMO else ""
