"""The first page of every role, indicators and the monthly report."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.home import accounting, auditing, desks, oversight, views

urlpatterns = [
    path("", views.home, name="home"),
    path("announcements/<int:announcement_id>/read/", views.read, name="home-read"),
    path("home/agreements/", views.fragment(desks.agreements), name="home-agreements"),
    path("home/routes/", views.fragment(desks.routes), name="home-routes"),
    path("home/movers/", views.fragment(desks.movers), name="home-movers"),
    path("home/money/", views.fragment(accounting.money), name="home-money"),
    path("home/together/", views.fragment(auditing.together), name="home-together"),
    path("home/collected/", views.fragment(oversight.collected), name="home-collected"),
    path("indicators/", views.board, name="home-indicators"),
    path("indicators/<slug:code>/", views.definition, name="home-indicator"),
    path("report/", views.monthly, name="home-report"),
]
