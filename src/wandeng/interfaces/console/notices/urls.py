"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.notices import announcing, letters, opting_out, outbox, preferring, templates
from wandeng.interfaces.doorway.lists.notices import OPT_OUTS, TEMPLATES

urlpatterns = [
    path("notices/", outbox.OutboxPage.as_view(), name="notices-list"),
    path("notices/<int:recipient>/", outbox.detail, name="notices-detail"),
    path("notices/<int:recipient>/cancel/", outbox.cancel, name="notices-cancel"),
    path("notices/<int:recipient>/again/", outbox.again, name="notices-again"),
    path("notices/<int:recipient>/settle/", outbox.settle, name="notices-settle"),
    path("notices/bills/", announcing.BillsPage.as_view(), name="notices-announce"),
    path("notices/templates/", ListPage.as_view(definition=TEMPLATES), name="notices-templates"),
    path("notices/templates/<slug:code>/", templates.page, name="notices-template"),
    path("notices/templates/<slug:code>/draft/", templates.DraftPage.as_view(), name="notices-template-draft"),
    path("notices/templates/<slug:code>/<int:version>/approve/", templates.approve, name="notices-template-approve"),
    path("notices/templates/<slug:code>/<int:version>/withdraw/", templates.withdraw, name="notices-template-withdraw"),
    path(
        "notices/opt-outs/",
        ListPage.as_view(definition=OPT_OUTS, template="console/notices/opt_outs.html"),
        name="notices-opt-outs",
    ),
    path("notices/preferences/<str:number>/", preferring.PreferencePage.as_view(), name="notices-preference"),
    path("notices/opt-outs/new/", opting_out.NewPage.as_view(), name="notices-opt-out"),
    path("notices/opt-outs/<str:number>/<slug:purpose>/end/", opting_out.end, name="notices-opt-in"),
    path("notices/letters/", letters.BatchPage.as_view(), name="notices-letters"),
    path("notices/letters/print/", letters.print_waiting, name="notices-letters-print"),
    path("notices/letters/<int:batch>/", letters.file, name="notices-letters-file"),
]
