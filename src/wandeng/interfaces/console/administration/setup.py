"""What the utility settles itself: roles explained, dictionaries, parameters, brand."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.interfaces.console.administration.forms import BrandForm, EntryForm, ParameterForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.menu import pages
from wandeng.interfaces.doorway import refusals
from wandeng.interfaces.doorway import words as all_words
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import administration as words
from wandeng.kernel.errors import Conflict, InvalidInput

CSS_AGE_S = 300


def _english() -> bool:
    return (get_language() or "").startswith("en")


@require_safe
def roles(request: Request) -> HttpResponse:
    """Which role opens what, read from the policy table itself; and which roles are kept apart."""
    asking = request.asking
    counts = organization.role_counts(asking.scope, on=asking.today)
    matrix = [
        {
            "group": group,
            "title": title,
            "cells": [_cell(rule, role) for role in Role],
        }
        for group, title, rule in pages()
    ]
    context = {
        "roles": [(str(role), words.ROLES[role], counts.get(role, 0)) for role in Role],
        "matrix": matrix,
        "pairs": [
            (
                [words.ROLES.get(role, role) for role in sorted(pair.roles)],
                pair.reason_en if _english() else pair.reason_zh,
                pair.citation,
            )
            for pair in organization.role_pairs(asking.today)
        ],
        "clashes": [
            (clash.person_code, clash.person_name, [words.ROLES[role] for role in clash.roles])
            for clash in organization.clashes(asking.scope, on=asking.today)
        ],
    }
    return render(request, "console/administration/roles.html", context)


def _cell(rule: Any, role: Role) -> str:
    everything = role is Role.ADMINISTRATOR
    if role in rule.write or (everything and rule.write):
        return "write"
    return "read" if role in rule.read or everything else ""


@require_safe
def dictionaries(request: Request) -> HttpResponse:
    """The open dictionaries, and the code tables of the product with their words."""
    english = _english()
    kinds = [
        {
            "code": kind.code,
            "name": kind.name_en if english else kind.name_zh,
            "used": kind.used_en if english else kind.used_zh,
            "entries": organization.dictionary(kind.code),
        }
        for kind in organization.dictionary_kinds()
    ]
    context = {"kinds": kinds, "tables": all_words.tables(), "english": english}
    return render(request, "console/administration/dictionaries.html", context)


class DictionaryPage(View):
    """One open dictionary; POST adds or changes a word of the utility's own."""

    def get(self, request: Request, code: str) -> HttpResponse:
        return self._show(request, code, EntryForm())

    def post(self, request: Request, code: str) -> HttpResponse:
        asking, form = request.asking, EntryForm(request.POST)
        if attempt(
            form,
            lambda: actions.set_entry(
                dictionary=code, code=form.cleaned_data["code"], label=form.cleaned_data["label"],
                place=form.cleaned_data["place"], is_offered=form.cleaned_data["is_offered"],
                actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("字典项已保存。"))
            return HttpResponseRedirect(reverse("console:administration-dictionary", args=[code]))
        return self._show(request, code, form, status=422)

    def _show(self, request: Request, code: str, form: EntryForm, *, status: int = 200) -> HttpResponse:
        entries = organization.dictionary(code, offered_only=False)
        kind = next(one for one in organization.dictionary_kinds() if one.code == code)
        context = {
            "name": kind.name_en if _english() else kind.name_zh,
            "used": kind.used_en if _english() else kind.used_zh,
            "entries": entries, "english": _english(), "form": form,
            "may_write": request.asking.may("console:administration-dictionary", write=True),
        }  # fmt: skip
        return render(request, "console/administration/dictionary.html", context, status=status)


@require_safe
def parameters(request: Request) -> HttpResponse:
    """Every parameter: what holds, what is coming, what waits for approval."""
    rows = [_parameter(one) for one in organization.parameters_shown(request.asking.today)]
    return render(request, "console/administration/parameters.html", {"rows": rows})


def _parameter(shown: Any) -> dict[str, Any]:
    kind, english = shown.kind, _english()
    return {
        "code": kind.code,
        "name": kind.name_en if english else kind.name_zh,
        "meaning": kind.meaning_en if english else kind.meaning_zh,
        "unit": "" if kind.is_flag or kind.is_clock else kind.unit_en if english else kind.unit_zh,
        "kind": kind, "is_flag": kind.is_flag, "is_clock": kind.is_clock,
        "least": kind.least, "most": kind.most, "shipped": kind.shipped, "source": kind.source,
        "value": shown.value, "since": shown.since, "coming": shown.coming, "drafts": shown.drafts,
        "decisions": shown.decisions,
    }  # fmt: skip


class ParameterPage(View):
    """One parameter with its history; POST proposes a value."""

    def get(self, request: Request, code: str) -> HttpResponse:
        shown = organization.parameter_shown(code, request.asking.today)
        initial = {"valid_from": request.asking.today, "value": shown.kind.text(shown.value)}
        return self._show(request, shown, ParameterForm(kind=shown.kind, initial=initial))

    def post(self, request: Request, code: str) -> HttpResponse:
        asking, shown = request.asking, organization.parameter_shown(code, request.asking.today)
        form = ParameterForm(request.POST, kind=shown.kind)
        if attempt(
            form,
            lambda: actions.draft_parameter(
                code=code, value=form.cleaned_data["value"], valid_from=form.cleaned_data["valid_from"],
                reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("已提交，待另一位管理员审批。"))
            return HttpResponseRedirect(reverse("console:administration-parameter", args=[code]))
        return self._show(request, shown, form, status=422)

    def _show(self, request: Request, shown: Any, form: ParameterForm, *, status: int = 200) -> HttpResponse:
        context = {
            "parameter": _parameter(shown), "form": form, "states": words.PARAMETER_STATES,
            "tones": words.PARAMETER_TONES, "me": request.asking.actor.code,
            "may_write": request.asking.may("console:administration-parameter", write=True),
        }  # fmt: skip
        return render(request, "console/administration/parameter.html", context, status=status)


@require_POST
def decide(request: Request, code: str, value_id: int, *, approve: bool) -> HttpResponse:
    """Approve a drafted value, or withdraw one."""
    asking = request.asking
    reason = request.POST.get("reason", "")
    act = actions.approve_parameter if approve else actions.withdraw_parameter
    try:
        act(value_id=value_id, reason=reason, actor=asking.actor, at=asking.now)
    except (InvalidInput, Conflict, actions.OwnDraft) as refused:
        messages.error(request, refusals.sentence(refused, get_language() or ""))
    else:
        messages.success(request, _("已审批。") if approve else _("已撤回。"))
    return HttpResponseRedirect(reverse("console:administration-parameter", args=[code]))


class BrandPage(View):
    """Name, logo and colours, as every page shows them."""

    def get(self, request: Request) -> HttpResponse:
        brand = organization.brand()
        return self._show(request, BrandForm(colours=dict(brand.colours), initial={"title": brand.title}))

    def post(self, request: Request) -> HttpResponse:
        asking = request.asking
        form = BrandForm(request.POST, request.FILES, colours=dict(organization.brand().colours))

        def save() -> None:
            file = form.cleaned_data["logo"]
            actions.set_brand(
                title=form.cleaned_data["title"], colours=form.chosen_colours(),
                logo=file.read() if file else None, remove_logo=form.cleaned_data["remove_logo"],
                actor=asking.actor, at=asking.now,
            )  # fmt: skip

        if attempt(form, save):
            messages.success(request, _("品牌已更新。"))
            return HttpResponseRedirect(reverse("console:administration-brand"))
        return self._show(request, form, status=422)

    def _show(self, request: Request, form: BrandForm, *, status: int = 200) -> HttpResponse:
        brand = organization.brand()
        logo = base64.b64encode(organization.logo()).decode() if brand.logo_hash else ""
        context = {"form": form, "brand_shown": brand, "logo": logo}
        return render(request, "console/administration/brand.html", context, status=status)


@require_safe
def brand_css(_request: HttpRequest) -> HttpResponse:
    """The five colours as style; nothing where they are as shipped. The values are checked ``#rrggbb`` and no more."""
    brand = organization.brand()
    lines = "" if brand.is_neutral else "".join(f"--wd-{name}:{value};" for name, value in brand.colours.items())
    response = HttpResponse(f":root{{{lines}}}\n" if lines else "", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={CSS_AGE_S}"
    return response


@require_safe
def brand_logo(_request: HttpRequest, digest: str) -> HttpResponse:
    """The logo. Its address changes with it, so it may be kept for long."""
    response = HttpResponse(organization.logo(), content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    response["ETag"] = f'"{digest[:16]}"'
    return response
