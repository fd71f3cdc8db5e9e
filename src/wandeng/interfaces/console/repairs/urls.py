"""Addresses of repairs."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.repairs import board, crews, incidents, permits, times
from wandeng.interfaces.doorway.lists.repairs import CREWS, INCIDENTS, PERMITS

urlpatterns = [
    path("repairs/", board.page, name="repairs-board"),
    path("repairs/times/", times.page, name="repairs-times"),
    path("repairs/crews.geojson", board.geojson, name="repairs-map"),
    path("repairs/known/<str:number>/", board.known, name="repairs-known"),
    path("repairs/claims/<str:number>/", board.claim, name="repairs-claim"),
    path("repairs/cases/<str:number>/part/", board.part, name="repairs-part"),
    path("repairs/cases/<str:number>/send/", board.send, name="repairs-send"),
    path("repairs/cases/<str:number>/permit/", permits.new, name="repairs-permit-new"),
    path("repairs/crews/", ListPage.as_view(definition=CREWS), name="repairs-crews"),
    path("repairs/crews/new/", crews.new, name="repairs-crew-new"),
    path("repairs/crews/crew/<str:code>/", crews.detail, name="repairs-crew"),
    path("repairs/crews/crew/<str:code>/<str:verb>/", crews.act, name="repairs-crew-act"),
    path("repairs/incidents/", ListPage.as_view(definition=INCIDENTS), name="repairs-incidents"),
    path("repairs/incidents/<str:number>/", incidents.detail, name="repairs-incident"),
    path("repairs/incidents/<str:number>/<str:verb>/", incidents.act, name="repairs-incident-act"),
    path("repairs/permits/", ListPage.as_view(definition=PERMITS), name="repairs-permits"),
    path("repairs/permits/<str:number>/", permits.detail, name="repairs-permit"),
    path("repairs/permits/<str:number>/sheet.pdf", permits.sheet, name="repairs-permit-sheet"),
    path("repairs/permits/<str:number>/<str:verb>/", permits.act, name="repairs-permit-act"),
]
