"""Addresses of storms."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.storm import board, devices, generators, incident
from wandeng.interfaces.doorway.lists.storms import GENERATORS, RATINGS, STORMS

urlpatterns = [
    path("storm/", board.page, name="storm-board"),
    path("storm/part/", board.part, name="storm-part"),
    path("storm/storms/", ListPage.as_view(definition=STORMS), name="storm-storms"),
    path("storm/switch/", board.switch, name="storm-switch"),
    path("storm/probable/", devices.page, name="storm-probable"),
    path("storm/probable/confirm/", devices.confirm, name="storm-confirm"),
    path("storm/ratings/", ListPage.as_view(definition=RATINGS), name="storm-ratings"),
    path("storm/switches/<path:code>/resupply/", devices.resupply, name="storm-resupply"),
    path("storm/incidents/<str:number>/", incident.page, name="storm-incident"),
    path("storm/incidents/<str:number>/estimate/", incident.estimate, name="storm-estimate"),
    path("storm/incidents/<str:number>/restore/", incident.restore, name="storm-restore"),
    path("storm/generators/", generators.page, name="storm-generators"),
    path("storm/generators/list/", ListPage.as_view(definition=GENERATORS), name="storm-generator-list"),
    path("storm/generators/new/", generators.new, name="storm-generator-new"),
    path("storm/generators/<str:code>/<str:verb>/", generators.act, name="storm-generator-act"),
    path("storm/backup/", generators.backup, name="storm-backup"),
]
