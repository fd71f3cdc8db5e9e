"""An outage as it takes place: off, back area by area, over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import delaying, running
from wandeng.domains.outages.types import PlanView
from wandeng.domains.reliability import queries as interruptions
from wandeng.domains.reliability.types import StepShown
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import outages as words
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import BILLING_ZONE


class MomentForm(forms.Form):
    """When."""

    at = forms.DateTimeField(
        label=gettext_lazy("时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class BackForm(MomentForm):
    """When, and to which areas; none chosen means all of them."""

    areas = forms.MultipleChoiceField(
        label=gettext_lazy("复电台区"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选表示全部复电。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, off: tuple[StepShown, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["areas"].choices = [(one.transformer_code, one.transformer_name) for one in off]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """When supply is expected back, and why then."""

    ends_at = forms.DateTimeField(
        label=gettext_lazy("新的预计复电时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class RunPage(View):
    """What may be done next with a published outage: ``do`` is start, restore, new_end or finish."""

    def get(self, request: Request, number: str) -> HttpResponse:
        return self._shown(request, number, None)

    def post(self, request: Request, number: str) -> HttpResponse:
        asking = request.asking
        _found, off, _is_written = self._stands(request, number)
        does: dict[str, tuple[forms.Form, Callable[[dict[str, Any]], Any]]] = {
            "start": (
                MomentForm(request.POST),
                lambda given: running.start(number=number, off_at=given["at"], actor=asking.actor, at=asking.now),
            ),
            "restore": (
                BackForm(request.POST, off=off),
                lambda given: running.restore(
                    number=number, on_at=given["at"], areas=given["areas"], actor=asking.actor, at=asking.now
                ),
            ),
            "new_end": (
                EndForm(request.POST),
                lambda given: delaying.new_end(
                    number=number, ends_at=given["ends_at"], reason=given["reason"], actor=asking.actor, at=asking.now,
                    library=rulebook.library(),
                ),
            ),
            "finish": (
                forms.Form(request.POST), lambda _given: running.finish(number=number, actor=asking.actor, at=asking.now),
            ),
        }  # fmt: skip
        verb = request.POST.get("do", "")
        if verb not in does:
            raise Http404
        form, do = does[verb]
        if not attempt(form, lambda: do(form.cleaned_data)):
            return self._shown(request, number, form, status=422)
        messages.success(request, _("已记录。"))
        return HttpResponseRedirect(reverse("console:outages-run", args=[number]))

    def _stands(self, request: Request, number: str) -> tuple[PlanView, tuple[StepShown, ...], bool]:
        asking = request.asking
        found = queries.plan(asking.scope, number, on=asking.today, library=rulebook.library())
        try:
            steps = interruptions.interruption(asking.scope, number).steps
        except NotFound:
            steps = ()
        return found, tuple(one for one in steps if one.on_at is None), bool(steps)

    def _shown(self, request: Request, number: str, form: forms.Form | None, *, status: int = 200) -> HttpResponse:
        found, off, is_written = self._stands(request, number)
        initial = {"at": request.asking.now.astimezone(BILLING_ZONE).replace(second=0, microsecond=0)}
        at_end = form if isinstance(form, EndForm) else None
        form = None if at_end else form
        context = {
            "end_form": at_end or EndForm(initial={"ends_at": found.standing.ends_at.astimezone(BILLING_ZONE)}),
            "found": found, "off": off, "is_written": is_written, "state": words.STATES[found.state], "tone": words.TONES.get(found.state, ""),
            "form": form or (BackForm(initial=initial, off=off) if off else MomentForm(initial=initial)),
        }  # fmt: skip
        return render(request, "console/outages/run.html", context, status=status)
