"""Whom a version interrupts, what speaks against it, and who said yes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.domains.outages.models.plans import PlannedOutageVersion
from wandeng.domains.outages.types.plans import Decision, Level, Severity


class OutageArea(models.Model):
    """Affected area 影响台区, with its history as it stood when the version was made."""

    id = models.BigIntegerField(primary_key=True)
    version = models.ForeignKey(PlannedOutageVersion, on_delete=models.PROTECT, related_name="outage_areas")
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")
    feeder = models.ForeignKey("network.Feeder", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=128, blank=True, help_text="village or community")
    customers = models.IntegerField(help_text="accounts on it without any supply meanwhile")
    important = models.IntegerField(default=0)
    planned_before = models.SmallIntegerField(
        default=0, help_text="planned interruptions of the area in the year: written ones and those still to come"
    )
    recent_before = models.SmallIntegerField(default=0, help_text="interruptions of the area in the months before")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "transformer"], name="outagearea_once")]
        indexes = [models.Index(fields=["transformer", "version"], name="outagearea_by_area")]


class OutageImportantUser(models.Model):
    """Important or protected user 重要用户、保电用户 whom a version touches: told one by one, asked whether they can stand it.
    ``keeps_supply``: another supply of theirs stays on."""

    id = models.BigIntegerField(primary_key=True)
    version = models.ForeignKey(PlannedOutageVersion, on_delete=models.PROTECT, related_name="important_users")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")
    importance = models.CharField(max_length=16, blank=True, help_text="SPECIAL, FIRST, SECOND, TEMPORARY, or none")
    protection = models.CharField(max_length=16, blank=True, help_text="LIFE_SUPPORT, HOSPITAL, …, or none")
    keeps_supply = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "account"], name="outageuser_once"),
            models.CheckConstraint(condition=~Q(importance="") | ~Q(protection=""), name="outageuser_has_ground"),
        ]


class OutageFinding(models.Model):
    """Finding 校核结果 on a version: what forbids it, or what somebody has to acknowledge with a reason."""

    id = models.BigIntegerField(primary_key=True)
    version = models.ForeignKey(PlannedOutageVersion, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=32)
    severity = models.CharField(max_length=8)
    facts = models.TextField(default="{}", help_text="what it was found by, canonical JSON")
    acknowledged_by = models.CharField(max_length=64, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="outagefinding_once"),
            models.CheckConstraint(
                condition=Q(severity__in=[str(one) for one in Severity]), name="outagefinding_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_by="") | ~Q(acknowledged_reason=""), name="outagefinding_acknowledged_why"
            ),
        ]


class OutageApproval(models.Model):
    """Approval 审批 of a version by a level."""

    id = models.BigIntegerField(primary_key=True)
    version = models.ForeignKey(PlannedOutageVersion, on_delete=models.PROTECT, related_name="approvals")
    level = models.CharField(max_length=8)
    decision = models.CharField(max_length=8)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=[str(one) for one in Level]), name="outageapproval_level_known"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=[str(one) for one in Decision]), name="outageapproval_decision_known"
            ),
            models.UniqueConstraint(
                fields=["version", "level"], condition=Q(decision="APPROVED"), name="outageapproval_once"
            ),
        ]
