from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.bills import bill, correct, runs, steps
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.bills import BILLS, EXCEPTIONS, RUNS

urlpatterns = [
    path("bills/", ListPage.as_view(definition=BILLS), name="bills-list"),
    path("bills/runs/", ListPage.as_view(definition=RUNS, template="console/bills/runs.html"), name="bills-runs"),
    path("bills/runs/new/", runs.NewPage.as_view(), name="bills-new"),
    path("bills/runs/<int:run>/", runs.detail, name="bills-run"),
    path("bills/runs/<int:run>/progress/", runs.progress, name="bills-run-progress"),
    path("bills/runs/<int:run>/figures/", runs.figures, name="bills-run-figures"),
    path("bills/runs/<int:run>/accept/", steps.accept, name="bills-run-accept"),
    path("bills/runs/<int:run>/retake/", steps.retake, name="bills-run-retake"),
    path("bills/runs/<int:run>/verify/", steps.verify, name="bills-run-verify"),
    path("bills/runs/<int:run>/override/", steps.override, name="bills-run-override"),
    path("bills/runs/<int:run>/approve/", steps.approve, name="bills-run-approve"),
    path("bills/runs/<int:run>/post/", steps.post, name="bills-run-post"),
    path("bills/runs/<int:run>/publish/", steps.publish, name="bills-run-publish"),
    path("bills/runs/<int:run>/discard/", steps.discard, name="bills-run-discard"),
    path("bills/previews/<str:unit>/<str:month>/", runs.preview, name="bills-preview"),
    path(
        "bills/exceptions/",
        ListPage.as_view(definition=EXCEPTIONS, template="console/bills/exceptions.html"),
        name="bills-exceptions",
    ),
    path("bills/<int:number>/", bill.detail, name="bills-bill"),
    path("bills/<int:number>/pdf/", bill.pdf, name="bills-pdf"),
    path("bills/<int:number>/compare/", bill.compare, name="bills-compare"),
    path("bills/<int:number>/correct/<str:action>/", correct.CorrectPage.as_view(), name="bills-correct"),
]
