"""The day's list of cuts by balance: evidence by row, approved in bulk by another person than signed or proposed it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from wandeng.domains.collections import queries
from wandeng.flows import prepay as flow
from wandeng.interfaces.console.disconnection.shown import chain
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway import refusals, rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import disconnection as words
from wandeng.kernel.errors import InvalidInput

TOLD = 10
"""So many orders that were not done are named with their reason; the others stand on their pages."""


class ApprovalPage(ListPage):
    """What waits, the oldest above, each with the balance it rests on and whom the notices reached."""

    template = "console/prepay/approve.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        asking = request.asking
        shown = super().context(request, *arguments)
        numbers = [str(row["number"]) for row in shown["rows"]]
        evidence = [
            {
                "order": one, "chain": chain(one.evidence), "level": words.LEVELS[one.level],
                "own": asking.actor.code in (one.proposed_by, one.approved_by),
            }
            for one in queries.waiting(asking.scope, numbers=numbers)
        ]  # fmt: skip
        return {**shown, "evidence": evidence, "may_halt": asking.may("console:disconnection-halt")}

    def post(self, request: Request) -> HttpResponse:
        """Approve and send the chosen orders; what a guard stopped is told with its reason."""
        asking = request.asking
        self._action(request.POST.get("bulk", ""))
        keys = self._keys(request)
        if not keys:
            raise InvalidInput("choose at least one row")
        answers = flow.approve_each(orders=keys, actor=asking.actor, at=asking.now, library=rulebook.library())
        done = sum(answer.is_done for answer in answers)
        if done:
            text = ngettext("已批准 %(n)d 单。", "已批准 %(n)d 单。", done)
            messages.success(request, text % {"n": done})
        stopped = [answer for answer in answers if not answer.is_done]
        for answer in stopped[:TOLD]:
            sentence = refusals.told(answer.sentence, get_language() or "")
            messages.warning(request, _("%(order)s 未办：%(why)s") % {"order": answer.number, "why": sentence})
        if len(stopped) > TOLD:
            messages.warning(request, _("还有 %(n)d 单未办，原因见各停电单。") % {"n": len(stopped) - TOLD})
        return HttpResponseRedirect(request.get_full_path())
