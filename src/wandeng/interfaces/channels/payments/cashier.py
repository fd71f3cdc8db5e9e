"""The demo cashier 演示收银台: where a customer of the demonstration pays, or does not, or in a way that makes trouble.

It plays the provider: it changes the demo house's trade, signs call-backs as the provider and delivers them to the
product's own address, through the same handler as every request. Only where the installation is a demonstration.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.payments.queries import online as orders
from wandeng.flows.online_payments import providers
from wandeng.infra.scope import Scope
from wandeng.interfaces.channels.payments.demo import CallBack, DemoHouse, DemoPay
from wandeng.interfaces.doorway.middleware import now
from wandeng.interfaces.doorway.words import payments_online as words
from wandeng.kernel.errors import NotFound

Play = Callable[[DemoHouse, str, datetime], list[CallBack]]


@dataclass(frozen=True, slots=True)
class Button:
    """Something a customer, or a provider on a bad day, can do. ``group``: PAY, NOTICE or TROUBLE."""

    code: str
    title: Any
    hint: Any
    group: str
    play: Play


@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The order as its payer sees it, and what can be done."""
    order, house = _demo(number)
    context = {
        "order": order,
        "trade": house.trade(number),
        "buttons": BUTTONS,
        "groups": [(name, [one for one in BUTTONS if one.group == name]) for name in ("PAY", "NOTICE", "TROUBLE")],
        "group_words": words.CASHIER_GROUPS,
        "states": words.ORDER_STATES,
        "outcomes": words.OUTCOMES,
        "payable": order.state == "CREATED",
        "told": request.session.pop("cashier", []),
    }
    return render(request, "channels/cashier.html", context)


@require_POST
def play(request: HttpRequest, number: str) -> HttpResponse:
    """Do it, deliver what the provider would send, and show what was answered."""
    _order, house = _demo(number)
    button = next((one for one in BUTTONS if one.code == request.POST.get("what", "")), None)
    if button is None:
        raise NotFound("there is no such button")
    trade = house.trade(number)
    if button.group == "NOTICE" and not trade["payments"]:
        messages.warning(request, words.NOTHING_TO_TELL)
        return HttpResponseRedirect(reverse("channels:cashier", args=[number]))
    told = []
    for headers, body in button.play(house, number, now()):
        reply = deliver(request, reverse("channels:payment", args=[_order.channel]), headers, body)
        told.append({"status": reply.status_code, "reply": reply.content.decode()[:200]})
    request.session["cashier"] = told
    messages.success(request, words.DONE % {"what": button.title})
    return HttpResponseRedirect(reverse("channels:cashier", args=[number]))


def deliver(request: HttpRequest, path: str, headers: dict[str, str], body: bytes) -> HttpResponse:
    """Send a call-back through the product's own handler, with all that stands before a view, to the host that was asked."""
    kept = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "REMOTE_ADDR", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
    environ: dict[str, Any] = {name: request.META[name] for name in kept if name in request.META}
    environ |= {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": "",
        "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": headers.get("Content-Type", ""),
    }  # fmt: skip
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return _handler().get_response(WSGIRequest(environ))  # type: ignore[return-value]


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _demo(number: str) -> tuple[orders.OrderShown, DemoHouse]:
    """The order and the house that keeps its trade; nothing outside a demonstration."""
    if not settings.DEMO:
        raise NotFound("there is no cashier")
    order = orders.order(Scope.everywhere(), number)
    provider = providers.of(order.channel)
    if not isinstance(provider, DemoPay):
        raise NotFound("there is no cashier for this order")
    return order, provider.house


def _pay(house: DemoHouse, number: str, at: datetime) -> list[CallBack]:
    house.pay(number, at=at)
    return [house.call_back(number, at=at)]


def _silent(house: DemoHouse, number: str, at: datetime) -> list[CallBack]:
    house.pay(number, at=at)
    return []


def _fail(house: DemoHouse, number: str, _at: datetime) -> list[CallBack]:
    house.fail(number)
    return []


def _again(house: DemoHouse, number: str, at: datetime) -> list[CallBack]:
    return [house.call_back(number, at=at)]


def _thrice(house: DemoHouse, number: str, at: datetime) -> list[CallBack]:
    return [house.call_back(number, at=at) for _time in range(3)]


def _wrong(house: DemoHouse, number: str, at: datetime) -> list[CallBack]:
    house.pay(number, at=at, amount_fen=house.trade(number)["total"] + 100)
    return [house.call_back(number, at=at)]


def _unknown(house: DemoHouse, number: str, at: datetime) -> list[CallBack]:
    house.pay(number, at=at)
    return [house.call_back(number, at=at, other_number=f"X{number[:20]}")]


def _forged(house: DemoHouse, number: str, at: datetime) -> list[CallBack]:
    if not house.trade(number)["payments"]:
        house.pay(number, at=at)
    headers, body = house.call_back(number, at=at)
    return [(headers, body.replace(b"TRANSACTION", b"TRANSACTlON"))]


_PLAYS: tuple[tuple[str, str, Play], ...] = (
    ("pay", "PAY", _pay),
    ("fail", "PAY", _fail),
    ("silent", "PAY", _silent),
    ("again", "NOTICE", _again),
    ("thrice", "NOTICE", _thrice),
    ("twice", "TROUBLE", _pay),
    ("wrong", "TROUBLE", _wrong),
    ("unknown", "TROUBLE", _unknown),
    ("forged", "TROUBLE", _forged),
)
BUTTONS = tuple(Button(code, *words.CASHIER_BUTTONS[code], group, play) for code, group, play in _PLAYS)
"""Every button, in order."""
