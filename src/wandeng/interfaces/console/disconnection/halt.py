"""The halt: who pulled it, who lifted it, drills; the quotas; the quarter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import halt
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console.disconnection.forms import HaltForm, QuotaForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import disconnection as words
from wandeng.kernel.errors import InvalidInput


@require_safe
def page(request: Request) -> HttpResponse:
    """The switch, its log, and the quotas."""
    return _show(request, {})


@require_POST
def pull(request: Request) -> HttpResponse:
    """Stop every dispatch of a unit, now."""
    asking = request.asking
    form = HaltForm(request.POST, units=organization.unit_tree(asking.scope), auto_id="pull_%s")

    def do() -> None:
        given = form.cleaned_data
        halt.pull(
            unit_code=given["unit"], reason=given["reason"], is_drill=given["is_drill"], actor=asking.actor,
            at=asking.now,
        )  # fmt: skip

    if not attempt(form, do):
        return _show(request, {"pull": form}, status=422)
    messages.warning(request, _("停电闸已拉下：该单位及下属单位不再发出停电单，复电不受影响。"))
    return HttpResponseRedirect(reverse("console:disconnection-halt"))


@require_POST
def lift(request: Request) -> HttpResponse:
    """Let orders leave again."""
    asking = request.asking
    halt.lift(
        unit_code=request.POST.get("unit", ""), reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now
    )
    messages.success(request, _("停电闸已解除。"))
    return HttpResponseRedirect(reverse("console:disconnection-halt"))


@require_POST
def quota(request: Request) -> HttpResponse:
    """How many orders may leave within an hour."""
    asking = request.asking
    form = QuotaForm(request.POST, units=organization.unit_tree(asking.scope), auto_id="quota_%s")

    def do() -> None:
        given = form.cleaned_data
        halt.set_quota(
            unit_code=given["unit"], per_hour=given["per_hour"], reason=given["reason"], actor=asking.actor,
            at=asking.now,
        )  # fmt: skip

    if not attempt(form, do):
        return _show(request, {"quota": form}, status=422)
    messages.success(request, _("停电限额已保存。"))
    return HttpResponseRedirect(reverse("console:disconnection-halt"))


@require_safe
def quarter(request: Request) -> HttpResponse:
    """Cuts, returns of supply and minutes from payment to power, by unit."""
    asking = request.asking
    year, number = queries.quarter_of(asking.today)
    asked = request.GET.get("quarter", "")
    if asked:
        head, _dash, tail = asked.partition("-")
        if not (head.isdecimal() and tail.isdecimal() and head.isascii() and tail.isascii()):
            raise InvalidInput("a quarter is written YYYY-N")
        year, number = int(head[:4]), int(tail[:1])
    rows = queries.quarter(asking.scope, year=year, number=number, now=asking.now)
    before = (year, number - 1) if number > 1 else (year - 1, 4)
    context = {"rows": rows, "year": year, "number": number, "before": f"{before[0]}-{before[1]}"}
    return render(request, "console/disconnection/quarter.html", context)


def _show(request: Request, bound: dict[str, Any], status: int = 200) -> HttpResponse:
    asking = request.asking
    units = organization.unit_tree(asking.scope)
    log = queries.halts(asking.scope)
    context = {
        "pulled": [one for one in log if one.state == "PULLED"],
        "log": [(words.HALT_STATES[one.state], words.HALT_TONES[one.state], one) for one in log],
        "quotas": queries.quotas(asking.scope, now=asking.now, library=rulebook.library()),
        "me": asking.actor.code,
        "pull": bound.get("pull") or HaltForm(units=units, initial={"unit": asking.unit.code}, auto_id="pull_%s"),
        "quota": bound.get("quota") or QuotaForm(units=units, initial={"unit": asking.unit.code}, auto_id="quota_%s"),
        "may_pull": asking.may("console:disconnection-halt-pull", write=True),
        "may_lift": asking.may("console:disconnection-halt-lift", write=True),
        "may_set": asking.may("console:disconnection-quota", write=True),
    }
    return render(request, "console/disconnection/halt.html", context, status=status)
