"""What becomes of a reinforcement need: a day it is planned for, or on which it was done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wandeng.domains.connections.actions import needs
from wandeng.interfaces.console.connections.forms import NeedForm
from wandeng.interfaces.doorway import refusals
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.errors import NotFound, Refused


@require_POST
def follow(request: Request, need: int) -> HttpResponse:
    """Note it and go back to the connection that made it, or to the list."""
    form = NeedForm(request.POST)
    back = request.POST.get("case", "")
    address = reverse("console:connections-project", args=[back]) if back else reverse("console:connections-needs")
    if not form.is_valid():
        messages.error(request, _("请填写日期和说明。"))
        return HttpResponseRedirect(address)
    given = form.cleaned_data
    try:
        needs.follow_need(
            need_id=need, planned_on=given["planned_on"], done_on=given["done_on"], note=given["note"],
            actor=request.asking.actor, at=request.asking.now,
        )  # fmt: skip
    except NotFound:
        raise
    except Refused as refusal:
        messages.error(request, refusals.sentence(refusal, get_language() or "zh-hans"))
    else:
        messages.success(request, _("补强进展已登记。"))
    return HttpResponseRedirect(address)
