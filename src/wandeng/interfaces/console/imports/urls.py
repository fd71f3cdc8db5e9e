from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.imports import batches, files

urlpatterns = [
    path("imports/", batches.HistoryPage.as_view(), name="imports-list"),
    path("imports/new/", files.NewPage.as_view(), name="imports-new"),
    path("imports/kinds/<str:kind>/", files.kind_page, name="imports-kind"),
    path("imports/kinds/<str:kind>/template/", files.template, name="imports-template"),
    path("imports/uploads/<int:upload>/", files.upload_page, name="imports-upload"),
    path("imports/uploads/<int:upload>/progress/", files.progress, name="imports-upload-progress"),
    path("imports/uploads/<int:upload>/findings/", files.findings_file, name="imports-upload-findings"),
    path("imports/uploads/<int:upload>/land/", files.land, name="imports-land"),
    path("imports/uploads/<int:upload>/discard/", files.discard, name="imports-discard"),
    path("imports/<int:batch>/", batches.batch_page, name="imports-batch"),
    path("imports/<int:batch>/progress/", batches.progress, name="imports-batch-progress"),
    path("imports/<int:batch>/rows/<int:line>/", batches.RowPart.as_view(), name="imports-row"),
    path("imports/<int:batch>/rows/<int:line>/reveal/", batches.reveal, name="imports-row-reveal"),
    path("imports/<int:batch>/retry/", batches.retry, name="imports-retry"),
    path("imports/<int:batch>/export/", batches.export, name="imports-export"),
    path("imports/<int:batch>/corrected/", batches.corrected, name="imports-corrected"),
]
