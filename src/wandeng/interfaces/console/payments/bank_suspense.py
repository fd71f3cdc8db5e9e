"""Money that nobody knows: the list, one item with whose it may be, and the three things that can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.payments.actions import suspense as actions
from wandeng.domains.payments.queries import suspense as queries
from wandeng.flows import suspense as flow
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.payments_bank import SUSPENSE
from wandeng.interfaces.doorway.templatetags.wandeng import listed, yuan
from wandeng.interfaces.doorway.words import payments_bank as words


class SuspensePage(ListPage):
    """The items, below how much waits."""

    definition = SUSPENSE
    template = "console/payments/suspense.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        waiting, fen = queries.open_suspense(request.asking.scope)
        return super().context(request, *arguments) | {"waiting": waiting, "waiting_fen": fen}


@require_safe
def detail(request: Request, item_id: int) -> HttpResponse:
    """One item: what the bank said, and the accounts that it may belong to."""
    asking = request.asking
    item = queries.suspense_item(asking.scope, item_id)
    found = queries.suggestions(asking.scope, item) if item.state == "OPEN" else ()
    suggested = [(one, listed(words.SUGGESTED_BY[reason] for reason in one.reasons)) for one in found]
    context = {
        "item": item,
        "channel": words.CHANNELS.get(item.channel, item.channel),
        "pay_mode": words.PAY_MODES.get(item.pay_mode, item.pay_mode),
        "reason": words.ROW_REASONS.get(item.reason, item.reason),
        "state": words.SUSPENSE_STATES[item.state],
        "tone": words.SUSPENSE_TONES[item.state],
        "suggested": suggested,
        "may_decide": item.state == "RETURNING" and asking.may("console:payments-suspense-decide", write=True),
        "own": item.asked_by == asking.actor.code,
        "may_do": item.state == "OPEN" and asking.may("console:payments-suspense-match", write=True),
    }
    return render(request, "console/payments/suspense_item.html", context)


@require_POST
def match(request: Request, item_id: int) -> HttpResponse:
    """The money is this account's."""
    asking, number = request.asking, request.POST.get("account_number", "").strip()
    receipt = flow.match(
        item_id=item_id, account_number=number, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now
    )
    text = _("%(amount)s 已记入户号 %(account)s。") % {"amount": yuan(receipt.amount_fen), "account": number}
    messages.success(request, text)
    return _back(item_id)


@require_POST
def give_back(request: Request, item_id: int) -> HttpResponse:
    """The money goes back to who paid it."""
    asking = request.asking
    state = actions.give_back(
        item_id=item_id, document=request.POST.get("document", ""), reason=request.POST.get("reason", ""),
        actor=asking.actor, at=asking.now,
    )  # fmt: skip
    told = _("超过限额，等待另一人复核。") if state == "RETURNING" else _("已登记退回。")
    messages.success(request, told)
    return _back(item_id)


@require_POST
def decide(request: Request, item_id: int) -> HttpResponse:
    """The second person agrees that the money goes back, or does not."""
    asking, agree = request.asking, request.POST.get("agree", "") == "yes"
    actions.decide_return(
        item_id=item_id, agree=agree, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now
    )
    messages.success(request, _("已登记退回。") if agree else _("已驳回，款项留在待查款。"))
    return _back(item_id)


@require_POST
def leave(request: Request, item_id: int) -> HttpResponse:
    """The money stays where it is."""
    asking = request.asking
    actions.leave(
        item_id=item_id, on=asking.today, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now
    )
    messages.success(request, _("已记下，继续挂账。"))
    return _back(item_id)


def _back(item_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:payments-suspense-item", args=[item_id]))
