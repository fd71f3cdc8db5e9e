"""Addresses of new connections."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.connections import needs, project
from wandeng.interfaces.console.connections.board import BoardPage
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.connections import BOARD, NEEDS

_CASE = "connections/<str:number>/"

urlpatterns = [
    path("connections/", BoardPage.as_view(definition=BOARD), name="connections-board"),
    path("connections/needs/", ListPage.as_view(definition=NEEDS), name="connections-needs"),
    path("connections/needs/<int:need>/", needs.follow, name="connections-need"),
    path(_CASE, project.page, name="connections-project"),
    path(f"{_CASE}appoint/", project.appoint, name="connections-appoint"),
    path(f"{_CASE}draft/", project.draft, name="connections-draft"),
    path(f"{_CASE}choose/", project.choose, name="connections-choose"),
    path(f"{_CASE}sources/", project.sources, name="connections-sources"),
    path(f"{_CASE}terms/", project.terms, name="connections-terms"),
]
