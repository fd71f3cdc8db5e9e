"""Addresses of bank files, suspense and reconciliation."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.payments import bank_agreements, bank_days, bank_files, bank_suspense
from wandeng.interfaces.doorway.lists.payments_bank import DIFFERENCES, ROWS

urlpatterns = [
    path("payments/bank-files/", bank_files.FilesPage.as_view(), name="payments-bank-files"),
    path("payments/bank-files/new/", bank_files.NewPage.as_view(), name="payments-bank-file-new"),
    path("payments/bank-files/request/", bank_files.RequestPage.as_view(), name="payments-bank-request"),
    path("payments/bank-files/<int:file_id>/", bank_files.detail, name="payments-bank-file"),
    path("payments/bank-files/<int:file_id>/progress/", bank_files.progress, name="payments-bank-file-progress"),
    path("payments/bank-files/<int:file_id>/post/", bank_files.post, name="payments-bank-file-post"),
    path("payments/bank-files/<int:file_id>/discard/", bank_files.discard, name="payments-bank-file-discard"),
    path("payments/bank-files/<int:file_id>/fetch/", bank_files.fetch, name="payments-bank-file-fetch"),
    path("payments/bank-rows/", ListPage.as_view(definition=ROWS), name="payments-bank-rows"),
    path("payments/bank-agreements/", bank_agreements.AgreementsPage.as_view(), name="payments-bank-agreements"),
    path("payments/bank-agreements/new/", bank_agreements.NewPage.as_view(), name="payments-bank-agreement-new"),
    path(
        "payments/bank-agreements/<str:bank>/<str:number>/end/", bank_agreements.end, name="payments-bank-agreement-end"
    ),
    path("payments/suspense/", bank_suspense.SuspensePage.as_view(), name="payments-suspense"),
    path("payments/suspense/<int:item_id>/", bank_suspense.detail, name="payments-suspense-item"),
    path("payments/suspense/<int:item_id>/match/", bank_suspense.match, name="payments-suspense-match"),
    path("payments/suspense/<int:item_id>/return/", bank_suspense.give_back, name="payments-suspense-return"),
    path("payments/suspense/<int:item_id>/decide/", bank_suspense.decide, name="payments-suspense-decide"),
    path("payments/suspense/<int:item_id>/leave/", bank_suspense.leave, name="payments-suspense-leave"),
    path("payments/reconciliation/", bank_days.DaysPage.as_view(), name="payments-reconciliation"),
    path("payments/reconciliation/<int:day_id>/", bank_days.detail, name="payments-reconciliation-day"),
    path("payments/reconciliation/items/<int:item_id>/", bank_days.decide, name="payments-reconciliation-decide"),
    path("payments/differences/", ListPage.as_view(definition=DIFFERENCES), name="payments-differences"),
]
