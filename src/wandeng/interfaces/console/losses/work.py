"""One area that is followed up: taken, explained, finished."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.types import LossCause
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.losses.forms import FindingForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import losses as words
from wandeng.kernel.errors import InvalidInput


class WorkPage(View):
    """What stands, and the next thing to say about it."""

    def get(self, request: Request, work_id: int) -> HttpResponse:
        return self._shown(request, work_id, {"find": FindingForm(), "again": console_forms.ReasonForm()})

    def post(self, request: Request, work_id: int) -> HttpResponse:
        asking, what = request.asking, request.POST.get("do", "")
        who: dict[str, Any] = {"work_id": work_id, "actor": asking.actor, "at": asking.now}
        find, again = FindingForm(), console_forms.ReasonForm()
        if what == "take":
            actions.take(**who)
        elif what == "finish":
            actions.finish(**who)
        elif what == "find":
            find = FindingForm(request.POST)
            if not console_forms.attempt(
                find,
                lambda: actions.find_cause(
                    cause=LossCause(find.cleaned_data["cause"]), finding=find.cleaned_data["finding"], **who
                ),
            ):
                return self._shown(request, work_id, {"find": find, "again": again}, status=422)
        elif what == "again":
            again = console_forms.ReasonForm(request.POST)
            if not console_forms.attempt(again, lambda: actions.look_again(reason=again.cleaned_data["reason"], **who)):
                return self._shown(request, work_id, {"find": find, "again": again}, status=422)
        else:
            raise InvalidInput("choose one of those offered")
        messages.success(request, _("已登记。"))
        return HttpResponseRedirect(request.path)

    def _shown(self, request: Request, work_id: int, forms: dict[str, object], *, status: int = 200) -> HttpResponse:
        context = {
            "found": queries.work_one(request.asking.scope, work_id), "kinds": words.WORK_KINDS, "states": words.WORK_STATES,
            "tones": words.WORK_TONES, "causes": words.CAUSES, **forms,
        }  # fmt: skip
        return render(request, "console/losses/work_one.html", context, status=status)
