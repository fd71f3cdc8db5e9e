"""The work queue: what burns first, with its counts, by itself up to date; and the promises kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, ngettext

from wandeng.domains.cases.queries import rows as queries
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway import refusals
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.lists import cases as lists
from wandeng.interfaces.doorway.lists import cases_bulk as bulk
from wandeng.interfaces.doorway.words import cases as words
from wandeng.kernel.errors import InvalidInput

TOLD = 3
"""Refused cases that are told with their reason; the others are counted."""
MOST_HEARD = 200


class QueuePage(ListPage):
    """The queue with its tabs. Its head and rows are fetched again every few seconds by the page itself."""

    template = "console/cases/queue.html"

    def post(self, request: Request) -> HttpResponse:
        action = self._action(request.POST.get("bulk", ""))
        told = action.told(
            request.asking, reason=request.POST.get("reason", ""), choice=request.POST.get("choice", "")
        )  # fmt: skip
        keys = self._keys(request)
        if not keys:
            raise InvalidInput("choose at least one row")
        outcome = bulk.each(action.name, request.asking, keys, told)
        if outcome.done:
            text = ngettext("%(action)s：已处理 %(count)d 条。", "%(action)s：已处理 %(count)d 条。", outcome.done)
            messages.success(request, text % {"action": action.title, "count": outcome.done})
        language = get_language() or "zh-hans"
        for number, refusal in outcome.refused[:TOLD]:
            messages.error(request, f"{number} · {refusals.sentence(refusal, language)}")
        if (more := len(outcome.refused) - TOLD) > 0:
            text = ngettext("另有 %(count)d 条没有处理。", "另有 %(count)d 条没有处理。", more)
            messages.error(request, text % {"count": more})
        return HttpResponseRedirect(request.get_full_path())

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        asking = request.asking
        chosen = request.GET.get("tab", "")
        counts = counted(asking)
        return {
            **super().context(request, *arguments),
            "counts": counts,
            "tabs": tabs(request, counts, chosen if chosen in words.TABS else lists.usual_tab(asking)),
            "burning": burning(asking),
            "may_field": asking.may("console:cases-field"),
            "may_call": asking.may("console:cases-callbacks"),
        }


def counted(asking: Asking) -> queries.Counts:
    """What the head of the queue says."""
    actor, now = asking.actor, asking.now
    return queries.counts(asking.scope, now=now, soon=now + lists.SOON, person=actor.code, roles=actor.roles)


def tabs(request: Request, counts: queries.Counts, chosen: str) -> list[dict[str, Any]]:
    """The parts of the queue, how many each holds, and its address; other filters stay."""
    held = {
        "mine": counts.mine, "role": counts.of_role, "all": counts.open, "late": counts.late, "soon": counts.soon,
        "paused": counts.paused, "unassigned": counts.unassigned, "owned": counts.owned, "waiting": counts.waiting,
    }  # fmt: skip
    found = []
    for key, title in words.TABS.items():
        query = request.GET.copy()
        for gone in ("page", "format"):
            query.pop(gone, None)
        query["tab"] = key
        tone = {"late": "late", "soon": "warn"}.get(key, "") if held[key] else ""
        found.append(
            {"key": key, "title": title, "count": held[key], "url": f"?{query.urlencode()}", "tone": tone,
             "here": key == chosen}
        )  # fmt: skip
    return found


def burning(asking: Asking) -> str:
    """Late and soon late cases of this person and their roles, as ``number:late`` and ``number:soon``: the page sounds when
    one of them is new. Those whose limit ended last stand first."""
    until: datetime = asking.now + lists.SOON
    actor = asking.actor
    rows = queries.queue_rows(asking.scope, roles=actor.roles, person=actor.code).filter(due_at__lt=until)
    found = rows.order_by("-due_at").values_list("number", "due_at")[:MOST_HEARD]
    return " ".join(f"{number}:{'late' if due < asking.now else 'soon'}" for number, due in found)


class PromisesPage(ListPage):
    """Kept and broken promises by kind and unit, with the way to the single clocks."""

    template = "console/cases/queue_promises.html"
