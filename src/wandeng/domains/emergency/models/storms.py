"""Storm mode, and what devices tell of their supply."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.domains.emergency.states import STORM
from wandeng.domains.emergency.types import Told


class StormMode(models.Model):
    """Storm mode 风暴模式 of a unit and all below it: while it is on, calls are grouped by transformer and the telephone says the
    announcement (话务公告)."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default="ON")
    reason = models.CharField(max_length=500)
    announcement = models.CharField(max_length=500)
    window_minutes = models.IntegerField()
    transformer_cases = models.IntegerField()
    feeder_transformers = models.IntegerField()
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STORM.states), name="storm_state_known"),
            models.CheckConstraint(condition=Q(state="ON") | Q(ended_at__isnull=False), name="storm_ended_has_time"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(announcement=""), name="storm_has_words"),
            models.UniqueConstraint(fields=["unit"], condition=Q(state="ON"), name="storm_one_a_unit"),
        ]
        indexes = [models.Index(fields=["state", "unit"], name="storm_on")]


class SupplyEvent(models.Model):
    """Supply event 停上电事件: a meter, a transformer terminal or a switch told that supply went (``is_off``) or came. ``source`` and
    ``event_id`` name it for ever: told twice it is one. Rows by the million carry no foreign keys."""

    id = models.BigIntegerField(primary_key=True)
    source = models.CharField(max_length=32)
    event_id = models.CharField(max_length=64)
    told_by = models.CharField(max_length=12)
    usage_point_id = models.BigIntegerField(null=True)
    transformer_id = models.BigIntegerField(null=True, help_text="of the meter or terminal")
    switch_id = models.BigIntegerField(null=True)
    is_off = models.BooleanField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="supplyevent_once"),
            models.CheckConstraint(
                condition=Q(told_by__in=[str(one) for one in Told]), name="supplyevent_told_by_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        told_by="METER",
                        usage_point_id__isnull=False,
                        transformer_id__isnull=False,
                        switch_id__isnull=True,
                    )
                    | Q(
                        told_by="TERMINAL",
                        usage_point_id__isnull=True,
                        transformer_id__isnull=False,
                        switch_id__isnull=True,
                    )
                    | Q(
                        told_by="SWITCH",
                        usage_point_id__isnull=True,
                        transformer_id__isnull=True,
                        switch_id__isnull=False,
                    )
                ),
                name="supplyevent_names_its_teller",
            ),
        ]
        indexes = [
            models.Index(fields=["occurred_at", "id"], name="supplyevent_by_time"),
            models.Index(fields=["transformer_id", "occurred_at"], name="supplyevent_of_area"),
        ]
