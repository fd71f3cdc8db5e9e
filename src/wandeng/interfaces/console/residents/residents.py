"""One resident: what they hold and how they showed it, where they are logged in, their tokens; binding and ending for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.residents import actions, queries
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import residents as words


class BindForm(ReasonForm):
    """Which account is bound, and what was shown."""

    account_number = forms.CharField(label=gettext_lazy("户号"), max_length=32)
    field_order = ("account_number", "reason")


class OneForm(ReasonForm):
    """Which binding or token is ended."""

    one = forms.IntegerField(min_value=1, max_value=2**53, widget=forms.HiddenInput)


FORMS: dict[str, type[ReasonForm]] = {
    "bind": BindForm,
    "unbind": OneForm,
    "end-token": OneForm,
    "end-sessions": ReasonForm,
}


@require_safe
def page(request: Request, resident: int) -> HttpResponse:
    """A resident."""
    return _shown(request, resident, None)


@require_POST
def act(request: Request, resident: int, verb: str) -> HttpResponse:
    """Bind or end, for a reason; on to the account's page where that is what the reader came from."""
    kind = FORMS.get(verb)
    if kind is None:
        raise Http404
    form, asking = kind(request.POST), request.asking

    def do() -> None:
        given = form.cleaned_data
        told: dict[str, Any] = {"actor": asking.actor, "at": asking.now, "reason": given["reason"]}
        match verb:
            case "bind":
                actions.bind_for(resident_id=resident, account_number=given["account_number"].strip(), **told)
            case "unbind":
                actions.revoke(binding_id=given["one"], **told)
            case "end-token":
                actions.end_token(resident_id=resident, token_id=given["one"], **told)
            case _:
                actions.end_sessions(resident_id=resident, **told)

    if verb != "bind":
        queries.resident(asking.scope, resident, now=asking.now)
    if not attempt(form, do):
        return _shown(request, resident, form, status=422)
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:resident", args=[resident]))


def _shown(request: Request, resident: int, form: ReasonForm | None, *, status: int = 200) -> HttpResponse:
    asking = request.asking
    found = queries.resident(asking.scope, resident, now=asking.now)
    context = {
        "found": found, "proofs": words.PROOFS, "is_in": any(one.is_open for one in found.sessions),
        "may_act": asking.may("console:resident-act", write=True), "wrong": form,
        "bind_form": form if isinstance(form, BindForm) else BindForm(),
    }  # fmt: skip
    return render(request, "console/residents/resident.html", context, status=status)
