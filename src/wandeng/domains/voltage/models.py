"""Monitored points, what their days came to, and the work on those whose voltage is bad."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.voltage.states import REMEDY
from wandeng.domains.voltage.types import DaySource, Defect, VoltageArea, VoltageClass


class VoltagePoint(models.Model):
    """Voltage monitoring point 电压监测点: where voltage is measured, its class (A to D), nominal voltage and, where the utility
    sets them itself, its limits (from 35 kV always: the standard limits the sum of both deviations only)."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    voltage_class = models.CharField(max_length=1)
    area = models.CharField(max_length=8, help_text="CITY or RURAL: which promise it is held against")
    nominal_dv = models.IntegerField(help_text="0.1 V")
    upper_dv = models.IntegerField(null=True, help_text="0.1 V; null: by the rule")
    lower_dv = models.IntegerField(null=True, help_text="0.1 V; null: by the rule")
    transformer = models.ForeignKey("network.PowerTransformer", null=True, on_delete=models.PROTECT, related_name="+")
    usage_point = models.ForeignKey("network.UsagePoint", null=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(voltage_class__in=[str(one) for one in VoltageClass]), name="voltagepoint_class_known"
            ),
            models.CheckConstraint(
                condition=Q(area__in=[str(one) for one in VoltageArea]), name="voltagepoint_area_known"
            ),
            models.CheckConstraint(condition=Q(nominal_dv__gt=0), name="voltagepoint_nominal_positive"),
            models.CheckConstraint(
                condition=Q(upper_dv__isnull=True, lower_dv__isnull=True)
                | Q(upper_dv__gt=F("lower_dv"), lower_dv__gt=0),
                name="voltagepoint_limits_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="voltagepoint_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["unit", "code"], name="voltagepoint_by_unit")]


class VoltageDay(models.Model):
    """Day of a monitoring point 监测日: minutes monitored, out of range, and not judged by the fault of the data; with the limits
    that held. ``readings``: 96 voltages of 0.1 V, a space between, nothing for a missing one; empty where the device told
    sums only."""

    id = models.BigIntegerField(primary_key=True)
    point = models.ForeignKey(VoltagePoint, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    source = models.CharField(max_length=8)
    monitored = models.IntegerField(help_text="minutes judged")
    over = models.IntegerField(help_text="minutes above the upper limit")
    under = models.IntegerField(help_text="minutes below the lower limit")
    missing = models.IntegerField(default=0)
    negative = models.IntegerField(default=0)
    dead = models.IntegerField(default=0)
    doubled = models.IntegerField(default=0)
    beyond = models.IntegerField(default=0)
    stuck = models.IntegerField(default=0)
    max_dv = models.IntegerField(null=True)
    min_dv = models.IntegerField(null=True)
    upper_dv = models.IntegerField()
    lower_dv = models.IntegerField()
    readings = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "day"], name="voltageday_once"),
            models.CheckConstraint(
                condition=Q(source__in=[str(one) for one in DaySource]), name="voltageday_source_known"
            ),
            models.CheckConstraint(
                condition=Q(monitored__gte=F("over") + F("under"), over__gte=0, under__gte=0, monitored__lte=1440),
                name="voltageday_minutes_fit",
            ),
        ]
        indexes = [models.Index(fields=["day", "point"], name="voltageday_by_day")]


class VoltageRemedy(models.Model):
    """Remedy of bad voltage 电压治理单: a point that is out of range for long, who works on it, what was found and done."""

    id = models.BigIntegerField(primary_key=True)
    point = models.ForeignKey(VoltagePoint, on_delete=models.PROTECT, related_name="remedies")
    state = models.CharField(max_length=12, default="OPEN")
    defect = models.CharField(max_length=8)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    days = models.IntegerField(help_text="days out of range in the window, when it was opened")
    minutes = models.IntegerField(help_text="minutes out of range in the window, when it was opened")
    extreme_dv = models.IntegerField(null=True, help_text="the lowest, or the highest, then")
    handler = models.CharField(max_length=64, blank=True)
    due_on = models.DateField(null=True)
    cause = models.CharField(max_length=24, blank=True)
    measure = models.CharField(max_length=500, blank=True)
    done_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=REMEDY.states), name="voltageremedy_state_known"),
            models.CheckConstraint(
                condition=Q(defect__in=[str(one) for one in Defect]), name="voltageremedy_defect_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DONE", "VERIFIED"]) | Q(done_on__isnull=False),
                name="voltageremedy_done_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DONE", "VERIFIED"]) | ~Q(measure=""), name="voltageremedy_done_has_measure"
            ),
            models.UniqueConstraint(
                fields=["point", "defect"],
                condition=Q(state__in=["OPEN", "ASSIGNED", "DONE"]),
                name="voltageremedy_one_at_work",
            ),
        ]
        indexes = [models.Index(fields=["state", "opened_at"], name="voltageremedy_at_work")]
