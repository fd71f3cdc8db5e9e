"""One connection: candidates of its scheme, who surveys and leads, its price, and the account it became."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.cases.queries import one
from wandeng.domains.cases.types import CaseShown, Charter
from wandeng.domains.connections.actions import projects, schemes
from wandeng.domains.connections.queries import projects as queries
from wandeng.domains.connections.types import SOURCES_WANTED, ProjectShown
from wandeng.domains.organization import queries as organization
from wandeng.domains.tariffs import queries as tariffs
from wandeng.interfaces.console.connections import forms
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import process_names as names
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import cases as case_words
from wandeng.interfaces.doorway.words import connections as words

Bound = dict[str, Any]


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """Everything about one connection, and what may be decided."""
    return _show(request, number, {})


@require_POST
def appoint(request: Request, number: str) -> HttpResponse:
    """Who surveys, as the customer chose, and who leads the project."""
    shown = _case(request, number)
    form = forms.AppointForm(request.POST, surveyors=queries.surveyors(shown, request.asking.today))
    return _act(request, number, "appoint", form, lambda common: projects.appoint(
        case_number=number, surveyor=form.cleaned_data["surveyor"], manager=form.cleaned_data["manager"], **common))  # fmt: skip


@require_POST
def draft(request: Request, number: str) -> HttpResponse:
    """Look for transformers that could supply."""
    form = forms.DraftForm(request.POST)
    return _act(request, number, "draft", form, lambda common: schemes.draft_scheme(
        case_number=number, position=form.position(), address=form.cleaned_data["address"], **common))  # fmt: skip


@require_POST
def choose(request: Request, number: str) -> HttpResponse:
    """Choose one of the candidates."""
    form = forms.ChooseForm(request.POST)
    return _act(request, number, "choose", form, lambda common: schemes.choose(
        case_number=number, place=form.cleaned_data["place"], boundary=form.cleaned_data["boundary"], **common))  # fmt: skip


@require_POST
def sources(request: Request, number: str) -> HttpResponse:
    """Lay down the sources of a high-voltage supply."""
    shown = queries.project(_case(request, number))
    typed = _source_forms(shown, request.POST)
    wrong = [one for one in typed if not one.is_valid()]
    whole = django_forms.Form(request.POST)
    if wrong:
        return _show(request, number, {"sources": typed}, status=422)
    return _act(request, number, "sources", whole, lambda common: schemes.set_sources(
        case_number=number, sources=[one.source() for one in typed], **common), more={"sources": typed})  # fmt: skip


@require_POST
def terms(request: Request, number: str) -> HttpResponse:
    """Lay down the price."""
    form = forms.TermsForm(request.POST, prices=_prices(request, _case(request, number)))
    return _act(request, number, "terms", form, lambda common: projects.set_terms(
        case_number=number, terms=form.terms(), **common))  # fmt: skip


def _act(
    request: Request, number: str, verb: str, form: django_forms.Form, action: Callable[[Bound], Any],
    *, more: Bound | None = None,
) -> HttpResponse:  # fmt: skip
    common = {"actor": request.asking.actor, "at": request.asking.now, "charter": Charter.current()}
    if attempt(form, lambda: action(common)):
        messages.success(request, _("已登记。"))
        return HttpResponseRedirect(reverse("console:connections-project", args=[number]))
    return _show(request, number, {verb: form, "errors": form.non_field_errors(), **(more or {})}, status=422)


def _case(request: Request, number: str) -> CaseShown:
    return one.case(request.asking.scope, number, charter=Charter.current(), now=request.asking.now)


def _prices(request: Request, shown: CaseShown) -> list[tuple[str, str]]:
    territory = organization.unit(request.asking.scope, shown.unit_code).territory
    offered = tariffs.price_codes(Charter.current().rules, territory, request.asking.today)
    is_english = (get_language() or "").startswith("en")
    return [(one.code, one.name_en if is_english else one.name_zh) for one in offered]


def _source_forms(shown: ProjectShown, data: Any = None) -> list[forms.SourceForm]:
    wanted = SOURCES_WANTED.get(shown.connection_class, 1)
    return [
        forms.SourceForm(
            data, prefix=f"s{place}",
            initial={"feeder_code": had.feeder_code, "boundary": had.boundary, "is_interlocked": had.is_interlocked,
                     "capacity": had.capacity_ckva // 100} if (had := _had(shown, place)) else
                    {"capacity": shown.capacity_ckva // 100, "is_interlocked": place > 1},
        )
        for place in range(1, wanted + 1)
    ]  # fmt: skip


def _had(shown: ProjectShown, place: int) -> Any:
    return next((one for one in shown.sources if one.place == place), None)


def _show(request: Request, number: str, bound: Bound, status: int = 200) -> HttpResponse:
    asking, case = request.asking, _case(request, number)
    shown = queries.project(case)
    may = {
        verb: case.glance.state == "OPEN" and not shown.account_number and asking.may(f"console:connections-{verb}", write=True)
        for verb in ("appoint", "draft", "choose", "sources", "terms")
    }  # fmt: skip
    is_low = shown.process == "low_voltage_connection"
    step = f"{shown.process}/{case.step}"
    terms_had = shown.terms
    context: dict[str, Any] = {
        "shown": shown, "case": case, "may": may, "is_low": is_low, "errors": bound.get("errors", ()),
        "kind": names.KINDS[shown.process], "class_word": words.CLASSES[shown.connection_class],
        "step": names.STEPS.get(step, case.step) if case.step else "", "state": case_words.STATES[case.glance.state],
        "tone": case_words.TONES[case.glance.state],
        "candidates": [(each, words.BASES[each.load_basis]) for each in shown.candidates],
        "appoint_form": bound.get("appoint") or forms.AppointForm(
            surveyors=queries.surveyors(case, asking.today),
            initial={"surveyor": shown.surveyor, "manager": shown.manager},
        ),
        "draft_form": bound.get("draft") or forms.DraftForm(),
        "source_forms": bound.get("sources") or _source_forms(shown),
        "terms_form": bound.get("terms") or forms.TermsForm(prices=_prices(request, case), initial={
            "price_code": terms_had.price_code, "basic_method": terms_had.basic_method, "route_code": terms_had.route_code,
            "pf_standard": terms_had.pf_standard, "contract_demand": terms_had.contract_demand_ckw // 100,
        }),
        "need_form": forms.NeedForm(),
        "may_follow": bool(shown.need and not shown.need.done_on) and asking.may("console:connections-need", write=True),
    }  # fmt: skip
    return render(request, "console/connections/project.html", context, status=status)
