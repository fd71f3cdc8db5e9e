"""Addresses of community boards, by their handle."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal import boards

app_name = "board"

urlpatterns = [
    path("<str:handle>/", boards.show, name="show"),
    path("<str:handle>/photo/<slug:name>/", boards.photo, name="photo"),
]
