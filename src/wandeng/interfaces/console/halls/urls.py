"""Addresses of queues in halls."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.halls import figures, queue
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.halls import HALLS, TICKETS

urlpatterns = [
    path("halls/", ListPage.as_view(definition=HALLS), name="halls"),
    path("halls/tickets/", ListPage.as_view(definition=TICKETS), name="hall-tickets"),
    path("halls/tickets/<int:ticket>/", queue.ticket_page, name="hall-ticket"),
    path("halls/figures/", figures.page, name="hall-figures"),
    path("halls/at/<path:code>/do/<slug:verb>/", queue.act, name="hall-act"),
    path("halls/at/<path:code>/", queue.page, name="hall"),
]
