"""Visits to make and notices to deliver, as a list for the phone, and the page on which one says how it went."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wandeng.domains.collections import actions, queries
from wandeng.domains.customers import queries as customers
from wandeng.interfaces.console.dunning.forms import ResultForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.dunning import TASKS
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import dunning as words


class VisitsPage(ListPage):
    """What is to be done, one's own first in reach."""

    definition = TASKS
    template = "console/dunning/visits.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        shown = super().context(request, *arguments)
        return {**shown, "me": request.asking.actor.code, "step_words": words.STEPS}


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: Request, step: int) -> HttpResponse:
    """One task: where, how much, and how it went."""
    asking = request.asking
    case, task = queries.step_task(asking.scope, step)
    is_open = task.by == "PERSON" and task.state == "PENDING"
    form = ResultForm(
        request.POST if request.method == "POST" else None,
        now=asking.now,
        kind=task.kind,
        is_important=bool(case.importance),
    )
    if request.method == "POST" and attempt(
        form, lambda: actions.record_result(step_id=step, result=form.result(), actor=asking.actor, at=asking.now)
    ):
        messages.success(request, _("结果已登记。"))
        return HttpResponseRedirect(f"{reverse('console:dunning-tasks')}?responsible={asking.actor.code}")
    context = {
        "case": case,
        "task": task,
        "kind": words.STEPS[task.kind],
        "state": words.STEP_STATES[task.state],
        "tone": words.STEP_TONES[task.state],
        "whom": words.WHOM.get(task.reached_whom, ""),
        "importance": customer_words.IMPORTANCES.get(case.importance, case.importance),
        "overdue_days": max(0, (asking.today - case.oldest_due_on).days),
        "is_open": is_open,
        "may": asking.may("console:dunning-task", write=True),
        "form": form,
        "contacts": customers.contacts_of(asking.scope, case.account_number),
        "may_reveal": asking.may("console:customers-contact-reveal", write=True),
    }
    return render(request, "console/dunning/visit.html", context, status=422 if form.errors else 200)
