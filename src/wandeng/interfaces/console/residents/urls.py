"""Addresses of residents as staff see them."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.residents import residents
from wandeng.interfaces.doorway.lists.residents import BINDINGS

urlpatterns = [
    path("residents/", ListPage.as_view(definition=BINDINGS), name="residents"),
    path("residents/<int:resident>/", residents.page, name="resident"),
    path("residents/<int:resident>/do/<slug:verb>/", residents.act, name="resident-act"),
]
