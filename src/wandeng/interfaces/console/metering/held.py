"""A held reading and the decisions about it; an order to read again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.types import HeldView, Registers
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.metering import charts, forms, registers
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import metering as words
from wandeng.kernel.errors import NotFound


@require_safe
def detail(request: Request, reading: int) -> HttpResponse:
    """A held reading beside what its meter showed before, and what can be done about it."""
    return _show(request, queries.held_view(request.asking.scope, reading), {})


@require_POST
def decide(request: Request, reading: int, verb: str) -> HttpResponse:
    """Release, refuse, correct, estimate or order to read again: one decision, then back to the reading."""
    asking = request.asking
    view = queries.held_view(asking.scope, reading)
    form = _forms(request, view, bound=verb).get(verb)
    if form is None:
        raise NotFound(f"there is no decision {verb}")
    if not attempt(form, lambda: _done(request, reading, verb, form.cleaned_data)):
        return _show(request, view, {verb: form}, status=422)
    messages.success(request, _told()[verb])
    back = "console:metering-held-reading" if verb == "reread" else "console:metering-held"
    return HttpResponseRedirect(reverse(back, args=[reading] if verb == "reread" else []))


def _done(request: Request, reading: int, verb: str, given: dict[str, Any]) -> None:
    """Carry a decision out."""
    actor, at, reason = request.asking.actor, request.asking.now, given["reason"]
    match verb:
        case "release":
            actions.release_reading(reading_id=reading, actor=actor, at=at, reason=reason)
        case "refuse":
            actions.refuse_reading(reading_id=reading, actor=actor, at=at, reason=reason)
        case "correct":
            actions.correct_reading(reading_id=reading, registers=given["registers"], actor=actor, at=at, reason=reason)
        case "estimate":
            actions.estimate_instead(reading_id=reading, method=given["method"], actor=actor, at=at, reason=reason)
        case _:
            actions.order_reread(reading_id=reading, due_on=given["due_on"], actor=actor, at=at, reason=reason)


@require_http_methods(["GET", "HEAD", "POST"])
def reread(request: Request, order: int) -> HttpResponse:
    """An order to read again: take it, give it back, cancel it, or type what the meter really shows."""
    asking = request.asking
    found = queries.reread(asking.scope, order)
    view = queries.held_view(asking.scope, found.reading_id)
    form = forms.RegistersForm(request.POST or None, names=_names(view), shown=None)
    if request.method == "POST":
        verb = request.POST.get("verb", "complete")
        if verb == "complete":
            if attempt(form, lambda: _complete(request, order, form.cleaned_data)):
                messages.success(request, _("复抄已完成，示数已处理。"))
                return HttpResponseRedirect(reverse("console:metering-rereads"))
            return _show_order(request, found, view, form, status=422)
        _move(request, order, verb)
        return HttpResponseRedirect(request.path)
    return _show_order(request, found, view, forms.RegistersForm(names=_names(view)))


def _complete(request: Request, order: int, given: dict[str, Any]) -> None:
    actions.complete_reread(
        order_id=order,
        registers=given["registers"],
        actor=request.asking.actor,
        at=request.asking.now,
        reason=given["reason"],
    )


def _move(request: Request, order: int, verb: str) -> None:
    """Take, give back or cancel."""
    actor, at, reason = request.asking.actor, request.asking.now, request.POST.get("reason", "")
    match verb:
        case "take":
            actions.take_reread(order_id=order, actor=actor, at=at)
        case "give_back":
            actions.give_back_reread(order_id=order, actor=actor, at=at, reason=reason)
        case "cancel":
            actions.cancel_reread(order_id=order, actor=actor, at=at, reason=reason)
        case _:
            raise NotFound(f"there is no decision {verb}")


def _show_order(request: Request, found: Any, view: HeldView, form: Form, status: int = 200) -> HttpResponse:
    context = {
        "order": found,
        "view": view,
        "form": form,
        "is_open": found.state in ("ORDERED", "TAKEN"),
        "state": words.REREAD_STATES[found.state],
        "tone": words.REREAD_TONES[found.state],
        "reason": words.HOLD_REASONS.get(view.reading.hold_reason, ""),
        "may": request.asking.may("console:metering-reread", write=True),
    }
    return render(request, "console/metering/reread.html", context, status=status)


def _told() -> dict[str, str]:
    return {
        "release": _("示数已放行。"),
        "refuse": _("示数已退回，这一天可以重录。"),
        "correct": _("示数已更正。"),
        "estimate": _("原示数已退回，这一天已估抄。"),
        "reread": _("复抄工单已派出，示数仍待审。"),
    }


def _forms(request: Request, view: HeldView, bound: str = "") -> dict[str, Any]:
    """The form of each decision; the one named is bound to what was sent."""
    today = request.asking.today

    def data(verb: str) -> Any:
        return request.POST if verb == bound else None

    return {
        "release": forms.DecideForm(data("release"), auto_id="release_%s"),
        "refuse": forms.DecideForm(data("refuse"), auto_id="refuse_%s"),
        "correct": forms.RegistersForm(
            data("correct"), names=_names(view), shown=view.reading.registers, auto_id="correct_%s"
        ),
        "estimate": forms.EstimateForm(data("estimate"), auto_id="estimate_%s"),
        "reread": forms.RereadForm(data("reread"), today=today, auto_id="reread_%s"),
    }


def _names(view: HeldView) -> tuple[str, ...]:
    """The registers of the meter: those of this reading and of the one before."""
    known: list[Registers] = [one for one in (view.reading.registers, view.previous) if one is not None]
    names = [name for name in words.REGISTERS if any(getattr(one, name) is not None for one in known)]
    return tuple(names)


def _show(request: Request, view: HeldView, bound: dict[str, Any], status: int = 200) -> HttpResponse:
    reading = view.reading
    history = queries.meter_readings(request.asking.scope, view.asset_number, limit=14)
    context = {
        "view": view,
        "reading": reading,
        "registers": [
            (
                words.REGISTERS[name],
                registers.shown(name, getattr(view.previous, name, None)),
                registers.shown(name, getattr(reading.registers, name)),
            )
            for name in _names(view)
        ],
        "reason": words.HOLD_REASONS.get(reading.hold_reason, ""),
        "advice": words.HOLD_ADVICE.get(reading.hold_reason, ""),
        "tone": words.HOLD_TONES.get(reading.hold_reason, "neutral"),
        "state": words.READING_STATES[reading.state],
        "state_tone": words.READING_TONES[reading.state],
        "source": words.SOURCES[reading.source],
        "is_open": reading.state == "HELD" and reading.is_current,
        "may": request.asking.may("console:metering-decide", write=True),
        "forms": {**_forms(request, view), **bound},
        "bound": next(iter(bound), ""),
        "chart": charts.history(history),
        "times": (view.energy_ckwh * 10 // view.usual_ckwh) / 10 if view.energy_ckwh and view.usual_ckwh else None,
    }
    return render(request, "console/metering/held.html", context, status=status)
