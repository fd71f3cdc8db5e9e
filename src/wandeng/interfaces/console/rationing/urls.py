"""Addresses of rationing."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.rationing import figures, notices, orders, running, schemes
from wandeng.interfaces.doorway.lists.rationing import CALLS, GAPS, ORDERS, SCHEMES

_ORDER = "rationing/orders/<str:number>/"
urlpatterns = [
    path(
        "rationing/",
        ListPage.as_view(definition=ORDERS, template="console/rationing/orders.html"),
        name="rationing-orders",
    ),
    path("rationing/new/", orders.NewPage.as_view(), name="rationing-new"),
    path(
        "rationing/schemes/",
        ListPage.as_view(definition=SCHEMES, template="console/rationing/schemes.html"),
        name="rationing-schemes",
    ),
    path("rationing/schemes/new/", schemes.NewPage.as_view(), name="rationing-scheme-new"),
    path("rationing/schemes/<int:scheme_id>/", schemes.page, name="rationing-scheme"),
    path("rationing/schemes/<int:scheme_id>/take-in/", schemes.take_in, name="rationing-scheme-take-in"),
    path("rationing/schemes/<int:scheme_id>/drop/", schemes.drop, name="rationing-scheme-drop"),
    path("rationing/schemes/<int:scheme_id>/approve/", schemes.approve, name="rationing-scheme-approve"),
    path(_ORDER, orders.page, name="rationing-order"),
    path(f"{_ORDER}change/", orders.ChangePage.as_view(), name="rationing-change"),
    path(f"{_ORDER}swap/", orders.swap, name="rationing-swap"),
    path(f"{_ORDER}approve/", orders.approve, name="rationing-approve"),
    path(f"{_ORDER}publish/", orders.publish, name="rationing-publish"),
    path(f"{_ORDER}cancel/", orders.cancel, name="rationing-cancel"),
    path(f"{_ORDER}run/", running.RunPage.as_view(), name="rationing-run"),
    path(f"{_ORDER}allow/", running.allow, name="rationing-allow"),
    path(f"{_ORDER}saved/", figures.saved, name="rationing-saved"),
    path(f"{_ORDER}notices/", notices.page, name="rationing-notices"),
    path(f"{_ORDER}notices/by-hand/", notices.by_hand, name="rationing-notices-hand"),
    path("rationing/burdens/", figures.burdens, name="rationing-burdens"),
    path("rationing/gaps/", ListPage.as_view(definition=GAPS), name="rationing-gaps"),
    path("rationing/calls/", ListPage.as_view(definition=CALLS), name="rationing-calls"),
    path("rationing/calls/<int:call_id>/", notices.call, name="rationing-call"),
]
