"""The table of uploads: a file on its way from a person's hands into import batches."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ImportUpload(models.Model):
    """A file that somebody brought to the import desk 导入台: looked through first, then landed or thrown away.

    The file itself lies below ``WANDENG_HOME/imports`` until it has landed; it may hold personal data, so it does not
    stay longer than that.
    """

    kind = models.CharField(max_length=32)
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    unit_path = models.CharField(max_length=255, blank=True, help_text="where who brought it stood; empty: everywhere")
    unit_code = models.CharField(max_length=32, blank=True, help_text="what the import is limited to")
    brought_by = models.CharField(max_length=64)
    brought_at = models.DateTimeField()
    state = models.CharField(max_length=16, default="WAITING")
    outcome = models.TextField(blank=True, help_text="JSON of what the last look or landing came to")
    refusal = models.TextField(blank=True, help_text="JSON of why the file was not taken")
    batch = models.ForeignKey("infra.ImportBatch", null=True, on_delete=models.PROTECT, related_name="uploads")

    class Meta:
        app_label = "infra"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "CHECKED", "LANDING", "LANDED", "REFUSED", "DISCARDED"]),
                name="importupload_state_known",
            )
        ]
        indexes = [models.Index(fields=["state", "id"], name="importupload_by_state")]
