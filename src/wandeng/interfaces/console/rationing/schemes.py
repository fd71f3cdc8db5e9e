"""Schemes of rationing: a draft, its participants, its approval."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.rationing import queries
from wandeng.domains.rationing.actions import schemes
from wandeng.domains.rationing.types import Measure, ParticipantKind
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import rationing as words


class SchemeForm(forms.Form):
    """Whose scheme of which year."""

    unit_code = forms.ChoiceField(label=gettext_lazy("单位"))
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2099)
    max_demand_kw = forms.IntegerField(label=gettext_lazy("最大用电需求（千瓦）"), min_value=1, max_value=10**9)

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class ApproveForm(forms.Form):
    """By which paper."""

    document = forms.CharField(label=gettext_lazy("批准文号"), max_length=200, required=False)


class TakeInForm(forms.Form):
    """Who takes part, how, and with how much."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=list(words.KINDS.items()))
    code = forms.CharField(
        label=gettext_lazy("户号或开关编码"), max_length=64, help_text=gettext_lazy("线路填其电源侧开关的编码")
    )
    measure = forms.ChoiceField(
        label=gettext_lazy("措施"), choices=list(words.MEASURES.items()), help_text=gettext_lazy("线路只能拉路")
    )
    before_kw = forms.IntegerField(label=gettext_lazy("正常负荷（千瓦）"), min_value=1, max_value=10**8)
    shed_kw = forms.IntegerField(label=gettext_lazy("可压降（千瓦）"), min_value=0, max_value=10**8)
    rota = forms.CharField(label=gettext_lazy("轮换组"), max_length=64, required=False)
    sequence = forms.IntegerField(label=gettext_lazy("序位"), min_value=0, max_value=10**6, initial=0)


class DropForm(forms.Form):
    """Who is taken out."""

    code = forms.CharField(max_length=64)


class NewPage(View):
    """Draft the next version of a scheme."""

    def get(self, request: Request) -> HttpResponse:
        return self._shown(request, SchemeForm(initial={"year": request.asking.today.year}, units=_units(request)))

    def post(self, request: Request) -> HttpResponse:
        asking, form, made = request.asking, SchemeForm(request.POST, units=_units(request)), []
        if not attempt(
            form, lambda: made.append(schemes.draft(**form.cleaned_data, actor=asking.actor, at=asking.now))
        ):
            return self._shown(request, form, status=422)
        messages.success(request, _("方案草稿已新建，请登记或导入参与对象。"))
        return HttpResponseRedirect(reverse("console:rationing-scheme", args=[made[0]]))

    def _shown(self, request: Request, form: forms.Form, *, status: int = 200) -> HttpResponse:
        return render(request, "console/rationing/scheme_new.html", {"form": form}, status=status)


@require_safe
def page(request: Request, scheme_id: int) -> HttpResponse:
    """A scheme with its participants."""
    return _shown(request, scheme_id, ApproveForm())


@require_POST
def approve(request: Request, scheme_id: int) -> HttpResponse:
    """Approve a draft."""
    asking, form = request.asking, ApproveForm(request.POST)
    queries.scheme(asking.scope, scheme_id, library=rulebook.library())
    if not attempt(
        form,
        lambda: schemes.approve(
            scheme_id=scheme_id, document=form.cleaned_data["document"], actor=asking.actor, at=asking.now
        ),
    ):
        return _shown(request, scheme_id, form, status=422)
    messages.success(request, _("方案已批准。"))
    return HttpResponseRedirect(reverse("console:rationing-scheme", args=[scheme_id]))


@require_POST
def take_in(request: Request, scheme_id: int) -> HttpResponse:
    """Take one account or line into a draft, or change it there."""
    asking, form = request.asking, TakeInForm(request.POST)
    queries.scheme(asking.scope, scheme_id, library=rulebook.library())

    def do() -> None:
        told = form.cleaned_data | {
            "kind": ParticipantKind(form.cleaned_data["kind"]), "measure": Measure(form.cleaned_data["measure"])
        }  # fmt: skip
        schemes.take_in(scheme_id=scheme_id, **told, actor=asking.actor, at=asking.now)

    if not attempt(form, do):
        return _shown(request, scheme_id, ApproveForm(), taking=form, status=422)
    messages.success(request, _("已登记参与对象。"))
    return HttpResponseRedirect(reverse("console:rationing-scheme", args=[scheme_id]))


@require_POST
def drop(request: Request, scheme_id: int) -> HttpResponse:
    """Take a participant out of a draft."""
    asking, form = request.asking, DropForm(request.POST)
    queries.scheme(asking.scope, scheme_id, library=rulebook.library())
    if not attempt(
        form,
        lambda: schemes.drop(scheme_id=scheme_id, code=form.cleaned_data["code"], actor=asking.actor, at=asking.now),
    ):
        return _shown(request, scheme_id, form, status=422)
    messages.success(request, _("已移出。"))
    return HttpResponseRedirect(reverse("console:rationing-scheme", args=[scheme_id]))


def _units(request: Request) -> tuple[UnitNode, ...]:
    return tuple(organization.unit_tree(request.asking.scope))


def _shown(
    request: Request, scheme_id: int, form: forms.Form, *, taking: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    asking = request.asking
    found = queries.scheme(asking.scope, scheme_id, library=rulebook.library())
    is_draft = found.state == "DRAFT"
    context = {
        "found": found, "form": form, "measures": words.MEASURES, "kinds": words.KINDS, "grounds": words.GROUNDS,
        "state": words.SCHEME_STATES[found.state], "tone": words.SCHEME_TONES[found.state],
        "taking": taking or TakeInForm(),
        "may_take_in": is_draft and asking.may("console:rationing-scheme-take-in", write=True),
        "may_approve": is_draft and found.made_by != asking.actor.code
        and asking.may("console:rationing-scheme-approve", write=True),
        "may_drop": is_draft and asking.may("console:rationing-scheme-drop", write=True),
    }  # fmt: skip
    return render(request, "console/rationing/scheme.html", context, status=status)
