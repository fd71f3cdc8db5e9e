"""Addresses of the portal: short, because they are printed and typed."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal import tracking

app_name = "portal"

urlpatterns = [
    path("<str:token>", tracking.page, name="track"),
    path("<str:token>/data", tracking.data, name="track-data"),
]
