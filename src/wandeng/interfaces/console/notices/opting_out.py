"""Who wants no more: written down, and taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from wandeng.domains.notices import actions
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.notices.forms import OptOutForm
from wandeng.interfaces.doorway.asking import Request


class NewPage(View):
    """Write down an opt-out."""

    def get(self, request: Request) -> HttpResponse:
        return self._show(request, OptOutForm(initial={"account_number": request.GET.get("account", "")}))

    def post(self, request: Request) -> HttpResponse:
        asking, form = request.asking, OptOutForm(request.POST)
        if attempt(form, lambda: actions.opt_out(**form.cleaned_data, actor=asking.actor, at=asking.now)):
            messages.success(request, _("已登记退订。"))
            return HttpResponseRedirect(reverse("console:notices-opt-outs"))
        return self._show(request, form, status=422)

    def _show(self, request: Request, form: OptOutForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/notices/opt_out.html", {"form": form}, status=status)


@require_POST
def end(request: Request, number: str, purpose: str) -> HttpResponse:
    """Take an opt-out back."""
    actions.opt_in(
        account_number=number, purpose=purpose, actor=request.asking.actor, at=request.asking.now,
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, _("已恢复接收。"))
    return HttpResponseRedirect(reverse("console:customers-detail", args=[number]) + "?tab=messages")
