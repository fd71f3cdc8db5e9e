from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.prices import book, terms, trial
from wandeng.interfaces.doorway.lists.prices import TERMS

urlpatterns = [
    path("prices/", book.index, name="prices-list"),
    path("prices/codes/<str:code>/", book.detail, name="prices-code"),
    path("prices/rules/<path:path>", book.rule, name="prices-rule"),
    path("prices/accounts/", ListPage.as_view(definition=TERMS), name="prices-accounts"),
    path("prices/terms/<str:account>/", terms.history, name="prices-terms"),
    path("prices/terms/<str:account>/<str:point>/change/", terms.ChangePage.as_view(), name="prices-change"),
    path("prices/trial/", trial.index, name="prices-trial"),
    path("prices/trial/<str:kind>/", trial.calculate, name="prices-calculate"),
]
