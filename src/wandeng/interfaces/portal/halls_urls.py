"""Addresses of a hall's kiosk and screen, by the key in them."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal import halls

app_name = "hall"

urlpatterns = [
    path("<str:token>/", halls.kiosk, name="kiosk"),
    path("<str:token>/ticket/<int:ticket>/", halls.sheet, name="sheet"),
    path("<str:token>/screen/", halls.screen, name="screen"),
]
