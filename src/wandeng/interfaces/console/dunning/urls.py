from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.dunning import board, cases, protection, visits
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.dunning import CASES, CLOSED, PROMISES, PROTECTED

urlpatterns = [
    path("dunning/", board.BoardPage.as_view(definition=CASES), name="dunning-board"),
    path("dunning/closed/", ListPage.as_view(definition=CLOSED), name="dunning-closed"),
    path("dunning/run/", board.run, name="dunning-run"),
    path("dunning/ladder/", board.ladder, name="dunning-ladder"),
    path("dunning/cases/<int:case>/", cases.detail, name="dunning-case"),
    path("dunning/cases/<int:case>/call/", cases.call, name="dunning-call"),
    path("dunning/cases/<int:case>/promise/", cases.promise, name="dunning-promise"),
    path("dunning/cases/<int:case>/assign/", cases.assign, name="dunning-assign"),
    path("dunning/promises/", ListPage.as_view(definition=PROMISES), name="dunning-promises"),
    path("dunning/promises/<int:promise>/withdraw/", cases.withdraw, name="dunning-withdraw"),
    path("dunning/visits/", visits.VisitsPage.as_view(), name="dunning-tasks"),
    path("dunning/visits/<int:step>/", visits.visit, name="dunning-task"),
    path("dunning/protected/", protection.ProtectedPage.as_view(definition=PROTECTED), name="dunning-protected"),
    path("dunning/protected/new/", protection.propose, name="dunning-protect"),
    path("dunning/protected/<int:protection>/", protection.detail, name="dunning-protection"),
]
