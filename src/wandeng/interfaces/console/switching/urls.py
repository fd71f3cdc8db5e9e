"""Addresses of switching sheets."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.switching import board, sheets, writing
from wandeng.interfaces.doorway.lists.switching import SHEETS

urlpatterns = [
    path("outages/today/", board.page, name="outages-today"),
    path("outages/today/alarms/<int:alarm>/", board.acknowledge, name="outages-overrun"),
    path("switching/sheets/", ListPage.as_view(definition=SHEETS), name="switching-sheets"),
    path("switching/sheets/new/", writing.NewPage.as_view(), name="switching-new"),
    path("switching/sheets/<str:number>/", sheets.page, name="switching-sheet"),
    path("switching/sheets/<str:number>/rewrite/", writing.RewritePage.as_view(), name="switching-rewrite"),
    path("switching/sheets/<str:number>/<slug:verb>/", sheets.act, name="switching-act"),
]
