"""The first page of every role, the indicators, and the monthly report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.flows import indicators
from wandeng.interfaces.console.home import accounting, auditing, casework, desks, figures, oversight, report
from wandeng.interfaces.console.home.parts import Home, Part
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.lists.export import XLSX
from wandeng.interfaces.doorway.words import administration as words

HOMES: dict[Role, Callable[[Asking], Home]] = {
    Role.ADMINISTRATOR: oversight.administrator,
    Role.SECURITY_ADMINISTRATOR: auditing.security,
    Role.AUDIT_ADMINISTRATOR: auditing.audit_administrator,
    Role.PROVINCIAL_MANAGER: oversight.manager,
    Role.COUNTY_MANAGER: oversight.manager,
    Role.AUDITOR: auditing.auditor,
    Role.BILLING_REVIEWER: desks.biller,
    Role.BILLING_CLERK: desks.biller,
    Role.ACCOUNTANT: accounting.accountant,
    Role.DISPATCHER: desks.dispatcher,
    Role.ACCOUNT_MANAGER: desks.account_manager,
    Role.CELL_MANAGER: desks.cell_manager,
    Role.METER_READER: desks.meter_reader,
    Role.HALL_CLERK: desks.clerk,
    Role.CALL_CLERK: desks.clerk,
}
"""Role → its first page. Who holds several begins with the first of this order and chooses between them."""


@require_safe
def home(request: Request) -> HttpResponse:
    """What burns first, by role."""
    asking = request.asking
    held = [role for role in HOMES if role in asking.actor.roles]
    chosen = next((role for role in held if role == request.GET.get("role")), held[0])
    shown = HOMES[chosen](asking)
    cases = (casework.card(asking),) if chosen in casework.ROLES else ()
    context = {
        "home": shown,
        "beside": _templates(shown.beside),
        "cases": _templates(cases),
        "parts": _templates(shown.parts),
        "announcements": organization.announcements_for(asking.actor, on=asking.today),
        "roles": [(role, words.ROLES[role], role == chosen) for role in held],
        "role": words.ROLES[chosen],
    }
    return render(request, "console/home/home.html", context)


@require_POST
def read(request: Request, announcement_id: int) -> HttpResponse:
    """A person has read a notice."""
    actions.mark_read(announcement_id=announcement_id, actor=request.asking.actor, at=request.asking.now)
    return HttpResponseRedirect(reverse("console:home"))


def fragment(make: Callable[[Asking], Part]) -> Callable[[Request], HttpResponse]:
    """A part of a first page that is asked for once the page stands."""

    @require_safe
    def shown(request: Request) -> HttpResponse:
        template, part = make(request.asking)
        return render(request, f"console/home/parts/{template}.html", {"part": part})

    return shown


@require_safe
def board(request: Request) -> HttpResponse:
    """Every indicator by unit for a month, ranked by one of them; a unit further down by ``unit``."""
    asking = _narrowed(request)
    month = figures.asked_month(asking, request.GET.get("month", ""))
    by = request.GET.get("by", "amount")
    indicators.indicator(by)
    shown = figures.board(asking, month)
    part = figures.context(asking, shown, by)
    context = part | {
        "board_part": part,
        "kpis": [figures.kpi(asking, shown, code) for code in figures.FIRST],
        "unit": shown.whole, "above": request.asking.unit if asking is not request.asking else None,
    }  # fmt: skip
    return render(request, "console/home/indicators.html", context)


@require_safe
def definition(request: Request, code: str) -> HttpResponse:
    """What an indicator means, how it is calculated, and its figures."""
    asking = request.asking
    one = indicators.indicator(code)
    english = (get_language() or "").startswith("en")
    month = figures.asked_month(asking, request.GET.get("month", ""))
    shown = figures.board(asking, month)
    context = figures.context(asking, shown, code if code in figures.FIRST else "amount") | {
        "one": one,
        "name": figures.name(one),
        "unit_word": figures.unit_of(one) or (_("元") if one.unit == "fen" else _("个")),
        "definition": one.definition_en if english else one.definition_zh,
        "formula": one.formula_en if english else one.formula_zh,
        "source": one.source_en if english else one.source_zh,
        "value": figures.value(one, shown.whole.now[code]),
        "all": [(other.code, figures.name(other)) for other in indicators.INDICATORS],
    }
    return render(request, "console/home/indicator.html", context)


@require_safe
def monthly(request: Request) -> HttpResponse:
    """The report of a month: a page to print, or a workbook."""
    asking = _narrowed(request)
    month = figures.asked_month(asking, request.GET.get("month", ""))
    shown = figures.board(asking, month)
    if request.GET.get("format") == "xlsx":
        response = HttpResponse(
            report.workbook(shown),
            content_type=XLSX,
        )
        response["Content-Disposition"] = f'attachment; filename="report-{shown.whole.unit_code}-{month}.xlsx"'
        return response
    part = figures.context(asking, shown)
    context = part | {
        "board_part": part,
        "any_explains": any(row["explains"] for row in part["rows"]),
        "unit": shown.whole,
        "kpis": [figures.kpi(asking, shown, one.code) for one in indicators.INDICATORS],
        "definitions": indicators.INDICATORS, "english": (get_language() or "").startswith("en"),
    }  # fmt: skip
    return render(request, "console/home/report.html", context)


def _templates(parts: tuple[Part, ...]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(f"console/home/parts/{part}.html", data) for part, data in parts]


def _narrowed(request: Request) -> Asking:
    """The asking, at a unit further down where the address names one. Raises ``NotFound`` for one outside."""
    asking, code = request.asking, request.GET.get("unit", "")
    if not code or code == asking.unit.code:
        return asking
    unit = organization.unit(asking.scope, code)
    # Who holds a role over a unit holds it over those below.
    return replace(asking, actor=replace(asking.actor, unit_path=unit.path))
