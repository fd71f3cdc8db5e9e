"""What is done with a plan by a button: reviewed, submitted, approved, sent back, published, canceled; warnings answered for."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wandeng.domains.outages.actions import plans as actions
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.outages import plans
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import outages as words


class ReasonIfAny(forms.Form):
    """Why something is done, where the action wants it."""

    reason = forms.CharField(max_length=500, required=False)
    code = forms.CharField(max_length=32, required=False)


@require_POST
def review(request: Request, number: str) -> HttpResponse:
    """Review again: history and other plans have moved on."""
    asking = request.asking

    def do(_reason: str) -> str:
        actions.review(number=number, actor=asking.actor, at=asking.now, library=rulebook.library())
        return _("已重新校核。")

    return _done(request, number, do)


@require_POST
def acknowledge(request: Request, number: str) -> HttpResponse:
    """Answer for a warning."""
    asking = request.asking

    def do(reason: str) -> str:
        code = request.POST.get("code", "")
        actions.acknowledge(number=number, code=code, reason=reason, actor=asking.actor, at=asking.now)
        return _("提醒已确认。")

    return _done(request, number, do)


@require_POST
def submit(request: Request, number: str) -> HttpResponse:
    """Hand in for approval."""
    asking = request.asking

    def do(_reason: str) -> str:
        actions.submit(number=number, actor=asking.actor, at=asking.now, library=rulebook.library())
        return _("已提交审批。")

    return _done(request, number, do)


@require_POST
def approve(request: Request, number: str) -> HttpResponse:
    """Approve at the level whose turn it is."""
    asking = request.asking

    def do(reason: str) -> str:
        left = actions.approve(
            number=number, note=reason, actor=asking.actor, at=asking.now, library=rulebook.library()
        )  # fmt: skip
        if left:
            return _("已批准，下一级：%(level)s。") % {"level": words.LEVELS[left]}
        return _("已批准。")

    return _done(request, number, do)


@require_POST
def send_back(request: Request, number: str) -> HttpResponse:
    """Send back at the level whose turn it is."""
    asking = request.asking

    def do(reason: str) -> str:
        actions.send_back(
            number=number, note=reason, actor=asking.actor, at=asking.now, library=rulebook.library()
        )  # fmt: skip
        return _("已退回。")

    return _done(request, number, do)


@require_POST
def withdraw(request: Request, number: str) -> HttpResponse:
    """Take a change back."""
    asking = request.asking

    def do(_reason: str) -> str:
        actions.withdraw_change(number=number, actor=asking.actor, at=asking.now)
        return _("变更已撤回，按原计划执行。")

    return _done(request, number, do)


@require_POST
def publish(request: Request, number: str) -> HttpResponse:
    """Publish: from now on it counts as told."""
    asking = request.asking

    def do(_reason: str) -> str:
        actions.publish(number=number, actor=asking.actor, at=asking.now, library=rulebook.library())
        return _("停电计划已发布。")

    return _done(request, number, do)


@require_POST
def cancel(request: Request, number: str) -> HttpResponse:
    """Cancel for a reason."""
    asking = request.asking

    def do(reason: str) -> str:
        actions.cancel(number=number, reason=reason, actor=asking.actor, at=asking.now)
        return _("停电计划已取消。")

    return _done(request, number, do)


def _done(request: Request, number: str, action: Callable[[str], str]) -> HttpResponse:
    form = ReasonIfAny(request.POST)
    told: list[str] = []
    if not attempt(form, lambda: told.append(action(form.cleaned_data["reason"]))):
        errors = [str(error) for found in form.errors.values() for error in found]
        return plans.show(request, number, errors=errors, status=422)
    messages.success(request, told[0])
    return HttpResponseRedirect(reverse("console:outages-plan", args=[number]))
