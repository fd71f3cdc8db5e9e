"""One dunning case: its timeline, whether it may be cut, and what can be done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.collections import actions, queries
from wandeng.domains.collections.types import CaseShown
from wandeng.domains.customers import queries as customers
from wandeng.interfaces.console.dunning import timeline
from wandeng.interfaces.console.dunning.forms import AssignForm, PromiseForm, ResultForm
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import dunning as words


@require_safe
def detail(request: Request, case: int) -> HttpResponse:
    """The case with everything that was done."""
    return _show(request, queries.case(request.asking.scope, case), {})


@require_POST
def call(request: Request, case: int) -> HttpResponse:
    """Note a telephone call that somebody made."""
    asking, found = request.asking, queries.case(request.asking.scope, case)
    form = ResultForm(request.POST, now=asking.now, kind="VOICE", auto_id="call_%s")
    if not attempt(
        form, lambda: actions.record_call(case_id=case, result=form.result(), actor=asking.actor, at=asking.now)
    ):
        return _show(request, found, {"call": form}, status=422)
    return _back(request, case, _("通话结果已登记。"))


@require_POST
def promise(request: Request, case: int) -> HttpResponse:
    """Note a promise to pay: the ladder holds."""
    asking, found = request.asking, queries.case(request.asking.scope, case)
    form = PromiseForm(request.POST, today=asking.today, open_fen=found.open_fen, auto_id="promise_%s")

    def make() -> None:
        given = form.cleaned_data
        actions.promise(
            case_id=case, promised_on=given["promised_on"], amount_fen=given["amount"], channel=given["channel"],
            note=given["note"], actor=asking.actor, at=asking.now, library=rulebook.library(),
        )  # fmt: skip

    if not attempt(form, make):
        return _show(request, found, {"promise": form}, status=422)
    return _back(request, case, _("承诺已登记，承诺期内暂停催缴。"))


@require_POST
def withdraw(request: Request, promise: int) -> HttpResponse:
    """Take a promise back that was noted wrongly."""
    asking = request.asking
    case = actions.withdraw_promise(
        promise_id=promise, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now
    )
    return _back(request, case, _("承诺已撤回，恢复催缴。"))


@require_POST
def assign(request: Request, case: int) -> HttpResponse:
    """Make somebody else responsible."""
    asking, found = request.asking, queries.case(request.asking.scope, case)
    form = AssignForm(request.POST, auto_id="assign_%s")

    def give() -> None:
        given = form.cleaned_data
        actions.assign(
            case_ids=[case], responsible=given["responsible"], reason=given["reason"], actor=asking.actor, at=asking.now
        )

    if not attempt(form, give):
        return _show(request, found, {"assign": form}, status=422)
    return _back(request, case, _("责任人已改派。"))


def _back(request: Request, case: int, told: str) -> HttpResponse:
    messages.success(request, told)
    return HttpResponseRedirect(reverse("console:dunning-case", args=[case]))


def _show(request: Request, found: CaseShown, bound: dict[str, Any], status: int = 200) -> HttpResponse:
    asking = request.asking
    forms = {
        "call": ResultForm(now=asking.now, kind="VOICE", auto_id="call_%s"),
        "promise": PromiseForm(today=asking.today, open_fen=found.open_fen, auto_id="promise_%s"),
        "assign": AssignForm(initial={"responsible": found.responsible}, auto_id="assign_%s"),
        "withdraw": ReasonForm(auto_id="withdraw_%s"),
    }
    is_open = found.state != "CLOSED"
    context = {
        "case": found,
        "is_open": is_open,
        "state": words.CASE_STATES[found.state],
        "tone": words.CASE_TONES[found.state],
        "standing": words.STANDINGS.get(found.standing, found.standing),
        "standing_tone": words.STANDING_TONES.get(found.standing, "neutral"),
        "next_step": words.STEPS.get(found.next_step, ""),
        "customer_class": customer_words.CLASSES.get(found.customer_class, found.customer_class),
        "importance": customer_words.IMPORTANCES.get(found.importance, found.importance),
        "closed_as": words.CLOSED_AS.get(found.closed_as, found.closed_as),
        "events": timeline.events(found),
        "promises": [(words.PROMISE_STATES[one.state], words.PROMISE_TONES[one.state], one) for one in found.promises],
        "protections": [
            (
                words.PROTECTION_KINDS[one.kind],
                words.PROTECTION_STATES[one.state],
                words.PROTECTION_TONES[one.state],
                one,
            )
            for one in found.protections
        ],
        "overdue_days": max(0, (found.as_of - found.oldest_due_on).days),
        "contacts": customers.contacts_of(asking.scope, found.account_number),
        "may_reveal": asking.may("console:customers-contact-reveal", write=True),
        "may": {
            name: is_open and asking.may(f"console:dunning-{name}", write=True)
            for name in ("call", "promise", "withdraw", "assign")
        },
        "forms": {**forms, **bound},
        "bound": next(iter(bound), ""),
        **_eligibility(request, found),
    }
    return render(request, "console/dunning/case.html", context, status=status)


def _eligibility(request: Request, found: CaseShown) -> dict[str, Any]:
    """Whether an order to cut may be asked for now; nothing of a closed case."""
    if found.state == "CLOSED":
        return {}
    chain = queries.chain_of(found, request.asking.now, library=rulebook.library())
    return {"chain": chain, "objections": [words.OBJECTIONS[one] for one in chain.reasons]}
