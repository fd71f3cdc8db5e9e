"""Emergency generators, where they are sent, and users' own back-up supplies."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.emergency.states import GENERATOR


class EmergencyGenerator(models.Model):
    """Emergency generator 应急发电车: what it carries (0.01 kVA) and where it stands."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    capacity_ckva = models.BigIntegerField()
    state = models.CharField(max_length=16, default="FREE")
    longitude_e6 = models.IntegerField(null=True)
    latitude_e6 = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=GENERATOR.states), name="generator_state_known"),
            models.CheckConstraint(condition=Q(capacity_ckva__gt=0), name="generator_carries_something"),
            models.CheckConstraint(
                condition=Q(longitude_e6__isnull=True, latitude_e6__isnull=True)
                | Q(longitude_e6__isnull=False, latitude_e6__isnull=False),
                name="generator_place_is_whole",
            ),
        ]


class GeneratorDispatch(models.Model):
    """Generator dispatch 发电车派遣: a generator on its way to a user, or supplying one."""

    generator = models.ForeignKey(EmergencyGenerator, on_delete=models.PROTECT, related_name="dispatches")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    need_ckva = models.BigIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=64)
    supplying_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["generator"], condition=Q(ended_at__isnull=True), name="dispatch_generator_in_one_place"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="dispatch_one_an_account"
            ),
            models.CheckConstraint(
                condition=Q(supplying_at__isnull=True) | Q(supplying_at__gte=F("sent_at")), name="dispatch_forward"
            ),
        ]


class BackupSupply(models.Model):
    """Back-up supply 自备应急电源 of a user: for how many minutes it lasts, and what the user needs, 0.01 kVA."""

    account = models.OneToOneField("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    minutes = models.IntegerField()
    need_ckva = models.BigIntegerField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=0, need_ckva__gt=0), name="backupsupply_positive")
        ]
