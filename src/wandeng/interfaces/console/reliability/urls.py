"""Addresses of reliability."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.reliability import events, figures
from wandeng.interfaces.doorway.lists.reliability import INTERRUPTIONS

urlpatterns = [
    path("reliability/", figures.analysis, name="reliability-analysis"),
    path("reliability/standouts/", figures.standouts, name="reliability-standouts"),
    path(
        "reliability/interruptions/",
        ListPage.as_view(definition=INTERRUPTIONS, template="console/reliability/interruptions.html"),
        name="reliability-interruptions",
    ),
    path("reliability/interruptions/record/", events.RecordPage.as_view(), name="reliability-record"),
    path("reliability/interruptions/<path:number>/restore/", events.RestorePage.as_view(), name="reliability-restore"),
    path("reliability/interruptions/<path:number>/correct/", events.CorrectPage.as_view(), name="reliability-correct"),
    path("reliability/interruptions/<path:number>/", events.page, name="reliability-interruption"),
]
