"""Addresses of the work on cases: queue, lists, call-backs, the field."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.cases import calling, field, queue
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.cases import CALL_BACKS, CASES, CLOCKS, QUEUE, RUNS
from wandeng.interfaces.doorway.lists.cases_evidence import EVIDENCE

urlpatterns = [
    path("cases/queue/", queue.QueuePage.as_view(definition=QUEUE), name="cases-queue"),
    path("cases/all/", ListPage.as_view(definition=CASES), name="cases-list"),
    path("cases/clocks/", queue.PromisesPage.as_view(definition=CLOCKS), name="cases-clocks"),
    path("cases/clocks/runs/", ListPage.as_view(definition=RUNS), name="cases-clock-runs"),
    path("cases/evidence/", ListPage.as_view(definition=EVIDENCE), name="cases-evidence"),
    path("cases/call-backs/", calling.CallingPage.as_view(definition=CALL_BACKS), name="cases-callbacks"),
    path("cases/call-backs/<str:number>/", calling.call, name="cases-callback"),
    path("cases/field/", field.today, name="cases-field"),
    path("cases/field/<str:number>/", field.case, name="cases-field-case"),
]
