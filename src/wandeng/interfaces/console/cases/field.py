"""The field, on a telephone: what is to be done today, and one case with the steps that are one's own to finish.

A step that is sent without signal is kept by the telephone and sent again later. It carries a key and the time at which it
was done, so that the server takes it once and at its own time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wandeng.domains.appointments.queries import agreed
from wandeng.domains.cases.actions import work
from wandeng.domains.cases.queries import one
from wandeng.domains.cases.queries import rows as queries
from wandeng.domains.cases.types import CaseShown, FieldShown, StepShown
from wandeng.flows.connections import finishing
from wandeng.interfaces.console.cases.answers import AnswersForm, ProofsForm
from wandeng.interfaces.doorway import process_names as names
from wandeng.interfaces.doorway import refusals, rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.templatetags.wandeng import clauses
from wandeng.interfaces.doorway.words import case_pages as page_words
from wandeng.interfaces.doorway.words import cases as words
from wandeng.kernel.errors import NotFound, Refused
from wandeng.kernel.periods import BILLING_ZONE

MOST = 100
"""Cases that one list shows: nobody drives to more in a day."""
BY_SCRIPT = "X-Wandeng-Field"
"""Sent by the script that keeps what could not be sent: it wants an answer it can read."""


class StepForm(forms.Form):
    """When it was done, how it ended where that is to be said, and anything else."""

    step = forms.CharField(widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    happened_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    moment = forms.DateTimeField(
        label=gettext_lazy("实际时间"), required=False, help_text=gettext_lazy("不填则为提交的时刻"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    result = forms.ChoiceField(label=gettext_lazy("处理结果"), required=False)
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *arguments: Any, results: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        if results:
            self.fields["result"].choices = [("", "—"), *results]  # type: ignore[attr-defined]
            self.fields["result"].required = True
        else:
            del self.fields["result"]

    def since(self, floor: datetime | None) -> datetime | None:
        """When it was done. A moment is typed without seconds: one of the minute of what happened last is not before it."""
        given = self.cleaned_data
        at: datetime | None = given["moment"] or given["happened_at"]
        if at and floor and timedelta(0) < floor - at < timedelta(minutes=1):
            return floor
        return at


@require_safe
def today(request: Request) -> HttpResponse:
    """My cases, and those of my role that nobody has; what burns first above."""
    asking = request.asking
    actor = asking.actor
    rows = queries.field_rows(asking.scope, roles=actor.roles, person=actor.code)
    shown = [_line(row) for row in rows[:MOST]]
    times = agreed.agreed_times([row["number"] for row in shown], now=asking.now)
    shown = [row | {"agreed": times.get(row["number"])} for row in shown]
    context = {
        "mine": [row for row in shown if row["handler"] == actor.code],
        "pool": [row for row in shown if row["handler"] != actor.code],
    }
    return render(request, "console/cases/field.html", context)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "kind": names.KINDS.get(row["process"], row["process"]),
        "step_name": names.STEPS.get(f"{row['process']}/{row['step']}", row["step"]),
        "urgency_name": names.URGENCIES.get(row["urgency"], row["urgency"]),
        "urgency_tone": words.URGENCY_TONES.get(row["urgency"], ""),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: Request, number: str) -> HttpResponse:
    """One case: where, what, and the steps that are this person's to do, one after the other."""
    if request.method == "POST":
        return _take(request, number) if request.POST.get("do") == "take" else _finish(request, number)
    return _show(request, number, None)


def _take(request: Request, number: str) -> HttpResponse:
    asking = request.asking
    work.assign(
        number=number, handler=asking.actor.code, actor=asking.actor, at=asking.now, charter=rulebook.charter()
    )  # fmt: skip
    messages.success(request, _("已由您经办。"))
    return HttpResponseRedirect(reverse("console:cases-field-case", args=[number]))


def _finish(request: Request, number: str) -> HttpResponse:
    """Finish a step. The script that keeps what could not be sent gets JSON: where to go on, or why not."""
    asking = request.asking
    by_script = BY_SCRIPT in request.headers
    try:
        shown = _case(asking, number)
    except NotFound:
        # Its answer was lost, and the case of another office went out of these hands by it: what is told again was taken.
        if by_script and one.is_told(asking.scope, number, request.POST.get("key", "")):
            return JsonResponse({"next": reverse("console:cases-field"), "is_new": False})
        raise
    form = _Forms(shown, _step_of(shown, request.POST.get("step", "")), request)
    try:
        done = form.finish(asking) if form.is_valid() else None
    except Refused as refusal:
        form.step_form.add_error(None, refusals.sentence(refusal, get_language() or "zh-hans"))
        done = None
    if done is None:
        if by_script:
            return JsonResponse({"error": form.fault()}, status=422)
        return _show(request, number, form)
    told = _("%(step)s：已记录。") % {"step": form.name}
    ours = done.step and asking.may("console:cases-field-case") and done.handler == asking.actor.code
    address = reverse("console:cases-field-case", args=[number]) if ours else reverse("console:cases-field")
    messages.success(request, told)
    if by_script:
        return JsonResponse({"next": address, "is_new": done.is_new})
    return HttpResponseRedirect(address)


class _Forms:
    """The three parts of what a step asks: when and how, the fields of the definition, the proofs."""

    def __init__(self, shown: CaseShown, step: StepShown, request: Request | None = None) -> None:
        data = request.POST if request else None
        files = request.FILES if request else None
        process = shown.glance.process
        self.shown, self.step = shown, step
        self.name = names.STEPS.get(f"{process}/{step.code}", step.code)
        last = [one.code for one in shown.steps if one.status != "LEFT_OUT"][-1]
        results = [(code, names.RESULTS.get(f"{process}/{code}", code)) for code, _zh, _en in shown.results]
        self.step_form = StepForm(
            data, results=results if step.code == last else [], auto_id=f"{step.code}_%s",
            initial={"step": step.code, "key": str(uuid4())},
        )  # fmt: skip
        fields = [one for one in shown.fields if one.by == step.code]
        self.answers = AnswersForm(data, fields=fields, auto_id=f"{step.code}_%s")
        here = {paper.kind for paper in shown.papers if paper.step == step.code}
        self.proofs = ProofsForm(data, files, kinds=step.evidence, here=here, auto_id=f"{step.code}_%s")
        if "PHOTO" in self.proofs.fields:
            self.proofs.fields["PHOTO"].widget.attrs["capture"] = "environment"

    @property
    def wants_place(self) -> bool:
        return "PLACE" in self.step.evidence

    def is_valid(self) -> bool:
        return all([self.step_form.is_valid(), self.answers.is_valid(), self.proofs.is_valid()])

    def finish(self, asking: Asking) -> Any:
        given = self.step_form.cleaned_data
        floor = max((entry.at for entry in self.shown.entries), default=None)
        return finishing.finish(
            number=self.shown.glance.number, step=given["step"], actor=asking.actor, at=asking.now,
            charter=rulebook.charter(), answers=self.answers.answers(), proofs=self.proofs.proofs(),
            result=given.get("result", ""), note=given["note"], happened_at=self.step_form.since(floor), key=given["key"],
        )  # fmt: skip

    def fault(self) -> str:
        """Everything that is wrong, in one sentence for a small screen."""
        parts = []
        for form in (self.step_form, self.answers, self.proofs):
            for name, errors in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                told = _("%(label)s：%(error)s")
                parts += [told % {"label": label, "error": error} if label else str(error) for error in errors]
        return clauses(parts)


def _case(asking: Asking, number: str) -> CaseShown:
    return one.case(asking.scope, number, charter=rulebook.charter(), now=asking.now)


def _step_of(shown: CaseShown, code: str) -> StepShown:
    """The step that is told of: a step that was told before under the same key is done by now."""
    here = next((step for step in shown.steps if step.status == "HERE"), shown.steps[-1])
    return next((step for step in shown.steps if step.code == code), here)


def _own(shown: CaseShown, asking: Asking) -> list[StepShown]:
    """The step the case stands at and those behind it, as long as they are this person's by role."""
    found: list[StepShown] = []
    for step in shown.steps:
        if step.status in ("HERE", "AHEAD"):
            if step.by_customer or not asking.actor.has(step.role):
                break
            found.append(step)
    return found


def _shown(field: FieldShown) -> str:
    """A value as people read it."""
    if field.kind == "YES_NO":
        return str(page_words.YES_NO.get(field.value, field.value))
    if field.kind == "INSTANT":
        return f"{datetime.fromisoformat(field.value).astimezone(BILLING_ZONE):%m-%d %H:%M}"
    return next((names.worded(zh, en) for code, zh, en in field.choices if code == field.value), field.value)


def _show(request: Request, number: str, bound: _Forms | None) -> HttpResponse:
    asking = request.asking
    shown = _case(asking, number)
    handler = shown.glance.handler
    is_open = shown.glance.state == "OPEN"
    steps = _own(shown, asking) if is_open and handler in ("", asking.actor.code) else []
    context = {
        "case": shown,
        "kind": names.KINDS.get(shown.glance.process, shown.glance.process),
        "stage": names.STAGES.get(f"{shown.glance.process}/{shown.glance.stage}", ""),
        "step_name": names.STEPS.get(f"{shown.glance.process}/{shown.step}", shown.step),
        "urgency_tone": words.URGENCY_TONES.get(shown.urgency[0], ""),
        "state": words.STATES[shown.glance.state],
        "tone": words.TONES[shown.glance.state],
        "facts": [
            (names.worded(field.name_zh, field.name_en), _shown(field), field.code if field.personal else "")
            for field in shown.fields
            if field.value and field.kind != "PHONE"
        ],
        "lent_by": "" if asking.scope.covers(shown.unit_path) else shown.glance.unit_name,
        "phones": [field for field in shown.fields if field.value and field.kind == "PHONE"],
        "forms": [bound if bound and bound.step.code == step.code else _Forms(shown, step) for step in steps],
        "may_take": is_open
        and handler != asking.actor.code
        and asking.actor.has(shown.role)
        and asking.scope.covers(shown.unit_path),
    }
    status = 422 if bound else 200
    return render(request, "console/cases/field_case.html", context, status=status)
