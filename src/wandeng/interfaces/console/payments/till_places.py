"""Setting up tills."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wandeng.domains.organization import queries as organization
from wandeng.domains.payments.actions import tills
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.payments.till_forms import TillForm
from wandeng.interfaces.doorway.asking import Request


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Set up a till of a unit."""
    asking = request.asking
    form = TillForm(request.POST or None, units=organization.unit_tree(asking.scope))

    def act() -> None:
        given = form.cleaned_data
        tills.add_till(
            code=given["code"], name=given["name"], unit_code=given["unit"], kind=given["kind"], actor=asking.actor,
            at=asking.now,
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("收费台已建立。"))
        return HttpResponseRedirect(reverse("console:payments-tills"))
    return render(request, "console/payments/till_form.html", {"form": form}, status=422 if form.errors else 200)
