from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.prepay import accounts, approval, overview
from wandeng.interfaces.doorway.lists.prepay import AGREEMENTS, CUTS, DAYS, LOW, TRUE_UPS

urlpatterns = [
    path("prepay/", overview.page, name="prepay-overview"),
    path("prepay/run/", overview.run, name="prepay-run"),
    path("prepay/agreements/", accounts.AgreementsPage.as_view(definition=AGREEMENTS), name="prepay-agreements"),
    path("prepay/enroll/", accounts.EnrollPage.as_view(), name="prepay-enroll"),
    path("prepay/low/", ListPage.as_view(definition=LOW), name="prepay-low"),
    path("prepay/days/", ListPage.as_view(definition=DAYS), name="prepay-days"),
    path("prepay/true-ups/", ListPage.as_view(definition=TRUE_UPS), name="prepay-true-ups"),
    path("prepay/approve/", approval.ApprovalPage.as_view(definition=CUTS), name="prepay-approve"),
    path("prepay/accounts/<str:number>/", accounts.page, name="prepay-account"),
    path("prepay/accounts/<str:number>/explained/", accounts.explained, name="prepay-explained"),
    path("prepay/accounts/<str:number>/warning/", accounts.warning, name="prepay-warning"),
    path("prepay/accounts/<str:number>/end/", accounts.end, name="prepay-end"),
]
