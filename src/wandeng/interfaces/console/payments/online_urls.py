"""Addresses of payments online."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.payments import online
from wandeng.interfaces.doorway.lists.payments_online import ALARMS, ORDERS, REFUNDS

_ORDER, _REFUND = "payments/online/orders/<str:number>/", "payments/online/refunds/<str:number>/"

urlpatterns = [
    path("payments/online/", ListPage.as_view(definition=ORDERS, template="console/payments/online.html"),
         name="payments-online"),
    path("payments/online/new/", online.NewPage.as_view(), name="payments-online-new"),
    path("payments/online/alarms/", ListPage.as_view(definition=ALARMS), name="payments-online-alarms"),
    path("payments/online/refunds/", ListPage.as_view(definition=REFUNDS), name="payments-online-refunds"),
    path("payments/online/channels/", online.channels, name="payments-online-channels"),
    path("payments/online/channels/<str:channel>/settle/", online.settle, name="payments-online-settle"),
    path(_ORDER, online.detail, name="payments-online-order"),
    path(f"{_ORDER}query/", online.query, name="payments-online-query"),
    path(f"{_ORDER}close/", online.close, name="payments-online-close"),
    path(f"{_ORDER}refund/", online.refund, name="payments-online-refund"),
    path(f"{_REFUND}approve/", online.approve, name="payments-online-approve"),
    path(f"{_REFUND}reject/", online.reject, name="payments-online-reject"),
    path(f"{_REFUND}again/", online.again, name="payments-online-again"),
]  # fmt: skip
