"""Booking (预约登记): a number in, and who it is stands beside the form; one appointment with what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.appointments.actions import booking, outcome, reminding, revealing
from wandeng.domains.appointments.queries import days, one
from wandeng.domains.appointments.types import AppointmentShown, SlotShown, Wanted
from wandeng.domains.customers import queries as customers
from wandeng.flows import case_desk
from wandeng.interfaces.console.appointments.board import service_names
from wandeng.interfaces.console.appointments.forms import BookForm, EndForm, RebookForm
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import appointments as words
from wandeng.kernel.periods import BILLING_ZONE

MOST_SLOTS = 40


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request, slot_id: int) -> HttpResponse:
    """Book a place in a slot: find who calls, or take a name and a number."""
    asking, library, given = request.asking, rulebook.library(), request.GET
    slot = days.slot(asking.scope, slot_id, library=library, now=asking.now)
    is_posted = request.method == "POST"
    number = (request.POST if is_posted else given).get("account", "")
    case = (request.POST if is_posted else given).get("case", "")[:24]
    asked = "" if is_posted else given.get("q", "").strip()[:64]
    hits = case_desk.found(asking.scope, asked) if asked else ()
    number = hits[0].account_number if len(hits) == 1 else number
    account = customers.account(asking.scope, number) if number else None
    form = BookForm(
        request.POST if is_posted else None, services=service_names(request).items(), has_account=account is not None,
        initial={"account": number, "case": case, "key": uuid4().hex, "phone": asked if asked.isdigit() else ""},
    )  # fmt: skip
    if is_posted:
        made: list[str] = []

        def do() -> None:
            told = form.cleaned_data
            wanted = Wanted(
                told["service"], number, told.get("visitor", ""), told.get("phone", ""), case, told["remark"]
            )
            made.append(
                booking.book(
                    slot_id=slot_id, wanted=wanted, actor=asking.actor, at=asking.now, library=library, key=told["key"]
                ).number
            )

        if attempt(form, do):
            messages.success(request, _("已预约，预约号 %(number)s。") % {"number": made[0]})
            return HttpResponseRedirect(reverse("console:appointments-detail", args=made))
    context = {
        "slot": slot, "kind": words.KINDS[slot.kind], "form": form, "account": account, "hits": hits, "asked": asked,
        "case": case,
    }  # fmt: skip
    return render(request, "console/appointments/book.html", context, status=422 if form.errors else 200)


@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """An appointment with everything about it."""
    return _show(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
def rebook(request: Request, number: str) -> HttpResponse:
    """Choose another slot for an appointment."""
    asking, library = request.asking, rulebook.library()
    found = one.appointment(asking.scope, number, library=library, now=asking.now)
    form = RebookForm(request.POST or None, initial={"key": uuid4().hex})
    if request.method == "POST":
        made: list[str] = []

        def do() -> None:
            told = form.cleaned_data
            made.append(
                booking.rebook(
                    number=number, slot_id=told["slot"], reason=told["reason"], side=told["side"], actor=asking.actor,
                    at=asking.now, library=library, key=told["key"],
                ).number
            )  # fmt: skip

        if attempt(form, do):
            messages.success(request, _("已改约，新预约号 %(number)s。") % {"number": made[0]})
            return HttpResponseRedirect(reverse("console:appointments-detail", args=made))
    kind = request.GET.get("kind", found.slot.kind)
    slots = days.free_slots(
        asking.scope, library=library, now=asking.now, kind=kind if kind in words.KINDS else "", limit=MOST_SLOTS
    )
    context = {
        "appointment": found, "form": form, "groups": _by_day(each for each in slots if each.id != found.slot.id),
        "kinds": words.KINDS.items(), "kind": kind, "chosen": form["slot"].value(),
    }  # fmt: skip
    return render(request, "console/appointments/rebook.html", context, status=422 if form.errors else 200)


def _by_day(slots: Iterable[SlotShown]) -> list[tuple[date, str, list[SlotShown]]]:
    """Slots by their day and where they are, in order: what is chosen among on a telephone."""
    found: dict[tuple[date, str], list[SlotShown]] = {}
    for each in slots:
        found.setdefault((each.starts_at.astimezone(BILLING_ZONE).date(), each.where), []).append(each)
    return [(day, where, among) for (day, where), among in found.items()]


@require_POST
def act(request: Request, number: str, verb: str) -> HttpResponse:
    """Kept, missed, cancelled, taken back, telephoned, revealed."""
    asking = request.asking
    one.appointment(asking.scope, number, library=rulebook.library(), now=asking.now)
    told: dict[str, Any] = {"number": number, "actor": asking.actor, "at": asking.now}
    ending, reason = EndForm(request.POST), ReasonForm(request.POST)
    doing: dict[str, tuple[Any, Callable[[], object]]] = {
        "missed": (ending, lambda: _missed(ending, told)),
        "cancel": (ending, lambda: booking.cancel(**told, **ending.cleaned_data, library=rulebook.library())),
        "take-back": (reason, lambda: outcome.take_back(**told, **reason.cleaned_data)),
    }
    if verb == "keep":
        outcome.keep(**told)
    elif verb == "called":
        reminding.called(what=request.POST.get("what", ""), **told)
    elif verb == "reveal":
        phone = revealing.reveal(reason=request.POST.get("reason", ""), **told)
        return _show(request, number, phone=phone)
    elif verb in doing:
        form, do = doing[verb]
        if not attempt(form, do):
            return _show(request, number, wrong={verb: form}, status=422)
    else:
        raise Http404
    messages.success(request, _("已记录。"))
    return HttpResponseRedirect(reverse("console:appointments-detail", args=[number]))


def _missed(form: EndForm, told: dict[str, Any]) -> object:
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["side"] == "US":
        return outcome.we_missed(**told, reason=reason, library=rulebook.library())
    return outcome.customer_missed(**told, reason=reason)


def _show(
    request: Request, number: str, *, wrong: dict[str, Any] | None = None, phone: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    asking, wrong = request.asking, wrong or {}
    found = one.appointment(asking.scope, number, library=rulebook.library(), now=asking.now)
    may = asking.may("console:appointments-act", write=True)
    forms = {
        "missed": wrong.get("missed") or EndForm(auto_id="missed_%s"),
        "cancel": wrong.get("cancel") or EndForm(auto_id="cancel_%s"),
        "back": wrong.get("take-back") or ReasonForm(auto_id="back_%s"),
    }  # fmt: skip
    context = {
        "appointment": found, "state": words.STATES[found.state], "tone": words.STATE_TONES[found.state],
        "kind": words.KINDS[found.slot.kind], "side": words.SIDES.get(found.side, ""),
        "service": found.service_en if get_language() == "en" else found.service_zh, "phone": phone,
        "tellings": [
            (one_, words.TOLD.get(one_.what, one_.what), words.TOLD_STATES[one_.state]) for one_ in found.tellings
        ],
        "may_mark": may and found.state == "BOOKED", "is_here": _has_begun(found, request),
        "may_rebook": asking.may("console:appointments-rebook", write=True)
        and not found.followed_by and found.state not in ("KEPT", "REBOOKED"),
        "may_back": may and asking.may("console:appointments-place-act", write=True) and not found.followed_by
        and found.state in ("KEPT", "MISSED_BY_CUSTOMER", "MISSED_BY_US"),
        "may_act": may, "forms": forms,
    }  # fmt: skip
    return render(request, "console/appointments/detail.html", context, status=status)


def _has_begun(found: AppointmentShown, request: Request) -> bool:
    return bool(found.slot.starts_at <= request.asking.now)
