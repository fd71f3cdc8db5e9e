"""The plan, its versions, what is isolated, and the works that share it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.outages.types.plans import (
    IsolationKind,
    LiveLine,
    OutageCategory,
    OutageReason,
    OutageState,
    VersionState,
    WorkKind,
)


class PlannedOutage(models.Model):
    """Planned outage 停电计划: one outage, whatever works share it. ``version`` is the one that stands."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=16)
    reason = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=16, default="DRAFT")
    version = models.SmallIntegerField(default=1)
    reference = models.CharField(max_length=64, blank=True, help_text="its number where it was asked for, if imported")
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    canceled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[str(one) for one in OutageState]), name="outage_state_known"),
            models.CheckConstraint(
                condition=Q(category__in=[str(one) for one in OutageCategory]), name="outage_category_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[str(one) for one in OutageReason]), name="outage_reason_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["PUBLISHED", "RUNNING", "DONE"]) | Q(published_at__isnull=False),
                name="outage_published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="CANCELED") | Q(canceled_at__isnull=False), name="outage_canceled_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="CANCELED") | ~Q(cancel_reason=""), name="outage_canceled_has_reason"
            ),
            models.CheckConstraint(condition=Q(version__gt=0), name="outage_version_positive"),
            models.UniqueConstraint(
                fields=["unit", "reference"], condition=~Q(reference=""), name="outage_reference_once"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "id"], name="outage_by_unit")]


class PlannedOutageVersion(models.Model):
    """Version of a planned outage 停电计划版本. Never changed: a change makes the next one with its reason. ``notice_by`` is when
    everyone affected must have been told; ``is_change`` whether the plan was published already (计划变更)."""

    id = models.BigIntegerField(primary_key=True)
    outage = models.ForeignKey(PlannedOutage, on_delete=models.PROTECT, related_name="versions")
    version = models.SmallIntegerField()
    state = models.CharField(max_length=16, default="PROPOSED")
    is_change = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    feeder = models.ForeignKey("network.Feeder", null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=500, blank=True, help_text="villages and communities, as notices name them")
    work = models.CharField(max_length=500)
    live_line = models.CharField(max_length=16, default="NONE")
    reason = models.CharField(max_length=500, blank=True, help_text="why it was changed; empty for the first")
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    notice_by = models.DateTimeField()
    areas = models.IntegerField(default=0)
    customers = models.IntegerField(default=0, help_text="accounts without any supply meanwhile")
    important = models.IntegerField(default=0, help_text="important users among them")
    protected = models.IntegerField(default=0, help_text="users on life support and others never cut, among them")
    double_supply = models.IntegerField(default=0, help_text="accounts that lose a supply and keep another")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outage", "version"], name="outageversion_once"),
            models.UniqueConstraint(
                fields=["outage"], condition=Q(state="PROPOSED"), name="outageversion_one_proposed"
            ),
            models.UniqueConstraint(fields=["outage"], condition=Q(state="STANDS"), name="outageversion_one_stands"),
            models.CheckConstraint(
                condition=Q(state__in=[str(one) for one in VersionState]), name="outageversion_state_known"
            ),
            models.CheckConstraint(
                condition=Q(live_line__in=[str(one) for one in LiveLine]), name="outageversion_live_known"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="outageversion_ends_later"),
            models.CheckConstraint(
                condition=Q(is_change=False) | ~Q(reason=""), name="outageversion_change_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="outageversion_by_time")]


class OutageIsolation(models.Model):
    """Isolation point 隔离点: a switch that is opened or closed, or a transformer that is taken out."""

    version = models.ForeignKey(PlannedOutageVersion, on_delete=models.PROTECT, related_name="isolation")
    kind = models.CharField(max_length=8)
    switch = models.ForeignKey("network.Switch", null=True, on_delete=models.PROTECT, related_name="+")
    transformer = models.ForeignKey("network.PowerTransformer", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(one) for one in IsolationKind]), name="outageisolation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="OUT", transformer__isnull=False, switch__isnull=True)
                | Q(kind__in=["OPEN", "CLOSE"], switch__isnull=False, transformer__isnull=True),
                name="outageisolation_names_one",
            ),
            models.UniqueConstraint(fields=["version", "switch"], name="outageisolation_switch_once"),
            models.UniqueConstraint(fields=["version", "transformer"], name="outageisolation_transformer_once"),
        ]


class OutageWork(models.Model):
    """Work 检修作业 of a version: the grid's, a customer's, or another level's, that share one outage."""

    version = models.ForeignKey(PlannedOutageVersion, on_delete=models.PROTECT, related_name="works")
    place = models.SmallIntegerField(help_text="order of entry")
    kind = models.CharField(max_length=16)
    unit = models.CharField(max_length=128)
    description = models.CharField(max_length=500)
    crew_code = models.CharField(max_length=64, blank=True)
    account = models.ForeignKey("customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+")
    live_line = models.CharField(max_length=16, default="NONE")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[str(one) for one in WorkKind]), name="outagework_kind_known"),
            models.CheckConstraint(
                condition=Q(live_line__in=[str(one) for one in LiveLine]), name="outagework_live_known"
            ),
            models.UniqueConstraint(fields=["version", "place"], name="outagework_in_order"),
        ]
        indexes = [models.Index(fields=["crew_code"], name="outagework_by_crew")]
