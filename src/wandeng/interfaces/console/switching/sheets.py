"""One sheet: its next step large, its steps, what its check found, and what may be done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization.queries import staff
from wandeng.domains.organization.types import Role
from wandeng.domains.switching import queries
from wandeng.domains.switching.actions import sheets, steps
from wandeng.domains.switching.types import SheetShown, SheetState
from wandeng.flows import switching_sheets as flow
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import switching as words

CREW = (Role.DISPATCHER, Role.CELL_MANAGER)


class ReasonIfAny(forms.Form):
    """A button, with a reason where the action wants one."""

    reason = forms.CharField(max_length=500, required=False)
    finding = forms.IntegerField(required=False, min_value=1)
    place = forms.IntegerField(required=False, min_value=1)


class CrewForm(forms.Form):
    """Who executes the sheet."""

    operator = forms.ChoiceField(label=gettext_lazy("操作人"))
    guardian = forms.ChoiceField(label=gettext_lazy("监护人"))

    def __init__(self, *arguments: Any, people: dict[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [(code, f"{name} {code}") for code, name in people.items()]
        for name in ("operator", "guardian"):
            self.fields[name].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """A step that was done."""

    place = forms.IntegerField(min_value=1)
    key = forms.CharField(max_length=64)
    done_at = forms.DateTimeField(required=False)


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """The sheet with everything on record."""
    return _shown(request, number)


@require_POST
def act(request: Request, number: str, verb: str) -> HttpResponse:
    """Review, check, acknowledge, issue, begin, execute, skip or void."""
    asking, library = request.asking, rulebook.library()
    found = queries.sheet(asking.scope, number)
    who: dict[str, Any] = {"number": number, "actor": asking.actor, "at": asking.now}
    plain = ReasonIfAny(request.POST)
    does: dict[str, tuple[forms.Form, Callable[[dict[str, Any]], object], str]] = {
        "review": (plain, lambda _told: flow.review(**who, library=library), _("已按当前运行方式校核。")),
        "check": (plain, lambda _told: flow.check(**who, library=library), _("操作票已审核。")),
        "acknowledge": (
            plain, lambda told: sheets.acknowledge(**who, finding=told["finding"] or 0, reason=told["reason"]),
            _("提醒已确认。"),
        ),
        "issue": (plain, lambda _told: flow.issue(**who, library=library), _("操作票已签发。")),
        "begin": (
            CrewForm(request.POST, people=_people(request, found)),
            lambda told: steps.begin(**who, operator=told["operator"], guardian=told["guardian"]), _("操作票开始执行。"),
        ),
        "execute": (StepForm(request.POST), lambda told: _execute(who, told, asking.now), _("已记录。")),
        "skip": (plain, lambda told: flow.skip(**who, place=told["place"] or 0, reason=told["reason"]), _("已跳过。")),
        "void": (plain, lambda told: sheets.void(**who, reason=told["reason"]), _("操作票已作废。")),
    }  # fmt: skip
    if verb not in does:
        raise Http404
    form, do, told = does[verb]
    if not attempt(form, lambda: do(form.cleaned_data)):
        errors = [str(error) for one in form.errors.values() for error in one]
        return _shown(request, number, errors=errors, status=422)
    messages.success(request, told)
    return HttpResponseRedirect(reverse("console:switching-sheet", args=[number]))


def _execute(who: dict[str, Any], told: dict[str, Any], now: datetime) -> object:
    return flow.execute(**who, place=told["place"], key=told["key"], done_at=told["done_at"] or now)


def _shown(
    request: Request, number: str, *, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    asking = request.asking
    found = queries.sheet(asking.scope, number)
    may = _may(request, found)
    people = _people(request, found) if may["begin"] or found.operator else {}
    names = staff.people_names(
        [found.written_by, found.checked_by, found.issued_by, found.operator, found.guardian, found.voided_by]
    )
    context = {
        "found": found, "next": found.next if found.state in ("ISSUED", "EXECUTING") else None, "may": may,
        "errors": errors or [], "state": words.STATES[found.state], "tone": words.TONES[found.state],
        "actions": words.STEPS, "names": names, "key": str(uuid.uuid4()), "count": len(found.steps),
        "findings": [(one, words.FINDINGS[one.code], words.finding_text(one.code, one.facts)) for one in found.findings],
        "crew": CrewForm(people=people, initial={"operator": found.operator, "guardian": found.guardian}),
    }  # fmt: skip
    return render(request, "console/switching/sheet.html", context, status=status)


def _people(request: Request, found: SheetShown) -> dict[str, str]:
    near = staff.holders_near(found.unit_path, CREW, request.asking.today)
    return {code: name for role in CREW for code, name in near.get(role, {}).items()}


def _may(request: Request, found: SheetShown) -> dict[str, bool]:
    """What this person may do with the sheet as it stands."""
    asking, state = request.asking, found.state
    works = asking.may("console:switching-act", write=True)
    leads = works and asking.actor.has(Role.DISPATCHER)
    mine = leads or asking.actor.code in (found.operator, found.guardian)
    early = state in (SheetState.DRAFT, SheetState.CHECKED)
    return {
        "rewrite": works and early,
        "check": works and state is SheetState.DRAFT and asking.actor.code != found.written_by,
        "own": works and state is SheetState.DRAFT and asking.actor.code == found.written_by,
        "issue": leads and state is SheetState.CHECKED,
        "acknowledge": works and early,
        "begin": works and state in (SheetState.ISSUED, SheetState.EXECUTING),
        "execute": works and mine and state is SheetState.EXECUTING,
        "skip": works and asking.actor.code == found.issued_by and state is SheetState.EXECUTING,
        "void": (works if early else leads) and state not in (SheetState.DONE, SheetState.VOIDED),
    }
