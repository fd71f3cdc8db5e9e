"""Addresses of outages."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.outages import deciding, figures, mapped, months, notices, planning, plans, running
from wandeng.interfaces.doorway.lists.outage_months import MONTHS
from wandeng.interfaces.doorway.lists.outage_notices import CALLS, GAPS
from wandeng.interfaces.doorway.lists.outages import PLANS

urlpatterns = [
    path(
        "outages/",
        ListPage.as_view(definition=PLANS, template="console/outages/plans.html"),
        name="outages-plans",
    ),
    path("outages/new/", planning.NewPage.as_view(), name="outages-new"),
    path("outages/preview/", planning.preview, name="outages-preview"),
    path("outages/fairness/", figures.fairness, name="outages-fairness"),
    path("outages/fulfilment/", figures.fulfilment, name="outages-fulfilment"),
    path("outages/plans/<str:number>/", plans.page, name="outages-plan"),
    path("outages/plans/<str:number>/map.geojson", mapped.geojson, name="outages-geojson"),
    path("outages/plans/<str:number>/differences/", plans.differences, name="outages-differences"),
    path("outages/plans/<str:number>/change/", planning.ChangePage.as_view(), name="outages-change"),
    path("outages/plans/<str:number>/review/", deciding.review, name="outages-review"),
    path("outages/plans/<str:number>/acknowledge/", deciding.acknowledge, name="outages-acknowledge"),
    path("outages/plans/<str:number>/submit/", deciding.submit, name="outages-submit"),
    path("outages/plans/<str:number>/approve/", deciding.approve, name="outages-approve"),
    path("outages/plans/<str:number>/send-back/", deciding.send_back, name="outages-send-back"),
    path("outages/plans/<str:number>/withdraw/", deciding.withdraw, name="outages-withdraw"),
    path("outages/plans/<str:number>/publish/", deciding.publish, name="outages-publish"),
    path("outages/plans/<str:number>/cancel/", deciding.cancel, name="outages-cancel"),
    path("outages/gaps/", ListPage.as_view(definition=GAPS), name="outages-gaps"),
    path("outages/calls/", ListPage.as_view(definition=CALLS), name="outages-calls"),
    path("outages/calls/<int:call_id>/", notices.call, name="outages-call"),
    path("outages/plans/<str:number>/run/", running.RunPage.as_view(), name="outages-run"),
    path("outages/plans/<str:number>/notices/", notices.page, name="outages-notices"),
    path("outages/plans/<str:number>/notices/letters/", notices.letters, name="outages-letters"),
    path("outages/plans/<str:number>/notices/by-hand/", notices.by_hand, name="outages-notices-hand"),
    path("outages/months/", ListPage.as_view(definition=MONTHS), name="outages-months"),
    path("outages/months/new/", months.NewPage.as_view(), name="outages-month-new"),
    path("outages/months/<int:plan_id>/", months.page, name="outages-month"),
    path("outages/months/<int:plan_id>/progress/", months.progress, name="outages-month-progress"),
    path("outages/months/<int:plan_id>/gather/", months.gather, name="outages-month-gather"),
    path("outages/months/<int:plan_id>/solve/", months.solve, name="outages-month-solve"),
    path("outages/months/<int:plan_id>/adopt/", months.adopt, name="outages-month-adopt"),
    path("outages/months/<int:plan_id>/reopen/", months.reopen, name="outages-month-reopen"),
    path("outages/months/<int:plan_id>/jobs/<str:number>/", months.JobPage.as_view(), name="outages-month-job"),
]
