"""Addresses of voltage."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.voltage import figures, points
from wandeng.interfaces.doorway.lists.voltage import DAYS, POINTS, REMEDIES

urlpatterns = [
    path("voltage/", figures.analysis, name="voltage-analysis"),
    path("voltage/points/", ListPage.as_view(definition=POINTS), name="voltage-points"),
    path("voltage/days/", ListPage.as_view(definition=DAYS), name="voltage-days"),
    path("voltage/remedies/", ListPage.as_view(definition=REMEDIES), name="voltage-remedies"),
    path("voltage/remedies/<int:remedy>/<slug:verb>/", points.act, name="voltage-act"),
    path("voltage/points/<path:code>/open/", points.open_remedy, name="voltage-open"),
    path("voltage/points/<path:code>/", points.page, name="voltage-point"),
]
