"""Addresses of appointments."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.appointments import board, booking, places, runs, vehicles
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists import appointments as lists

urlpatterns = [
    path("appointments/", board.day, name="appointments-day"),
    path("appointments/list/", ListPage.as_view(definition=lists.APPOINTMENTS), name="appointments-list"),
    path("appointments/calls/", ListPage.as_view(definition=lists.CALLS), name="appointments-calls"),
    path("appointments/figures/", board.figures_page, name="appointments-figures"),
    path("appointments/book/<int:slot_id>/", booking.book, name="appointments-book"),
    path("appointments/one/<str:number>/", booking.detail, name="appointments-detail"),
    path("appointments/one/<str:number>/rebook/", booking.rebook, name="appointments-rebook"),
    path("appointments/one/<str:number>/<str:verb>/", booking.act, name="appointments-act"),
    path("appointments/cases/<str:number>/part/", board.part, name="appointments-part"),
    path("appointments/places/", ListPage.as_view(definition=lists.PLACES), name="appointments-places"),
    path("appointments/places/new/", places.new, name="appointments-place-new"),
    path("appointments/places/place/<str:code>/", places.detail, name="appointments-place"),
    path("appointments/places/place/<str:code>/<str:verb>/", places.act, name="appointments-place-act"),
    path("appointments/vehicles/", ListPage.as_view(definition=lists.VEHICLES), name="appointments-vehicles"),
    path("appointments/vehicles/new/", vehicles.new, name="appointments-vehicle-new"),
    path("appointments/vehicles/vehicle/<str:code>/", vehicles.detail, name="appointments-vehicle"),
    path("appointments/vehicles/vehicle/<str:code>/retire/", vehicles.retire, name="appointments-vehicle-retire"),
    path("appointments/routes/", ListPage.as_view(definition=lists.ROUTES), name="appointments-routes"),
    path("appointments/routes/new/", vehicles.route_new, name="appointments-route-new"),
    path("appointments/routes/route/<str:code>/", vehicles.route, name="appointments-route"),
    path("appointments/routes/route/<str:code>/<str:verb>/", vehicles.route_act, name="appointments-route-act"),
    path("appointments/runs/", ListPage.as_view(definition=lists.RUNS), name="appointments-runs"),
    path("appointments/runs/<str:number>/", runs.detail, name="appointments-run"),
    path("appointments/runs/<str:number>/sheet.pdf", runs.sheet, name="appointments-run-sheet"),
    path("appointments/runs/<str:number>/<str:verb>/", runs.act, name="appointments-run-act"),
]
