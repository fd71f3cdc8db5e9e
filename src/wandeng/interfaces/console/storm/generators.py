"""Generators: who needs one first, where each is, sending and releasing; users' own back-up supplies."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.emergency.actions import generators as actions
from wandeng.domains.emergency.queries import generators
from wandeng.domains.organization import queries as organization
from wandeng.flows import storms as flow
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import dunning as protection_words
from wandeng.interfaces.doorway.words import storm as words

MOST = 100
E6 = 1_000_000


class GeneratorForm(forms.Form):
    """A generator: what it carries and where it stands."""

    code = forms.CharField(label=gettext_lazy("编号"), max_length=32)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=64)
    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    kva = forms.DecimalField(
        label=gettext_lazy("容量（kVA）"), min_value=Decimal("0.01"), max_digits=9, decimal_places=2
    )
    longitude = forms.DecimalField(
        label=gettext_lazy("经度"), min_value=-180, max_value=180, max_digits=9, decimal_places=6, required=False
    )
    latitude = forms.DecimalField(
        label=gettext_lazy("纬度"), min_value=-90, max_value=90, max_digits=8, decimal_places=6, required=False
    )


class BackupForm(forms.Form):
    """How long a user's own back-up lasts, and what the user needs."""

    account = forms.CharField(label=gettext_lazy("户号"), max_length=32)
    minutes = forms.IntegerField(label=gettext_lazy("可持续（分钟）"), min_value=0, max_value=100_000)
    kva = forms.DecimalField(
        label=gettext_lazy("保安负荷（kVA）"), min_value=Decimal("0.01"), max_digits=9, decimal_places=2
    )


class SendForm(forms.Form):
    """Whom it goes to."""

    account = forms.CharField(max_length=32)
    need = forms.IntegerField(min_value=1)


@require_safe
def page(request: Request) -> HttpResponse:
    """Generators, and who waits for one."""
    asking = request.asking
    needs = flow.needs(asking.scope, now=asking.now, library=rulebook.library())[:MOST]
    rows = generators.generators_rows(asking.scope).order_by("code")[:MOST]
    context = {
        "needs": [
            {
                "one": one, "protection": protection_words.PROTECTION_KINDS.get(one.protection, ""),
                "importance": customer_words.IMPORTANCES.get(one.importance, ""), "kva": one.need_ckva // 100,
            }
            for one in needs
        ],
        "generators": [
            row | {"word": words.GENERATOR_STATES[row["state"]], "tone": words.GENERATOR_TONES[row["state"]],
                   "kva": row["capacity_ckva"] // 100}
            for row in rows
        ],
        "may": asking.may("console:storm-generator-act", write=True),
    }  # fmt: skip
    return render(request, "console/storm/generators.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Note a generator, or where it stands now."""
    asking, form = request.asking, GeneratorForm(request.POST or None)
    form.fields["unit"].choices = [(one.code, one.name) for one in organization.unit_tree(asking.scope)]  # type: ignore[attr-defined]

    def do() -> None:
        given = form.cleaned_data
        actions.note(
            code=given["code"], name=given["name"], unit_code=given["unit"], capacity_ckva=int(given["kva"] * 100),
            longitude_e6=_e6(given["longitude"]), latitude_e6=_e6(given["latitude"]), actor=asking.actor, at=asking.now,
        )  # fmt: skip

    return _noted(request, form, do, title=_("登记应急发电车"))


@require_http_methods(["GET", "HEAD", "POST"])
def backup(request: Request) -> HttpResponse:
    """Note a user's own back-up supply."""
    asking, form = request.asking, BackupForm(request.POST or None, initial={"account": request.GET.get("account", "")})

    def do() -> None:
        given = form.cleaned_data
        actions.note_backup(
            account_number=given["account"], minutes=given["minutes"], need_ckva=int(given["kva"] * 100),
            actor=asking.actor, at=asking.now,
        )  # fmt: skip

    return _noted(request, form, do, title=_("登记自备应急电源"))


def _noted(request: Request, form: forms.Form, do: Callable[[], None], *, title: str) -> HttpResponse:
    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("已登记。"))
        return HttpResponseRedirect(reverse("console:storm-generators"))
    status = 422 if form.errors else 200
    return render(request, "console/storm/note.html", {"form": form, "title": title}, status=status)


@require_POST
def act(request: Request, code: str, verb: str) -> HttpResponse:
    """Send, supply, release, fail, mend."""
    asking = request.asking
    told = {"code": code, "actor": asking.actor, "at": asking.now}
    if verb == "send":
        form = SendForm(request.POST)
        if not form.is_valid():
            return HttpResponseRedirect(reverse("console:storm-generators"))
        actions.send(account_number=form.cleaned_data["account"], need_ckva=form.cleaned_data["need"], **told)  # type: ignore[arg-type]
    elif verb in ("supply", "mend"):
        (actions.supply if verb == "supply" else actions.mend)(**told)  # type: ignore[arg-type]
    elif verb in ("release", "fail"):
        note = request.POST.get("note", "")
        (actions.release if verb == "release" else actions.fail)(note=note, **told)  # type: ignore[arg-type]
    else:
        raise Http404
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:storm-generators"))


def _e6(degrees: Decimal | None) -> int | None:
    return None if degrees is None else int(degrees * E6)
