"""An order as it takes place: begun, what each may use, power as before, over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST

from wandeng.domains.rationing import queries
from wandeng.domains.rationing.actions import running
from wandeng.domains.rationing.types import ShareShown
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import rationing as words
from wandeng.kernel.periods import BILLING_ZONE


class AtForm(forms.Form):
    """When."""

    at = forms.DateTimeField(
        label=gettext_lazy("时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class RestoreForm(AtForm):
    """When, and whom; none chosen means all."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("恢复用电的对象"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选表示全部。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, still: tuple[ShareShown, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["codes"].choices = [(one.code, one.name) for one in still]  # type: ignore[attr-defined]


class AllowForm(forms.Form):
    """What a customer used before and may use."""

    code = forms.CharField(max_length=64)
    before_kw = forms.IntegerField(min_value=1, max_value=10**8)
    allowed_kw = forms.IntegerField(min_value=0, max_value=10**8)


class RunPage(View):
    """What may be done next: ``do`` is start, restore or finish."""

    def get(self, request: Request, number: str) -> HttpResponse:
        return _shown(request, number, None)

    def post(self, request: Request, number: str) -> HttpResponse:
        asking = request.asking
        found = queries.order(asking.scope, number, library=rulebook.library())
        who: dict[str, Any] = {"number": number, "actor": asking.actor, "at": asking.now}
        does: dict[str, tuple[forms.Form, Callable[[dict[str, Any]], Any]]] = {
            "start": (AtForm(request.POST), lambda given: running.start(off_at=given["at"], **who)),
            "restore": (
                RestoreForm(request.POST, still=_still(found.chosen)),
                lambda given: running.restore(on_at=given["at"], codes=given["codes"], **who),
            ),
            "finish": (forms.Form(request.POST), lambda _given: running.finish(**who)),
        }
        verb = request.POST.get("do", "")
        if verb not in does:
            raise Http404
        form, do = does[verb]
        if not attempt(form, lambda: do(form.cleaned_data)):
            return _shown(request, number, form, status=422)
        messages.success(request, _("已记录。"))
        return HttpResponseRedirect(reverse("console:rationing-run", args=[number]))


@require_POST
def allow(request: Request, number: str) -> HttpResponse:
    """Write down what a customer may use meanwhile."""
    asking, form = request.asking, AllowForm(request.POST)
    queries.order(asking.scope, number, library=rulebook.library())
    if not attempt(form, lambda: running.allow(number=number, **form.cleaned_data, actor=asking.actor, at=asking.now)):
        return _shown(request, number, form, status=422)
    messages.success(request, _("已记录。"))
    back = "console:rationing-run" if asking.may("console:rationing-run") else "console:rationing-order"
    return HttpResponseRedirect(reverse(back, args=[number]))


def _still(shares: tuple[ShareShown, ...]) -> tuple[ShareShown, ...]:
    return tuple(one for one in shares if one.off_at is not None and one.on_at is None)


def _shown(request: Request, number: str, form: forms.Form | None, *, status: int = 200) -> HttpResponse:
    found = queries.order(request.asking.scope, number, library=rulebook.library())
    still = _still(found.chosen)
    initial = {"at": request.asking.now.astimezone(BILLING_ZONE).replace(second=0, microsecond=0)}
    own = form if isinstance(form, AtForm) else None
    context = {
        "found": found, "still": still, "state": words.STATES[found.state], "tone": words.TONES[found.state],
        "errors": [] if form is None or own is not None else [str(one) for one in form.non_field_errors()],
        "form": own or (RestoreForm(initial=initial, still=still) if still else AtForm(initial=initial)),
    }  # fmt: skip
    return render(request, "console/rationing/run.html", context, status=status)
