"""One order: its evidence, its time line, and what this person may decide about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import disconnection, reconnection
from wandeng.interfaces.console.disconnection.forms import MomentForm
from wandeng.interfaces.console.disconnection.shown import chain, events
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.doorway import refusals, rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import disconnection as words

_DECISIONS = ("approve", "refuse", "withdraw", "announce", "dispatch", "back")


@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """The order with everything on record."""
    return _show(request, number, {})


@require_POST
def approve(request: Request, number: str) -> HttpResponse:
    """Approve; beyond the day's limit another person approves again."""
    asking = request.asking
    made: list[str] = []
    form = _NoForm(request.POST)

    def do() -> None:
        made.append(
            disconnection.approve(order=number, actor=asking.actor, at=asking.now, library=rulebook.library()).state
        )

    if not attempt(form, do):
        return _show(request, number, {"approve": form}, status=422)
    second = _("已批准；超过当日批量上限，还须另一人再次批准。")
    messages.success(request, second if made[0] == "SECOND_WANTED" else _("已批准，可以发往现场。"))
    return _back(number)


@require_POST
def refuse(request: Request, number: str) -> HttpResponse:
    """Do not approve."""
    return _with_reason(request, number, "refuse", disconnection.refuse, _("已驳回。"))


@require_POST
def withdraw(request: Request, number: str) -> HttpResponse:
    """Take the order back before it is sent."""
    return _with_reason(request, number, "withdraw", disconnection.withdraw, _("已撤销。"))


@require_POST
def announce(request: Request, number: str) -> HttpResponse:
    """Tell the customer again when power will be cut."""
    asking = request.asking
    form = MomentForm(request.POST, now=asking.now, label=_("停电时间"))

    def do() -> None:
        disconnection.announce(order=number, cut_at=form.since(None), actor=asking.actor, at=asking.now)

    if not attempt(form, do):
        return _show(request, number, {"announce": form}, status=422)
    messages.success(request, _("停电前再次通知已发出，三十分钟后方可发单。"))
    return _back(number)


@require_POST
def dispatch(request: Request, number: str) -> HttpResponse:
    """Send the order, if every guard holds now."""
    asking = request.asking
    answer = disconnection.dispatch(
        order=number, remote=request.POST.get("means") == "remote", actor=asking.actor, at=asking.now,
        library=rulebook.library(),
    )  # fmt: skip
    if answer.is_sent:
        messages.success(request, _("停电单已发出。"))
    else:
        told = refusals.told(answer.sentence, get_language() or "zh-hans")
        messages.error(request, _("没有发出：%(why)s") % {"why": told})
    return _back(number)


@require_POST
def give_back(request: Request, number: str) -> HttpResponse:
    """Have supply given back by a person's decision."""

    def do(*, order: str, reason: str, actor: Any, at: Any) -> None:
        reconnection.order_by_person(order=order, reason=reason, actor=actor, at=at, library=rulebook.library())

    return _with_reason(request, number, "back", do, _("复电单已下达。"))


class _NoForm(ReasonForm):
    """A decision that needs no reason; refusals still have a place to stand."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].required = False


def _with_reason(request: Request, number: str, verb: str, action: Callable[..., Any], told: str) -> HttpResponse:
    asking, form = request.asking, ReasonForm(request.POST)
    if not attempt(
        form,
        lambda: action(order=number, reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now),
    ):
        return _show(request, number, {verb: form}, status=422)
    messages.success(request, told)
    return _back(number)


def _back(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:disconnection-order", args=[number]))


def _show(request: Request, number: str, bound: dict[str, Any], status: int = 200) -> HttpResponse:
    asking = request.asking
    order = queries.order(asking.scope, number)
    allowed = {verb: asking.may(f"console:disconnection-{verb}", write=True) for verb in _DECISIONS}
    can = {
        "approve": order.state in ("PROPOSED", "SECOND_WANTED"),
        "refuse": order.state in ("PROPOSED", "SECOND_WANTED"),
        "withdraw": order.state in ("PROPOSED", "SECOND_WANTED", "APPROVED"),
        "announce": order.state == "APPROVED",
        "dispatch": order.state == "APPROVED",
        "back": order.state in ("DISPATCHED", "RECALLED", "CUT") and not any(
            one.state == "ORDERED" for one in order.reconnections
        ),
    }  # fmt: skip
    language = get_language() or "zh-hans"
    context = {
        "order": order,
        "state": words.ORDER_STATES[order.state],
        "tone": words.ORDER_TONES[order.state],
        "level": words.LEVELS[order.level],
        "importance": customer_words.IMPORTANCES[order.importance] if order.importance else "",
        "customer_class": customer_words.CLASSES[order.customer_class],
        "chain": chain(order.evidence),
        "events": [
            one | {"refused": refusals.told(one["refused"], language)} if "refused" in one else one
            for one in events(order)
        ],
        "instructions": [(words.INSTRUCTIONS[one.kind], one) for one in order.instructions],
        "may": {verb: allowed[verb] and can[verb] for verb in _DECISIONS},
        "own": asking.actor.code in (order.proposed_by, order.approved_by),
        "is_out": order.state in ("DISPATCHED", "RECALLED"),
        "errors": [text for form in bound.values() for text in form.non_field_errors()],
        "announce_form": bound.get("announce")
        or MomentForm(now=asking.now, label=_("停电时间"), auto_id="announce_%s"),
        "task": asking.may("console:disconnection-task", write=True),
    }
    return render(request, "console/disconnection/order.html", context, status=status)
