"""Calling customers back: who may be called now, and one call after the other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wandeng.domains.cases.actions import ending
from wandeng.domains.cases.queries import calling, one, rows
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway import process_names as names
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import cases as words
from wandeng.kernel.periods import BILLING_ZONE


class AnswerForm(forms.Form):
    """What the customer said: a score, and in words what displeased them."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("满意度"), coerce=int, choices=list(words.SCORES.items()), widget=forms.RadioSelect,
        required=False,
    )  # fmt: skip
    remark = forms.CharField(
        label=gettext_lazy("客户意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不满意须写明原因；工单随即重启，重新计时。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.data.get("do") != "missed" and not given.get("score"):
            self.add_error("score", _("请选择满意度。"))
        return given


class CallingPage(ListPage):
    """Who may be called now, the shortest limit above."""

    template = "console/cases/queue_calls.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        asking = request.asking
        may = calling.callable_rows(
            asking.scope, charter=rulebook.charter(), now=asking.now, roles=asking.actor.roles
        )  # fmt: skip
        wanted = rows.call_back_rows(asking.scope).order_by()
        return {
            **super().context(request, *arguments),
            "now_callable": may.order_by().count(),
            "wanted": wanted.count(),
            "wanted_late": wanted.filter(due_at__lt=asking.now).count(),
            "next": _next(asking, ""),
            "may_call": asking.may("console:cases-callback", write=True),
        }


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: Request, number: str) -> HttpResponse:
    """One call: what it is about, the script, the answer; then the next."""
    asking = request.asking
    wanted = calling.to_call(asking.scope, number, charter=rulebook.charter(), now=asking.now)
    form = AnswerForm(request.POST or None)
    is_missed = request.POST.get("do") == "missed"

    def do() -> None:
        given = form.cleaned_data
        common: dict[str, Any] = {
            "number": number,
            "actor": asking.actor,
            "at": asking.now,
            "charter": rulebook.charter(),
        }
        if is_missed:
            ending.not_reached(remark=given["remark"], **common)
        else:
            ending.call_back(score=given["score"], remark=given["remark"], channel="PHONE", **common)

    if request.method == "POST":
        following = _next(asking, number)
        if attempt(form, do):
            messages.success(request, _("%(number)s：已记为未接通。") % {"number": number} if is_missed else
                             _("%(number)s：回访结果已登记。") % {"number": number})  # fmt: skip
            following = "" if following == number else following
            address = (
                reverse("console:cases-callback", args=[following]) if following else reverse("console:cases-callbacks")
            )
            return HttpResponseRedirect(address)
    return _show(request, number, wanted, form)


def _show(request: Request, number: str, wanted: Any, form: AnswerForm) -> HttpResponse:
    asking = request.asking
    case = one.case(asking.scope, number, charter=rulebook.charter(), now=asking.now)
    following = _next(asking, number)
    context = {
        "case": case,
        "wanted": wanted,
        "opened_on": case.glance.opened_at.astimezone(BILLING_ZONE).date(),
        "kind": names.KINDS.get(case.glance.process, case.glance.process),
        "result": names.RESULTS.get(f"{case.glance.process}/{case.result}", ""),
        "phones": [field for field in case.fields if field.kind == "PHONE" and field.value],
        "form": form,
        "next": following if following != number else "",
        "left": calling.callable_rows(
            asking.scope, charter=rulebook.charter(), now=asking.now, roles=asking.actor.roles
        ).order_by().count(),
        "may": asking.may("console:cases-callback", write=True),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "console/cases/queue_call.html", context, status=status)


def _next(asking: Asking, after: str) -> str:
    return calling.next_up(
        asking.scope, charter=rulebook.charter(), now=asking.now, roles=asking.actor.roles, after=after
    )
