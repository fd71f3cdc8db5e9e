"""Addresses of outlets and payment circles."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.outlets import circles, outlets
from wandeng.interfaces.doorway.lists.outlets import CIRCLES, OUTLETS, REACHES

urlpatterns = [
    path("circles/", ListPage.as_view(definition=CIRCLES, template="console/outlets/circles.html"), name="circles"),
    path("circles/compute/", circles.ComputePage.as_view(), name="circle-compute"),
    path("circles/settlements/", ListPage.as_view(definition=REACHES), name="circle-settlements"),
    path("circles/<int:circle_id>/", circles.page, name="circle"),
    path("outlets/", ListPage.as_view(definition=OUTLETS), name="outlets"),
    path("outlets/<path:code>/do/<slug:verb>/", outlets.act, name="outlet-act"),
    path("outlets/<path:code>/", outlets.page, name="outlet"),
]
