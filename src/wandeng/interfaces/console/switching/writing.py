"""A sheet is written: steps a line each, or as the isolation points of an outage plan suggest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from wandeng.domains.organization import queries as organization
from wandeng.domains.switching import queries
from wandeng.domains.switching.types import SheetRequest
from wandeng.flows import switching_sheets
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request

ROWS = 12


class SheetForm(forms.Form):
    """A sheet."""

    unit = forms.ChoiceField(label=_("单位"))
    purpose = forms.CharField(label=_("操作任务"), max_length=200)
    outage = forms.CharField(label=_("停电编号"), max_length=24, required=False, help_text=_("按停电计划操作时填写。"))
    incident = forms.CharField(label=_("抢修事件"), max_length=24, required=False)
    steps = forms.CharField(
        label=_("操作步骤"), widget=forms.Textarea(attrs={"rows": ROWS, "spellcheck": "false"}), max_length=20_000,
        help_text=_("每行一步：断开、合上 加开关编码，停用、投入 加台区编码，接地、拆除、检查 加位置和内容。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, units: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]

    @property
    def asked(self) -> SheetRequest:
        given = self.cleaned_data
        steps = queries.steps_written(given["steps"].splitlines())
        return SheetRequest(given["unit"], given["purpose"], steps, given["outage"], given["incident"])


class NewPage(View):
    """Write a sheet; ``?outage=`` fills it from a plan, ``&way=back`` for the way back."""

    def get(self, request: Request) -> HttpResponse:
        asking, number = request.asking, request.GET.get("outage", "")
        if not number:
            return self._shown(request, SheetForm(units=_units(request)))
        found = switching_sheets.suggest(
            asking.scope, number, is_back=request.GET.get("way") == "back", now=asking.now, library=rulebook.library()
        )
        return self._shown(request, SheetForm(initial=_initial(found), units=_units(request)))

    def post(self, request: Request) -> HttpResponse:
        form, asking = SheetForm(request.POST, units=_units(request)), request.asking
        made: list[str] = []
        if not attempt(
            form, lambda: made.append(switching_sheets.draft(request=form.asked, actor=asking.actor, at=asking.now))
        ):
            return self._shown(request, form, status=422)
        return HttpResponseRedirect(reverse("console:switching-sheet", args=made))

    def _shown(self, request: Request, form: SheetForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/switching/new.html", {"form": form, "number": ""}, status=status)


class RewritePage(View):
    """Write a sheet anew that is not issued."""

    def get(self, request: Request, number: str) -> HttpResponse:
        found = queries.sheet(request.asking.scope, number)
        initial = {
            "unit": found.unit_code, "purpose": found.purpose, "outage": found.outage, "incident": found.incident,
            "steps": queries.said(found.steps),
        }  # fmt: skip
        return self._shown(request, number, SheetForm(initial=initial, units=_units(request)))

    def post(self, request: Request, number: str) -> HttpResponse:
        form, asking = SheetForm(request.POST, units=_units(request)), request.asking
        queries.sheet(asking.scope, number)
        if not attempt(
            form,
            lambda: switching_sheets.rewrite(number=number, request=form.asked, actor=asking.actor, at=asking.now),
        ):
            return self._shown(request, number, form, status=422)
        return HttpResponseRedirect(reverse("console:switching-sheet", args=[number]))

    def _shown(self, request: Request, number: str, form: SheetForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/switching/new.html", {"form": form, "number": number}, status=status)


def _units(request: Request) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in organization.unit_tree(request.asking.scope)]


def _initial(found: SheetRequest) -> dict[str, str]:
    return {
        "unit": found.unit_code, "purpose": found.purpose, "outage": found.outage, "steps": queries.said(found.steps)
    }  # fmt: skip
