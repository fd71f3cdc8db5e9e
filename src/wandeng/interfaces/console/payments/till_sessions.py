"""A session on its page, and its day-end: counted, confirmed by a second person where it differs, or counted again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.payments.actions import tills
from wandeng.domains.payments.queries import tills as queries
from wandeng.domains.payments.queries.tills import SessionShown
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.payments.till_forms import CountForm, face_name
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import payments_till as words
from wandeng.kernel.errors import NotAllowed

NEWEST = 12
"""Receipts that the page of a session shows; all of them stand in the list."""


@require_safe
def mine(request: Request) -> HttpResponse:
    """My open session; without one, the place to open one."""
    session = queries.open_session_of(request.asking.actor.code)
    if session is None:
        return HttpResponseRedirect(reverse("console:payments-till-open"))
    return HttpResponseRedirect(reverse("console:payments-session", args=[session.number]))


@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """A session: balance by tender, its newest receipts, what was counted, who did what."""
    asking = request.asking
    shown = queries.session(asking.scope, number)
    facts = shown.facts
    receipts = queries.receipt_rows(asking.scope).filter(session_number=number)[:NEWEST]
    second = asking.may("console:payments-session-confirm", write=True)
    context = {
        "shown": shown,
        "session": facts,
        "state": words.SESSION_STATES[facts.state],
        "tone": words.SESSION_TONES[facts.state],
        "kind": words.TILL_KINDS[facts.till_kind],
        "tenders": [(one, words.TILL_TENDERS.get(one.tender, one.tender)) for one in shown.tenders],
        "faces": [(face_name(face), pieces, face * pieces) for face, pieces in shown.denominations],
        "receipts": [
            (row, words.TILL_TENDERS.get(row["tender"], row["tender"]), row["payment_state"] == "REVERSED")
            for row in receipts
        ],
        "moves": [(one, words.SESSION_MOVES[one.move]) for one in shown.moves],
        "own": facts.cashier == asking.actor.code,
        "may_count": facts.state == "OPEN" and _may_count(asking, shown),
        "may_confirm": facts.state == "COUNTED" and second
        and asking.actor.code not in (facts.counted_by, facts.cashier),
        "must_wait": facts.state == "COUNTED",
    }  # fmt: skip
    return render(request, "console/payments/session.html", context)


class CountPage(View):
    """The day-end: GET asks for the drawer, POST holds it against the books."""

    def get(self, request: Request, number: str) -> HttpResponse:
        shown = queries.session(request.asking.scope, number)
        if not _may_count(request.asking, shown):
            raise NotAllowed(f"session {number} is {shown.facts.cashier}'s: who held the till counts it")
        if shown.facts.state != "OPEN":
            raise tills.SessionNotOpen(f"session {number} is counted already")
        return self._page(request, shown, CountForm())

    def post(self, request: Request, number: str) -> HttpResponse:
        asking = request.asking
        shown = queries.session(asking.scope, number)
        form = CountForm(request.POST)
        states: list[str] = []

        def act() -> None:
            drawer, given = form.drawer(), form.cleaned_data
            counted = sum(one.face_fen * one.pieces for one in drawer)
            deposit = counted - shown.facts.float_fen if given["deposit"] is None else given["deposit"]
            states.append(
                tills.count_session(
                    session_number=number, drawer=drawer, slips=form.slips(), deposit_fen=deposit,
                    deposit_number=given["deposit_number"], reason=given["reason"], actor=asking.actor, at=asking.now,
                )
            )  # fmt: skip

        if not console_forms.attempt(form, act):
            return self._page(request, shown, form, status=422)
        if states[0] == "CLOSED":
            messages.success(request, _("账实相符，已日结。"))
        else:
            messages.warning(request, _("账实不符，已交另一人复核。"))
        return HttpResponseRedirect(reverse("console:payments-session", args=[number]))

    @staticmethod
    def _page(request: Request, shown: SessionShown, form: CountForm, *, status: int = 200) -> HttpResponse:
        tenders = [(one, words.TILL_TENDERS.get(one.tender, one.tender)) for one in shown.tenders]
        context = {"shown": shown, "session": shown.facts, "form": form, "tenders": tenders}
        return render(request, "console/payments/count.html", context, status=status)


@require_POST
def confirm(request: Request, number: str) -> HttpResponse:
    """A second person confirms what is over or short."""
    tills.confirm_session(
        session_number=number, reason=request.POST.get("reason", ""), actor=request.asking.actor, at=request.asking.now
    )
    return _back(request, number, _("已复核，长短款已入账，班次已日结。"))


@require_POST
def send_back(request: Request, number: str) -> HttpResponse:
    """A second person has the drawer counted again."""
    tills.send_back(
        session_number=number, reason=request.POST.get("reason", ""), actor=request.asking.actor, at=request.asking.now
    )
    return _back(request, number, _("已退回，由收费员重新清点。"))


def _may_count(asking: Asking, shown: SessionShown) -> bool:
    may = asking.may("console:payments-session-count", write=True)
    return may and (shown.facts.is_offline or shown.facts.cashier == asking.actor.code)


def _back(request: Request, number: str, told: str) -> HttpResponse:
    messages.success(request, told)
    return HttpResponseRedirect(reverse("console:payments-session", args=[number]))
