"""By which channel an account is told first, and its quiet hours, as a customer says so to staff."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from wandeng.domains.notices import actions
from wandeng.domains.notices.queries import contact_preference
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.notices.forms import PreferenceForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request


class PreferencePage(View):
    """What holds, to be written anew."""

    def get(self, request: Request, number: str) -> HttpResponse:
        shown = contact_preference(request.asking.scope, number, now=request.asking.now, library=rulebook.library())
        form = PreferenceForm(initial={"channel": shown.channel, "quiet_hours": shown.quiet}, channels=shown.channels)
        return self._show(request, number, form)

    def post(self, request: Request, number: str) -> HttpResponse:
        asking, library = request.asking, rulebook.library()
        shown = contact_preference(asking.scope, number, now=asking.now, library=library)
        form = PreferenceForm(request.POST, channels=shown.channels)
        if attempt(
            form,
            lambda: actions.prefer(
                account_number=number, **form.cleaned_data, actor=asking.actor, at=asking.now, library=library
            ),
        ):
            messages.success(request, _("联系偏好已保存。"))
            return HttpResponseRedirect(reverse("console:customers-detail", args=[number]) + "?tab=messages")
        return self._show(request, number, form, status=422)

    def _show(self, request: Request, number: str, form: PreferenceForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/notices/preference.html", {"form": form, "number": number}, status=status)
