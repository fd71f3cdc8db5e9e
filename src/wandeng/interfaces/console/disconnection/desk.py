"""The approval desk: what waits, with its evidence at a glance; and a proposal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import disconnection
from wandeng.interfaces.console.disconnection.forms import ProposeForm
from wandeng.interfaces.console.disconnection.shown import chain
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import disconnection as words


class DeskPage(ListPage):
    """What waits for approval; the oldest above, each with its chain of evidence."""

    template = "console/disconnection/desk.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        asking = request.asking
        cards = [
            {
                "order": one,
                "state": words.ORDER_STATES[one.state],
                "tone": words.ORDER_TONES[one.state],
                "level": words.LEVELS[one.level],
                "importance": customer_words.IMPORTANCES[one.importance] if one.importance else "",
                "chain": chain(one.evidence),
                "own": asking.actor.code in (one.proposed_by, one.approved_by),
            }
            for one in queries.waiting(asking.scope)
        ]
        more = {
            "cards": cards,
            "may_approve": asking.may("console:disconnection-approve", write=True),
            "may_propose": asking.may("console:disconnection-propose", write=True),
        }
        return {**super().context(request, *arguments), **more}


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request) -> HttpResponse:
    """Propose to cut an account off."""
    asking = request.asking
    form = ProposeForm(request.POST or None, initial={"account_number": request.GET.get("account", "")})
    made: list[str] = []

    def do() -> None:
        given = form.cleaned_data
        made.append(
            disconnection.propose(
                account_number=given["account_number"].strip(), reason=given["reason"], actor=asking.actor,
                at=asking.now, library=rulebook.library(),
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("停电单已提出，等待审批。"))
        return HttpResponseRedirect(reverse("console:disconnection-order", args=[made[0]]))
    status = 422 if request.method == "POST" else 200
    return render(request, "console/disconnection/propose.html", {"form": form}, status=status)
