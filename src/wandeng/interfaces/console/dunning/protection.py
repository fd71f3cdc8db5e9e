"""Protected customers: proposed with evidence, approved or refused by a second person, ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wandeng.domains.collections import actions, queries
from wandeng.interfaces.console.dunning.forms import ProtectForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import dunning as words
from wandeng.kernel.errors import NotFound


class ProtectedPage(ListPage):
    """The list, with the way in for another."""

    template = "console/dunning/protected.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        may = request.asking.may("console:dunning-protect", write=True)
        return {**super().context(request, *arguments), "may_propose": may}


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request) -> HttpResponse:
    """Put an account on the list; ``?account=`` fills it in."""
    asking = request.asking
    form = ProtectForm(
        request.POST if request.method == "POST" else None,
        today=asking.today,
        initial={"account": request.GET.get("account", "")},
    )

    def protect() -> None:
        given = form.cleaned_data
        actions.protect(
            account_number=given["account"], kind=given["kind"], evidence=given["evidence"],
            valid_from=given["valid_from"], valid_to=given["valid_to"], reason=given["reason"], actor=asking.actor,
            at=asking.now,
        )  # fmt: skip

    if request.method == "POST" and attempt(form, protect):
        messages.success(request, _("已提交，等待另一人审批；审批之前同样不停电。"))
        return HttpResponseRedirect(reverse("console:dunning-protected"))
    return render(request, "console/dunning/protect.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, protection: int) -> HttpResponse:
    """One protection, and what the one who decides may do."""
    asking = request.asking
    found = queries.protection(asking.scope, protection)
    if request.method == "POST":
        _decide(request, protection)
        return HttpResponseRedirect(request.path)
    may = asking.may("console:dunning-protection", write=True)
    context = {
        "protection": found,
        "kind": words.PROTECTION_KINDS[found.kind],
        "state": words.PROTECTION_STATES[found.state],
        "tone": words.PROTECTION_TONES[found.state],
        "may_decide": may and found.state == "PROPOSED" and found.proposed_by != asking.actor.code,
        "is_own": found.state == "PROPOSED" and found.proposed_by == asking.actor.code,
        "may_end": may and found.state == "APPROVED",
    }
    return render(request, "console/dunning/protection.html", context)


def _decide(request: Request, protection: int) -> None:
    told: dict[str, Any] = {"protection_id": protection, "actor": request.asking.actor, "at": request.asking.now}
    reason = request.POST.get("reason", "")
    match request.POST.get("verb", ""):
        case "approve":
            actions.approve_protection(**told, reason=reason)
            messages.success(request, _("已批准。"))
        case "refuse":
            actions.refuse_protection(**told, reason=reason)
            messages.success(request, _("已驳回。"))
        case "end":
            actions.end_protection(**told, reason=reason)
            messages.success(request, _("已终止。"))
        case verb:
            raise NotFound(f"there is no decision {verb}")
