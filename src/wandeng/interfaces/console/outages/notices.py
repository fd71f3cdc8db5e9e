"""What was told of an outage: tellings with their proof, whom nobody reached, calls to important users, the media text."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import telling
from wandeng.domains.outages.types.telling import HandWay
from wandeng.flows import outage_letters
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import outage_notices as words
from wandeng.interfaces.doorway.words import outages as outage_words


class HandForm(forms.Form):
    """Who was told by a person, and how."""

    told = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": gettext_lazy("请勾选已告知的用户。")})
    way = forms.ChoiceField(label=gettext_lazy("告知方式"), choices=list(words.WAYS.items()))
    note = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)
    done_by = forms.CharField(label=gettext_lazy("送达人工号"), max_length=64, required=False)
    done_at = forms.DateTimeField(label=gettext_lazy("送达时间"), required=False)

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        sent = self.data.getlist("told") if hasattr(self.data, "getlist") else []
        chosen = [one for one in sent if one.isdigit()]
        self.fields["told"].choices = [(one, one) for one in chosen]  # type: ignore[attr-defined]


class CallForm(forms.Form):
    """Who confirmed at the customer (post or function); empty where nobody answered."""

    confirmed_by = forms.CharField(max_length=64, required=False)
    note = forms.CharField(max_length=500, required=False)


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """Everything told of a plan."""
    return _shown(request, number)


@require_safe
def letters(request: Request, number: str) -> HttpResponse:
    """Notices for the doors that no message reached, as PDF: of an area (``area``), or of all."""
    asking = request.asking
    area = str(request.GET.get("area", ""))[:64]
    content = outage_letters.document(asking.scope, number, area, hotline=_hotline(asking), now=asking.now)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


def _hotline(asking: Asking) -> str:
    return rulebook.hotline(on=asking.today)


@require_POST
def by_hand(request: Request, number: str) -> HttpResponse:
    """Write down who was told by a person."""
    form, asking = HandForm(request.POST), request.asking
    queries.telling_view(asking.scope, number, now=asking.now)

    def mark() -> None:
        given = form.cleaned_data
        telling.mark_by_hand(
            told=given["told"], way=HandWay(given["way"]), note=given["note"], actor=asking.actor, at=asking.now,
            done_by=given["done_by"].strip(), done_at=given["done_at"],
        )  # fmt: skip

    if not attempt(form, mark):
        return _shown(request, number, hand=form, status=422)
    messages.success(request, _("已记录人工告知。"))
    return HttpResponseRedirect(reverse("console:outages-notices", args=[number]))


@require_POST
def call(request: Request, call_id: int) -> HttpResponse:
    """Write down a call to an important user."""
    form, asking = CallForm(request.POST), request.asking
    number = queries.call_number(asking.scope, call_id)

    def do() -> None:
        given = form.cleaned_data
        telling.call(
            call_id=call_id, confirmed_by=given["confirmed_by"], note=given["note"], actor=asking.actor, at=asking.now
        )

    if not attempt(form, do):
        return _shown(request, number, errors=[str(one) for one in form.non_field_errors()], status=422)
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:outages-notices", args=[number]))


def _shown(
    request: Request, number: str, *, hand: HandForm | None = None, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    asking = request.asking
    found = queries.telling_view(asking.scope, number, now=asking.now)
    context = {
        "found": found, "kinds": words.KINDS, "states": words.STATES, "ways": words.WAYS, "next": words.NEXT,
        "calls": words.CALLS, "tones": words.CALL_TONES, "importance": customer_words.IMPORTANCES,
        "protections": outage_words.PROTECTIONS, "hand": hand, "errors": errors or [],
        "left": sum(one.left for one in found.tellings), "reached": sum(one.reached for one in found.tellings),
        "to_call": sum(one.state == "TO_CALL" for one in found.calls),
        "may_tell": asking.may("console:outages-notices-hand", write=True),
    }  # fmt: skip
    return render(request, "console/outages/notices.html", context, status=status)
