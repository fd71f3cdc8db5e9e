"""Meters, where they hang, and what they showed. Readings are append-only: a correction supersedes, nothing is edited."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

READING_STATES = ("ACCEPTED", "HELD", "REFUSED")


class ReadingRoute(models.Model):
    """Reading route 抄表段 with its fixed reading day 抄表例日 (1 = frozen at midnight of the 1st)."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=128)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="reading_routes")
    reading_day = models.SmallIntegerField(default=1)
    months = models.SmallIntegerField(default=1, help_text="1 monthly, 2 two-monthly")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reading_day__range=(1, 28)), name="route_day_exists_each_month"),
            models.CheckConstraint(condition=Q(months__range=(1, 12)), name="route_months_range"),
        ]


class Meter(models.Model):
    """Meter 电能表 as an asset: stocked, installed, removed, tested, scrapped."""

    id = models.BigIntegerField(primary_key=True)
    asset_number = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=32, blank=True)
    digits = models.SmallIntegerField(default=6, help_text="whole kWh digits before roll-over")
    rated_current_ma = models.IntegerField(default=0)
    state = models.CharField(max_length=16, default="IN_STOCK")
    tested_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["IN_STOCK", "INSTALLED", "REMOVED", "SCRAPPED"]), name="meter_state_known"
            ),
            models.CheckConstraint(condition=Q(digits__range=(4, 10)), name="meter_digits_range"),
        ]


class MeterInstallation(models.Model):
    """A meter at a usage point from a day to a day, with its multiplier CT × PT. Null multiplier: not known, not 1."""

    id = models.BigIntegerField(primary_key=True)
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="installations")
    usage_point = models.ForeignKey("network.UsagePoint", on_delete=models.PROTECT, related_name="installations")
    route = models.ForeignKey(ReadingRoute, null=True, on_delete=models.PROTECT, related_name="installations")
    route_position = models.IntegerField(default=0)
    installed_on = models.DateField()
    removed_on = models.DateField(null=True)
    ct_primary_a = models.IntegerField(null=True)
    ct_secondary_a = models.IntegerField(null=True)
    pt_primary_v = models.IntegerField(null=True)
    pt_secondary_v = models.IntegerField(null=True)
    multiplier = models.BigIntegerField(null=True)
    source = models.CharField(max_length=16, default="REGISTER", help_text="REGISTER, or INTERVAL: billed from curves")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meter"], condition=Q(removed_on__isnull=True), name="installation_meter_hangs_once"
            ),
            models.UniqueConstraint(fields=["usage_point", "installed_on"], name="installation_one_start"),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("installed_on")),
                name="installation_forward",
            ),
            models.CheckConstraint(
                condition=Q(multiplier__isnull=True) | Q(multiplier__gt=0), name="installation_multiplier_positive"
            ),
            models.CheckConstraint(condition=Q(source__in=["REGISTER", "INTERVAL"]), name="installation_source_known"),
        ]


class Reading(models.Model):
    """Register reading 抄表示数: all registers of a meter frozen at midnight before ``read_on`` begins.

    Values in 0.01 kWh or kvarh on the meter's face; ``demand_e4`` in 10⁻⁴ kW is the highest since the last reading.
    """

    id = models.BigIntegerField(primary_key=True)
    installation = models.ForeignKey(MeterInstallation, on_delete=models.PROTECT, related_name="readings")
    read_on = models.DateField()
    total_ckwh = models.BigIntegerField()
    sharp_ckwh = models.BigIntegerField(null=True)
    peak_ckwh = models.BigIntegerField(null=True)
    valley_ckwh = models.BigIntegerField(null=True)
    deep_ckwh = models.BigIntegerField(null=True)
    reactive_ckvarh = models.BigIntegerField(null=True)
    reactive_export_ckvarh = models.BigIntegerField(null=True)
    export_ckwh = models.BigIntegerField(null=True)
    demand_e4 = models.BigIntegerField(null=True)
    source = models.CharField(max_length=16, help_text="HEAD_END, MANUAL, CUSTOMER, ESTIMATE, INSTALLATION, REMOVAL")
    state = models.CharField(max_length=16, default="ACCEPTED")
    hold_reason = models.CharField(max_length=64, blank=True)
    supersedes = models.BigIntegerField(null=True, help_text="id of the reading this one corrects")
    is_current = models.BooleanField(default=True, help_text="false once a later reading supersedes it")
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["installation", "read_on"],
                condition=Q(is_current=True, state__in=["ACCEPTED", "HELD"]),
                name="reading_one_current_a_day",
            ),
            models.CheckConstraint(condition=Q(state__in=["ACCEPTED", "HELD", "REFUSED"]), name="reading_state_known"),
        ]
        indexes = [
            # The few that are not accepted: the work list, and what people refused once.
            models.Index(
                fields=["state", "installation", "read_on"],
                condition=Q(state__in=["HELD", "REFUSED"]),
                name="reading_not_accepted",
            ),
        ]


class RereadOrder(models.Model):
    """Re-read order 复抄工单: somebody goes to the meter again because a reading is not believed."""

    id = models.BigIntegerField(primary_key=True)
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="rereads")
    state = models.CharField(max_length=16, default="ORDERED")
    due_on = models.DateField()
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    taken_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading"], condition=Q(state__in=["ORDERED", "TAKEN"]), name="rereadorder_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ORDERED", "TAKEN", "DONE", "CANCELLED"]), name="rereadorder_state_known"
            ),
        ]
        indexes = [
            # Those still to be done: all others are history.
            models.Index(fields=["due_on", "id"], condition=Q(state__in=["ORDERED", "TAKEN"]), name="rereadorder_open"),
        ]


class IntervalFile(models.Model):
    """One Parquet file of 96-point curves: unit, month, sequence and content hash; the values never enter the database."""

    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    sequence = models.IntegerField()
    path = models.CharField(max_length=255, help_text="below the column folder of the installation")
    content_hash = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month", "sequence"], name="intervalfile_sequence"),
        ]
