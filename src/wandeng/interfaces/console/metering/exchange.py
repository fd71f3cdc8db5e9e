"""Exchanging a meter: the last readings of the old one, the first of the new one, with what it will mean shown first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.types import ExchangePreview, InstallationShown, Ratio
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.metering.forms import ExchangeForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import metering as words
from wandeng.kernel.errors import NotFound


class ExchangePage(View):
    """GET shows the form; POST with ``step=preview`` shows what it would mean, without it does it."""

    def get(self, request: Request, asset: str) -> HttpResponse:
        place = self._place(request, asset)
        names = self._names(request, asset)
        ratio = place.ratio.columns()
        initial = {"on": request.asking.today, "multiplier": place.multiplier or 1, **ratio}
        return self._show(request, asset, place, ExchangeForm(names=names, initial=initial))

    def post(self, request: Request, asset: str) -> HttpResponse:
        asking = request.asking
        place = self._place(request, asset)
        form = ExchangeForm(request.POST, names=self._names(request, asset))
        preview: ExchangePreview | None = None
        if request.POST.get("step") == "preview":
            if form.is_valid():
                preview = self._preview(request, place, form)
            return self._show(request, asset, place, form, preview, status=200 if preview else 422)
        if not attempt(form, lambda: self._exchange(request, place, form)):
            return self._show(request, asset, place, form, status=422)
        new = form.cleaned_data["new_meter"]
        messages.success(request, _("%(old)s 已换为 %(new)s。") % {"old": asset, "new": new})
        may = asking.may("console:metering-meter")
        return HttpResponseRedirect(reverse("console:metering-meter", args=[new]) if may else reverse("console:home"))

    def _place(self, request: Request, asset: str) -> InstallationShown:
        hangs = queries.meter_view(request.asking.scope, asset).hangs
        if hangs is None:
            raise NotFound(f"meter {asset} hangs nowhere")
        return hangs

    def _names(self, request: Request, asset: str) -> tuple[str, ...]:
        """The registers of the old meter, by its newest reading."""
        newest = queries.meter_readings(request.asking.scope, asset, limit=1)
        shown = newest[0].registers if newest else None
        names = [name for name in words.REGISTERS if shown is not None and getattr(shown, name) is not None]
        return tuple(dict.fromkeys(["total_ckwh", *names]))

    def _preview(self, request: Request, place: InstallationShown, form: ExchangeForm) -> ExchangePreview:
        given = form.cleaned_data
        return queries.exchange_preview(
            request.asking.scope,
            usage_point=place.usage_point,
            removed=given["removed"],
            new_meter=given["new_meter"],
            new_multiplier=given["multiplier"],
            on=given["on"],
        )

    def _exchange(self, request: Request, place: InstallationShown, form: ExchangeForm) -> None:
        given = form.cleaned_data
        ratio = Ratio(given["ct_primary_a"], given["ct_secondary_a"], given["pt_primary_v"], given["pt_secondary_v"])
        actions.exchange_meter(
            usage_point=place.usage_point,
            removed_reading=given["removed"],
            new_meter=given["new_meter"],
            new_multiplier=given["multiplier"],
            new_ratio=ratio if any(ratio.columns().values()) else None,
            start_reading=given["first"],
            on=given["on"],
            actor=request.asking.actor,
            at=request.asking.now,
            reason=given["reason"],
        )

    def _show(
        self,
        request: Request,
        asset: str,
        place: InstallationShown,
        form: ExchangeForm,
        preview: ExchangePreview | None = None,
        status: int = 200,
    ) -> HttpResponse:
        doubts: list[tuple[Any, str]] = []
        if preview is not None:
            doubts = [(words.DOUBTS[code], "late" if code in words.STOPS else "warn") for code in preview.doubts]
        context = {"asset": asset, "place": place, "form": form, "preview": preview, "doubts": doubts}
        return render(request, "console/metering/exchange.html", context, status=status)
