"""Addresses of outlets for everybody."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal import outlets

app_name = "outlets"

urlpatterns = [
    path("", outlets.near, name="near"),
    path("data", outlets.data, name="data"),
]
