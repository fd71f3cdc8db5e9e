"""Payments online: a QR code for a customer, what became of the order, refunds, the channels and their days."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.payments import queries as payments
from wandeng.domains.payments.queries import online as queries
from wandeng.flows.online_payments import daily, orders, refunds
from wandeng.infra import typesetting
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.payments.online_forms import DayForm, OrderForm, RefundForm
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import payments_online as words
from wandeng.kernel.money import yuan


class NewPage(View):
    """A QR code for an account and an amount."""

    def get(self, request: Request) -> HttpResponse:
        number = request.GET.get("account", "")
        initial: dict[str, Any] = {"key": f"page:{secrets.token_hex(12)}", "account_number": number}
        if number:
            asking = request.asking
            owed = payments.standing(asking.scope, number, on=asking.today).to_pay_fen
            initial |= {"amount": str(yuan(owed)) if owed else ""}
        return self._page(request, OrderForm(initial=initial, channels=_offered()))

    def post(self, request: Request) -> HttpResponse:
        asking, opened = request.asking, list[orders.Opened]()
        form = OrderForm(request.POST, channels=_offered())
        done = attempt(form, lambda: opened.append(_open(form, asking)))
        if not done:
            return self._page(request, form, status=422)
        return _to_order(opened[0].number)

    @staticmethod
    def _page(request: Request, form: OrderForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/payments/online_new.html", {"form": form}, status=status)


@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """An order: the QR code while it can be paid, what the provider said, refunds, alarms."""
    asking = request.asking
    order = queries.order(asking.scope, number)
    may = {
        name: asking.may(f"console:payments-online-{name}", write=True)
        for name in ("query", "close", "refund", "approve", "again")
    }
    is_open = order.state == "CREATED" and asking.now < order.expires_at
    context = {
        "order": order,
        "words": words,
        "state": words.ORDER_STATES[order.state],
        "tone": words.ORDER_TONES[order.state],
        "is_open": is_open,
        "qr": typesetting.qr_uri(order.pay_url) if is_open and order.pay_url else "",
        "may": may,
        "may_refund": may["refund"] and order.refundable_fen > 0,
        "refund_key": f"page:{number}:{secrets.token_hex(8)}",
        "waiting": [one for one in order.refunds if one.state == "PROPOSED"] if may["approve"] else [],
        "own": asking.actor.code,
        "messages_of_provider": [
            {
                "message": one,
                "kind": words.MESSAGE_KINDS[one.kind],
                "outcome": words.OUTCOMES[one.outcome] if one.is_genuine else words.FAULTS.get(one.fault, one.fault),
                "tone": "ok" if one.is_genuine else "late",
            }
            for one in order.messages
        ],
    }
    return render(request, "console/payments/online_order.html", context)


@require_POST
def query(request: Request, number: str) -> HttpResponse:
    """Ask the provider now."""
    said = orders.query(number=number, actor=request.asking.actor, at=request.asking.now)
    messages.success(request, _("平台应答：%(said)s") % {"said": words.SAID[said]})
    return _to_order(number)


@require_POST
def close(request: Request, number: str) -> HttpResponse:
    """Close an order that nobody has paid."""
    asking = request.asking
    orders.close(number=number, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now)
    messages.success(request, _("订单已关闭，不能再付。"))
    return _to_order(number)


@require_POST
def refund(request: Request, number: str) -> HttpResponse:
    """Ask for a refund of a paid order, whole or of a part. A second click is the same asking."""
    asking, form = request.asking, RefundForm(request.POST)
    queries.order(asking.scope, number)

    def ask() -> None:
        given = form.cleaned_data
        refunds.refund(
            key=given["key"], number=number, amount_fen=given["amount"], reason=given["reason"], actor=asking.actor,
            at=asking.now,
        )  # fmt: skip

    if attempt(form, ask):
        messages.success(request, _("退款已申请。"))
    for faults in form.errors.values():
        messages.error(request, " ".join(str(fault) for fault in faults))
    return _to_order(number)


@require_POST
def approve(request: Request, number: str) -> HttpResponse:
    """Agree to a refund as the second person."""
    refunds.approve(number=number, actor=request.asking.actor, at=request.asking.now)
    messages.success(request, _("已同意，退款由后台发出。"))
    return _to_order(queries.order_of_refund(request.asking.scope, number))


@require_POST
def reject(request: Request, number: str) -> HttpResponse:
    """Refuse a refund that waits."""
    asking = request.asking
    refunds.reject(number=number, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now)
    messages.success(request, _("已驳回，这笔款不退。"))
    return _to_order(queries.order_of_refund(asking.scope, number))


@require_POST
def again(request: Request, number: str) -> HttpResponse:
    """Send a refund again that the provider refused."""
    refunds.again(number=number, actor=request.asking.actor, at=request.asking.now)
    messages.success(request, _("已重新排队，单号不变。"))
    return _to_order(queries.order_of_refund(request.asking.scope, number))


@require_safe
def channels(request: Request) -> HttpResponse:
    """The channels of the installation and which keys they have."""
    asking = request.asking
    context = {
        "channels": [(one, words.CHANNEL_KINDS[one.kind]) for one in queries.channels_shown()],
        "form": DayForm(initial={"day": asking.today}),
        "may_settle": asking.may("console:payments-online-settle", write=True),
    }
    return render(request, "console/payments/online_channels.html", context)


@require_POST
def settle(request: Request, channel: str) -> HttpResponse:
    """Fetch a channel's detail of a day and hold it against ours."""
    asking, form, found = request.asking, DayForm(request.POST), list[daily.DaySettled]()

    def settle_it() -> None:
        day = form.cleaned_data["day"]
        found.append(daily.settle_day(channel=channel, day=day, actor=asking.actor, at=asking.now))

    if not attempt(form, settle_it):
        for faults in form.errors.values():
            messages.error(request, " ".join(str(fault) for fault in faults))
    elif found[0].is_even:
        one = found[0]
        told = _("%(day)s 已对平，收款 %(count)d 笔，退款 %(back)d 笔。")
        messages.success(request, told % {"day": one.day, "count": one.theirs, "back": one.refunds})
    else:
        one = found[0]
        told = _("%(day)s 有差异：长款 %(missing)d 笔，短款 %(unknown)d 笔，退款不符 %(apart)d 笔，见支付告警。")
        figures = {"day": one.day, "missing": one.missing, "unknown": one.unknown, "apart": one.refunds_apart}
        messages.warning(request, told % figures)
    return HttpResponseRedirect(reverse("console:payments-online-channels"))


def _offered() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in queries.channels_shown(active_only=True)]


def _open(form: OrderForm, asking: Asking) -> orders.Opened:
    given = form.cleaned_data
    return orders.open_order(
        key=given["key"], account_number=given["account_number"], amount_fen=given["amount"], channel=given["channel"],
        actor=asking.actor, at=asking.now,
    )  # fmt: skip


def _to_order(number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:payments-online-order", args=[number]))
