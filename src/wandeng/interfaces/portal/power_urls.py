"""Addresses of 何时来电: typed from posters and messages, so they are short."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal import planned, power

app_name = "power"

urlpatterns = [
    path("", power.ask, name="ask"),
    path("find", power.find, name="find"),
    path("place", power.places, name="places"),
    path("planned", planned.page, name="planned"),
    path("planned/data", planned.data, name="planned-data"),
    path("planned.ics", planned.calendar, name="calendar"),
    path("at/<str:spots>", power.answer, name="answer"),
    path("at/<str:spots>/data", power.data, name="data"),
]
