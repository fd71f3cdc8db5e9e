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
from django.utils.translation import gettext_lazy as _
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
        "group_words": GROUPS,
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
        messages.warning(request, _("还没有付款，没有可以通知的。"))
        return HttpResponseRedirect(reverse("channels:cashier", args=[number]))
    told = []
    for headers, body in button.play(house, number, now()):
        reply = deliver(request, reverse("channels:payment", args=[_order.channel]), headers, body)
        told.append({"status": reply.status_code, "reply": reply.content.decode()[:200]})
    request.session["cashier"] = told
    messages.success(request, _("已完成：%(what)s") % {"what": button.title})
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


GROUPS = {"PAY": _("付款"), "NOTICE": _("支付平台的通知"), "TROUBLE": _("异常情形")}
BUTTONS = (
    Button("pay", _("付款"), _("付清，平台通知一次"), "PAY", _pay),
    Button("fail", _("付款失败"), _("余额不足，平台不通知"), "PAY", _fail),
    Button("silent", _("付款，但通知丢失"), _("系统要主动查询才知道"), "PAY", _silent),
    Button("again", _("补发通知"), _("迟到的通知"), "NOTICE", _again),
    Button("thrice", _("重复通知三次"), _("只能入账一次"), "NOTICE", _thrice),
    Button("twice", _("再付一次"), _("第二笔进待查款并告警"), "TROUBLE", _pay),
    Button("wrong", _("多付 1 元"), _("金额不符，进待查款并告警"), "TROUBLE", _wrong),
    Button("unknown", _("付到不存在的订单"), _("进待查款并告警"), "TROUBLE", _unknown),
    Button("forged", _("伪造的通知"), _("签名不对，不入账"), "TROUBLE", _forged),
)
"""Every button, in order."""
