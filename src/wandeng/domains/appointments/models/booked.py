"""Appointments, and what was told of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

APPOINTMENT_STATES = ("BOOKED", "KEPT", "MISSED_BY_CUSTOMER", "MISSED_BY_US", "CANCELLED", "REBOOKED")
SIDES = ("CUSTOMER", "US")


class Appointment(models.Model):
    """Appointment 预约: a customer is served in a slot. Who has no account leaves a name and a telephone number, which is
    sealed. ``follows``: the appointment that this one takes the place of. ``side``: who cancelled, or booked again."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    slot = models.ForeignKey("ServiceSlot", on_delete=models.PROTECT, related_name="appointments")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="appointments"
    )
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="appointments")
    visitor = models.CharField(max_length=64, blank=True, help_text="who comes, or is visited, without an account")
    phone_sealed = models.TextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    service = models.CharField(max_length=32, help_text="a service of the rule in force")
    remark = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=64, unique=True, help_text="the same key books once")
    state = models.CharField(max_length=20, default="BOOKED")
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    explanation = models.CharField(max_length=200, blank=True, help_text="why it was cancelled, missed or booked again")
    side = models.CharField(max_length=8, blank=True)
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="followed_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=APPOINTMENT_STATES), name="appointment_state_known"),
            models.CheckConstraint(condition=Q(side__in=["", *SIDES]), name="appointment_side_known"),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | ~Q(visitor=""), name="appointment_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(state="BOOKED") | Q(ended_at__isnull=False), name="appointment_ended_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["MISSED_BY_CUSTOMER", "MISSED_BY_US", "CANCELLED"]) | ~Q(explanation=""),
                name="appointment_missed_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["slot", "state"], name="appointment_of_slot"),
            models.Index(fields=["account", "-id"], name="appointment_of_account"),
            models.Index(fields=["case", "-id"], name="appointment_of_case"),
            models.Index(fields=["unit", "-id"], name="appointment_of_unit"),
            models.Index(fields=["phone_index"], name="appointment_by_phone"),
        ]


class AppointmentTelling(models.Model):
    """Appointment telling 预约告知: one thing that a customer is told of an appointment, once. Who has an account gets a
    notice; who has none is telephoned: TO_CALL until somebody says that it was done."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="tellings")
    what = models.CharField(max_length=32, help_text="BOOKED, CANCELLED, or a reminder of the rule")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="WANTED")
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "what"], name="appointmenttelling_once"),
            models.CheckConstraint(
                condition=Q(state__in=["WANTED", "TO_CALL", "TOLD", "DROPPED"]), name="appointmenttelling_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="TOLD") | Q(told_at__isnull=False), name="appointmenttelling_told_has_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="appointmenttelling_due")]
