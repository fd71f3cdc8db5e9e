from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.ledger import sales, views
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.ledger import ENTRIES, PURCHASES

urlpatterns = [
    path("ledger/", views.balance, name="ledger-balance"),
    path("ledger/export/<str:unit>/<str:month>/", views.export, name="ledger-export"),
    path("ledger/close/<str:unit>/<str:month>/", views.close, name="ledger-close"),
    path("ledger/entries/", ListPage.as_view(definition=ENTRIES), name="ledger-entries"),
    path("ledger/entries/<int:number>/", views.entry, name="ledger-entry"),
    path("ledger/sales/", sales.statement, name="ledger-sales"),
    path(
        "ledger/purchases/",
        ListPage.as_view(definition=PURCHASES, template="console/ledger/purchases.html"),
        name="ledger-purchases",
    ),
    path("ledger/purchases/new/", sales.RecordPage.as_view(), name="ledger-purchase-new"),
    path("ledger/purchases/<int:number>/", sales.CorrectPage.as_view(), name="ledger-purchase-correct"),
]
