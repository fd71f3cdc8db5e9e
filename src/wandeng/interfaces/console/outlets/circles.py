"""A payment circle with its map, and computing one: as it is, or with points added and closed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.outlets import queries
from wandeng.domains.outlets.types import CircleShown
from wandeng.flows import payment_circle
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.doorway import rulebook, sketch
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import outlets as words
from wandeng.kernel.money import divide_half_up, format_scaled

_LARGE, _MIDDLE = 2_000, 400
"""People from which a dot is drawn large, and middling."""


class CircleForm(forms.Form):
    """Of which unit; a scenario has a name and changes."""

    unit_code = forms.ChoiceField(label=gettext_lazy("单位"))
    name = forms.CharField(
        label=gettext_lazy("情景"), max_length=64, required=False, help_text=gettext_lazy("按现状测算不用填")
    )
    added = forms.CharField(
        label=gettext_lazy("新增网点"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("设在哪些居民点，填编号，用空格隔开"),
    )
    closed = forms.CharField(
        label=gettext_lazy("撤销网点"), max_length=1000, required=False, help_text=gettext_lazy("填网点编号，用空格隔开")
    )  # fmt: skip

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class ComputePage(View):
    """Compute a circle."""

    def get(self, request: Request) -> HttpResponse:
        wanted = {name: request.GET.get(name, "") for name in ("unit_code", "name", "added", "closed")}
        return self._shown(request, self._form(request, initial={key: value for key, value in wanted.items() if value}))

    def post(self, request: Request) -> HttpResponse:
        asking, form = request.asking, self._form(request, request.POST)
        made: list[int] = []

        def compute() -> None:
            given = form.cleaned_data
            made.append(
                payment_circle.compute(
                    unit_code=given["unit_code"], name=given["name"], added=_codes(given["added"]),
                    closed=_codes(given["closed"]), actor=asking.actor, at=asking.now, library=rulebook.library(),
                )
            )  # fmt: skip

        if not console_forms.attempt(form, compute):
            return self._shown(request, form, status=422)
        messages.success(request, _("已测算。"))
        return HttpResponseRedirect(reverse("console:circle", args=made))

    def _form(self, request: Request, *arguments: Any, **named: Any) -> CircleForm:
        return CircleForm(*arguments, units=organization.unit_tree(request.asking.scope), **named)

    def _shown(self, request: Request, form: CircleForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/outlets/compute.html", {"form": form}, status=status)


@require_safe
def page(request: Request, circle_id: int) -> HttpResponse:
    """One circle."""
    asking = request.asking
    found = queries.circle(asking.scope, circle_id)
    context = {
        "found": found, "drawn": _drawn(request, found), "share": percent(found.people_inside, found.people),
        "customers_outside": found.customers - found.customers_inside,
        "people_outside": found.people - found.people_inside,
        "areas": [
            (words.AREAS[one.area], one, percent(one.people_inside, one.people), one.customers - one.customers_inside)
            for one in found.areas
        ],
        "changes": [(words.CHANGES[one.kind], one) for one in found.changes],
        "won": sum(one.people for one in found.points), "sites": " ".join(one.settlement_code for one in found.points),
    }  # fmt: skip
    return render(request, "console/outlets/circle.html", context)


def _drawn(request: Request, found: CircleShown) -> sketch.Sketch | None:
    settlements, outlets = queries.circle_map(request.asking.scope, found.id, on=found.on)
    wishes = [
        sketch.Wish(
            (one.longitude_e6, one.latitude_e6), "inside" if one.is_inside else "outside",
            7 if one.people >= _LARGE else 5 if one.people >= _MIDDLE else 3,
            _("%(name)s，%(people)s人") % {"name": one.name, "people": one.people},
        )
        for one in settlements
    ]  # fmt: skip
    wishes += [sketch.Wish((one.longitude_e6, one.latitude_e6), "outlet", 6, one.name) for one in outlets]
    wishes += [
        sketch.Wish((one.longitude_e6, one.latitude_e6), "next", 11, one.settlement_name, str(one.place))
        for one in found.points
    ]
    return sketch.draw(queries.main_roads(on=found.on), wishes)


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal."""
    return f"{format_scaled(divide_half_up(part * 1000, whole), 1)}%" if whole else "–"


def _codes(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,，、;；]+", text) if one]  # Chinese on purpose
