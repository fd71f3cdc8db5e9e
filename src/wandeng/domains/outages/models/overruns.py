"""Alarms of outages that run past their planned end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.domains.outages.models.plans import PlannedOutage
from wandeng.domains.outages.types.board import OverrunKind


class OutageOverrun(models.Model):
    """Overrun alarm 停电超时告警: an outage still runs shortly before its planned end, or past it. Once for each end that was told;
    somebody answers for it with a reason."""

    outage = models.ForeignKey(PlannedOutage, on_delete=models.PROTECT, related_name="overruns")
    kind = models.CharField(max_length=8)
    ends_at = models.DateTimeField(help_text="the end that was told when it was raised")
    raised_at = models.DateTimeField()
    areas = models.IntegerField(help_text="areas still off then")
    acknowledged_by = models.CharField(max_length=64, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outage", "kind", "ends_at"], name="outageoverrun_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[str(one) for one in OverrunKind]), name="outageoverrun_kind_known"
            ),
            models.CheckConstraint(condition=Q(acknowledged_by="") | ~Q(reason=""), name="outageoverrun_has_reason"),
        ]
        indexes = [models.Index(fields=["acknowledged_by", "raised_at"], name="outageoverrun_open")]
