"""The first page of every role, indicators and the monthly report."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("announcements/<int:announcement_id>/read/", views.read, name="home-read"),
    path("home/agreements/", views.agreements, name="home-agreements"),
    path("home/routes/", views.routes, name="home-routes"),
    path("home/movers/", views.movers, name="home-movers"),
    path("home/money/", views.money, name="home-money"),
    path("home/together/", views.together, name="home-together"),
    path("home/collected/", views.collected, name="home-collected"),
    path("indicators/", views.board, name="home-indicators"),
    path("indicators/<slug:code>/", views.definition, name="home-indicator"),
    path("report/", views.monthly, name="home-report"),
]
