"""The first page of every role, indicators and the monthly report."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("announcements/<int:announcement_id>/read/", views.read, name="home-read"),
    path("indicators/", views.board, name="home-indicators"),
    path("indicators/<slug:code>/", views.definition, name="home-indicator"),
    path("report/", views.monthly, name="home-report"),
]
