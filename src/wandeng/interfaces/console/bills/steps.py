"""The steps of a run, each a button with its consequence named: POST, then back to the run."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wandeng.domains.billing.actions import exceptions
from wandeng.domains.billing.actions import runs as actions
from wandeng.flows import bill_desk, bill_run
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.ids import RunId


@require_POST
def accept(request: Request, run: int) -> HttpResponse:
    """Accept every account that is parked for one reason."""
    moved = exceptions.accept(
        run=RunId(run),
        code=request.POST.get("code", ""),
        reason=_reason(request),
        actor=request.asking.actor,
        at=request.asking.now,
    )
    told = ngettext("已处理 %(count)d 项异常，重取后计价。", "已处理 %(count)d 项异常，重取后计价。", moved)
    return _back(request, run, told % {"count": moved})


@require_POST
def retake(request: Request, run: int) -> HttpResponse:
    """Send the accepted and mended accounts to be priced again."""
    taken = bill_desk.retake(run=RunId(run), actor=request.asking.actor, at=request.asking.now)
    told = ngettext("已重取 %(count)d 户，正在计价。", "已重取 %(count)d 户，正在计价。", taken)
    return _back(request, run, told % {"count": taken})


@require_POST
def verify(request: Request, run: int) -> HttpResponse:
    """Have the run priced again and compared byte by byte."""
    bill_desk.queue_verification(run=RunId(run), actor=request.asking.actor, at=request.asking.now)
    return _back(request, run, _("复算已排队，结果会显示在本页。"))


@require_POST
def override(request: Request, run: int) -> HttpResponse:
    """A reviewer lets a halted run go on."""
    actions.override(run=RunId(run), reason=_reason(request), actor=request.asking.actor, at=request.asking.now)
    return _back(request, run, _("已放行，等待第二人批准。"))


@require_POST
def approve(request: Request, run: int) -> HttpResponse:
    """The second person approves."""
    actions.approve(run=RunId(run), actor=request.asking.actor, at=request.asking.now)
    return _back(request, run, _("已批准，可以记账。"))


@require_POST
def post(request: Request, run: int) -> HttpResponse:
    """Into the ledger, by a worker."""
    bill_desk.queue_posting(run=RunId(run), actor=request.asking.actor, at=request.asking.now)
    return _back(request, run, _("记账已排队。"))


@require_POST
def publish(request: Request, run: int) -> HttpResponse:
    """The bills are out."""
    bill_run.publish(RunId(run), actor=request.asking.actor, at=request.asking.now)
    return _back(request, run, _("账单已发行。"))


@require_POST
def discard(request: Request, run: int) -> HttpResponse:
    """Throw a draft away."""
    actions.discard(run=RunId(run), reason=_reason(request), actor=request.asking.actor, at=request.asking.now)
    return _back(request, run, _("批次已作废，草稿账单已删除。"))


def _reason(request: Request) -> str:
    return request.POST.get("reason", "").strip()


def _back(request: Request, run: int, told: str) -> HttpResponse:
    messages.success(request, told)
    return HttpResponseRedirect(reverse("console:bills-run", args=[run]))
