from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.disconnection import desk, field, halt, orders
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.disconnection import DESK, ORDERS, RECEIPTS, RETURNS

urlpatterns = [
    path("disconnection/desk/", desk.DeskPage.as_view(definition=DESK), name="disconnection-desk"),
    path("disconnection/orders/", ListPage.as_view(definition=ORDERS), name="disconnection-orders"),
    path("disconnection/propose/", desk.propose, name="disconnection-propose"),
    path("disconnection/orders/<str:number>/", orders.detail, name="disconnection-order"),
    path("disconnection/orders/<str:number>/approve/", orders.approve, name="disconnection-approve"),
    path("disconnection/orders/<str:number>/refuse/", orders.refuse, name="disconnection-refuse"),
    path("disconnection/orders/<str:number>/withdraw/", orders.withdraw, name="disconnection-withdraw"),
    path("disconnection/orders/<str:number>/announce/", orders.announce, name="disconnection-announce"),
    path("disconnection/orders/<str:number>/dispatch/", orders.dispatch, name="disconnection-dispatch"),
    path("disconnection/orders/<str:number>/back/", orders.give_back, name="disconnection-back"),
    path("disconnection/orders/<str:number>/paper/", field.paper, name="disconnection-paper"),
    path("disconnection/tasks/", field.tasks, name="disconnection-tasks"),
    path("disconnection/tasks/<str:number>/", field.task, name="disconnection-task"),
    path("disconnection/tasks/<str:number>/failed/", field.failed, name="disconnection-failed"),
    path("disconnection/returns/", ListPage.as_view(definition=RETURNS), name="disconnection-returns"),
    path("disconnection/returns/<str:number>/", field.give_back, name="disconnection-return"),
    path("disconnection/returns/<str:number>/paper/", field.return_paper, name="disconnection-return-paper"),
    path("disconnection/halt/", halt.page, name="disconnection-halt"),
    path("disconnection/halt/pull/", halt.pull, name="disconnection-halt-pull"),
    path("disconnection/halt/lift/", halt.lift, name="disconnection-halt-lift"),
    path("disconnection/halt/quota/", halt.quota, name="disconnection-quota"),
    path("disconnection/receipts/", ListPage.as_view(definition=RECEIPTS), name="disconnection-receipts"),
    path("disconnection/quarter/", halt.quarter, name="disconnection-quarter"),
]
