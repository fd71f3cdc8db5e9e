"""Addresses of payments, receivables and decisions."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.payments import money_pages
from wandeng.interfaces.doorway.lists.payments_money import DECISIONS, PAYMENTS, RECEIVABLES

_ACCOUNT = "payments/accounts/<str:number>/"

urlpatterns = [
    path("payments/payments/", ListPage.as_view(definition=PAYMENTS), name="payments-list"),
    path("payments/payments/<int:payment_id>/", money_pages.payment, name="payments-payment"),
    path("payments/payments/<int:payment_id>/reverse/", money_pages.reverse_payment, name="payments-payment-reverse"),
    path("payments/receivables/", ListPage.as_view(definition=RECEIVABLES), name="payments-receivables"),
    path("payments/decisions/", ListPage.as_view(definition=DECISIONS), name="payments-decisions"),
    path("payments/decisions/<int:decision_id>/", money_pages.decision, name="payments-decision"),
    path("payments/decisions/<int:decision_id>/decide/", money_pages.decide, name="payments-decision-decide"),
    path(_ACCOUNT, money_pages.account, name="payments-account"),
    path(f"{_ACCOUNT}plans/<int:plan_id>/cancel/", money_pages.cancel_plan, name="payments-plan-cancel"),
    *(
        path(f"{_ACCOUNT}{what}/", money_pages.DoingPage.as_view(what=what), name=f"payments-account-{what}")
        for what in money_pages.DOINGS
    ),
]
