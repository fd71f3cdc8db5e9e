"""What can be booked: halls and visiting crews, when they are open, and their slots; a stop of a vehicle's run has one too."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

PLACE_KINDS = ("HALL", "CREW")
OPEN_ON = ("WORKING_DAYS", "EVERY_DAY")
MINUTES_A_DAY = 24 * 60


class ServicePlace(models.Model):
    """Service place 服务点: where customers come (HALL 营业厅), or who comes to them (CREW 上门服务队)."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=8)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="service_places")
    crew = models.ForeignKey("cases.Crew", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PLACE_KINDS), name="serviceplace_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="CREW") | Q(kind="HALL", crew__isnull=True) & ~Q(address=""),
                name="serviceplace_hall_has_address",
            ),
        ]
        indexes = [models.Index(fields=["unit", "code"], name="serviceplace_of_unit")]


class OpeningPattern(models.Model):
    """Opening pattern 开放安排: on which days and hours a place takes appointments, from a day until another (half-open).
    ``weekdays`` are digits, 1 Monday to 7 Sunday; ``open_on`` says whether holidays are left out."""

    id = models.BigIntegerField(primary_key=True)
    place = models.ForeignKey(ServicePlace, on_delete=models.PROTECT, related_name="patterns")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    weekdays = models.CharField(max_length=7)
    open_on = models.CharField(max_length=12, default="WORKING_DAYS")
    from_minute = models.SmallIntegerField(help_text="minutes after local midnight")
    to_minute = models.SmallIntegerField()
    slot_minutes = models.SmallIntegerField()
    capacity = models.SmallIntegerField(help_text="appointments a slot takes")
    set_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_minute__gte=0, from_minute__lt=F("to_minute"), to_minute__lte=MINUTES_A_DAY),
                name="openingpattern_hours_of_a_day",
            ),
            models.CheckConstraint(condition=Q(slot_minutes__gt=0, capacity__gt=0), name="openingpattern_takes_some"),
            models.CheckConstraint(condition=Q(open_on__in=OPEN_ON), name="openingpattern_days_known"),
            models.CheckConstraint(condition=~Q(weekdays=""), name="openingpattern_has_days"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="openingpattern_in_order"
            ),
        ]
        indexes = [models.Index(fields=["place", "valid_from"], name="openingpattern_of_place")]


class ServiceSlot(models.Model):
    """Service slot 时段: so many appointments may be had at a place from one moment to another, or at a stop of a run.
    ``booked`` never passes ``capacity``: the database refuses it."""

    id = models.BigIntegerField(primary_key=True)
    place = models.ForeignKey(ServicePlace, null=True, on_delete=models.PROTECT, related_name="slots")
    pattern = models.ForeignKey(OpeningPattern, null=True, on_delete=models.PROTECT, related_name="slots")
    stop = models.OneToOneField("RunStop", null=True, on_delete=models.PROTECT, related_name="slot")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    on = models.DateField(help_text="the local day")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.SmallIntegerField()
    booked = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, default="OPEN")
    explanation = models.CharField(max_length=200, blank=True, help_text="why it is closed")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(booked__gte=0, booked__lte=F("capacity")), name="serviceslot_never_overbooked"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="serviceslot_takes_time"),
            models.CheckConstraint(condition=Q(state__in=["OPEN", "CLOSED"]), name="serviceslot_state_known"),
            models.CheckConstraint(
                condition=Q(place__isnull=False, stop__isnull=True) | Q(place__isnull=True, stop__isnull=False),
                name="serviceslot_of_one",
            ),
            models.UniqueConstraint(fields=["place", "starts_at"], name="serviceslot_never_double"),
        ]
        indexes = [models.Index(fields=["on", "unit"], name="serviceslot_of_day")]
