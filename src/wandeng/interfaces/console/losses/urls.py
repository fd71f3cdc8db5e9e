"""Addresses of line loss."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.losses import areas, leads, settling, work
from wandeng.interfaces.doorway.lists.losses import DAYS, LEADS, WORK

urlpatterns = [
    path("losses/", areas.overview, name="losses-overview"),
    path("losses/days/", ListPage.as_view(definition=DAYS, template="console/losses/days.html"), name="losses-days"),
    path("losses/compute/", areas.ComputePage.as_view(), name="losses-compute"),
    path("losses/areas/<path:code>/", areas.area, name="losses-area"),
    path("losses/work/", ListPage.as_view(definition=WORK, template="console/losses/work.html"), name="losses-work"),
    path("losses/work/<int:work_id>/", work.WorkPage.as_view(), name="losses-work-one"),
    path(
        "losses/leads/", ListPage.as_view(definition=LEADS, template="console/losses/leads.html"), name="losses-leads"
    ),
    path("losses/leads/<int:lead_id>/settle/", settling.SettlePage.as_view(), name="losses-settle"),
    path("losses/leads/<int:lead_id>/", leads.LeadPage.as_view(), name="losses-lead"),
]
