"""The clerk's page of a hall: who is next and why, the one at the counter, who waits, who did not come; and one ticket."""

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

from wandeng.domains.halls import actions, queries
from wandeng.domains.halls.actions import TicketWanted
from wandeng.domains.halls.types import NextTicket, TicketShown
from wandeng.domains.outlets import queries as outlets
from wandeng.flows import hall_queue
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import halls as words

_NONE = ("", words.KIOSK["none"])


class CounterForm(forms.Form):
    """Which counter."""

    counter = forms.CharField(label=gettext_lazy("窗口号"), max_length=8)


class OpenForm(CounterForm):
    """Which counter is opened, and whether a wheelchair reaches it."""

    is_accessible = forms.BooleanField(label=gettext_lazy("无障碍窗口"), required=False)


class TakeForm(forms.Form):
    """What somebody at the counter comes for."""

    purpose = forms.ChoiceField(label=gettext_lazy("业务类型"), choices=list(words.PURPOSES.items()))
    priority = forms.ChoiceField(
        label=gettext_lazy("优先类别"), choices=[_NONE, *words.PRIORITIES.items()], required=False
    )
    account_number = forms.CharField(label=gettext_lazy("户号"), max_length=32, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=12, required=False)
    appointment = forms.CharField(label=gettext_lazy("预约编号"), max_length=24, required=False)


class OnTicketForm(forms.Form):
    """Which ticket; a hand-over says to which counter."""

    ticket = forms.IntegerField(min_value=1, max_value=2**53)
    counter = forms.CharField(max_length=8, required=False)


class NoForm(forms.Form):
    """Nothing to fill in."""


FORMS: dict[str, type[forms.Form]] = {
    "open": OpenForm, "close": CounterForm, "next": CounterForm, "take": TakeForm, "recall": OnTicketForm,
    "no-show": OnTicketForm, "done": OnTicketForm, "transfer": OnTicketForm, "leave": OnTicketForm, "kiosk": NoForm,
}  # fmt: skip
ON_TICKET = {
    "recall": actions.recall, "no-show": actions.no_show, "done": hall_queue.done, "leave": actions.leave,
}  # fmt: skip


@require_safe
def page(request: Request, code: str) -> HttpResponse:
    """One hall now."""
    return _shown(request, code, {})


@require_POST
def act(request: Request, code: str, verb: str) -> HttpResponse:
    """Open or close a counter, take a number, call, serve, hand over; renew the kiosk's key."""
    asking = request.asking
    outlets.outlet(asking.scope, code, on=asking.today)
    kind = FORMS.get(verb)
    if kind is None:
        raise Http404
    form, told = kind(request.POST, auto_id=f"{verb}_%s"), list[str]()
    if not attempt(form, lambda: told.append(_done(request, code, verb, form))):
        return _shown(request, code, {verb: form}, status=422)
    if verb == "kiosk":
        return _shown(request, code, {}, token=told[0])
    messages.success(request, told[0])
    return HttpResponseRedirect(reverse("console:hall", args=[code]))


def _done(request: Request, code: str, verb: str, form: forms.Form) -> str:
    """Do it, and say what was done; the new key for ``kiosk``."""
    asking, given, library = request.asking, form.cleaned_data, rulebook.library()
    by: dict[str, Any] = {"actor": asking.actor, "at": asking.now}
    if verb == "open":
        actions.open_counter(outlet_code=code, **given, **by)
    elif verb == "close":
        actions.close_counter(outlet_code=code, **given, **by)
    elif verb == "kiosk":
        return actions.renew_kiosk(outlet_code=code, **by)
    elif verb == "take":
        made = hall_queue.take(outlet_code=code, wanted=TicketWanted(**given), library=library, **by)
        return _("已取号 %(label)s。") % {"label": queries.ticket(asking.scope, made, now=asking.now).label}
    elif verb == "next":
        found = actions.call_next(outlet_code=code, counter=given["counter"], library=library, **by)
        return _("请 %(label)s 到 %(counter)s 号窗口。%(why)s") % {
            "label": found.ticket.label, "counter": found.ticket.counter, "why": words.why(found),
        }  # fmt: skip
    elif verb == "transfer":
        actions.transfer(ticket=given["ticket"], counter=given["counter"], **by)
    else:
        ON_TICKET[verb](ticket=given["ticket"], **by)
    return _("已记录。")


def _shown(
    request: Request, code: str, bound: dict[str, forms.Form], *, status: int = 200, token: str = ""
) -> HttpResponse:
    asking = request.asking
    outlet = outlets.outlet(asking.scope, code, on=asking.today)
    found = queries.of_outlet(outlet, now=asking.now, library=rulebook.library())
    mine = next((one for one in found.counters if one.clerk == asking.actor.code), None)
    queue = found.queue
    if mine is not None:
        queue = queries.queue_of_counter(found, mine, now=asking.now, library=rulebook.library())
    links = (
        [request.build_absolute_uri(reverse(f"hall:{name}", args=[token])) for name in ("kiosk", "screen")]
        if token
        else []
    )
    context = {
        "found": found, "mine": mine, "here": _told(mine.ticket) if mine and mine.ticket else None,
        "next": _line(queue[0]) if queue else None, "queue": [_line(one) for one in found.queue],
        "missed": [_told(one) for one in found.missed], "links": links,
        "others": [one for one in found.counters if mine is None or one.code != mine.code],
        "over": sum(one.ticket.waited_seconds > found.limit_seconds for one in found.queue),
        "longest": words.minutes(max((one.ticket.waited_seconds for one in found.queue), default=None)),
        "limit": found.limit_seconds // 60, "may_act": asking.may("console:hall-act", write=True),
        "open_form": bound.get("open") or OpenForm(auto_id="open_%s"), "take_form": bound.get("take") or TakeForm(auto_id="take_%s"),
        "refused": [error for verb, form in bound.items() if verb not in ("open", "take") for error in form.non_field_errors()],
    }  # fmt: skip
    return render(request, "console/halls/hall.html", context, status=status)


def _told(one: TicketShown) -> dict[str, Any]:
    return {
        "one": one, "purpose": words.PURPOSES[one.purpose], "priority": words.PRIORITIES.get(one.priority, ""),
        "waited": words.minutes(one.waited_seconds),
    }  # fmt: skip


def _line(one: NextTicket) -> dict[str, Any]:
    is_over = one.ticket.waited_seconds > one.ticket.limit_seconds
    return _told(one.ticket) | {"why": words.why(one), "tone": "late" if is_over else "neutral"}


@require_safe
def ticket_page(request: Request, ticket: int) -> HttpResponse:
    """One ticket: what was waited and done."""
    found = queries.ticket(request.asking.scope, ticket, now=request.asking.now)
    context = _told(found) | {
        "found": found, "state": words.STATES[found.state], "tone": words.TONES[found.state], "why": words.WHYS[found.called_why],
        "limit": words.minutes(found.limit_seconds), "is_over": found.waited_seconds > found.limit_seconds,
        "work": [(words.WORK[one.kind], one) for one in found.work],
    }  # fmt: skip
    return render(request, "console/halls/ticket.html", context)
