"""Telling the customers of a unit of their bills."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from wandeng.domains.notices.types import Sent
from wandeng.domains.organization import queries as organization
from wandeng.flows import bill_notices
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.notices.forms import BillsForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.periods import Month


class BillsPage(View):
    """A unit and a month; nobody is told of a month twice."""

    def get(self, request: Request) -> HttpResponse:
        asking = request.asking
        initial = {"unit": asking.unit.code, "month": str(Month.of(asking.today).previous())}
        return self._show(request, BillsForm(units=organization.unit_tree(asking.scope), initial=initial))

    def post(self, request: Request) -> HttpResponse:
        asking, sent = request.asking, list[Sent]()
        form = BillsForm(request.POST, units=organization.unit_tree(asking.scope))
        if not attempt(
            form,
            lambda: sent.append(
                bill_notices.announce(
                    unit_code=form.cleaned_data["unit"],
                    month=Month.parse(form.cleaned_data["month"]),
                    actor=asking.actor,
                    at=asking.now,
                )
            ),
        ):
            return self._show(request, form, status=422)
        count = sent[0].recipients
        if count:
            text = ngettext("%(count)d 户待通知，正在后台发送。", "%(count)d 户待通知，正在后台发送。", count)
            messages.success(request, text % {"count": count})
        else:
            messages.info(request, _("没有需要通知的：该月没有已发行的电费，或都已通知过。"))
        return HttpResponseRedirect(reverse("console:notices-list") + "?template=bill_published")

    def _show(self, request: Request, form: BillsForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/notices/bills.html", {"form": form}, status=status)
