"""Orders of rationing: proposed, looked at with every reason, swapped, approved, published, changed, canceled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.rationing import queries
from wandeng.domains.rationing.actions import orders
from wandeng.domains.rationing.types import ShedOrder, ShortageKind
from wandeng.flows import rationing
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import rationing as words
from wandeng.kernel.periods import BILLING_ZONE

_MOMENT = {"widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")}
EDITABLE = ("DRAFT", "APPROVED", "PUBLISHED")


class WindowForm(forms.Form):
    """When, and how much is short."""

    starts_at = forms.DateTimeField(label=gettext_lazy("限电开始"), **_MOMENT)  # type: ignore[arg-type]
    ends_at = forms.DateTimeField(label=gettext_lazy("限电结束"), **_MOMENT)  # type: ignore[arg-type]
    gap_kw = forms.IntegerField(label=gettext_lazy("缺口（千瓦）"), min_value=1, max_value=10**9)


class ChangeForm(WindowForm):
    """Another window or gap, and why."""

    reason = forms.CharField(
        label=gettext_lazy("变更原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip


class NewForm(WindowForm):
    """Whose order, for a gap or a level."""

    field_order = ("unit_code", "starts_at", "ends_at", "gap_kw", "level", "shortage")
    unit_code = forms.ChoiceField(label=gettext_lazy("单位"))
    gap_kw = forms.IntegerField(
        label=gettext_lazy("缺口（千瓦）"), min_value=0, max_value=10**9, required=False,
        help_text=gettext_lazy("不填则按等级的方案容量。"),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=gettext_lazy("等级"),
        required=False,
        choices=[("", "–"), ("IV", "Ⅳ"), ("III", "Ⅲ"), ("II", "Ⅱ"), ("I", "Ⅰ")],
    )
    shortage = forms.ChoiceField(label=gettext_lazy("缺口性质"), choices=list(words.SHORTAGES.items()))

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class SwapForm(forms.Form):
    """Who is taken out, who is taken in, and why."""

    out = forms.CharField(max_length=64, required=False)
    into = forms.CharField(max_length=64, required=False)
    reason = forms.CharField(max_length=500, required=False)


class NoteForm(forms.Form):
    """Why, where the action wants it."""

    reason = forms.CharField(max_length=500, required=False)


class NewPage(View):
    """Propose an order."""

    def get(self, request: Request) -> HttpResponse:
        return self._shown(request, NewForm(units=_units(request)))

    def post(self, request: Request) -> HttpResponse:
        asking, form, made = request.asking, NewForm(request.POST, units=_units(request)), []

        def do() -> None:
            given = form.cleaned_data | {"gap_kw": form.cleaned_data["gap_kw"] or 0}
            given["shortage"] = ShortageKind(given["shortage"])
            made.append(rationing.propose(**given, actor=asking.actor, at=asking.now, library=rulebook.library()))

        if not attempt(form, do):
            return self._shown(request, form, status=422)
        return HttpResponseRedirect(reverse("console:rationing-order", args=[made[0]]))

    def _shown(self, request: Request, form: forms.Form, *, status: int = 200) -> HttpResponse:
        return render(request, "console/rationing/order_new.html", {"form": form}, status=status)


class ChangePage(View):
    """Change window or gap of an order that has not begun."""

    def get(self, request: Request, number: str) -> HttpResponse:
        found = queries.order(request.asking.scope, number, library=rulebook.library())
        initial = {
            "starts_at": found.starts_at.astimezone(BILLING_ZONE), "ends_at": found.ends_at.astimezone(BILLING_ZONE),
            "gap_kw": found.gap_kw,
        }  # fmt: skip
        return self._shown(request, found, ChangeForm(initial=initial))

    def post(self, request: Request, number: str) -> HttpResponse:
        asking, form = request.asking, ChangeForm(request.POST)
        found = queries.order(asking.scope, number, library=rulebook.library())

        def do() -> None:
            rationing.change(
                number=number, **form.cleaned_data, actor=asking.actor, at=asking.now, library=rulebook.library()
            )

        if not attempt(form, do):
            return self._shown(request, found, form, status=422)
        messages.success(request, _("已变更，须重新批准和发布。"))
        return HttpResponseRedirect(reverse("console:rationing-order", args=[number]))

    def _shown(self, request: Request, found: ShedOrder, form: forms.Form, *, status: int = 200) -> HttpResponse:
        return render(request, "console/rationing/order_new.html", {"form": form, "found": found}, status=status)


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """An order: chosen, not chosen, and why."""
    return _shown(request, number)


@require_POST
def swap(request: Request, number: str) -> HttpResponse:
    """Swap participants."""
    asking = request.asking
    return _done(
        request, number, SwapForm(request.POST),
        lambda given: orders.swap(number=number, **given, actor=asking.actor, at=asking.now), _("已调换。"),
    )  # fmt: skip


@require_POST
def approve(request: Request, number: str) -> HttpResponse:
    """Approve an order."""
    asking = request.asking
    return _done(
        request, number, NoteForm(request.POST),
        lambda given: orders.approve(number=number, note=given["reason"], actor=asking.actor, at=asking.now),
        _("已批准。"),
    )  # fmt: skip


@require_POST
def publish(request: Request, number: str) -> HttpResponse:
    """Publish an order."""
    asking = request.asking
    return _done(
        request, number, NoteForm(request.POST),
        lambda _given: orders.publish(number=number, actor=asking.actor, at=asking.now), _("已发布，开始告知。"),
    )  # fmt: skip


@require_POST
def cancel(request: Request, number: str) -> HttpResponse:
    """Cancel an order."""
    asking = request.asking
    return _done(
        request, number, NoteForm(request.POST),
        lambda given: orders.cancel(number=number, reason=given["reason"], actor=asking.actor, at=asking.now),
        _("已取消。"),
    )  # fmt: skip


def _units(request: Request) -> tuple[UnitNode, ...]:
    return tuple(organization.unit_tree(request.asking.scope))


def _done(
    request: Request, number: str, form: forms.Form, do: Callable[[dict[str, Any]], Any], said: str
) -> HttpResponse:  # fmt: skip
    queries.order(request.asking.scope, number, library=rulebook.library())
    if not attempt(form, lambda: do(form.cleaned_data)):
        return _shown(request, number, errors=[str(one) for one in form.non_field_errors()], status=422)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("console:rationing-order", args=[number]))


def _shown(request: Request, number: str, *, errors: list[str] | None = None, status: int = 200) -> HttpResponse:
    asking = request.asking
    found = queries.order(asking.scope, number, library=rulebook.library())
    state = found.state

    def may(route: str, *states: str) -> bool:
        return state in states and asking.may(f"console:rationing-{route}", write=True)

    context = {
        "found": found, "errors": errors or [], "measures": words.MEASURES, "whys": words.WHYS, "grounds": words.GROUNDS,
        "kinds": words.KINDS, "state": words.STATES[state], "tone": words.TONES[state],
        "shortage": words.SHORTAGES[found.shortage], "is_late": state in EDITABLE and asking.now > found.notice_by,
        "may": {
            "swap": may("swap", "DRAFT"), "publish": may("publish", "APPROVED"), "change": may("change", *EDITABLE),
            "approve": may("approve", "DRAFT") and found.created_by != asking.actor.code,
            "cancel": may("cancel", *EDITABLE), "run": may("run", "PUBLISHED", "RUNNING"),
        },
    }  # fmt: skip
    return render(request, "console/rationing/order.html", context, status=status)
