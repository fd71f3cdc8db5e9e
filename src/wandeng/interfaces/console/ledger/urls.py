from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.ledger import views
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.ledger import ENTRIES

urlpatterns = [
    path("ledger/", views.balance, name="ledger-balance"),
    path("ledger/export/<str:unit>/<str:month>/", views.export, name="ledger-export"),
    path("ledger/close/<str:unit>/<str:month>/", views.close, name="ledger-close"),
    path("ledger/entries/", ListPage.as_view(definition=ENTRIES), name="ledger-entries"),
    path("ledger/entries/<int:number>/", views.entry, name="ledger-entry"),
]
