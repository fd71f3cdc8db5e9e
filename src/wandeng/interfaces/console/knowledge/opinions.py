"""What readers do: use an article, say whether it helped; the owner answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wandeng.domains.knowledge import actions
from wandeng.interfaces.console.knowledge.forms import SayForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.errors import InvalidInput


@require_POST
def used(request: Request, code: str) -> HttpResponse:
    """Count that an article was used for a customer."""
    actions.note_use(code=code, actor=request.asking.actor, at=request.asking.now)
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    messages.success(request, _("已计入使用次数。"))
    return _to(code)


@require_POST
def say(request: Request, code: str) -> HttpResponse:
    """Say whether an article helped."""
    form = SayForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("say what lacks, so that the owner can mend it")
    actions.say(
        code=code, is_helpful=form.cleaned_data["helpful"] == "1", remark=form.cleaned_data["remark"],
        actor=request.asking.actor, at=request.asking.now,
    )  # fmt: skip
    messages.success(request, _("谢谢，已转给责任人。"))
    return _to(code)


@require_POST
def answer(request: Request, opinion: int) -> HttpResponse:
    """Answer a remark."""
    actions.answer(
        opinion_id=opinion, words=request.POST.get("reason", ""), actor=request.asking.actor, at=request.asking.now
    )
    messages.success(request, _("已答复。"))
    return _to(request.POST.get("article", "")) if request.POST.get("article") else _list()


def _list() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:knowledge-opinions"))


def _to(code: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:knowledge-article", args=[code]))
