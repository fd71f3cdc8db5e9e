"""The field: what is to be done, one task on a phone, the papers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import disconnection, reconnection
from wandeng.flows.order_documents import pages
from wandeng.interfaces.console.disconnection.forms import MomentForm
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import disconnection as words


@require_safe
def tasks(request: Request) -> HttpResponse:
    """Returns of supply first, then cuts."""
    asking = request.asking
    cuts, backs = queries.field_tasks(asking.scope, now=asking.now)
    context = {"cuts": cuts, "backs": [(words.CAUSES[one.cause], one) for one in backs]}
    return render(request, "console/disconnection/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def task(request: Request, number: str) -> HttpResponse:
    """One cut: where, until when, and that supply is off."""
    asking = request.asking
    order = queries.order(asking.scope, number)
    form = MomentForm(request.POST or None, now=asking.now, label=_("停电时间"))

    def do() -> None:
        disconnection.confirm_cut(
            order=number, cut_at=form.since(order.dispatched_at), actor=asking.actor, at=asking.now
        )

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("停电时间已回填。"))
        return HttpResponseRedirect(reverse("console:disconnection-tasks"))
    return _show_task(request, number, form, ReasonForm(auto_id="failed_%s"), 422 if request.method == "POST" else 200)


@require_POST
def failed(request: Request, number: str) -> HttpResponse:
    """It could not be cut; supply is on."""
    asking, form = request.asking, ReasonForm(request.POST, auto_id="failed_%s")
    if attempt(
        form,
        lambda: disconnection.report_failure(
            order=number, reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now
        ),
    ):
        messages.success(request, _("已记为未能停电。"))
        return HttpResponseRedirect(reverse("console:disconnection-tasks"))
    return _show_task(request, number, MomentForm(now=asking.now, label=_("停电时间")), form, 422)


def _show_task(request: Request, number: str, form: MomentForm, reason: ReasonForm, status: int) -> HttpResponse:
    asking = request.asking
    order = queries.order(asking.scope, number)
    context = {
        "order": order,
        "state": words.ORDER_STATES[order.state],
        "tone": words.ORDER_TONES[order.state],
        "is_out": order.state == "DISPATCHED",
        "is_recalled": order.state == "RECALLED",
        "is_expired": order.expires_at is not None and asking.now >= order.expires_at,
        "steps": words.CUT_STEPS,
        "form": form,
        "reason": reason,
        "may": asking.may("console:disconnection-task", write=True),
    }
    return render(request, "console/disconnection/task.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: Request, number: str) -> HttpResponse:
    """One return of supply: where, its clock, and that power is back."""
    asking = request.asking
    back = queries.reconnection(asking.scope, number, now=asking.now)
    form = MomentForm(request.POST or None, now=asking.now, label=_("复电时间"))

    def do() -> None:
        reconnection.confirm(order=number, restored_at=form.since(back.due_from), actor=asking.actor, at=asking.now)

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("复电时间已回填，已通知客户。"))
        return HttpResponseRedirect(reverse("console:disconnection-tasks"))
    context = {
        "back": back,
        "state": words.RETURN_STATES[back.state],
        "tone": words.RETURN_TONES[back.state],
        "cause": words.CAUSES[back.cause],
        "steps": words.BACK_STEPS,
        "form": form,
        "is_open": back.state == "ORDERED",
        "may": asking.may("console:disconnection-return", write=True),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/disconnection/return.html", context, status=status)


@require_safe
def paper(request: Request, number: str) -> HttpResponse:
    """The order to cut on paper."""
    return _pdf(pages.cut_pdf(request.asking.scope, number), number)


@require_safe
def return_paper(request: Request, number: str) -> HttpResponse:
    """The order to give supply back on paper."""
    return _pdf(pages.back_pdf(request.asking.scope, number, at=request.asking.now), number)


def _pdf(content: bytes, number: str) -> HttpResponse:
    named = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=named)
