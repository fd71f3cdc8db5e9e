"""Vehicles and their routes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.appointments.actions import routes, running
from wandeng.domains.appointments.queries import register, rows
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console.appointments.forms import DayForm, RouteForm, StopsForm, VehicleForm
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import appointments as words

MOST_RUNS = 12


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Add a vehicle."""
    asking = request.asking
    form = VehicleForm(request.POST or None, units=organization.unit_tree(asking.scope))
    if request.method == "POST":
        made: list[str] = []

        def do() -> None:
            given = form.cleaned_data
            made.append(
                routes.add_vehicle(
                    code=given["code"], name=given["name"], plate=given["plate"], unit_code=given["unit"],
                    keeper=given["keeper"], actor=asking.actor, at=asking.now,
                )
            )  # fmt: skip

        if attempt(form, do):
            messages.success(request, _("车辆已登记，请设巡回线路。"))
            return HttpResponseRedirect(reverse("console:appointments-vehicle", args=made))
    context = {
        "form": form, "title": _("登记流动服务车"), "list_route": "console:appointments-vehicles",
        "list_name": _("流动服务车"),
    }  # fmt: skip
    return render(request, "console/appointments/new.html", context, status=422 if form.errors else 200)


@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """A vehicle with its routes and next runs."""
    return _vehicle(request, code)


@require_POST
def retire(request: Request, code: str) -> HttpResponse:
    """Take a vehicle out of service."""
    asking, form = request.asking, ReasonForm(request.POST)
    register.vehicle(asking.scope, code)

    def do() -> None:
        routes.retire_vehicle(code=code, reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now)

    if not attempt(form, do):
        return _vehicle(request, code, form=form, status=422)
    messages.success(request, _("车辆已停用。"))
    return HttpResponseRedirect(reverse("console:appointments-vehicle", args=[code]))


@require_http_methods(["GET", "HEAD", "POST"])
def route_new(request: Request) -> HttpResponse:
    """Add a route and plan its runs."""
    asking = request.asking
    form = RouteForm(
        request.POST or None, units=organization.unit_tree(asking.scope), vehicles=register.vehicles(asking.scope),
        today=asking.today,
    )  # fmt: skip
    if request.method == "POST":
        made: list[str] = []

        def do() -> None:
            given = form.cleaned_data
            told: dict[str, Any] = {"actor": asking.actor, "at": asking.now}
            code = routes.add_route(
                code=given["code"], name=given["name"], unit_code=given["unit"], vehicle=given["vehicle"],
                rhythm=form.rhythm(), stops=form.given(), **told,
            )  # fmt: skip
            running.plan_route(code=code, library=rulebook.library(), **told)
            made.append(code)

        if attempt(form, do):
            messages.success(request, _("线路已设立，两周内的出车计划已生成。"))
            return HttpResponseRedirect(reverse("console:appointments-route", args=made))
    context = {
        "form": form, "title": _("设巡回线路"), "list_route": "console:appointments-routes", "list_name": _("巡回线路"),
    }  # fmt: skip
    return render(request, "console/appointments/new.html", context, status=422 if form.errors else 200)


@require_safe
def route(request: Request, code: str) -> HttpResponse:
    """A route with its stops and next runs."""
    return _route(request, code)


@require_POST
def route_act(request: Request, code: str, verb: str) -> HttpResponse:
    """Other stops, the end of a route, runs planned now."""
    asking = request.asking
    register.route(asking.scope, code)
    told: dict[str, Any] = {"code": code, "actor": asking.actor, "at": asking.now}
    form: forms.Form
    if verb == "stops":
        given = form = StopsForm(request.POST, auto_id="stops_%s")
        done = attempt(form, lambda: routes.set_stops(stops=given.given(), **told))
    elif verb == "end":
        form = DayForm(request.POST, auto_id="end_%s")
        done = attempt(form, lambda: routes.end_route(**form.cleaned_data, **told))
    elif verb == "plan":
        form = forms.Form(request.POST)
        done = attempt(form, lambda: running.plan_route(library=rulebook.library(), **told))
    else:
        raise Http404
    if not done:
        return _route(request, code, wrong={verb: form}, status=422)
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:appointments-route", args=[code]))


def _vehicle(request: Request, code: str, *, form: ReasonForm | None = None, status: int = 200) -> HttpResponse:
    asking = request.asking
    runs = rows.run_rows(asking.scope).filter(vehicle__code=code, on__gte=asking.today).order_by("on", "id")
    context = {
        "vehicle": register.vehicle(asking.scope, code), "runs": list(runs[:MOST_RUNS]), "states": words.RUN_STATES,
        "tones": words.RUN_TONES, "form": form or ReasonForm(),
        "may": asking.may("console:appointments-vehicle-retire", write=True),
    }  # fmt: skip
    return render(request, "console/appointments/vehicle.html", context, status=status)


def _route(
    request: Request, code: str, *, wrong: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    asking, wrong = request.asking, wrong or {}
    found = register.route(asking.scope, code)
    runs = rows.run_rows(asking.scope).filter(route__code=code, on__gte=asking.today).order_by("on", "id")
    lines = "\n".join(routes.line_of_stop(one) for one in found.stops)
    context = {
        "route": found, "weekdays": [words.WEEKDAYS[digit] for digit in found.weekdays],
        "open_on": words.OPEN_ON[found.open_on], "runs": list(runs[:MOST_RUNS]), "states": words.RUN_STATES,
        "tones": words.RUN_TONES, "may": asking.may("console:appointments-route-act", write=True),
        "stops_form": wrong.get("stops") or StopsForm(initial={"stops": lines}, auto_id="stops_%s"),
        "end_form": wrong.get("end") or DayForm(auto_id="end_%s"), "is_over": bool(found.valid_to and found.valid_to <= asking.today),
    }  # fmt: skip
    return render(request, "console/appointments/route.html", context, status=status)
