"""Probable devices with their evidence, confirming one, and what could be fed otherwise."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.calc.probable_device import Device
from wandeng.domains.emergency.actions import faults
from wandeng.domains.emergency.queries import probable, resupplying
from wandeng.domains.emergency.types import ProbableShown, TieShown
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import storm as words
from wandeng.kernel.errors import InvalidInput

MOST = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""In the place of when it was looked at, which is new every time."""

COMMAS = re.compile("[,，]")  # Chinese on purpose


@require_safe
def page(request: Request) -> HttpResponse:
    """What is probably open, and why it is thought so; nothing (204) to the page that looks again and has ``seen`` it."""
    asking = request.asking
    found = probable.judgement(asking.scope, now=asking.now, library=rulebook.library())
    mark = hashlib.sha256(repr(replace(found, at=EPOCH)).encode()).hexdigest()[:16]
    if request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    context = {
        "found": found, "devices": [_device(one) for one in found.devices[:MOST]],
        "may_confirm": asking.may("console:storm-confirm", write=True), "mark": mark,
    }  # fmt: skip
    return render(request, "console/storm/probable.html", context)


def _device(one: ProbableShown) -> dict[str, object]:
    return {
        "one": one, "kind": words.DEVICES[one.kind.value], "confidence": words.CONFIDENCES[one.confidence.value],
        "tone": words.CONFIDENCE_TONES[one.confidence.value], "can_confirm": one.kind is not Device.LOW_VOLTAGE,
        "is_switch": one.kind is Device.SWITCH,
    }  # fmt: skip


class DeviceForm(forms.Form):
    """Which device."""

    kind = forms.ChoiceField(choices=[(one.value, one.value) for one in Device])
    code = forms.CharField(max_length=64)


@require_POST
def confirm(request: Request) -> HttpResponse:
    """Confirm a probable device."""
    asking, form = request.asking, DeviceForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("name a device by its kind and code")
    number = faults.confirm(
        kind=Device(form.cleaned_data["kind"]), code=form.cleaned_data["code"], actor=asking.actor, at=asking.now,
        charter=rulebook.charter(),
    )  # fmt: skip
    messages.success(request, _("已确认故障，归并单 %(number)s，停电事件已登记。") % {"number": number})
    return HttpResponseRedirect(reverse("console:storm-incident", args=[number]))


@require_safe
def resupply(request: Request, code: str) -> HttpResponse:
    """Ties that could feed what is dark behind a switch; nothing is switched."""
    asking = request.asking
    also = tuple(one for one in COMMAS.split(request.GET.get("open", "")) if one.strip())
    found = resupplying.what_if(asking.scope, switch=code, also_open=also, now=asking.now)
    context = {"found": found, "code": code, "also": ",".join(also), "ties": [_tie(one) for one in found.ties]}
    return render(request, "console/storm/resupply.html", context)


def _tie(one: TieShown) -> dict[str, object]:
    return {
        "one": one, "verdict": words.VERDICTS[one.verdict.value], "tone": words.VERDICT_TONES[one.verdict.value],
        "moved": _kva(one.moved_ckva), "before": _kva(one.before_ckva), "left": _kva(one.left_ckva),
        "way": [(each.code, each.name, _kva(each.load_ckva), _kva(each.may_ckva)) for each in one.way],
    }  # fmt: skip


def _kva(ckva: int | None) -> str:
    """Whole kVA; a dash where it is not known."""
    return "–" if ckva is None else f"{ckva // 100:,}"
