"""A switch: who is behind it, what if it moved, and recording that it did."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.network import actions, queries
from wandeng.domains.network.types import SwitchView, TraceResult
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.network.forms import OperateForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import network as words


@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """A switch on a page of its own."""
    return render(request, "console/network/switch.html", _context(request, code))


@require_safe
def panel(request: Request, code: str) -> HttpResponse:
    """The same as the side panel of map and diagram."""
    return render(request, "console/network/switch_panel.html", _context(request, code))


@require_safe
def what_if(request: Request, code: str) -> HttpResponse:
    """What would follow if the switch moved to where it does not stand. Nothing is switched."""
    asking = request.asking
    result = queries.trace_live(asking.scope, switch=code, on=asking.today)
    context = {"result": result, "sides": _sides(result), "importances": words.IMPORTANCES}
    return render(request, "console/network/what_if.html", context)


@require_POST
def operate(request: Request, code: str) -> HttpResponse:
    """Record that the switch was operated, now or at the time given, and show it as it stands then."""
    asking = request.asking
    view = queries.switch_view(asking.scope, code, on=asking.today)
    form = OperateForm(request.POST, now=asking.now)
    done = attempt(
        form,
        lambda: actions.record_switching(
            switch=view.id,
            is_open=form.cleaned_data["to"] == "open",
            at=form.cleaned_data["at"],
            actor=asking.actor,
            reason=form.cleaned_data["reason"],
        ),
    )
    if not request.htmx:  # type: ignore[attr-defined]  # set by the middleware of htmx
        if done:
            messages.success(request, _told(view, form))
            return HttpResponseRedirect(reverse("console:network-switch", args=[code]))
        return render(request, "console/network/switch.html", _context(request, code, form), status=422)
    if not done:
        return render(request, "console/network/switch_panel.html", _context(request, code, form), status=422)
    response = render(
        request, "console/network/switch_panel.html", {**_context(request, code), "told": _told(view, form)}
    )
    # The map draws itself anew; the diagram's page reloads, because its lines have other colours now.
    response["HX-Trigger"] = "wd:map-refresh"
    return response


def _told(view: SwitchView, form: OperateForm) -> str:
    position = words.POSITIONS[str(form.cleaned_data["to"] == "open")]
    return _("已记录：%(name)s 转为%(position)s位。") % {"name": view.name, "position": position}


def _context(request: Request, code: str, form: OperateForm | None = None) -> dict[str, object]:
    asking = request.asking
    view = queries.switch_view(asking.scope, code, on=asking.today)
    target = "closed" if view.is_open else "open"
    return {
        "view": view,
        "target": target,
        "target_word": words.POSITIONS[str(not view.is_open)],
        "position": words.POSITIONS[str(view.is_open)],
        "position_tone": words.POSITION_TONES[str(view.is_open)],
        "normal": words.POSITIONS[str(view.normal_open)],
        "positions": words.POSITIONS,
        "kind": words.SWITCH_KINDS[view.kind],
        "importances": words.IMPORTANCES,
        "tones": words.IMPORTANCE_TONES,
        "ownerships": words.OWNERSHIPS,
        "differs": view.current != view.normal,
        "off": view.is_open != view.normal_open,
        "may_operate": asking.may("console:network-operate", write=True),
        "form": form or OperateForm(now=asking.now, initial={"to": target}),
    }


def _sides(result: TraceResult) -> list[dict[str, object]]:
    """Lost, regained, moved: those that are not empty."""
    named = (
        (_("停电"), "late", result.lost),
        (_("复电"), "ok", result.regained),
        (_("转供"), "info", result.moved),
    )
    return [
        {
            "title": title,
            "tone": tone,
            "traced": traced,
            "areas": len(traced.areas) + traced.areas_elsewhere,
            "accounts": len(traced.accounts) + traced.accounts_elsewhere,
        }
        for title, tone, traced in named
        if traced.areas or traced.accounts or traced.areas_elsewhere or traced.accounts_elsewhere
    ]
