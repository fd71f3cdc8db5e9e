"""One outlet: where, when, what; days with other hours, and its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.outlets import actions, queries
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import outlets as words

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ExceptionForm(forms.Form):
    """Days with other hours."""

    from_on = forms.DateField(label=gettext_lazy("自"), widget=_DAY)
    to_on = forms.DateField(label=gettext_lazy("至"), widget=_DAY)
    hours = forms.CharField(
        label=gettext_lazy("营业时间"), max_length=200, required=False, help_text=gettext_lazy("不营业的留空")
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class CloseForm(forms.Form):
    """From which day it is gone, and why."""

    on = forms.DateField(label=gettext_lazy("停用日期"), widget=_DAY)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class LiftForm(forms.Form):
    """Which exception is taken back."""

    exception = forms.IntegerField(min_value=1, max_value=2**53)


@require_safe
def page(request: Request, code: str) -> HttpResponse:
    """One outlet."""
    return _shown(request, code, {})


@require_POST
def act(request: Request, code: str, verb: str) -> HttpResponse:
    """Set or lift an exception, or close it."""
    asking = request.asking
    queries.outlet(asking.scope, code, on=asking.today)
    kind = {"except": ExceptionForm, "lift": LiftForm, "close": CloseForm}.get(verb)
    if kind is None:
        raise Http404
    form = kind(request.POST, auto_id=f"{verb}_%s")

    def do() -> None:
        given = form.cleaned_data
        told: dict[str, Any] = {"actor": asking.actor, "at": asking.now}
        if verb == "except":
            actions.set_exception(
                code=code, from_on=given["from_on"], to_on=given["to_on"] + timedelta(days=1), hours_text=given["hours"],
                reason=given["reason"], **told,
            )  # fmt: skip
        elif verb == "lift":
            actions.lift_exception(exception=given["exception"], **told)
        else:
            actions.close(code=code, on=given["on"], reason=given["reason"], **told)

    if not attempt(form, do):
        return _shown(request, code, {verb: form}, status=422)
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:outlet", args=[code]))


def _shown(request: Request, code: str, bound: dict[str, Any], *, status: int = 200) -> HttpResponse:
    asking = request.asking
    found = queries.outlet(asking.scope, code, on=asking.today)
    context = {
        "found": found, "kind": words.KINDS[found.kind], "services": [words.SERVICES[one] for one in found.services],
        "hours": words.hours(found.hours), "open_on": words.OPEN_ON[found.open_on],
        "exceptions": [(one, words.hours(one.hours), one.to_on - timedelta(days=1)) for one in found.exceptions],
        "except_form": bound.get("except") or ExceptionForm(initial={"from_on": asking.today, "to_on": asking.today}, auto_id="except_%s"),
        "close_form": bound.get("close") or CloseForm(auto_id="close_%s"), "lift_form": bound.get("lift"),
        "may_act": asking.may("console:outlet-act", write=True),
        "is_closed": found.valid_to is not None and found.valid_to <= asking.today,
    }  # fmt: skip
    return render(request, "console/outlets/outlet.html", context, status=status)
