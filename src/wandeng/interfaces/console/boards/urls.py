"""Addresses of community boards."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.boards import boards, cards
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.boards import BOARDS, CARDS

urlpatterns = [
    path("boards/", ListPage.as_view(definition=BOARDS, template="console/boards/boards.html"), name="boards"),
    path("boards/manage/", boards.manage, name="boards-manage"),
    path("boards/manage/<slug:verb>/", boards.do, name="boards-do"),
    path("boards/cards/", ListPage.as_view(definition=CARDS), name="service-cards"),
    path("boards/cards/<path:code>/", cards.page, name="service-card"),
    path("boards/<int:board>/", boards.page, name="board"),
    path("boards/<int:board>/do/<slug:verb>/", boards.act, name="board-act"),
]
