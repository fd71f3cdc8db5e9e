"""Units: the tree, one unit with its people and posts, a new one, another name."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.flows import unit_closing
from wandeng.interfaces.console.administration.forms import CloseForm, RenameForm, UnitForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import administration as words

MOST = 100


@require_safe
def tree(request: Request) -> HttpResponse:
    """All units of the scope, with what is directly in each."""
    asking = request.asking
    units = organization.units_shown(asking.scope, on=asking.today)
    totals = {"units": len(units), "people": sum(unit.people for unit in units), "posts": sum(u.posts for u in units)}
    may_write = asking.may("console:administration-unit-new", write=True)
    context = {"tree": units, "kinds": words.UNIT_KINDS, "totals": totals, "may_write": may_write}
    return render(request, "console/administration/units.html", context)


class UnitPage(View):
    """One unit; POST gives it another name."""

    def get(self, request: Request, code: str) -> HttpResponse:
        return self._show(request, code, RenameForm())

    def post(self, request: Request, code: str) -> HttpResponse:
        asking, form = request.asking, RenameForm(request.POST)
        if attempt(
            form,
            lambda: actions.rename_unit(
                unit_code=code, name=form.cleaned_data["name"], reason=form.cleaned_data["reason"],
                actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("单位已更名。"))
            return HttpResponseRedirect(reverse("console:administration-unit", args=[code]))
        return self._show(request, code, form, status=422)

    def _show(self, request: Request, code: str, form: RenameForm, *, status: int = 200) -> HttpResponse:
        asking = request.asking
        unit = organization.unit(asking.scope, code)
        inner = asking.scope.narrowed(unit.path)
        everyone = organization.people_rows(inner, on=asking.today).filter(unit_code=code)
        context = {
            "unit": unit,
            "kind": words.UNIT_KINDS.get(unit.kind, unit.kind),
            "below": [one for one in organization.units_shown(inner, on=asking.today) if one.depth == 1],
            "kinds": words.UNIT_KINDS,
            "people": list(everyone[:MOST]),
            "posts": list(organization.post_rows(inner, on=asking.today).filter(unit_code=code)[:MOST]),
            "roles": words.ROLES,
            "form": form,
            "may_write": unit.closed_on is None and asking.may("console:administration-unit", write=True),
            "may_appoint": unit.closed_on is None and asking.may("console:administration-appoint", write=True),
        }
        return render(request, "console/administration/unit.html", context, status=status)


class ClosePage(View):
    """What is in the way of closing a unit; POST closes it when nothing is."""

    def get(self, request: Request, code: str) -> HttpResponse:
        return self._show(request, code, CloseForm(initial={"on": request.asking.today}))

    def post(self, request: Request, code: str) -> HttpResponse:
        asking, form = request.asking, CloseForm(request.POST)
        organization.unit(asking.scope, code)
        if attempt(
            form,
            lambda: unit_closing.close(
                unit_code=code, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], actor=asking.actor,
                at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("单位已关闭；它的历史仍可查询。"))
            return HttpResponseRedirect(reverse("console:administration-unit", args=[code]))
        return self._show(request, code, form, status=422)

    def _show(self, request: Request, code: str, form: CloseForm, *, status: int = 200) -> HttpResponse:
        asking = request.asking
        standing = unit_closing.standing(asking.scope, code, on=asking.today)
        context = {
            "unit": organization.unit(asking.scope, code),
            "form": form,
            "is_empty": standing.is_empty,
            "held": [(words.UNIT_STANDING[name], count) for name, count in asdict(standing).items() if count],
        }
        return render(request, "console/administration/unit_close.html", context, status=status)


class NewUnit(View):
    """A unit below one of the scope."""

    def get(self, request: Request) -> HttpResponse:
        return self._show(request, UnitForm(units=self._units(request), initial={"parent": request.GET.get("parent")}))

    def post(self, request: Request) -> HttpResponse:
        asking, form = request.asking, UnitForm(request.POST, units=self._units(request))
        if attempt(
            form,
            lambda: actions.create_unit(
                code=form.cleaned_data["code"], name=form.cleaned_data["name"], kind=form.cleaned_data["kind"],
                parent_code=form.cleaned_data["parent"], actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("单位已新建。"))
            return HttpResponseRedirect(reverse("console:administration-unit", args=[form.cleaned_data["code"]]))
        return self._show(request, form, status=422)

    def _units(self, request: Request) -> tuple[UnitNode, ...]:
        return organization.unit_tree(request.asking.scope)

    def _show(self, request: Request, form: UnitForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/administration/unit_new.html", {"form": form}, status=status)
