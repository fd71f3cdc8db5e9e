"""A fault that somebody confirmed, when supply is expected back, and what switches may carry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.domains.emergency.types import Confidence, EstimateSource


class FaultConfirmation(models.Model):
    """Fault confirmation 故障确认: an incident whose device somebody confirmed, the first evidence of it, and the interruption that
    is written for it."""

    incident = models.OneToOneField("cases.RepairIncident", on_delete=models.PROTECT, related_name="+")
    interruption = models.CharField(max_length=64, unique=True, help_text="number in reliability; empty areas: none")
    off_at = models.DateTimeField(help_text="the first evidence")
    confidence = models.CharField(max_length=8)
    reports = models.IntegerField()
    confirmed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__in=[str(one) for one in Confidence]), name="faultconfirmation_confidence_known"
            ),
        ]


class RestorationEstimate(models.Model):
    """Restoration estimate 预计恢复 (CIM EstimatedRestorationTime): when supply is expected back, who says so and how surely. The
    latest stands; earlier ones are its history and never change."""

    incident = models.ForeignKey("cases.RepairIncident", on_delete=models.PROTECT, related_name="+")
    expected_at = models.DateTimeField()
    source = models.CharField(max_length=12)
    confidence = models.CharField(max_length=8)
    cases = models.IntegerField(default=0, help_text="of how many earlier repairs a statistic was told")
    note = models.CharField(max_length=500, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=[str(one) for one in EstimateSource]), name="estimate_source_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=[str(one) for one in Confidence]), name="estimate_confidence_known"
            ),
            models.UniqueConstraint(fields=["incident", "set_at", "expected_at"], name="estimate_told_once"),
        ]
        indexes = [models.Index(fields=["incident", "-id"], name="estimate_latest")]


class SwitchRating(models.Model):
    """Switch rating 开关载流能力: what a switch and its line may carry, 0.01 kVA, and where that is written."""

    switch = models.OneToOneField("network.Switch", on_delete=models.PROTECT, related_name="+")
    may_ckva = models.BigIntegerField()
    document = models.CharField(max_length=200)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(may_ckva__gt=0), name="switchrating_positive")]
