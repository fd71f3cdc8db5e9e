"""Addresses of conversations."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.conversations import rehearsal, threads
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.conversations import CONVERSATIONS, OUTBOUND

urlpatterns = [
    path("conversations/", ListPage.as_view(definition=CONVERSATIONS), name="conversations"),
    path("conversations/outbound/", ListPage.as_view(definition=OUTBOUND), name="outbound-calls"),
    path("conversations/rehearsal/", rehearsal.RehearsalPage.as_view(), name="ivr-rehearsal"),
    path("conversations/rehearsal/sound/", rehearsal.sound, name="ivr-sound"),
    path("conversations/<int:conversation>/", threads.page, name="conversation"),
]
