"""Many calls about one fault: an incident, and the cases that are its own."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

LEVELS = ("FEEDER", "SWITCH", "TRANSFORMER")
INCIDENT_STATES = ("OPEN", "RESTORED", "ABSORBED", "DISSOLVED")


class RepairIncident(models.Model):
    """Repair incident 故障归并: one fault that many report. ``level`` says of what: a transformer, what lies behind a switch,
    or a feeder. ``step`` is the last step of its cases that was done for all of them; ``expected_at`` when supply is expected
    back, as every caller is told."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12, default="OPEN")
    level = models.CharField(max_length=12)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="repair_incidents")
    feeder = models.ForeignKey("network.Feeder", on_delete=models.PROTECT, related_name="repair_incidents")
    switch = models.ForeignKey("network.Switch", null=True, on_delete=models.PROTECT, related_name="repair_incidents")
    transformer = models.ForeignKey(
        "network.PowerTransformer", null=True, on_delete=models.PROTECT, related_name="repair_incidents"
    )
    customers = models.IntegerField(default=0, help_text="accounts behind it, whether they rang or not")
    step = models.CharField(max_length=32, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    expected_at = models.DateTimeField(null=True)
    expected_set_at = models.DateTimeField(null=True)
    expected_set_by = models.CharField(max_length=64, blank=True)
    cause = models.TextField(blank=True)
    restored_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=INCIDENT_STATES), name="incident_state_known"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="incident_level_known"),
            models.CheckConstraint(
                condition=(
                    Q(level="TRANSFORMER", transformer__isnull=False, switch__isnull=True)
                    | Q(level="SWITCH", transformer__isnull=True, switch__isnull=False)
                    | Q(level="FEEDER", transformer__isnull=True, switch__isnull=True)
                ),
                name="incident_names_its_level",
            ),
            models.CheckConstraint(
                condition=~Q(state="RESTORED") | Q(restored_at__isnull=False), name="incident_restored_has_time"
            ),
            models.CheckConstraint(condition=Q(into__isnull=True) | ~Q(into=F("id")), name="incident_not_into_itself"),
            models.CheckConstraint(
                condition=Q(state="OPEN") | Q(ended_at__isnull=False), name="incident_ended_has_time"
            ),
            models.UniqueConstraint(
                fields=["transformer"],
                condition=Q(state="OPEN", transformer__isnull=False),
                name="incident_one_open_a_transformer",
            ),
            models.UniqueConstraint(
                fields=["switch"], condition=Q(state="OPEN", switch__isnull=False), name="incident_one_open_a_switch"
            ),
            models.UniqueConstraint(
                fields=["feeder"], condition=Q(state="OPEN", level="FEEDER"), name="incident_one_open_a_feeder"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "unit", "opened_at"], name="incident_open"),
            models.Index(fields=["feeder", "state"], name="incident_of_feeder"),
        ]


class IncidentCase(models.Model):
    """Incident case 归并工单: a case that is one report of an incident; of one incident only."""

    incident = models.ForeignKey(RepairIncident, on_delete=models.PROTECT, related_name="members")
    case = models.OneToOneField("Case", on_delete=models.PROTECT, related_name="incident_member")
    joined_at = models.DateTimeField()


class IncidentArea(models.Model):
    """Incident area 影响台区: a transformer that lies behind an open incident, as the network stood when it was found or
    widened."""

    incident = models.ForeignKey(RepairIncident, on_delete=models.PROTECT, related_name="areas")
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="incident_areas")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "transformer"], name="incidentarea_once"),
        ]
        indexes = [models.Index(fields=["transformer", "incident"], name="incidentarea_of")]


class FeederWatch(models.Model):
    """Feeder watch 归并锁: the row that whoever groups the calls of a feeder holds, so that two calls at once make one
    incident."""

    feeder = models.OneToOneField("network.Feeder", on_delete=models.PROTECT, related_name="repair_watch")
