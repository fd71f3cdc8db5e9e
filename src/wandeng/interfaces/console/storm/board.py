"""The storm board: waves, units, incidents by customers, who needs a generator; and the switch of storm mode."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wandeng.domains.cases.queries import crews
from wandeng.domains.cases.queries import incidents as cases
from wandeng.domains.cases.queries import standing as open_incidents
from wandeng.domains.emergency.actions import storms
from wandeng.domains.emergency.queries import announcing, board, estimates
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.flows import storms as flow
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import dunning as protection_words
from wandeng.interfaces.doorway.words import repairs as repair_words
from wandeng.interfaces.doorway.words import storm as words
from wandeng.kernel.periods import BILLING_ZONE

HOURS = (6, 12, 24, 72)
MOST = 50


@require_safe
def page(request: Request) -> HttpResponse:
    """Everything of a storm on one page, which looks anew by itself."""
    return render(request, "console/storm/board.html", _context(request))


@require_safe
def part(request: Request) -> HttpResponse:
    """What changes on the board: nothing (204 to the page, 304 to whoever holds its mark) while nothing did."""
    context = _context(request)
    body = render_to_string("console/storm/board_part.html", context, request=request)
    mark = _mark(body)
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    if request.headers.get("If-None-Match", "").strip('W/"') == mark:
        return HttpResponseNotModified(headers={"ETag": f'"{mark}"'})
    context["mark"] = mark
    answer = render(request, "console/storm/board_part.html", context)
    answer.headers["ETag"] = f'"{mark}"'
    return answer


def _mark(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _context(request: Request) -> dict[str, Any]:
    asking = request.asking
    asked = request.GET.get("hours", "")
    hours = int(asked) if asked.isdigit() and int(asked) in HOURS else 12
    found = board.board(asking.scope, since=asking.now - timedelta(hours=hours), now=asking.now)
    units = {one.path: one for one in organization.unit_tree(asking.scope)}
    storms_on = announcing.standing(asking.scope)
    return {
        "found": found, "hours": hours, "choices": HOURS, "storms": storms_on, "mark": "",
        "units": [(units[one.unit_path].name, one) for one in found.units if one.unit_path in units],
        "incidents": _incidents(asking), "needs": _needs(asking), "crews": _crews(asking), "chart": _chart(found),
        "rows": [
            (_clock(one.begins_at), one.calls, one.incidents, one.customers_off, one.restored, one.standing_off)
            for one in found.waves
        ],
        "columns": [_("时间"), _("报修"), _("新增故障"), _("新停电户"), _("复电户"), _("仍停电户")],
        "may_switch": asking.may("console:storm-switch", write=True),
    }  # fmt: skip


def _clock(at: Any) -> str:
    return f"{at.astimezone(BILLING_ZONE):%m-%d %H:%M}"


def _chart(found: board.Board) -> dict[str, Any]:
    """Waves as lines: customers off, and calls."""
    return {
        "legend": {"top": 0, "left": 0},
        "xAxis": {"type": "category", "data": [_clock(one.begins_at)[6:] for one in found.waves]},
        "yAxis": {"type": "value"},
        "series": [
            {"name": _("仍停电户"), "type": "line", "data": [one.standing_off for one in found.waves]},
            {"name": _("复电户"), "type": "bar", "data": [one.restored for one in found.waves]},
            {"name": _("报修"), "type": "bar", "data": [one.calls for one in found.waves]},
        ],
    }


def _incidents(asking: Asking) -> list[dict[str, Any]]:
    open_ = open_incidents.placed(cases.incident_rows(asking.scope, states=("OPEN",)))
    rows = list(open_.order_by("-customers", "id")[:MOST])
    expected = estimates.of_incidents(open_incidents.as_open(rows), now=asking.now, library=rulebook.library())
    found = []
    for row in rows:
        told = expected.get(row["id"])
        found.append(
            row | {
                "level_word": repair_words.LEVELS[row["level"]],
                "step_word": repair_words.INCIDENT_STEPS.get(row["step"], row["step"]), "expected": told,
                "source": words.SOURCES[told.source.value] if told else "",
                "confidence": words.CONFIDENCES[told.confidence.value] if told else "",
            }
        )  # fmt: skip
    return found


def _needs(asking: Asking) -> list[dict[str, Any]]:
    # Which generators are near is the page of generators'.
    found = flow.needs(asking.scope, now=asking.now, library=rulebook.library(), with_nearest=False)[:MOST]
    return [
        {"one": one, "protection": protection_words.PROTECTION_KINDS.get(one.protection, "")} for one in found
    ]  # fmt: skip


def _crews(asking: Asking) -> list[tuple[Any, str, int]]:
    count: dict[str, int] = {}
    for row in crews.crew_rows(asking.scope):
        count[row["state"]] = count.get(row["state"], 0) + 1
    return [(repair_words.CREW_STATES[state], repair_words.CREW_TONES[state], n) for state, n in sorted(count.items())]


class StormForm(forms.Form):
    """Storm mode on: where, why, what the telephone says, and from how many calls on there is a fault."""

    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    reason = forms.CharField(label=gettext_lazy("启动原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    announcement = forms.CharField(
        label=gettext_lazy("话务公告"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("留空用预设公告"),
    )  # fmt: skip
    transformer_cases = forms.IntegerField(
        label=gettext_lazy("同一台区几个报修归并"), min_value=1, max_value=99, initial=1
    )
    feeder_transformers = forms.IntegerField(
        label=gettext_lazy("同一馈线几个台区归并"), min_value=2, max_value=999, initial=5
    )

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """Storm mode off: where and why."""

    unit = forms.CharField(max_length=32, widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("解除原因"), max_length=500)


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: Request) -> HttpResponse:
    """Storm mode on or off, with a reason."""
    asking, is_end = request.asking, request.POST.get("do") == "end"
    units = organization.unit_tree(asking.scope)
    begin = StormForm(request.POST if request.method == "POST" and not is_end else None, units=units)
    end = EndForm(request.POST if is_end else None)
    if request.method == "POST":
        done = _end(request, end) if is_end else _begin(request, begin)
        if done:
            return HttpResponseRedirect(reverse("console:storm-board"))
    context = {
        "begin": begin, "end": end, "storms": announcing.standing(asking.scope),
        "codes": {one.code for one in units},
    }  # fmt: skip
    status = 422 if begin.errors or end.errors else 200
    return render(request, "console/storm/switch.html", context, status=status)


def _begin(request: Request, form: StormForm) -> bool:
    asking = request.asking

    def do() -> None:
        given = form.cleaned_data
        storms.begin(
            unit_code=given["unit"], reason=given["reason"], announcement=given["announcement"],
            transformer_cases=given["transformer_cases"], feeder_transformers=given["feeder_transformers"],
            actor=asking.actor, at=asking.now, library=rulebook.library(),
        )  # fmt: skip

    done = attempt(form, do)
    if done:
        messages.success(request, _("风暴模式已启动：报修按台区归并，话务公告已更换。"))
    return done


def _end(request: Request, form: EndForm) -> bool:
    asking = request.asking

    def do() -> None:
        given = form.cleaned_data
        storms.end(unit_code=given["unit"], reason=given["reason"], actor=asking.actor, at=asking.now)

    done = attempt(form, do)
    if done:
        messages.success(request, _("风暴模式已解除。"))
    return done
