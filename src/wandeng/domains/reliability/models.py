"""Interruptions, their steps, and how customers with several supplies were supplied then."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.reliability.types import Cause, InterruptionKind, Voltage


class Interruption(models.Model):
    """Interruption 停电事件. A correction is a new revision with its reason; the old one stays, no longer current.

    ``off_at``, ``on_at``, ``areas`` and ``customers`` sum its steps up for lists.
    """

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=64)
    revision = models.SmallIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    kind = models.CharField(max_length=24)
    cause = models.CharField(max_length=24)
    is_external = models.BooleanField(default=False)
    voltage = models.CharField(max_length=8)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    feeder = models.ForeignKey("network.Feeder", null=True, on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=128, blank=True)
    belongs_to = models.CharField(max_length=64, blank=True, help_text="what it comes from, e.g. outages.plan:17")
    note = models.CharField(max_length=500, blank=True)
    off_at = models.DateTimeField()
    on_at = models.DateTimeField(null=True)
    areas = models.IntegerField(help_text="台区数, as it was then")
    customers = models.IntegerField(help_text="户数, as it was then")
    reason = models.CharField(max_length=500, blank=True, help_text="why it was corrected")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(one) for one in InterruptionKind]), name="interruption_kind_known"
            ),
            models.CheckConstraint(condition=Q(cause__in=[str(one) for one in Cause]), name="interruption_cause_known"),
            models.CheckConstraint(
                condition=Q(voltage__in=[str(one) for one in Voltage]), name="interruption_voltage_known"
            ),
            models.CheckConstraint(condition=Q(revision=0) | ~Q(reason=""), name="interruption_correction_has_reason"),
            models.UniqueConstraint(fields=["number", "revision"], name="interruption_revision_once"),
            models.UniqueConstraint(fields=["number"], condition=Q(is_current=True), name="interruption_one_current"),
        ]
        indexes = [
            models.Index(fields=["unit", "-off_at", "id"], name="interruption_by_unit"),
            models.Index(fields=["-off_at", "id"], name="interruption_by_time"),
            models.Index(fields=["belongs_to"], name="interruption_by_origin"),
        ]


class InterruptionStep(models.Model):
    """Step of an interruption 停电区间: an area, or a usage point of it, off from when to when.

    Unit, feeder, locality, ownership and the number of customers without another supply are those of that time: labels
    of later days do not rewrite history.
    """

    id = models.BigIntegerField(primary_key=True)
    interruption = models.ForeignKey(Interruption, on_delete=models.PROTECT, related_name="steps")
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")
    usage_point = models.ForeignKey("network.UsagePoint", null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    feeder = models.ForeignKey("network.Feeder", on_delete=models.PROTECT, related_name="+")
    locality = models.CharField(max_length=16, blank=True, help_text="of most customers: URBAN, RURAL, REMOTE")
    is_public = models.BooleanField(help_text="公变 (true) or 专变")
    customers = models.IntegerField(help_text="customers without another supply; 1 for a usage point")
    off_at = models.DateTimeField()
    on_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(on_at__isnull=True) | Q(on_at__gt=F("off_at")), name="interruptionstep_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(usage_point__isnull=True, account__isnull=True)
                | Q(usage_point__isnull=False, account__isnull=False),
                name="interruptionstep_point_has_account",
            ),
            models.CheckConstraint(condition=Q(customers__gte=0), name="interruptionstep_customers_counted"),
        ]
        indexes = [
            models.Index(fields=["transformer", "off_at"], name="interruptionstep_of_area"),
            models.Index(fields=["off_at"], name="interruptionstep_by_time"),
        ]


class InterruptionSupply(models.Model):
    """Supply of a customer with several 双电源用户的电源, as it stood when an interruption took one of them: such a customer
    is out only while all are."""

    id = models.BigIntegerField(primary_key=True)
    interruption = models.ForeignKey(Interruption, on_delete=models.PROTECT, related_name="supplies")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interruption", "account", "transformer"], name="interruptionsupply_once")
        ]
