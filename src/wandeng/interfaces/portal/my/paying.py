"""Paying: how much, by which provider, what became of it; and what was paid before."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wandeng.domains.payments.queries import online, receipts
from wandeng.domains.payments.queries.online import OrderShown
from wandeng.domains.payments.queries.standing import standing
from wandeng.flows import self_service
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import holding, rulebook
from wandeng.interfaces.doorway.words import payments_money, payments_online
from wandeng.interfaces.portal.my.pages import page, told
from wandeng.kernel.errors import NotFound, Refused
from wandeng.kernel.money import yuan
from wandeng.kernel.periods import BILLING_ZONE

MOST_SHOWN = 36
WEB = ("http", "https")


@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The amount, filled with what is owed, and one button for each provider. The key is made with the page, so that sending it
    twice is one order."""
    held = holding.of(request)
    account = held.account(number)
    found = standing(
        Scope.everywhere(), number, on=held.now.astimezone(BILLING_ZONE).date(), library=rulebook.library()
    )
    amount, wrong, status = str(yuan(found.to_pay_fen)) if found.to_pay_fen else "", "", 200
    if request.method == "POST":
        amount = str(request.POST.get("amount", ""))[:16]
        try:
            opened = self_service.pay(
                resident_id=held.resident_id, account_number=number, amount=amount, at=held.now,
                channel=str(request.POST.get("channel", "")), key=str(request.POST.get("key", "")),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("my:order", args=[number, opened.number]))
        except Refused as refusal:
            wrong, status = told(refusal), 422
    context = {
        "account": account, "money": found, "amount": amount, "wrong": wrong, "key": secrets.token_urlsafe(16),
        "channels": online.channels_shown(active_only=True),
    }  # fmt: skip
    return page(request, "pay", context, at=held.now, status=status)


@require_safe
def order(request: HttpRequest, number: str, order: str) -> HttpResponse:
    """An order of the account: on to the provider, or what became of it."""
    held = holding.of(request)
    account = held.account(number)
    found = _order(number, order)
    paid = receipts.shown(Scope.everywhere(), found.payment_id) if found.payment_id is not None else None
    waits = found.state == "CREATED" and held.now < found.expires_at
    context = {
        "account": account, "order": found, "paid": paid, "state": payments_online.ORDER_STATES[found.state],
        "waits": waits, "link": _link(found.pay_url) if waits else "",
    }  # fmt: skip
    return page(request, "order", context, at=held.now)


def _order(number: str, order: str) -> OrderShown:
    found = online.order(Scope.everywhere(), order)
    if found.account_number != number:
        raise NotFound(f"there is no order {order}")
    return found


def _link(pay_url: str) -> str:
    """Where a browser can go; of the demonstration's cashier the way within this site."""
    parts = urlsplit(pay_url)
    if parts.path.startswith("/channels/cashier/"):
        return parts.path
    return pay_url if parts.scheme in WEB or not parts.netloc else ""


@require_safe
def payments(request: HttpRequest, number: str) -> HttpResponse:
    """What was paid, the newest first."""
    held = holding.of(request)
    account = held.account(number)
    rows = receipts.payment_rows(Scope.everywhere()).filter(account__account_number=number)[:MOST_SHOWN]
    paid = [(one, payments_money.CHANNELS.get(one["channel"], _("其他方式"))) for one in rows]
    return page(request, "payments", {"account": account, "paid": paid}, at=held.now)
