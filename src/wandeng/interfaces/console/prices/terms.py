"""The terms of an account: everything its usage points were ever priced by, and a change from a day on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.domains.billing import queries as billing
from wandeng.domains.tariffs import actions, queries
from wandeng.domains.tariffs.queries.assignments import PointTerms, TermsPiece
from wandeng.domains.tariffs.types import ContractTerms
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.prices.forms import HUNDREDTHS, ChangeForm, Codes
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.templatetags.wandeng import kwh_number
from wandeng.interfaces.doorway.words import prices as words
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month

MONTHS_BACK = 12
OTHERS: dict[str, dict[int, Any]] = {
    "basic_method": words.BASIC_METHODS,
    "loss_method": words.LOSS_METHODS,
    "pf_standard": words.PF_STANDARDS,
}


@require_safe
def history(request: Request, account: str) -> HttpResponse:
    """Every piece of the terms of an account's points, newest first."""
    asking = request.asking
    points = _points(asking, account)
    names = _names(asking, points)
    context = {
        "account": account,
        "name": points[0].account_name,
        "points": [
            (
                point,
                [
                    (piece, names.get(piece.terms.price_code, piece.terms.price_code), _facts(piece))
                    for piece in point.pieces
                ],
            )
            for point in points
        ],
        "may_change": asking.may("console:prices-change", write=True),
    }
    return render(request, "console/prices/terms.html", context)


def _points(asking: Asking, account: str) -> tuple[PointTerms, ...]:
    points = queries.account_terms(asking.scope, account)
    if not points:
        raise NotFound(f"account {account} has no price assignments")
    return points


def _names(asking: Asking, points: tuple[PointTerms, ...]) -> dict[str, str]:
    """Price code → Chinese name, of the territories that the points' codes belong to."""
    library = rulebook.library()
    homes = {piece.terms.price_code.partition(".")[0] for point in points for piece in point.pieces}
    known = [home for home in homes if home in library.territories]
    return {
        one.code: rule_name(one.name_zh) for home in known for one in queries.price_codes(library, home, asking.today)
    }


def _facts(piece: TermsPiece) -> list[tuple[Any, str]]:
    """What besides the code was agreed: only what is set."""
    usual = ContractTerms(piece.terms.price_code)
    return [
        (words.TERMS[name], _shown(name, value))
        for name, value in asdict(piece.terms).items()
        if name != "price_code" and value != getattr(usual, name)
    ]


def _shown(name: str, value: Any) -> str:
    if name in OTHERS:
        return str(OTHERS[name].get(value, value))
    if name in HUNDREDTHS or name.endswith(("_ckwh", "_ckvarh", "_ckva", "_ckw")):
        return kwh_number(value)
    return str(value)


class ChangePage(View):
    """GET asks; POST with ``do=preview`` shows what would change; with ``do=commit`` it is changed."""

    def get(self, request: Request, account: str, point: str) -> HttpResponse:
        found, now = self._piece(request.asking, account, point)
        return self._page(request, found, now, self._form(request.asking, found, now))

    def post(self, request: Request, account: str, point: str) -> HttpResponse:
        asking = request.asking
        found, now = self._piece(asking, account, point)
        form = self._form(asking, found, now, request.POST)
        if request.POST.get("do") != "commit":
            valid = form.is_valid()
            return self._page(request, found, now, form, is_previewed=valid, status=200 if valid else 422)
        if console_forms.attempt(form, lambda: _change(form, found, asking)):
            messages.success(request, _("执行电价已变更；已出的账单不变。"))
            return HttpResponseRedirect(reverse("console:prices-terms", args=[account]))
        return self._page(request, found, now, form, status=422)

    @staticmethod
    def _piece(asking: Asking, account: str, point: str) -> tuple[PointTerms, ContractTerms]:
        found = next((one for one in _points(asking, account) if one.usage_point == point), None)
        if found is None:
            raise NotFound(f"account {account} has no usage point {point}")
        held = found.on(asking.today) or found.pieces[0]
        return found, held.terms

    @staticmethod
    def _form(asking: Asking, found: PointTerms, now: ContractTerms, data: Any = None) -> ChangeForm:
        first = Month.of(asking.today).next().first
        return ChangeForm(data, codes=_codes(asking, now.price_code), now=now, initial={"from_on": first.isoformat()})

    @staticmethod
    def _page(
        request: Request,
        found: PointTerms,
        now: ContractTerms,
        form: ChangeForm,
        *,
        is_previewed: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        names = dict(_codes(request.asking, now.price_code))
        changed = [
            (words.TERMS[name], _named(names, name, getattr(now, name)), _named(names, name, value))
            for name, value in form.changes().items()
        ] if is_previewed else []  # fmt: skip
        context = {
            "point": found,
            "form": form,
            "is_previewed": is_previewed,
            "changed": changed,
            "from_on": form.cleaned_data["from_on"] if is_previewed else None,
            "billed": _billed(request.asking, found, form.cleaned_data["from_on"]) if is_previewed else (),
        }
        return render(request, "console/prices/change.html", context, status=status)


def _named(names: dict[str, str], name: str, value: Any) -> str:
    return names.get(value, value) if name == "price_code" else _shown(name, value)


def _billed(asking: Asking, found: PointTerms, from_on: date) -> list[Month]:
    """Months billed already that reach into the days of the change: they stay as they are unless billed again."""
    months = billing.months_billed(asking.scope, found.account_number, last=Month.of(asking.today), count=MONTHS_BACK)
    return [one.month for one in months if one.month.next().first > from_on]


def _codes(asking: Asking, now: str) -> Codes:
    library = rulebook.library()
    found = [
        (one.code, rule_name(one.name_zh)) for one in queries.price_codes(library, asking.unit.territory, asking.today)
    ]
    return found if any(code == now for code, _name in found) else [(now, now), *found]


def _change(form: ChangeForm, found: PointTerms, asking: Asking) -> None:
    actions.change_terms(
        usage_point=found.usage_point,
        from_on=form.cleaned_data["from_on"],
        library=rulebook.library(),
        actor=asking.actor,
        at=asking.now,
        reason=form.cleaned_data["reason"],
        **form.changes(),
    )
