"""Line loss from the unit down to the area, and one area with its days, its meters and its neighbours."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.types import DayLoss, Sums
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.losses.forms import ComputeForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import losses as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import Month
from wandeng.kernel.units import E4_PER_ONE

SHOWN_DAYS = 31


@require_safe
def overview(request: Request) -> HttpResponse:
    """Losses by unit, of a unit by feeder, of a feeder by area: a month by its registers (``of=MONTH``), or days summed up.

    A month is computed anew from the meters of the unit, so an office is chosen where the scope holds several."""
    asking = request.asking
    of = "MONTH" if request.GET.get("of") == "MONTH" else "DAYS"
    units = organization.unit_tree(asking.scope)
    offices = [one for one in units if not any(other.path.startswith(one.path) for other in units if other != one)]
    code = request.GET.get("unit") or (offices or units if of == "MONTH" else units)[0].code
    by = queries.By(request.GET["by"]) if request.GET.get("by") in set(queries.By) else queries.By.UNIT
    asked: dict[str, Any] = {"unit_code": code, "by": by, "feeder_code": request.GET.get("feeder", "")}
    found, shown = (_month if of == "MONTH" else _days)(request, asked)
    supplied, lost = sum(one.supplied_ckwh for one in found), sum(one.loss_ckwh for one in found)
    context = {
        "units": units, "unit": organization.unit(asking.scope, code), "of": of, "by": by.value, "ways": words.WAYS,
        "feeder": asked["feeder_code"], "rows": found, "supplied_ckwh": supplied, "loss_ckwh": lost,
        "rate": divide_half_up(lost * E4_PER_ONE, supplied) if supplied else None, "without": sum(one.without for one in found),
        "high": sum(one.high for one in found), "negative": sum(one.negative for one in found),
        "statuses": words.STATUSES, "tones": words.STATUS_TONES, "reasons": words.REASONS, **shown,
    }  # fmt: skip
    return render(request, "console/losses/overview.html", context)


def _month(request: Request, asked: dict[str, Any]) -> tuple[tuple[Sums, ...], dict[str, Any]]:
    """A month, the last whole one where none is named, and the address of it."""
    asking = request.asking
    month = Month.parse(request.GET.get("month", "") or str(Month.of(asking.today).plus(-1)))
    found = queries.month_sums(asking.scope, month=month, library=rulebook.library(), **asked)
    return found, {"month": month, "earlier": month.plus(-1), "later": month.plus(1), "when": f"of=MONTH&month={month}"}


def _days(request: Request, asked: dict[str, Any]) -> tuple[tuple[Sums, ...], dict[str, Any]]:
    """Days from–to, those of the month of the latest one where none are named, and the address of them."""
    last = _day(request, "to") or queries.last_day(request.asking.scope) or request.asking.today
    first = _day(request, "from") or last.replace(day=1)
    found = queries.sums(request.asking.scope, from_on=first, to_on=last + timedelta(days=1), **asked)
    return found, {"first": first, "last": last, "when": f"from={first}&to={last}"}


@require_safe
def area(request: Request, code: str) -> HttpResponse:
    """One area up to a day (``to``), the meters behind it on a day (``day``)."""
    asking = request.asking
    last = _day(request, "to") or queries.last_day(asking.scope) or asking.today
    found = queries.area(
        asking.scope, code, from_on=last - timedelta(days=SHOWN_DAYS - 1), to_on=last + timedelta(days=1),
        library=rulebook.library(),
    )  # fmt: skip
    day = _day(request, "day") or (found.days[0].day if found.days else last)
    points = queries.area_points(asking.scope, code, on=day)
    context = {
        "found": found, "day": day, "points": points, "unread": sum(one.energy_ckwh is None for one in points),
        "chart": chart(found.days), "chart_rows": _rows(found.days),
        "chart_columns": [_("日期"), _("线损率"), _("供电量（kWh）"), _("损失（kWh）")], "statuses": words.STATUSES,
        "tones": words.STATUS_TONES, "reasons": words.REASONS, "hints": words.HINTS,
        "kinds": {"SUPPLY": _("考核表"), "LOAD": _("用户"), "FEED_IN": _("上网")},
    }  # fmt: skip
    return render(request, "console/losses/area.html", context)


def _day(request: Request, name: str) -> date | None:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidInput(f"not a day: {text}") from error


def chart(days: tuple[DayLoss, ...]) -> dict[str, Any]:
    """Loss rate by day, percent, with the energy supplied behind it; days without a rate are gaps."""
    shown = days[::-1]
    return {
        "xAxis": {"type": "category", "data": [one.day.isoformat()[5:] for one in shown]},
        "yAxis": [{"type": "value", "name": "%"}, {"type": "value", "name": "kWh"}],
        "series": [
            {
                "name": _("线损率"), "type": "line",
                "data": [None if one.rate_e4 is None else one.rate_e4 / 100 for one in shown],
            },
            {
                "name": _("供电量（kWh）"), "type": "bar", "yAxisIndex": 1,
                "data": [None if one.supplied_ckwh is None else one.supplied_ckwh / 100 for one in shown],
            },
        ],
    }  # fmt: skip


def _rows(days: tuple[DayLoss, ...]) -> list[list[str]]:
    def kwh(value: int | None) -> str:
        return "–" if value is None else f"{value / 100:,.2f}"

    return [
        [
            one.day.isoformat(), "–" if one.rate_e4 is None else f"{one.rate_e4 / 100:.2f}%", kwh(one.supplied_ckwh),
            kwh(one.loss_ckwh),
        ]
        for one in days
    ]  # fmt: skip


class ComputePage(View):
    """Compute days of a unit at once."""

    def get(self, request: Request) -> HttpResponse:
        yesterday = request.asking.today - timedelta(days=1)
        return self._shown(request, self._form(request, initial={"from_on": yesterday, "to_on": yesterday}))

    def post(self, request: Request) -> HttpResponse:
        asking, form = request.asking, self._form(request, request.POST)

        def compute() -> None:
            given = form.cleaned_data
            done = actions.compute(
                unit_code=given["unit_code"], from_on=given["from_on"], to_on=given["to_on"] + timedelta(days=1),
                actor=asking.actor, at=asking.now, library=rulebook.library(),
            )  # fmt: skip
            messages.success(
                request,
                _("已计算 %(areas)s 个台区，新记录 %(written)s 条。") % {"areas": done.areas, "written": done.written},
            )

        if not console_forms.attempt(form, compute):
            return self._shown(request, form, status=422)
        return HttpResponseRedirect(f"{reverse('console:losses-days')}?unit={form.cleaned_data['unit_code']}")

    def _form(self, request: Request, *arguments: Any, **named: Any) -> ComputeForm:
        return ComputeForm(*arguments, units=organization.unit_tree(request.asking.scope), **named)

    def _shown(self, request: Request, form: ComputeForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/losses/compute.html", {"form": form}, status=status)
