"""Addresses of 何时来电: typed from posters and messages, so they are short."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal import power

app_name = "power"

urlpatterns = [
    path("", power.ask, name="ask"),
    path("find", power.find, name="find"),
    path("place", power.places, name="places"),
    path("at/<str:spots>", power.answer, name="answer"),
    path("at/<str:spots>/data", power.data, name="data"),
]
