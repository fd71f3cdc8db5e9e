"""Addresses of the cash desk."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.payments import till_desk, till_places, till_receipts, till_sessions
from wandeng.interfaces.doorway.lists.payments_till import RECEIPTS, SESSIONS, TILLS

urlpatterns = [
    path("payments/desk/", till_desk.DeskPage.as_view(), name="payments-desk"),
    path("payments/desk/open/", till_desk.open_till, name="payments-till-open"),
    path("payments/sessions/", ListPage.as_view(definition=SESSIONS), name="payments-sessions"),
    path("payments/sessions/mine/", till_sessions.mine, name="payments-session-mine"),
    path("payments/sessions/<str:number>/", till_sessions.detail, name="payments-session"),
    path("payments/sessions/<str:number>/count/", till_sessions.CountPage.as_view(), name="payments-session-count"),
    path("payments/sessions/<str:number>/confirm/", till_sessions.confirm, name="payments-session-confirm"),
    path("payments/sessions/<str:number>/send-back/", till_sessions.send_back, name="payments-session-send-back"),
    path("payments/receipts/", ListPage.as_view(definition=RECEIPTS), name="payments-receipts"),
    path("payments/receipts/<str:number>/", till_receipts.detail, name="payments-receipt"),
    path("payments/receipts/<str:number>/pdf/", till_receipts.pdf, name="payments-receipt-pdf"),
    path("payments/receipts/<str:number>/void/", till_receipts.void, name="payments-receipt-void"),
    path("payments/tills/", ListPage.as_view(definition=TILLS, template="console/payments/tills.html"),
         name="payments-tills"),
    path("payments/tills/new/", till_places.new, name="payments-till-new"),
]  # fmt: skip
