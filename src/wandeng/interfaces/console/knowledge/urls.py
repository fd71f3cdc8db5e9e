"""Addresses of knowledge."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.knowledge import opinions, reading, standards, writing
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.knowledge import ARTICLES, DRAFTS, OPINIONS, STANDARDS

_ONE = "knowledge/articles/<slug:code>"

urlpatterns = [
    path("knowledge/", reading.search, name="knowledge-search"),
    path("knowledge/beside/", reading.beside, name="knowledge-beside"),
    path("knowledge/install/", writing.install, name="knowledge-install"),
    path(
        "knowledge/list/",
        ListPage.as_view(definition=ARTICLES, template="console/knowledge/list.html"),
        name="knowledge-list",
    ),
    path("knowledge/new/", writing.NewPage.as_view(), name="knowledge-new"),
    path("knowledge/approvals/", ListPage.as_view(definition=DRAFTS), name="knowledge-approvals"),
    path("knowledge/opinions/", ListPage.as_view(definition=OPINIONS), name="knowledge-opinions"),
    path("knowledge/opinions/<int:opinion>/answer/", opinions.answer, name="knowledge-answer"),
    path("knowledge/versions/<int:version>/approve/", writing.approve, name="knowledge-approve"),
    path("knowledge/versions/<int:version>/withdraw/", writing.withdraw, name="knowledge-withdraw"),
    path(f"{_ONE}/", reading.article, name="knowledge-article"),
    path(f"{_ONE}/changes/", reading.changes, name="knowledge-changes"),
    path(f"{_ONE}/draft/", writing.DraftPage.as_view(), name="knowledge-draft"),
    path(f"{_ONE}/retire/", writing.retire, name="knowledge-retire"),
    path(f"{_ONE}/used/", opinions.used, name="knowledge-used"),
    path(f"{_ONE}/say/", opinions.say, name="knowledge-say"),
    path("knowledge/standards/", ListPage.as_view(definition=STANDARDS), name="knowledge-standards"),
    path("knowledge/standards/<path:code>/review/", standards.review, name="knowledge-review"),
    path("knowledge/standards/<path:code>/", standards.page, name="knowledge-standard"),
]
