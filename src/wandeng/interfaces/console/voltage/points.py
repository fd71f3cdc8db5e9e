"""One monitoring point: its month, a day's readings, and the work on its voltage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.voltage import actions, queries
from wandeng.domains.voltage.types import DayShown, Defect, PointShown, VoltageCause
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.console.voltage.figures import hours, percent
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import voltage as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import Month

_DAY = {"type": "date"}


class OpenForm(forms.Form):
    """What is wrong."""

    defect = forms.ChoiceField(label=gettext_lazy("异常"), choices=list(words.DEFECTS.items()))


class AssignForm(forms.Form):
    """Who works on it, until when."""

    handler = forms.CharField(label=gettext_lazy("治理人工号"), max_length=64)
    due_on = forms.DateField(label=gettext_lazy("期限"), widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY))


class FinishForm(forms.Form):
    """Why it was, what was done, when."""

    cause = forms.ChoiceField(label=gettext_lazy("成因"), choices=list(words.CAUSES.items()))
    measure = forms.CharField(
        label=gettext_lazy("措施"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    done_on = forms.DateField(label=gettext_lazy("完成日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY))


@require_safe
def page(request: Request, code: str) -> HttpResponse:
    """A point with its month (``month``) and one day's readings (``day``)."""
    return _shown(request, code, {})


@require_POST
def open_remedy(request: Request, code: str) -> HttpResponse:
    """Open a remedy by hand."""
    form, asking = OpenForm(request.POST), request.asking

    def do() -> None:
        defect = Defect(form.cleaned_data["defect"])
        actions.open_remedy(code=code, defect=defect, actor=asking.actor, at=asking.now)

    queries.point(asking.scope, code, month=Month.of(asking.today))
    if not attempt(form, do):
        return _shown(request, code, {"open": form}, status=422)
    messages.success(request, _("已立单。"))
    return HttpResponseRedirect(reverse("console:voltage-point", args=[code]))


@require_POST
def act(request: Request, remedy: int, verb: str) -> HttpResponse:
    """Assign, finish or drop a remedy."""
    if verb not in _DOES:
        raise Http404
    code = queries.remedy_point(request.asking.scope, remedy)
    kind, do = _DOES[verb]
    form = kind(request.POST)
    told = {"remedy": remedy, "actor": request.asking.actor, "at": request.asking.now}
    if not attempt(form, lambda: do(told, form.cleaned_data)):
        return _shown(request, code, {f"{verb}-{remedy}": form}, status=422)
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:voltage-point", args=[code]))


def _assign(told: dict[str, Any], given: dict[str, Any]) -> None:
    actions.assign(handler=given["handler"], due_on=given["due_on"], **told)


def _finish(told: dict[str, Any], given: dict[str, Any]) -> None:
    actions.finish(cause=VoltageCause(given["cause"]), measure=given["measure"], done_on=given["done_on"], **told)


def _drop(told: dict[str, Any], given: dict[str, Any]) -> None:
    actions.drop(reason=given["reason"], **told)


_DOES: dict[str, tuple[type[forms.Form], Callable[[dict[str, Any], dict[str, Any]], None]]] = {
    "assign": (AssignForm, _assign),
    "finish": (FinishForm, _finish),
    "drop": (ReasonForm, _drop),
}


def _shown(request: Request, code: str, bound: dict[str, forms.Form], *, status: int = 200) -> HttpResponse:
    asking = request.asking
    month = Month.parse(request.GET.get("month") or str(Month.of(asking.today)))
    found = queries.point(asking.scope, code, month=month)
    if not found.days and "month" not in request.GET and found.last_day:
        month = Month.of(found.last_day)
        found = queries.point(asking.scope, code, month=month)
    chosen = _chosen(found, request.GET.get("day", ""))
    remedies = [
        (
            one, volts(one.extreme_dv),
            bound.get(f"assign-{one.id}") or AssignForm(prefix=None),
            bound.get(f"finish-{one.id}") or FinishForm(initial={"done_on": asking.today}),
            bound.get(f"drop-{one.id}") or ReasonForm(),
        )
        for one in found.remedies
    ]  # fmt: skip
    context = {
        "found": found, "month": month, "before": month.previous(), "after": month.next(),
        "share": percent(found.share_e5), "nominal": volts(found.nominal_dv), "upper": volts(found.upper_dv),
        "lower": volts(found.lower_dv), "days": [_cells(one) for one in found.days], "chosen": chosen,
        "chart": _extremes(found), "curve": chosen and _curve(chosen), "remedies": remedies,
        "open_form": bound.get("open") or OpenForm(), "classes": words.CLASSES, "areas": words.AREAS,
        "states": words.STATES, "tones": words.TONES, "defects": words.DEFECTS, "causes": words.CAUSES,
        "sources": words.SOURCES, "may_work": asking.may("console:voltage-act", write=True),
        "at_work": ("OPEN", "ASSIGNED"),
    }  # fmt: skip
    return render(request, "console/voltage/point.html", context, status=status)


def _chosen(found: PointShown, text: str) -> DayShown | None:
    """The day that is asked for, else the latest with readings."""
    try:
        wanted = date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"not a day: {text}") from None
    return next((one for one in found.days if one.readings and wanted in (None, one.day)), None)


def volts(value_dv: int | None) -> str:
    """Volts with one decimal."""
    return "–" if value_dv is None else format_scaled(value_dv, 1)


def _cells(one: DayShown) -> dict[str, Any]:
    faults = [(words.FAULTS[name], minutes) for name, minutes in one.faults.items()]
    return {
        "day": one.day, "source": one.source, "monitored": one.monitored, "over": one.over, "under": one.under,
        "faults": faults, "max": volts(one.max_dv), "min": volts(one.min_dv), "has_readings": bool(one.readings),
        "over_hours": hours(one.over), "under_hours": hours(one.under),
    }  # fmt: skip


def _number(value_dv: int | None) -> float | None:
    return None if value_dv is None else value_dv / 10


def _lines(names: list[str], series: list[tuple[str, list[float | None]]]) -> dict[str, Any]:
    return {
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "scale": True},
        "series": [{"name": name, "type": "line", "data": data, "showSymbol": False} for name, data in series],
    }


def _extremes(found: PointShown) -> dict[str, Any]:
    days = found.days[::-1]
    return _lines(
        [f"{one.day:%m-%d}" for one in days],
        [
            (_("最高"), [_number(one.max_dv) for one in days]),
            (_("最低"), [_number(one.min_dv) for one in days]),
            (_("上限"), [_number(one.upper_dv) for one in days]),
            (_("下限"), [_number(one.lower_dv) for one in days]),
        ],
    )


def _curve(one: DayShown) -> dict[str, Any]:
    slots = range(len(one.readings))
    return _lines(
        [f"{slot // 4:02d}:{slot % 4 * 15:02d}" for slot in slots],
        [
            (_("电压"), [_number(value) for value in one.readings]),
            (_("上限"), [_number(one.upper_dv) for _slot in slots]),
            (_("下限"), [_number(one.lower_dv) for _slot in slots]),
        ],
    )
