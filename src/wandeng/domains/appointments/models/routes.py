"""Vehicles that bring the service to villages and estates: their routes with stops, and each day's run."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.appointments.models.slots import MINUTES_A_DAY, OPEN_ON

_WINDOW = Q(from_minute__gte=0, from_minute__lt=F("to_minute"), to_minute__lte=MINUTES_A_DAY)
_WHOLE_PLACE = Q(longitude_e6__isnull=True, latitude_e6__isnull=True) | Q(
    longitude_e6__isnull=False, latitude_e6__isnull=False
)


class MobileServiceVehicle(models.Model):
    """Mobile service vehicle 流动服务车. ``keeper``: who goes with it and marks what was done."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    plate = models.CharField(max_length=16, blank=True, help_text="车牌号")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="service_vehicles")
    keeper = models.CharField(max_length=64)
    retired_on = models.DateField(null=True)


class ServiceRoute(models.Model):
    """Service route 巡回线路: stops in order, driven on its weekdays every so many weeks, counted from the week of
    ``valid_from``; until ``valid_to`` (half-open)."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="service_routes")
    vehicle = models.ForeignKey(MobileServiceVehicle, on_delete=models.PROTECT, related_name="routes")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    weekdays = models.CharField(max_length=7, help_text="digits, 1 Monday to 7 Sunday")
    every_weeks = models.SmallIntegerField(default=1)
    open_on = models.CharField(max_length=12, default="WORKING_DAYS")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(open_on__in=OPEN_ON), name="serviceroute_days_known"),
            models.CheckConstraint(condition=~Q(weekdays=""), name="serviceroute_has_days"),
            models.CheckConstraint(condition=Q(every_weeks__gte=1, every_weeks__lte=8), name="serviceroute_weeks"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="serviceroute_in_order"
            ),
        ]


class RouteStop(models.Model):
    """Route stop 停靠点: a village or an estate of a route, when the vehicle is there, and how many appointments it takes."""

    route = models.ForeignKey(ServiceRoute, on_delete=models.PROTECT, related_name="stops")
    place = models.SmallIntegerField(help_text="1 is the first of the day")
    name = models.CharField(max_length=64, help_text="村、小区")
    address = models.CharField(max_length=200, blank=True)
    longitude_e6 = models.IntegerField(null=True)
    latitude_e6 = models.IntegerField(null=True)
    from_minute = models.SmallIntegerField()
    to_minute = models.SmallIntegerField()
    capacity = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["route", "place"], name="routestop_in_order"),
            models.CheckConstraint(condition=_WINDOW, name="routestop_window_of_a_day"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="routestop_takes_some"),
            models.CheckConstraint(condition=_WHOLE_PLACE, name="routestop_place_is_whole"),
        ]


class RouteRun(models.Model):
    """Route run 出车: a route on a day; never twice."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    route = models.ForeignKey(ServiceRoute, on_delete=models.PROTECT, related_name="runs")
    vehicle = models.ForeignKey(MobileServiceVehicle, on_delete=models.PROTECT, related_name="runs")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    state = models.CharField(max_length=12, default="PLANNED")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    explanation = models.CharField(max_length=200, blank=True, help_text="why it was cancelled")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["route", "on"], name="routerun_once_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=["PLANNED", "UNDER_WAY", "DONE", "CANCELLED"]), name="routerun_state_known"
            ),
            models.CheckConstraint(condition=~Q(state="CANCELLED") | ~Q(explanation=""), name="routerun_cancelled_why"),
        ]
        indexes = [models.Index(fields=["on", "unit"], name="routerun_of_day")]


class RunStop(models.Model):
    """Run stop: a stop of a run, as the route had it when the run was planned, and what came of it."""

    id = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(RouteRun, on_delete=models.PROTECT, related_name="stops")
    place = models.SmallIntegerField()
    name = models.CharField(max_length=64)
    address = models.CharField(max_length=200, blank=True)
    longitude_e6 = models.IntegerField(null=True)
    latitude_e6 = models.IntegerField(null=True)
    state = models.CharField(max_length=8, default="AHEAD")
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    explanation = models.CharField(max_length=200, blank=True, help_text="why it was left out")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "place"], name="runstop_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=["AHEAD", "HERE", "SERVED", "SKIPPED"]), name="runstop_state_known"
            ),
            models.CheckConstraint(condition=~Q(state="SKIPPED") | ~Q(explanation=""), name="runstop_skipped_why"),
            models.CheckConstraint(condition=_WHOLE_PLACE, name="runstop_place_is_whole"),
        ]


class StopService(models.Model):
    """Stop service 服务量: how many were served of a service at a stop, with appointment or without."""

    stop = models.ForeignKey(RunStop, on_delete=models.PROTECT, related_name="services")
    service = models.CharField(max_length=32)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stop", "service"], name="stopservice_once"),
            models.CheckConstraint(condition=Q(count__gte=0), name="stopservice_not_negative"),
        ]


class RunSwap(models.Model):
    """Run swap 换车: another vehicle took a run over, and by how many minutes what lay ahead was put off."""

    run = models.ForeignKey(RouteRun, on_delete=models.PROTECT, related_name="swaps")
    left = models.ForeignKey(MobileServiceVehicle, on_delete=models.PROTECT, related_name="+")
    took_over = models.ForeignKey(MobileServiceVehicle, on_delete=models.PROTECT, related_name="+")
    delay_minutes = models.SmallIntegerField(default=0)
    explanation = models.CharField(max_length=200, help_text="why, as a breakdown")
    swapped_at = models.DateTimeField()
    swapped_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(delay_minutes__gte=0), name="runswap_not_earlier"),
            models.CheckConstraint(condition=~Q(explanation=""), name="runswap_for_a_reason"),
            models.CheckConstraint(condition=~Q(left=F("took_over")), name="runswap_to_another"),
        ]
