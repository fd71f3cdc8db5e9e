"""People: a new one, their account, the posts they hold; appointing and ending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.interfaces.console.administration.forms import AppointForm, PersonForm, SuggestedReasonForm, unit_choices
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import refusals
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import administration as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import FAR_FUTURE


@require_safe
def person(request: Request, code: str) -> HttpResponse:
    """One person: account, posts, what may be done."""
    return _show(request, code)


class NewPerson(View):
    """A new member of staff."""

    def get(self, request: Request) -> HttpResponse:
        units = organization.unit_tree(request.asking.scope)
        return self._show(request, PersonForm(units=units, initial={"unit": request.GET.get("unit")}))

    def post(self, request: Request) -> HttpResponse:
        asking = request.asking
        form = PersonForm(request.POST, units=organization.unit_tree(asking.scope))
        if attempt(
            form,
            lambda: actions.add_person(
                code=form.cleaned_data["code"], name=form.cleaned_data["name"], unit_code=form.cleaned_data["unit"],
                actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("人员已新增。接着任命岗位，并设一次性密码。"))
            return HttpResponseRedirect(reverse("console:administration-person", args=[form.cleaned_data["code"]]))
        return self._show(request, form, status=422)

    def _show(self, request: Request, form: PersonForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/administration/person_new.html", {"form": form}, status=status)


@require_POST
def switch(request: Request, code: str) -> HttpResponse:
    """Switch an account off or on."""
    reason, on = request.POST.get("reason", ""), request.POST.get("on") == "1"
    facts: dict[str, Any] = {"person_code": code, "reason": reason}
    act = actions.reactivate_person if on else actions.deactivate_person
    return _did(request, code, act, facts, _("账号已启用。") if on else _("账号已停用。"))


@require_POST
def unlock(request: Request, code: str) -> HttpResponse:
    """Let a person try again."""
    facts = {"person_code": code, "reason": request.POST.get("reason", "")}
    return _did(request, code, actions.unlock_person, facts, _("已解除锁定。"))


@require_POST
def move(request: Request, code: str) -> HttpResponse:
    """Give a person another home unit."""
    facts = {"person_code": code, "unit_code": request.POST.get("unit", ""), "reason": request.POST.get("reason", "")}
    return _did(request, code, actions.move_person, facts, _("所属单位已更改。"))


@require_POST
def password(request: Request, code: str) -> HttpResponse:
    """A one-time password, shown on this page and nowhere else."""
    asking = request.asking
    made = actions.reset_password(
        person_code=code, actor=asking.actor, at=asking.now, reason=request.POST.get("reason", "")
    )
    return _show(request, code, password=made)


@require_POST
def dismiss(request: Request, code: str) -> HttpResponse:
    """End a post of a person."""
    try:
        role, on = Role(request.POST.get("role", "")), date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise InvalidInput("a post is ended by its role and a day") from None
    if not (reason := request.POST.get("reason", "").strip()):
        raise InvalidInput("a post is ended for a stated reason")
    facts = {"person_code": code, "unit_code": request.POST.get("unit", ""), "role": role, "on": on, "reason": reason}
    return _did(request, code, actions.dismiss, facts, _("岗位已免去。"))


class Appoint(View):
    """Give a person a role over a unit."""

    def get(self, request: Request) -> HttpResponse:
        initial = {
            "person": request.GET.get("person"), "unit": request.GET.get("unit") or request.asking.unit.code,
            "from_on": request.asking.today,
        }  # fmt: skip
        return self._show(request, AppointForm(units=organization.unit_tree(request.asking.scope), initial=initial))

    def post(self, request: Request) -> HttpResponse:
        asking = request.asking
        form = AppointForm(request.POST, units=organization.unit_tree(asking.scope))
        if attempt(
            form,
            lambda: actions.appoint(
                person_code=form.cleaned_data["person"], unit_code=form.cleaned_data["unit"],
                role=Role(form.cleaned_data["role"]), from_on=form.cleaned_data["from_on"],
                to_on=form.cleaned_data["to_on"] or FAR_FUTURE, actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("已任命。"))
            return HttpResponseRedirect(reverse("console:administration-person", args=[form.cleaned_data["person"]]))
        return self._show(request, form, status=422)

    def _show(self, request: Request, form: forms.Form, *, status: int = 200) -> HttpResponse:
        pairs = organization.role_pairs(request.asking.today)
        context = {"form": form, "pairs": [_pair(pair) for pair in pairs]}
        return render(request, "console/administration/appoint.html", context, status=status)


def _pair(pair: organization.RolePair) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    return {
        "roles": [words.ROLES.get(role, role) for role in sorted(pair.roles)],
        "reason": pair.reason_en if english else pair.reason_zh,
        "citation": pair.citation,
    }


def _did(request: Request, code: str, act: Callable[..., object], facts: dict[str, Any], done: str) -> HttpResponse:
    """Do it and show the person again; a refusal stands on their page."""
    asking = request.asking
    try:
        act(**facts, actor=asking.actor, at=asking.now)
    except (InvalidInput, actions.KeptApart) as refused:
        messages.error(request, refusals.sentence(refused, get_language() or ""))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("console:administration-person", args=[code]))


def _show(request: Request, code: str, *, password: str = "") -> HttpResponse:
    asking = request.asking
    found = organization.person_shown(asking.scope, code, on=asking.today, now=asking.now)
    today = asking.today
    writes = asking.may("console:administration-person-switch", write=True)
    tree = organization.unit_tree(asking.scope)
    context = {
        "person": found,
        "held": [post for post in found.posts if post.valid_from <= today < post.valid_to],
        "other": [post for post in found.posts if not post.valid_from <= today < post.valid_to],
        "unit_names": {unit.code: unit.name for unit in tree},
        "choices": unit_choices(tree) if writes else (),
        "roles": words.ROLES,
        "password": password,
        "may_write": writes,
        "may_see_trail": asking.may("console:administration-operations"),
        "is_self": code == asking.actor.code,
        "dismissal": SuggestedReasonForm(dictionary="dismissal-reason"),
    }
    return render(request, "console/administration/person.html", context)
